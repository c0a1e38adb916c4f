//! A short list that sorts itself: inline up to its capacity, on the heap beyond it where there is one.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

/// Up to `N` small values without a heap; with the feature `alloc`, any number.
#[derive(Clone)]
pub(crate) struct Slots<T, const N: usize> {
    inline: [T; N],
    len: usize,
    #[cfg(feature = "alloc")]
    spilled: Vec<T>,
}

/// There is no room for another value.
pub(crate) struct Full;

impl<T: Copy, const N: usize> Slots<T, N> {
    /// An empty list; `filler` is what unused places hold.
    #[inline]
    pub(crate) fn new(filler: T) -> Self {
        Self {
            inline: [filler; N],
            len: 0,
            #[cfg(feature = "alloc")]
            spilled: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) -> Result<(), Full> {
        #[cfg(feature = "alloc")]
        if !self.spilled.is_empty() {
            self.spilled.push(value);
            return Ok(());
        }
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = value,
            #[cfg(not(feature = "alloc"))]
            None => return Err(Full),
            #[cfg(feature = "alloc")]
            None => {
                self.spilled.extend_from_slice(&self.inline);
                self.spilled.push(value);
            }
        }
        self.len += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        #[cfg(feature = "alloc")]
        if !self.spilled.is_empty() {
            return &self.spilled;
        }
        self.inline.get(..self.len).unwrap_or_default()
    }

    /// Sorts stably. `before(a, b)` says whether `a` must stand before `b`.
    #[inline]
    pub(crate) fn sort_by(&mut self, before: impl Fn(T, T) -> bool) {
        #[cfg(feature = "alloc")]
        if !self.spilled.is_empty() {
            // Insertion would be quadratic in what a stranger sends.
            use core::cmp::Ordering::{Equal, Greater, Less};
            self.spilled.sort_by(|a, b| match (before(*a, *b), before(*b, *a)) {
                (true, _) => Less,
                (_, true) => Greater,
                _ => Equal,
            });
            return;
        }
        // At most N * N / 2 comparisons, none beyond N for sorted input, and a fraction of a general sort's code.
        for end in 2..=self.len {
            let Some(mut rest) = self.inline.get_mut(..end) else { return };
            while let [.., a, b] = rest {
                if !before(*b, *a) {
                    break;
                }
                core::mem::swap(a, b);
                let Some((_, shorter)) = rest.split_last_mut() else { return };
                rest = shorter;
            }
        }
    }
}

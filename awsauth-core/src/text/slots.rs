//! A short list that sorts itself: inline up to its capacity, on the heap beyond it where there is one.

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::mem;
#[cfg(feature = "alloc")]
use core::ops::Not;

/// Up to `N` small values without a heap; with the feature `alloc`, any number.
#[derive(Clone)]
pub(crate) struct Slots<T, const N: usize> {
    inline: [T; N],
    len: usize,
    #[cfg(feature = "alloc")]
    spilled: Vec<T>,
}

/// A value that a list can hold.
pub(crate) trait Slot: Copy {
    /// What unused places hold: a constant, as a variable would be written in a loop.
    const UNUSED: Self;
}

impl Slot for u8 {
    const UNUSED: Self = 0;
}

impl Slot for u16 {
    const UNUSED: Self = 0;
}

impl Slot for u32 {
    const UNUSED: Self = 0;
}

/// There is no room for another value.
pub(crate) struct Full;

impl<T: Slot, const N: usize> Slots<T, N> {
    /// An empty list.
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self {
            inline: [T::UNUSED; N],
            len: 0,
            #[cfg(feature = "alloc")]
            spilled: Vec::new(),
        }
    }

    /// Makes it empty again.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        #[cfg(feature = "alloc")]
        self.spilled.clear();
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

    #[cfg(feature = "alloc")]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        if !self.spilled.is_empty() {
            return &mut self.spilled;
        }
        self.inline.get_mut(..self.len).unwrap_or_default()
    }

    /// Sorts stably by `key`, and says whether any two are equal.
    #[inline]
    pub(crate) fn sort_by_key<K: Copy>(
        &mut self,
        key: impl Fn(T) -> K,
        compare: impl Fn(K, K) -> Ordering,
    ) -> bool {
        #[cfg(feature = "alloc")]
        if !self.spilled.is_empty() {
            // Insertion would be quadratic in what a stranger sends.
            self.spilled.sort_by(|a, b| compare(key(*a), key(*b)));
            return self.spilled.is_sorted_by(|a, b| compare(key(*a), key(*b)).is_lt()).not();
        }
        // By insertion: at most N * N / 2 comparisons, N for sorted input, and a fraction of a general sort's code.
        let mut equal = false;
        for end in 2..=self.len {
            let Some(mut rest) = self.inline.get_mut(..end) else { return equal };
            let Some(inserted) = rest.last().map(|item| key(*item)) else { return equal };
            while let [.., before, item] = rest {
                match compare(key(*before), inserted) {
                    Ordering::Less => break,
                    Ordering::Equal => {
                        equal = true;
                        break;
                    }
                    Ordering::Greater => mem::swap(before, item),
                }
                let Some((_, shorter)) = rest.split_last_mut() else { return equal };
                rest = shorter;
            }
        }
        equal
    }
}

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
        // By insertion: N comparisons for sorted input, and a fraction of a general sort's code.
        let mut equal = false;
        for end in 2..=self.len {
            let Some(mut rest) = self.inline.get_mut(..end) else { return equal };
            let Some(inserted) = rest.last().map(|item| key(*item)) else { return equal };
            let mut compared = 0;
            while let [.., before, item] = rest {
                if compared == NEAR {
                    equal |= insert_far(rest, &key, |other| compare(other, inserted));
                    break;
                }
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
                compared += 1;
            }
        }
        equal
    }
}

/// A value that belongs further ahead than this is placed by a search: otherwise hostile input could take N * N / 2
/// comparisons.
const NEAR: usize = 8;

/// Moves the last value to behind those before it that are not greater, and says whether one is equal. `compare` compares with
/// it.
#[inline(never)]
fn insert_far<T: Copy, K>(values: &mut [T], key: impl Fn(T) -> K, compare: impl Fn(K) -> Ordering) -> bool {
    let mut equal = false;
    let (mut low, mut high) = (0, values.len().saturating_sub(1));
    while low < high {
        let middle = low.midpoint(high);
        let Some(value) = values.get(middle) else { break };
        match compare(key(*value)) {
            Ordering::Greater => high = middle,
            order => {
                equal |= order.is_eq();
                low = middle + 1;
            }
        }
    }
    // One place further, from the end on: `rotate_right` can panic for all the compiler knows.
    let mut moved = values.get_mut(low..).unwrap_or_default();
    while let [.., before, value] = moved {
        mem::swap(before, value);
        let Some((_, shorter)) = moved.split_last_mut() else { break };
        moved = shorter;
    }
    equal
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;

    /// Orders that a sender may choose, by what stands at each place.
    fn orders(n: u32) -> [(&'static str, std::vec::Vec<u32>); 6] {
        [
            ("sorted", (0..n).collect()),
            ("reversed", (0..n).rev().collect()),
            ("equal", (0..n).map(|_| 7).collect()),
            ("from both ends", (0..n).map(|at| if at % 2 == 0 { at } else { n - at }).collect()),
            ("two in turn", (0..n).map(|at| at % 2).collect()),
            ("scattered", (0..n).map(|at| at * 7_919 % n).collect()),
        ]
    }

    #[test]
    fn sorts_stably_with_few_comparisons_whatever_the_order() {
        for n in [0, 1, 2, 3, 16, 64, 65, 256, 4_096] {
            for (name, order) in orders(n) {
                let mut slots = Slots::<u32, 64>::new();
                for at in 0..n {
                    let pushed = slots.push(at).is_ok();
                    assert!(pushed || cfg!(not(feature = "alloc")) && at >= 64);
                }
                let length = slots.as_slice().len();
                let mut expected: std::vec::Vec<u32> = (0..n).take(length).collect();
                expected.sort_by_key(|at| order[*at as usize]);
                let comparisons = Cell::new(0);
                let equal = slots.sort_by_key(
                    |at| order[at as usize],
                    |a, b| {
                        comparisons.set(comparisons.get() + 1);
                        a.cmp(&b)
                    },
                );
                assert_eq!(slots.as_slice(), expected, "{name} {n}");
                let pairs = expected.windows(2);
                let mut pairs = pairs.map(|pair| order[pair[0] as usize] == order[pair[1] as usize]);
                assert_eq!(equal, pairs.any(|same| same), "{name} {n}");
                let most = length * (length.max(2).ilog2() as usize + NEAR);
                assert!(comparisons.get() <= most, "{name} {n}: {} of {most}", comparisons.get());
                if name == "sorted" {
                    assert!(comparisons.get() <= 2 * length, "{n}: {}", comparisons.get());
                }
            }
        }
    }
}

//! Sorts parameters that are canonical as they stand, and others by a canonical copy on the heap: faster than comparing them
//! where they stand, and too large for images without a heap.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::bytes::{Bytes, EQUALS};
use super::place::{CAPACITY, Place, SortOutcome};
use crate::text::ascii;
use crate::text::percent::PlusSign;
use crate::text::slots::{Slot, Slots};

#[inline]
pub(super) fn sort(places: &mut Slots<Place, CAPACITY>, text: &[u8], complete: bool) -> SortOutcome {
    let mut parameters = places.as_slice().iter().map(|place| Parameter::new(text, *place));
    let Some(mut previous) = parameters.next() else {
        return SortOutcome { was_in_order: true, repeats: Some(false) };
    };
    let was_in_order = parameters.all(|parameter| {
        let order = previous.cmp(&parameter, text);
        previous = parameter;
        order.is_le()
    });
    SortOutcome {
        was_in_order,
        repeats: if was_in_order { None } else { Some(rearrange(places, text, complete)) },
    }
}

/// Sorts, and says whether two have one name.
#[inline(never)]
fn rearrange(places: &mut Slots<Place, CAPACITY>, text: &[u8], complete: bool) -> bool {
    let mut sorted = Slots::<Parameter, CAPACITY>::new();
    for place in places.as_slice() {
        let _ = sorted.push(Parameter::new(text, *place));
    }
    sorted.sort_by_key(|parameter| parameter, |a, b| a.cmp(&b, text));
    let places = places.as_mut_slice().iter_mut();
    let sorted = places.zip(sorted.as_slice()).map(|(place, parameter)| {
        *place = parameter.place;
        *parameter
    });
    have_repeats(sorted, text, complete)
}

/// Whether two of these parameters, which are in order, have one name. It consumes all of them.
#[inline]
pub(super) fn have_repeats(mut sorted: impl Iterator<Item = Parameter>, text: &[u8], complete: bool) -> bool {
    let Some(mut previous) = sorted.next() else { return false };
    sorted.fold(false, |repeats, parameter| {
        repeats | core::mem::replace(&mut previous, parameter).has_name_of(&parameter, text, complete)
    })
}

/// Sorts what is not in canonical form by a canonical copy, so that no comparison has to decode.
#[inline(never)]
pub(super) fn sort_rendered(places: &mut Slots<Place, CAPACITY>, text: &[u8], plus: PlusSign) {
    let mut rendered = Vec::with_capacity(text.len());
    let mut sorted = Vec::with_capacity(places.as_slice().len());
    for place in places.as_slice() {
        let start = rendered.len();
        rendered.extend(Bytes::new(text, *place, plus));
        sorted.push((start..rendered.len(), *place));
    }
    let bytes = |range: &core::ops::Range<usize>| rendered.get(range.clone()).unwrap_or_default();
    sorted.sort_by(|(a, _), (b, _)| ascii::cmp_words(bytes(a), bytes(b), |word| word));
    for (place, (_, sorted)) in places.as_mut_slice().iter_mut().zip(&sorted) {
        *place = *sorted;
    }
}

/// A parameter with its first eight bytes, in which most differ.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    prefix: u64,
    place: Place,
}

impl Parameter {
    #[inline]
    pub(super) fn new(text: &[u8], place: Place) -> Self {
        Self { prefix: rank(ascii::first_word(place.pair(text))), place }
    }

    #[inline]
    fn cmp(&self, other: &Self, text: &[u8]) -> Ordering {
        let whole = || compare_whole(self.place.pair(text), other.place.pair(text));
        self.prefix.cmp(&other.prefix).then_with(whole)
    }

    #[inline]
    fn has_name_of(&self, other: &Self, text: &[u8], complete: bool) -> bool {
        const ONES: u64 = u64::MAX / 255;
        let differing = self.prefix ^ other.prefix;
        if differing != 0 && complete {
            // The lowest bit of the `=`, if it is among these bytes; nothing else is below it but what is not there.
            let equals = self.prefix ^ (ONES * u64::from(EQUALS));
            let lowest = (equals.wrapping_sub(ONES) & !equals & (ONES << 7)) >> 7;
            return differing < lowest;
        }
        have_one_name(self.place.pair(text), other.place.pair(text))
    }
}

#[inline(never)]
fn have_one_name(a: &[u8], b: &[u8]) -> bool {
    let end = |pair| ascii::find(b'=', pair).unwrap_or(pair.len());
    a.get(..end(a)) == b.get(..end(b))
}

impl Slot for Parameter {
    const UNUSED: Self = Self { prefix: 0, place: Place::UNUSED };
}

/// Compares parameters whose first eight bytes are equal.
#[inline(never)]
fn compare_whole(a: &[u8], b: &[u8]) -> Ordering {
    ascii::cmp_words(a, b, rank)
}

/// Eight bytes with [`EQUALS`] for `=`, such that the order of numbers is that of parameters.
#[inline]
fn rank(word: u64) -> u64 {
    ascii::replace_first(b'=', EQUALS, word)
}

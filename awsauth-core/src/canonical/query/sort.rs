use core::cmp::Ordering;

use super::CAPACITY;
use super::bytes::Bytes;
use super::place::Place;
use crate::text::percent::PlusSign;
use crate::text::slots::Slots;

/// Sorts parameters by their canonical bytes, stably, and says whether they were in order. `canonical` is whether the text
/// consists of such bytes already.
#[inline]
pub(super) fn sort(
    places: &mut Slots<Place, CAPACITY>,
    text: &[u8],
    canonical: bool,
    plus: PlusSign,
) -> bool {
    #[cfg(feature = "alloc")]
    if canonical {
        return canonical::sort(places, text);
    }
    #[cfg(feature = "alloc")]
    if places.as_slice().len() > CAPACITY || text.len() > LONG {
        return canonical::sort_rendered(places, text, plus);
    }
    let _ = canonical;
    let bytes = |place| Bytes::new(text, place, plus);
    places.sort_by_key(|place| place, |a, b| compare(bytes(a), bytes(b)));
    is_in_order(places)
}

/// Longer queries are worth a copy on the heap to be compared.
#[cfg(feature = "alloc")]
const LONG: usize = 4_096;

/// Compares parameters that are not in canonical form.
fn compare<'t>(mut a: Bytes<'t>, mut b: Bytes<'t>) -> Ordering {
    if !cfg!(target_pointer_width = "64") {
        return a.cmp(b);
    }
    loop {
        a.skip_common(&mut b);
        for _ in 0..8 {
            match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (a, b) if a != b => return a.cmp(&b),
                _ => {}
            }
        }
    }
}

/// Not `is_sorted`, which may panic for all the compiler knows.
fn is_in_order(places: &Slots<Place, CAPACITY>) -> bool {
    let places = places.as_slice();
    places.iter().zip(places.iter().skip(1)).all(|(a, b)| a.start() < b.start())
}

/// What is faster is too large for images without a heap.
#[cfg(feature = "alloc")]
mod canonical {
    use alloc::vec::Vec;
    use core::cmp::Ordering;

    use super::super::bytes::{Bytes, EQUALS};
    use super::{CAPACITY, Place, is_in_order};
    use crate::text::ascii;
    use crate::text::percent::PlusSign;
    use crate::text::slots::{Slot, Slots};

    #[inline]
    pub(super) fn sort(places: &mut Slots<Place, CAPACITY>, text: &[u8]) -> bool {
        let mut parameters = places.as_slice().iter().map(|place| Parameter::new(text, *place));
        let Some(mut previous) = parameters.next() else { return true };
        let in_order = parameters.all(|parameter| {
            let order = previous.cmp(&parameter, text);
            previous = parameter;
            order.is_le()
        });
        if !in_order {
            rearrange(places, text);
        }
        in_order
    }

    #[inline(never)]
    fn rearrange(places: &mut Slots<Place, CAPACITY>, text: &[u8]) {
        let mut sorted = Slots::<Parameter, CAPACITY>::new();
        for place in places.as_slice() {
            let _ = sorted.push(Parameter::new(text, *place));
        }
        sorted.sort_by_key(|parameter| parameter, |a, b| a.cmp(&b, text));
        for (place, parameter) in places.as_mut_slice().iter_mut().zip(sorted.as_slice()) {
            *place = parameter.place;
        }
    }

    /// Sorts what is not in canonical form by a copy that is, so that no comparison has to decode anything.
    #[inline(never)]
    pub(super) fn sort_rendered(places: &mut Slots<Place, CAPACITY>, text: &[u8], plus: PlusSign) -> bool {
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
        is_in_order(places)
    }

    /// A parameter with its first eight bytes, which tell most from each other.
    #[derive(Clone, Copy)]
    struct Parameter {
        prefix: u64,
        place: Place,
    }

    impl Parameter {
        #[inline]
        fn new(text: &[u8], place: Place) -> Self {
            Self { prefix: rank(ascii::first_word(place.pair(text))), place }
        }

        #[inline]
        fn cmp(&self, other: &Self, text: &[u8]) -> Ordering {
            let whole = || compare_whole(self.place.pair(text), other.place.pair(text));
            self.prefix.cmp(&other.prefix).then_with(whole)
        }
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
}

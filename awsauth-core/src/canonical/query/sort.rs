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
    let _ = canonical;
    let bytes = |place| Bytes::new(text, place, plus);
    places.sort_by_key(|place| place, |a, b| bytes(a).cmp(bytes(b)));
    // Not `is_sorted`, which may panic for all the compiler knows.
    let places = places.as_slice();
    places.iter().zip(places.iter().skip(1)).all(|(a, b)| a.start() < b.start())
}

/// What is faster is too large for images without a heap.
#[cfg(feature = "alloc")]
mod canonical {
    use core::cmp::Ordering;

    use super::super::bytes::EQUALS;
    use super::{CAPACITY, Place};
    use crate::text::ascii;
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

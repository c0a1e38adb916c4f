use core::cell::Cell;
use core::cmp::Ordering;

use super::bytes::Bytes;
use super::place::{CAPACITY, Place, SortOutcome};
#[cfg(feature = "alloc")]
use super::sort_canonical as canonical;
use crate::text::percent::PlusSign;
use crate::text::slots::Slots;

/// Sorts parameters by their canonical bytes, stably. `canonical` is whether the text consists of such bytes already, `complete`
/// whether each has its `=`.
#[inline]
pub(super) fn sort(
    places: &mut Slots<Place, CAPACITY>,
    text: &[u8],
    canonical: bool,
    complete: bool,
    plus: PlusSign,
) -> SortOutcome {
    #[cfg(feature = "alloc")]
    if canonical {
        return canonical::sort(places, text, complete);
    }
    #[cfg(feature = "alloc")]
    if places.as_slice().len() > CAPACITY || text.len() > LONG {
        canonical::sort_rendered(places, text, plus);
        return SortOutcome {
            was_in_order: is_in_order(places),
            repeats: Some(repeat_a_name(places, text, plus)),
        };
    }
    let _ = (canonical, complete);
    let bytes = |place| Bytes::new(text, place, plus);
    // What is side by side in the end has been compared.
    let repeats = Cell::new(false);
    places.sort_by_key(
        |place| place,
        |a, b| {
            let (order, have_one_name) = compare(bytes(a), bytes(b));
            repeats.set(repeats.get() | have_one_name);
            order
        },
    );
    SortOutcome { was_in_order: is_in_order(places), repeats: Some(repeats.get()) }
}

/// Longer queries are worth a copy on the heap to be compared.
#[cfg(feature = "alloc")]
const LONG: usize = 4_096;

/// Compares parameters that are not in canonical form, and says whether they have one name.
fn compare<'t>(mut a: Bytes<'t>, mut b: Bytes<'t>) -> (Ordering, bool) {
    loop {
        if cfg!(target_pointer_width = "64") {
            a.skip_common(&mut b);
        }
        for _ in 0..8 {
            let (byte, other) = (a.next(), b.next());
            if byte != other || byte.is_none() {
                // So far they are equal, and with them the names if both are past theirs.
                return (byte.cmp(&other), a.in_value() && b.in_value());
            }
        }
    }
}

/// Not `is_sorted`, which the compiler cannot prove free of panics.
fn is_in_order(places: &Slots<Place, CAPACITY>) -> bool {
    let places = places.as_slice();
    places.iter().zip(places.iter().skip(1)).all(|(a, b)| a.start() < b.start())
}

/// Whether two of those in order have one name.
#[cfg(feature = "alloc")]
fn repeat_a_name(places: &Slots<Place, CAPACITY>, text: &[u8], plus: PlusSign) -> bool {
    let name = |place: &Place| Bytes::new(text, *place, plus).name();
    let places = places.as_slice();
    places.iter().zip(places.iter().skip(1)).any(|(a, b)| name(a).eq(name(b)))
}

/// Whether two of those in order have one name.
#[inline]
pub(super) fn have_repeats(places: &[Place], text: &[u8], complete: bool) -> bool {
    #[cfg(feature = "alloc")]
    return canonical::have_repeats(
        places.iter().map(|place| canonical::Parameter::new(text, *place)),
        text,
        complete,
    );
    #[cfg(not(feature = "alloc"))]
    {
        let _ = (places, text, complete);
        false
    }
}

/// Sorts parameters by their names alone, and those of one name as they stand in the text.
pub(super) fn sort_by_name(places: &mut Slots<Place, CAPACITY>, text: &[u8], plus: PlusSign) {
    let name = |place: Place| Bytes::new(text, place, plus).name();
    places.sort_by_key(|place| place, |a, b| name(a).cmp(name(b)).then(a.start().cmp(&b.start())));
}

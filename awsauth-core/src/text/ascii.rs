//! What a byte may be in a URL or a header: as one table lookup, and as checks and comparisons of many bytes at once.

use core::mem;

use super::lanes::{self, beyond};
use super::steps;

/// `A-Z a-z 0-9 - . _ ~`: unreserved in RFC 3986 and in AWS's rules.
pub(crate) const UNRESERVED: u8 = 1;
/// `0-9 A-F`.
pub(crate) const UPPER_HEX: u8 = 1 << 1;
/// C0 controls and DEL, the tab among them.
pub(crate) const CONTROL: u8 = 1 << 2;
/// What a header name may consist of (RFC 9110 `tchar`).
pub(crate) const TOKEN: u8 = 1 << 3;
/// `A-Z`.
pub(crate) const UPPER: u8 = 1 << 4;

#[allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time, below 256"
)]
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = classify(byte as u8);
        byte += 1;
    }
    classes
};

/// Whether `byte` is in any of `classes`.
#[inline(always)]
pub(crate) fn is(byte: u8, classes: u8) -> bool {
    class(byte) & classes != 0
}

/// All classes of `byte`.
#[inline(always)]
#[allow(clippy::indexing_slicing, reason = "a byte is below 256")]
pub(crate) fn class(byte: u8) -> u8 {
    CLASSES[byte as usize]
}

/// Whether checks take sixteen bytes at once, not a word. Where words are short, so are images, and vectors are rare.
const HAS_LANES: bool = cfg!(target_pointer_width = "64");

type Word = usize;
/// Bytes of a word: the other checks take as many at once.
const WORD: usize = size_of::<Word>();
const ONES: Word = Word::MAX / 255;
/// The top bit of each byte: where the word-wise tests leave their results.
const TOPS: Word = ONES << 7;

/// Whether this is a header name or host of nothing but `a-z 0-9 - .`, as nearly all are.
#[inline]
pub(crate) fn is_lower_name(name: &[u8]) -> bool {
    if HAS_LANES {
        let beyond =
            |byte| beyond(byte, b'a', b'z').min(beyond(byte, b'0', b'9')).min(beyond(byte, b'-', b'.'));
        return !name.is_empty() && lanes::all(name, beyond);
    }
    !name.is_empty() && all_within(name, &[(b'a', b'z'), (b'0', b'9'), (b'-', b'.')])
}

/// The position, from `at` on, of the first byte other than `A-Z a-z 0-9 - . _ ~`, or else the end.
#[inline]
pub(crate) fn unreserved_until(text: &[u8], mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let word = match (rest.first_chunk(), text.last_chunk()) {
            (Some(bytes), _) => Word::from_le_bytes(*bytes),
            (None, _) if rest.is_empty() => break,
            // The rest in the low bytes, and zeros, which are not unreserved, above it.
            (None, Some(bytes)) => Word::from_le_bytes(*bytes) >> (8 * (WORD - rest.len())),
            (None, None) => {
                let run = rest.iter().position(|byte| !is(*byte, UNRESERVED));
                return run.map_or(text.len(), |run| at + run);
            }
        };
        // Bytes that are not ASCII can spoil the marks of those above them alone.
        let others = !(unreserved(word) & !word) & TOPS;
        if others != 0 {
            return at + (others.trailing_zeros() / 8) as usize;
        }
        at += WORD;
    }
    text.len()
}

/// Whether this is nothing but `A-Z a-z 0-9 - . _ ~`.
#[inline]
pub(crate) fn is_unreserved(text: &[u8]) -> bool {
    if HAS_LANES {
        return lanes::all(text, beyond_unreserved);
    }
    text.iter().all(|byte| is_unreserved_byte(*byte))
}

/// Whether this is one of `A-Z a-z 0-9 - . _ ~`, without the table.
pub(crate) const fn is_unreserved_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether this is nothing but `A-Z a-z 0-9 - . _ ~ /`, and no segment is empty or begins with a dot.
#[inline]
pub(crate) fn is_resolved_path(text: &[u8]) -> bool {
    if !HAS_LANES {
        let mut previous = 0;
        return text.iter().all(|byte| {
            let dotted = previous == b'/' && matches!(byte, b'/' | b'.');
            previous = *byte;
            !dotted && (*byte == b'/' || is_unreserved_byte(*byte))
        });
    }
    let flaw = |byte, next| {
        beyond_unreserved(byte).min(byte ^ b'/')
            | lanes::is(byte, b'/') & (lanes::is(next, b'/') | lanes::is(next, b'.'))
    };
    lanes::all_pairs(text, flaw) && text.last().is_none_or(|last| *last == b'/' || is(*last, UNRESERVED))
}

/// How many bytes [`mark_reserved`] takes.
pub(crate) const MARKS: usize = 64;

/// A bit for each of up to 64 bytes, the first the lowest: whether it is other than `A-Z a-z 0-9 - . _ ~`.
#[inline]
pub(crate) fn mark_reserved(text: &[u8]) -> u64 {
    lanes::mark(text, beyond_unreserved)
}

#[inline(always)]
fn beyond_unreserved(byte: u8) -> u8 {
    let letters = beyond(byte | 0x20, b'a', b'z');
    letters.min(beyond(byte, b'0', b'9')).min(beyond(byte, b'-', b'.')).min(byte ^ b'_').min(byte ^ b'~')
}

/// Sets the top bits of the bytes that are unreserved, and of others only where a byte is not ASCII.
#[inline(always)]
fn unreserved(word: Word) -> Word {
    within(word | (ONES << 5), b'a', b'z')
        | within(word, b'0', b'9')
        | within(word, b'-', b'.')
        | within(word, b'_', b'_')
        | within(word, b'~', b'~')
}

/// Whether this is printable ASCII without space, and not empty.
#[inline]
pub(crate) fn is_graphic(text: &[u8]) -> bool {
    if HAS_LANES {
        return !text.is_empty() && lanes::all(text, |byte| beyond(byte, b'!', b'~'));
    }
    // A borrow or a carry comes from a byte that is none.
    let mut others = 0;
    let mut see = |word: Word| others |= word.wrapping_sub(ONES * 0x21) | word.wrapping_add(ONES) | word;
    let (words, tail) = text.as_chunks();
    words.iter().for_each(|bytes| see(Word::from_le_bytes(*bytes)));
    tail.iter().for_each(|byte| see(ONES * Word::from(*byte)));
    !text.is_empty() && others & TOPS == 0
}

/// Whether this is printable ASCII without space, comma and slash, and not empty: a part of a credential.
#[inline]
pub(crate) fn is_credential_part(text: &[u8]) -> bool {
    if HAS_LANES {
        let beyond =
            |byte| beyond(byte, b'!', b'+').min(beyond(byte, b'-', b'.')).min(beyond(byte, b'0', b'~'));
        return !text.is_empty() && lanes::all(text, beyond);
    }
    !text.is_empty() && all_within(text, &[(b'0', b'~'), (b'!', b'+'), (b'-', b'.')])
}

/// Whether each byte is in one of `ranges`: slower than by words, and a third as large.
fn all_within(text: &[u8], ranges: &[(u8, u8)]) -> bool {
    text.iter().all(|byte| ranges.iter().any(|(low, high)| (*low..=*high).contains(byte)))
}

/// Sets the top bits of the bytes from `low` to `high`, and of others only where a byte is not ASCII.
#[inline(always)]
fn within(word: Word, low: u8, high: u8) -> Word {
    let at_least = |byte: u8| word.wrapping_add(ONES * Word::from(0x80 - byte));
    at_least(low) & !at_least(high + 1)
}

/// Whether a header value is canonical as it stands: no controls, no blanks at its ends, no two spaces in a row.
#[inline]
pub(crate) fn is_tidy(value: &[u8]) -> bool {
    if HAS_LANES {
        let flaw = |byte: u8, next| {
            b' '.saturating_sub(byte) | lanes::is(byte, 0x7f) | lanes::is(byte, b' ') & lanes::is(next, b' ')
        };
        return !matches!(value, [b' ', ..] | [.., b' '])
            && lanes::all_pairs(value, flaw)
            && value.last().is_none_or(|last| !is(*last, CONTROL));
    }
    // A space at the beginning is one too many, too.
    let mut previous = b' ';
    value.iter().all(|byte| {
        let ends_run = mem::replace(&mut previous, *byte) == b' ';
        *byte > b' ' && *byte != 0x7f || *byte == b' ' && !ends_run
    }) && (previous != b' ' || value.is_empty())
}

/// Sets the top bits of bytes that are zero; a borrow may mark the byte above one too.
#[inline(always)]
fn zeros(word: Word) -> Word {
    word.wrapping_sub(ONES) & !word & TOPS
}

/// A word of ASCII with its first `byte`, if there is one, replaced by `other`. The first is the most significant.
#[cfg(feature = "alloc")]
#[inline]
pub(crate) fn replace_first(byte: u8, other: u8, word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    // Of ASCII no sum carries, so that every mark is right.
    let found = !((word ^ (ONES * u64::from(byte))) + ONES * 0x7f) & (ONES << 7);
    let first = found.checked_ilog2();
    first.map_or(word, |bit| word ^ u64::from(byte ^ other) << (bit - 7))
}

/// The position of the first `byte`.
#[inline]
pub(crate) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for bytes in text.as_chunks::<WORD>().0 {
        // The lowest mark is right.
        let found = zeros(Word::from_le_bytes(*bytes) ^ (ONES * Word::from(byte)));
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += WORD;
    }
    let tail = text.get(at..)?;
    tail.iter().position(|other| *other == byte).map(|place| at + place)
}

/// How many bytes two texts have in common, a word at a time: perhaps fewer, and never an `end` among them.
pub(crate) fn common_until(end: u8, a: &[u8], b: &[u8]) -> usize {
    let mut common = 0;
    for (a, b) in a.as_chunks::<WORD>().0.iter().zip(b.as_chunks::<WORD>().0) {
        steps::count();
        let word = Word::from_le_bytes(*a);
        let differ = word ^ Word::from_le_bytes(*b);
        let ends = zeros(word ^ (ONES * Word::from(end)));
        if (differ | ends) != 0 {
            // A mark is the top bit of its byte.
            return common + (differ.trailing_zeros().min(ends.trailing_zeros()) / 8) as usize;
        }
        common += WORD;
    }
    common
}

/// Whether a text without zeros sorts before another one.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn is_before(text: &[u8], other: &[u8]) -> bool {
    #[cfg(target_pointer_width = "64")]
    return cmp_words(text, other, |word| word).is_lt();
    #[cfg(not(target_pointer_width = "64"))]
    text.iter().lt(other)
}

/// Compares texts without zeros by a word of them at a time; a call of `memcmp` costs as much as all of a name. Words that
/// differ compare as `rank` has them.
#[cfg(any(target_pointer_width = "64", feature = "alloc"))]
#[inline]
pub(crate) fn cmp_words(mut a: &[u8], mut b: &[u8], rank: impl Fn(u64) -> u64) -> core::cmp::Ordering {
    loop {
        steps::count();
        let (x, y) = (first_word(a), first_word(b));
        // Of equal words either both end their texts, or none.
        if x != y || x & 0xff == 0 {
            return rank(x).cmp(&rank(y));
        }
        (a, b) = (a.get(8..).unwrap_or_default(), b.get(8..).unwrap_or_default());
    }
}

/// The first eight bytes, the first of them on top, and zeros for those that there are not.
#[cfg(any(target_pointer_width = "64", feature = "alloc"))]
#[inline(always)]
pub(crate) fn first_word(text: &[u8]) -> u64 {
    if let Some(word) = text.first_chunk() {
        return u64::from_be_bytes(*word);
    }
    // From pieces that overlap: a copy into an array would have to be written before it is read.
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let last = u64::from(u32::from_be_bytes(*last));
        return u64::from(u32::from_be_bytes(*first)) << 32 | last << (8 * (8 - text.len()) % 64);
    }
    let byte = |at: usize| text.get(at).map_or(0, |byte| u64::from(*byte) << (56 - 8 * at % 64));
    byte(0) | byte(1) | byte(2)
}

/// Compares as if both were lower case.
#[inline]
pub(crate) fn cmp_ignore_case(a: &[u8], b: &[u8]) -> core::cmp::Ordering {
    let lower = |byte: &u8| {
        steps::count();
        byte.to_ascii_lowercase()
    };
    a.iter().map(lower).cmp(b.iter().map(lower))
}

const fn classify(byte: u8) -> u8 {
    let mut class = 0;
    if is_unreserved_byte(byte) {
        class |= UNRESERVED;
    }
    if byte.is_ascii_digit() || matches!(byte, b'A'..=b'F') {
        class |= UPPER_HEX;
    }
    if byte.is_ascii_control() {
        class |= CONTROL;
    }
    if byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_')
        || matches!(byte, b'`' | b'|' | b'~')
    {
        class |= TOKEN;
    }
    if byte.is_ascii_uppercase() {
        class |= UPPER;
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Mostly what passes, so that one byte decides.
    fn text() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let byte = prop_oneof![30 => b'a'..=b'z', 4 => Just(b' '), 3 => Just(b'.'), 3 => Just(b'/'), 1 => any::<u8>()];
        vec(byte, 0..80)
    }

    proptest! {
        #[test]
        fn checks_are_those_of_single_bytes(text in text()) {
            let all = |allows: fn(u8) -> bool| text.iter().all(|byte| allows(*byte));
            let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
            prop_assert_eq!(is_lower_name(&text), !text.is_empty() && all(lower));
            prop_assert_eq!(is_unreserved(&text), all(|byte| is(byte, UNRESERVED)));
            prop_assert_eq!(is_graphic(&text), !text.is_empty() && all(|byte| byte.is_ascii_graphic()));
            let part = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b',');
            prop_assert_eq!(is_credential_part(&text), !text.is_empty() && all(part));
            let tidy = !text.starts_with(b" ") && !text.ends_with(b" ") && !text.windows(2).any(|pair| pair == b"  ");
            let tidy = tidy && all(|byte| !byte.is_ascii_control());
            prop_assert_eq!(is_tidy(&text), tidy);
            let dotted = text.windows(2).any(|pair| matches!(pair, b"//" | b"/."));
            prop_assert_eq!(is_resolved_path(&text), all(|byte| byte == b'/' || is(byte, UNRESERVED)) && !dotted);
        }

        #[test]
        fn places_are_the_first(text in text(), from in 0..80_usize) {
            prop_assert_eq!(find(b'.', &text), text.iter().position(|byte| *byte == b'.'));
            let from = from.min(text.len());
            let run = text[from..].iter().position(|byte| !is(*byte, UNRESERVED));
            prop_assert_eq!(unreserved_until(&text, from), run.map_or(text.len(), |run| from + run));
        }
    }

    #[cfg(any(target_pointer_width = "64", feature = "alloc"))]
    proptest! {
        #[test]
        fn names_compare_as_texts(shared in "[a-z-]{0,20}", a in "[a-z-]{0,12}", b in "[a-z-]{0,12}") {
            let (a, b) = (std::format!("{shared}{a}"), std::format!("{shared}{b}"));
            prop_assert_eq!(cmp_words(a.as_bytes(), b.as_bytes(), |word| word), a.cmp(&b));
        }
    }

    #[cfg(feature = "alloc")]
    proptest! {
        #[test]
        fn the_first_of_a_byte_is_replaced(text in "[a-c=]{0,8}") {
            let mut slow = text.clone().into_bytes();
            if let Some(place) = slow.iter_mut().find(|byte| **byte == b'=') {
                *place = 1;
            }
            prop_assert_eq!(replace_first(b'=', 1, first_word(text.as_bytes())), first_word(&slow));
        }
    }
}

//! What a byte may be in a URL or a header, as one table lookup.

/// `A-Z a-z 0-9 - . _ ~`: what RFC 3986 leaves bare, and AWS too.
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

const ONES: u64 = u64::MAX / 255;
/// The top bit of each byte: where the word-wise tests leave their answers.
const TOPS: u64 = ONES << 7;

/// Whether this is a header name or host of nothing but `a-z 0-9 - .`, as nearly all are.
#[inline]
pub(crate) fn is_lower_name(name: &[u8]) -> bool {
    let at_least = |word: u64, byte: u8| word.wrapping_add(ONES * u64::from(0x80 - byte));
    let is_plain = |word: u64| {
        let within = |low: u8, high: u8| at_least(word, low) & !at_least(word, high + 1);
        (within(b'a', b'z') | within(b'0', b'9') | within(b'-', b'.')) & !word & TOPS == TOPS
    };
    let (words, _) = name.as_chunks::<8>();
    match name.last_chunk::<8>() {
        Some(last) => {
            words.iter().all(|word| is_plain(u64::from_le_bytes(*word)))
                && is_plain(u64::from_le_bytes(*last))
        }
        None => {
            !name.is_empty()
                && name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
        }
    }
}

/// Whether a header value is canonical as it stands: no controls, no blanks at its ends, no two spaces in a row. In
/// rare cases it says no although it is, which costs time only.
#[inline]
pub(crate) fn is_tidy(value: &[u8]) -> bool {
    if matches!(value, [b' ', ..] | [.., b' ']) {
        return false;
    }
    let (words, _) = value.as_chunks::<8>();
    let Some(last) = value.last_chunk::<8>() else {
        return value.iter().all(|byte| *byte > b' ' && *byte != 0x7f);
    };
    // Top bits of bytes that are zero; a borrow may mark the byte above one too.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    let mut before = 0;
    let mut suspect = 0;
    // The last word overlaps the one before it, so that every pair of neighbours is in some word or across two.
    for word in words.iter().chain([last]) {
        let word = u64::from_le_bytes(*word);
        let spaces = zeros(word ^ (ONES * 0x20));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & TOPS | zeros(word ^ (ONES * 0x7f));
        suspect |= controls | spaces & (spaces << 8);
        suspect |= spaces & (before >> 56);
        before = spaces;
    }
    suspect == 0
}

/// Compares as if both were lower case.
#[inline]
pub(crate) fn cmp_ignore_case(a: &[u8], b: &[u8]) -> core::cmp::Ordering {
    let lower = |byte: &u8| byte.to_ascii_lowercase();
    a.iter().map(lower).cmp(b.iter().map(lower))
}

const fn classify(byte: u8) -> u8 {
    let mut class = 0;
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
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

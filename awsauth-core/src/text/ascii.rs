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
/// The space.
pub(crate) const SPACE: u8 = 1 << 5;

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
    if byte == b' ' {
        class |= SPACE;
    }
    class
}

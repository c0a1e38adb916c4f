//! Lower-case hex of digests.

use super::sink::ByteSink;

/// 32 bytes as 64 lower-case hex digits.
#[inline]
pub(crate) fn encode(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    encode_into(bytes, &mut text);
    text
}

/// Writes the digits of 32 bytes.
#[inline]
pub(crate) fn write(bytes: &[u8; 32], sink: &mut (impl ByteSink + ?Sized)) {
    let mut text = [0; 64];
    encode_into(bytes, &mut text);
    sink.put(&text);
}

#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) fn encode_into(bytes: &[u8; 32], text: &mut [u8; 64]) {
    if cfg!(target_pointer_width = "64") {
        let (pairs, _) = text.as_chunks_mut::<2>();
        for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
            *high = digit(byte >> 4);
            *low = digit(byte & 15);
        }
        return;
    }
    let (quads, _) = text.as_chunks_mut::<4>();
    let (pairs, _) = bytes.as_chunks::<2>();
    for (digits, [first, second]) in quads.iter_mut().zip(pairs) {
        let both = u32::from(*first) | u32::from(*second) << 16;
        let nibbles = (both >> 4 & 0x000f_000f) | (both & 0x000f_000f) << 8;
        // Arithmetic, not a table: signatures should not be looked up in memory, and this vectorises.
        let letters = (nibbles + 0x0606_0606) >> 4 & 0x0101_0101;
        *digits = (nibbles + 0x3030_3030 + letters * u32::from(b'a' - 10 - b'0')).to_le_bytes();
    }
}

/// 64 lower-case hex digits as 32 bytes.
pub(crate) fn decode(text: &[u8]) -> Option<[u8; 32]> {
    let mut values: [u8; 64] = text.try_into().ok()?;
    let mut all = 0;
    // To the end whatever there is: so this takes many at a time.
    for digit in &mut values {
        *digit = value(*digit);
        all |= *digit;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(values.as_chunks().0) {
        *byte = high << 4 | low;
    }
    (all < 16).then_some(bytes)
}

#[inline(always)]
fn digit(nibble: u8) -> u8 {
    // In arithmetic that vectors of bytes have.
    let letter = nibble.saturating_sub(9).min(1).wrapping_neg();
    nibble + b'0' + (letter & (b'a' - 10 - b'0'))
}

/// The value of a digit; above 15 if it is not one.
#[inline(always)]
fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - (b'a' - 10),
        _ => u8::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_it_encodes_and_nothing_else() {
        let bytes = core::array::from_fn(|at| (at * 37 + 11) as u8);
        let text = encode(&bytes);
        assert_eq!(decode(&text), Some(bytes));
        assert_eq!(decode(&text[1..]), None);
        for at in 0..text.len() {
            for byte in 0..=u8::MAX {
                let mut other = text;
                other[at] = byte;
                let decoded = decode(&other);
                assert_eq!(decoded.is_some(), matches!(byte, b'0'..=b'9' | b'a'..=b'f'), "{byte}");
                assert!(decoded.is_none_or(|bytes| encode(&bytes) == other));
            }
        }
    }
}

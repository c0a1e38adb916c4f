//! Lower-case hex of digests.

/// 32 bytes as 64 lower-case hex digits.
#[inline]
pub(crate) fn encode(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    let (pairs, _) = text.as_chunks_mut::<2>();
    for ([high, low], byte) in pairs.iter_mut().zip(bytes) {
        *high = digit(byte >> 4);
        *low = digit(byte & 15);
    }
    text
}

/// 64 lower-case hex digits as 32 bytes.
pub(crate) fn decode(text: &[u8]) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    if pairs.len() != 32 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(bytes)
}

#[inline(always)]
fn digit(nibble: u8) -> u8 {
    // Arithmetic, not a table: signatures should not be looked up in memory, and this vectorises.
    nibble + if nibble < 10 { b'0' } else { b'a' - 10 }
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

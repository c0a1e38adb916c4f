/// Whether two short texts, which mostly are equal, are so. For these the call behind `==` costs more than comparing them.
///
/// Not for secrets: its time depends on the lengths and, below eight bytes, on where the texts differ.
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        (Some(a_end), Some(b_end)) => {
            let (a, b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
            let words = a.iter().zip(b).map(|(a, b)| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b));
            words.fold(u64::from_ne_bytes(*a_end) ^ u64::from_ne_bytes(*b_end), |all, word| all | word) == 0
        }
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_different_byte_is_found() {
        let text = *b"examplebucket.s3.eu-central-1.amazonaws.com";
        for length in 0..=text.len() {
            let a = &text[..length];
            let same = a.to_vec();
            assert!(equal(a, &same));
            assert!(length == 0 || !equal(a, &a[1..]));
            for at in 0..length {
                let mut b = a.to_vec();
                b[at] ^= 1;
                assert!(!equal(a, &b), "{length} {at}");
            }
        }
    }
}

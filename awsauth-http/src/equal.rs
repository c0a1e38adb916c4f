/// Whether two texts are equal: short ones that mostly are, for which the call that `==` is costs more than comparing them.
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

//! Checks of sixteen bytes at once, written so that compilers make vector instructions of them: in arithmetic of bytes alone,
//! which is zero for what passes.

/// As many bytes as the vectors of x86-64 and AArch64 hold.
const LANES: usize = 16;
type Lanes = [u8; LANES];

/// Whether `flaw` is zero for every byte.
#[inline(always)]
pub(super) fn all(text: &[u8], flaw: impl Fn(u8) -> u8 + Copy) -> bool {
    let Some(last) = text.last_chunk() else {
        return repeated(text).is_none_or(|lanes| is_zero(each(&lanes, flaw)));
    };
    // Each by itself: to sum up flaws would be faster, if compilers did not take such a loop apart byte by byte.
    for lanes in text.as_chunks().0 {
        if !is_zero(each(lanes, flaw)) {
            return false;
        }
    }
    // It overlaps the lanes before it.
    is_zero(each(last, flaw))
}

/// Whether `flaw` is zero for every byte and the one after it; the last byte is only looked at as the latter.
#[inline(always)]
pub(super) fn all_pairs(text: &[u8], flaw: impl Fn(u8, u8) -> u8 + Copy) -> bool {
    let (Some((_, nexts)), Some((_, firsts))) = (text.split_first(), text.split_last()) else { return true };
    let (Some(last_firsts), Some(last_nexts)) = (firsts.last_chunk(), nexts.last_chunk()) else {
        let (Some(firsts), Some(nexts)) = (repeated(firsts), repeated(nexts)) else { return true };
        return is_zero(pair(&firsts, &nexts, flaw));
    };
    for (firsts, nexts) in firsts.as_chunks().0.iter().zip(nexts.as_chunks().0) {
        if !is_zero(pair(firsts, nexts, flaw)) {
            return false;
        }
    }
    is_zero(pair(last_firsts, last_nexts, flaw))
}

/// A bit for each of up to 64 bytes, the first the lowest: whether `flaw` is not zero for it.
#[inline(always)]
pub(super) fn mark(text: &[u8], flaw: impl Fn(u8) -> u8 + Copy) -> u64 {
    let (chunks, rest) = text.as_chunks();
    let mut marks = 0;
    for lanes in chunks.iter().rev() {
        marks = marks << LANES | bits(each(lanes, flaw));
    }
    if rest.is_empty() {
        return marks;
    }
    let rest_marks = match text.last_chunk() {
        Some(last) => bits(each(last, flaw)) >> (LANES - rest.len()),
        None => {
            let mut lanes = [0; LANES];
            lanes.iter_mut().zip(rest).for_each(|(lane, byte)| *lane = *byte);
            bits(each(&lanes, flaw)) & !(u64::MAX << rest.len())
        }
    };
    marks | rest_marks << (text.len() - rest.len())
}

/// Zero if `byte` is in the range.
#[inline(always)]
pub(super) fn beyond(byte: u8, low: u8, high: u8) -> u8 {
    byte.wrapping_sub(low).saturating_sub(high - low)
}

/// Zero if `byte` is another.
#[inline(always)]
pub(super) fn is(byte: u8, other: u8) -> u8 {
    1_u8.saturating_sub(byte ^ other)
}

// Loops like these become one instruction each; with iterators and closures the compiler is not always so lucky.

#[inline(always)]
#[allow(clippy::indexing_slicing, clippy::needless_range_loop, reason = "below LANES")]
fn each(lanes: &Lanes, flaw: impl Fn(u8) -> u8) -> Lanes {
    let mut flaws = [0; LANES];
    for at in 0..LANES {
        flaws[at] = flaw(lanes[at]);
    }
    flaws
}

#[inline(always)]
#[allow(clippy::indexing_slicing, clippy::needless_range_loop, reason = "below LANES")]
fn pair(firsts: &Lanes, nexts: &Lanes, flaw: impl Fn(u8, u8) -> u8) -> Lanes {
    let mut flaws = [0; LANES];
    for at in 0..LANES {
        flaws[at] = flaw(firsts[at], nexts[at]);
    }
    flaws
}

/// A bit for each lane that is not zero.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "the halves are meant")]
fn bits(lanes: Lanes) -> u64 {
    const LOW: u64 = u64::MAX / 255 * 0x7f;
    let lanes = u128::from_le_bytes(lanes);
    let bits = |half: u64| {
        // The top bits of bytes that are not zero, each of which the product puts on another bit of the topmost byte.
        let tops = (((half & LOW) + LOW) | half) & !LOW;
        (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    bits(lanes as u64) | bits((lanes >> 64) as u64) << 8
}

#[inline(always)]
fn is_zero(lanes: Lanes) -> bool {
    u128::from_ne_bytes(lanes) == 0
}

/// All bytes of a short text, in an order that its length alone decides, some of them twice; `None` if it is empty. They
/// come from pieces that overlap, as a copy into an array would have to be written before it is read.
#[inline(always)]
fn repeated(text: &[u8]) -> Option<Lanes> {
    let (low, high) = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let both = u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
        (both, both)
    } else {
        let (first, middle, last) = (*text.first()?, *text.get(text.len() / 2)?, *text.last()?);
        let all = u64::from(u32::from_le_bytes([first, middle, last, last]));
        (all | all << 32, all | all << 32)
    };
    Some((u128::from(low) | u128::from(high) << 64).to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_byte_and_pair_is_seen(text in vec(0..4u8, 0..70), flaw in 0..4u8) {
            prop_assert_eq!(all(&text, |byte| is(byte, flaw)), !text.contains(&flaw));
            let pair = |first, next| is(first, flaw) & is(next, 0);
            prop_assert_eq!(all_pairs(&text, pair), !text.windows(2).any(|pair| pair == [flaw, 0]));
        }

        #[test]
        fn every_byte_is_marked(text in vec(0..3u8, 0..65), flaw in 0..3u8) {
            let slow = (0..).zip(&text).filter(|(_, byte)| **byte != flaw).fold(0_u64, |marks, (at, _)| marks | 1 << at);
            prop_assert_eq!(mark(&text, |byte| byte ^ flaw), slow);
        }

        #[test]
        fn ranges_have_both_ends(byte in any::<u8>(), low in any::<u8>(), high in any::<u8>()) {
            prop_assume!(low <= high);
            prop_assert_eq!(beyond(byte, low, high) == 0, (low..=high).contains(&byte));
        }
    }
}

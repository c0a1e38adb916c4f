//! Decimal numbers.

use super::sink::ByteSink;

/// Up to 64 bits, whose division is a function of nearly 1 KB on small processors.
#[allow(clippy::cast_possible_truncation, reason = "a digit")]
pub(crate) fn write(number: u64, sink: &mut (impl ByteSink + ?Sized)) {
    let mut rest = number;
    write_digits(sink, || {
        let digit = rest % 10;
        rest /= 10;
        (digit as u8, rest == 0)
    });
}

/// Up to 32 bits, whose division is an instruction.
#[allow(clippy::cast_possible_truncation, reason = "a digit")]
pub(crate) fn write_short(number: u32, sink: &mut (impl ByteSink + ?Sized)) {
    let mut rest = number;
    write_digits(sink, || {
        let digit = rest % 10;
        rest /= 10;
        (digit as u8, rest == 0)
    });
}

/// `next` returns a digit and whether it is the first of the number, from the last one on.
#[inline]
fn write_digits(sink: &mut (impl ByteSink + ?Sized), mut next: impl FnMut() -> (u8, bool)) {
    let mut digits = [0; 20];
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        let (digit, is_first) = next();
        *place = b'0' + digit;
        used += 1;
        if is_first {
            break;
        }
    }
    sink.put(digits.get(digits.len() - used..).unwrap_or_default());
}

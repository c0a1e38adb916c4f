//! Decimal numbers.

use super::sink::Sink;

#[allow(clippy::cast_possible_truncation, reason = "a digit")]
pub(crate) fn write(number: u64, sink: &mut impl Sink) {
    let mut digits = [0; 20];
    let mut rest = number;
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    sink.put(digits.get(digits.len() - used..).unwrap_or_default());
}

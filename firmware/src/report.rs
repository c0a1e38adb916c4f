//! `name=number` lines, without the formatting machinery.

/// The digits of `number`, and where they begin.
#[must_use]
pub fn decimal(number: u64) -> ([u8; 20], usize) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        start = start.wrapping_sub(1);
        if rest == 0 {
            break;
        }
    }
    (digits, start)
}

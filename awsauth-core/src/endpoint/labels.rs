//! Splitting at a byte of ASCII. `str`'s own splitting at a `char` brings `memchr` and its panics into a
//! firmware image, for hosts of a few dozen bytes.

/// Splits at the first `mark`.
pub(super) fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    cut_at(text, text.bytes().position(|b| b == mark)?)
}

/// Splits at the last `mark`.
pub(super) fn cut_last(text: &str, mark: u8) -> Option<(&str, &str)> {
    cut_at(text, text.bytes().rposition(|b| b == mark)?)
}

/// The front and the last label: `a.b.c` is `a.b` and `c`.
pub(super) fn split_last(labels: &str) -> (&str, &str) {
    cut_last(labels, b'.').unwrap_or(("", labels))
}

/// The pieces between marks; one more than there are marks.
pub(super) fn split(text: &str, mark: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (piece, behind) = cut(text, mark).map_or((text, None), |(piece, behind)| (piece, Some(behind)));
        rest = behind;
        Some(piece)
    })
}

fn cut_at(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at + 1..)?))
}

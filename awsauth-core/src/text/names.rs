//! Lists of names that are looked up without regard to case.

/// Names in a row, each in lower case after its length, and a mask that nearly all others fail. Slices of slices would
/// take eight bytes more for each where pointers are short, and the mask saves looking at most of them.
pub(crate) struct Names<const N: usize> {
    mask: [u32; 4],
    row: [u8; N],
}

impl Names<0> {
    /// How long the row of these names is.
    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    pub(crate) const fn size(names: &[&str]) -> usize {
        let (mut size, mut at) = (0, 0);
        while at < names.len() {
            size += 1 + names[at].len();
            at += 1;
        }
        size
    }
}

impl<const N: usize> Names<N> {
    /// Of lower-case names, none of them empty or longer than 255 bytes; `N` is their [`size`](Names::size).
    #[allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "evaluated at compile time")]
    pub(crate) const fn new(names: &[&str]) -> Self {
        let (mut mask, mut row, mut filled, mut at) = ([0; 4], [0; N], 0, 0);
        while at < names.len() {
            let name = names[at].as_bytes();
            let (word, bit) = place(name[0], name[name.len() - 1], name.len());
            mask[word] |= bit;
            row[filled] = name.len() as u8;
            filled += 1;
            let mut byte = 0;
            while byte < name.len() {
                row[filled] = name[byte];
                filled += 1;
                byte += 1;
            }
            at += 1;
        }
        Self { mask, row }
    }

    /// Whether `name`, in any case, is one of them.
    #[inline]
    pub(crate) fn have(&self, name: &[u8]) -> bool {
        let (Some(first), Some(last)) = (name.first(), name.last()) else { return false };
        let (word, bit) = place(*first, *last, name.len());
        self.mask.get(word).is_some_and(|word| word & bit != 0) && find(&self.row, name)
    }
}

/// A word of the mask and a bit in it, the same for both cases of a letter: they differ by 32, and 4 * 32 is all bits. The
/// factors are those that keep the headers apart that clients send most.
const fn place(first: u8, last: u8, length: usize) -> (usize, u32) {
    let bit = (first as usize * 84 + last as usize * 4 + length * 13) % 128;
    (bit / 32, 1 << (bit % 32))
}

#[inline(never)]
fn find(row: &[u8], name: &[u8]) -> bool {
    let mut rest = row;
    while let [length, tail @ ..] = rest {
        let Some((listed, after)) = tail.split_at_checked(usize::from(*length)) else { return false };
        if listed.len() == name.len() && listed.eq_ignore_ascii_case(name) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: [&str; 3] = ["te", "user-agent", "x-amz-date"];

    #[test]
    fn finds_what_is_listed_in_any_case_and_nothing_else() {
        let names = Names::<{ Names::size(&LISTED) }>::new(&LISTED);
        for name in ["te", "TE", "user-agent", "User-Agent", "X-AMZ-DATE"] {
            assert!(names.have(name.as_bytes()), "{name}");
        }
        for name in ["", "t", "tf", "tea", "user-agenu", "x-amz-dat", "\u{2}te", "x-amz-datetime"] {
            assert!(!names.have(name.as_bytes()), "{name}");
        }
    }
}

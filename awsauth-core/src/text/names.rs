//! Lists of names that are looked up without regard to case.

/// Names in a row, each in lower case after its length, and a mask that nearly all others fail. Slices of slices would
/// take eight bytes more for each where pointers are short, and the mask saves looking at most of them.
pub(crate) struct Names<const N: usize> {
    mask: u32,
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
        let (mut mask, mut row, mut filled, mut at) = (0, [0; N], 0, 0);
        while at < names.len() {
            let name = names[at].as_bytes();
            mask |= bit(name[0], name.len());
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
        name.first().is_some_and(|first| self.mask & bit(*first, name.len()) != 0) && find(&self.row, name)
    }
}

/// One bit of the mask, the same for both cases of a letter.
const fn bit(first: u8, length: usize) -> u32 {
    1 << ((first as usize * 7 + length) & 31)
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

use core::cmp::Ordering;

use crate::text::ascii;

/// A header's name, to be compared.
#[derive(Clone, Copy)]
pub(super) struct HeaderName<'a> {
    text: &'a [u8],
    /// It is in lower case.
    lower: bool,
    /// The first eight bytes of a name in lower case, in which most differ.
    #[cfg(target_pointer_width = "64")]
    first: u64,
}

impl<'a> HeaderName<'a> {
    /// `lower` is whether it is known to be in lower case.
    #[inline]
    pub(super) fn new(text: &'a [u8], lower: bool) -> Self {
        Self {
            text,
            lower,
            #[cfg(target_pointer_width = "64")]
            first: ascii::first_word(text),
        }
    }

    /// Of a name in lower case that is known to the compiler.
    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    pub(super) const fn literal(name: &'static str) -> Self {
        let text = name.as_bytes();
        let (mut first, mut at) = (0, 0);
        while at < 8 {
            first = first << 8 | if at < text.len() { text[at] as u64 } else { 0 };
            at += 1;
        }
        let _ = first;
        Self {
            text,
            lower: true,
            #[cfg(target_pointer_width = "64")]
            first,
        }
    }

    pub(super) const fn text(self) -> &'a [u8] {
        self.text
    }

    /// Compares without regard to case.
    #[inline]
    pub(super) fn cmp(self, other: Self) -> Ordering {
        #[cfg(target_pointer_width = "64")]
        if self.lower && other.lower {
            let whole = || ascii::cmp_words(self.text, other.text, |word| word);
            return self.first.cmp(&other.first).then_with(whole);
        }
        let _ = self.lower;
        ascii::cmp_ignore_case(self.text, other.text)
    }
}

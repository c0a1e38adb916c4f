use core::fmt;

use crate::text::ascii::{self, TOKEN};

/// No header of AWS's is longer.
const LONGEST: usize = 64;

/// The header, query parameter or part of an `authorization` header that a [`Refusal`](super::Refusal) is about.
///
/// It has nothing but the name. The sender may have written anything, so it has at most 64 bytes, ends in `..` if it
/// was longer, and has a `?` for each character that names cannot have: it is safe to log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartName {
    text: [u8; LONGEST],
    length: u8,
}

impl PartName {
    /// No name: a filler.
    pub const EMPTY: Self = Self { text: [0; LONGEST], length: 0 };

    /// Creates a name. Write that of a header in lower case.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::of(name.bytes())
    }

    pub(super) fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut name = Self::EMPTY;
        let mut bytes = bytes.into_iter();
        for (place, byte) in name.text.iter_mut().zip(&mut bytes) {
            *place = if ascii::is(byte, TOKEN) { byte } else { b'?' };
            name.length += 1;
        }
        if bytes.next().is_some()
            && let [.., before, last] = &mut name.text
        {
            (*before, *last) = (b'.', b'.');
        }
        name
    }

    /// The name of a header, in lower case.
    pub(super) fn of_header(name: &str) -> Self {
        Self::of(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    }

    /// Returns the name: ASCII, without blanks and controls.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.text.get(..usize::from(self.length)).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl From<&str> for PartName {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    #[test]
    fn a_name_is_bounded_and_has_no_controls() {
        let longest = "x".repeat(LONGEST);
        let cut: String = "x".repeat(LONGEST - 2) + "..";
        for (name, shown) in [
            ("", ""),
            ("x-amz-copy-source-server-side-encryption-customer-key-md5", ""),
            ("X-Amz-SignedHeaders", ""),
            ("a\r\nx: y\0\u{1b}[31m", "a??x??y???31m"),
            ("\u{e9}\u{202e}", "?????"),
            (&longest, ""),
            (&std::format!("{longest}x"), &cut),
            (&"x".repeat(1 << 20), &cut),
        ] {
            let shown = if shown.is_empty() { name } else { shown };
            assert_eq!(PartName::new(name).to_string(), shown);
            assert_eq!(std::format!("{:?}", PartName::new(name)), std::format!("{shown:?}"));
        }
        assert_eq!(PartName::of_header("X-Amz-Acl"), "x-amz-acl".into());
    }
}

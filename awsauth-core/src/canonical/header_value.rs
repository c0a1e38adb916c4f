use core::fmt;

use crate::text::sink::{ByteSink, FormatterSink};

/// The value of a header as it is signed and must be sent: trimmed, with a single space for each run of spaces and
/// tabs.
#[derive(Clone, Copy)]
pub struct CanonicalHeaderValue<'a>(&'a [u8]);

impl<'a> CanonicalHeaderValue<'a> {
    pub(super) fn new(value: &'a [u8]) -> Self {
        Self(value)
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        write_collapsed(self.0, false, sink);
    }
}

impl fmt::Display for CanonicalHeaderValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for CanonicalHeaderValue<'_> {
    /// Without the bytes, which may be a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CanonicalHeaderValue(..)")
    }
}

/// Trims blanks, and makes each run of them one space, in quotes too; a tab that is kept is no blank.
pub(super) fn write_collapsed(value: &[u8], keep_tabs: bool, sink: &mut (impl ByteSink + ?Sized)) {
    let mut first = true;
    let is_blank = |byte: &u8| *byte == b' ' || *byte == b'\t' && !keep_tabs;
    for word in value.trim_ascii().split(is_blank).filter(|word| !word.is_empty()) {
        if !first {
            sink.put_byte(b' ');
        }
        first = false;
        sink.put(word);
    }
}

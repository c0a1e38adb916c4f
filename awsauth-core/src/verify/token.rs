use core::fmt;

use crate::text::percent::Decoded;
use crate::text::percent::PlusSign;
use crate::text::sink::{ByteSink, FormatterSink};

/// The session token of a request. It prints as it was issued; `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct SessionToken<'a> {
    text: &'a [u8],
    /// If it is URL text: what a bare `+` means.
    encoded: Option<PlusSign>,
}

impl<'a> SessionToken<'a> {
    pub(super) fn plain(text: &'a [u8]) -> Self {
        Self { text, encoded: None }
    }

    pub(super) fn encoded(text: &'a [u8], plus: PlusSign) -> Self {
        Self { text, encoded: Some(plus) }
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        match self.encoded {
            None => sink.put(self.text),
            Some(plus) => Decoded::new(self.text, plus).for_each(|byte| sink.put(&[byte])),
        }
    }
}

impl fmt::Display for SessionToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for SessionToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

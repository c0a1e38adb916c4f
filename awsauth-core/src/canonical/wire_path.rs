use super::path;
use crate::text::percent;
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;

/// A path that is signed as it is sent: the schemes before Signature Version 4 neither decode nor resolve anything.
#[derive(Clone, Copy)]
pub(crate) struct WirePath<'a>(&'a [u8]);

impl<'a> WirePath<'a> {
    pub(crate) fn new(text: &'a str) -> Result<Self, Error> {
        let text = if text.is_empty() { b"/" } else { text.as_bytes() };
        if text.first() != Some(&b'/') {
            return Err(Error::MalformedTarget);
        }
        percent::scan(text, |_, byte| byte == b'/').map_err(path::error)?;
        Ok(Self(text))
    }

    /// Writes it, with what no path can hold escaped: so it is sent, and so it is signed.
    pub(crate) fn write_to(&self, sink: &mut impl ByteSink) {
        percent::encode_illegal(self.0, sink);
    }
}

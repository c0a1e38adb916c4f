use super::path;
use crate::text::percent;
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;

/// A path that is signed as it is sent: the schemes before Signature Version 4 neither decode nor resolve anything.
#[derive(Clone, Copy)]
pub(crate) struct WirePath<'a> {
    text: &'a [u8],
    escapes_dots: bool,
}

impl<'a> WirePath<'a> {
    pub(crate) fn new(text: &'a str) -> Result<Self, Error> {
        let text = if text.is_empty() { b"/" } else { text.as_bytes() };
        if text.first() != Some(&b'/') {
            return Err(Error::MalformedTarget);
        }
        percent::scan(text, |_, byte| byte == b'/').map_err(path::error)?;
        Ok(Self { text, escapes_dots: false })
    }

    /// The same with segments of nothing but one or two dots escaped, as clients and proxies resolve those that are bare:
    /// where the path is an object's key, and about to be sent.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn escaping_dots(self) -> Self {
        Self { escapes_dots: true, ..self }
    }

    /// Writes it, with what no path can hold escaped: so it is sent, and so it is signed.
    pub(crate) fn write_to(&self, sink: &mut impl ByteSink) {
        if !self.escapes_dots {
            return percent::encode_illegal(self.text, sink);
        }
        let mut segments = self.text.split(|byte| *byte == b'/');
        segments.next();
        for segment in segments {
            sink.put(b"/");
            match segment {
                b"." => sink.put(b"%2E"),
                b".." => sink.put(b"%2E%2E"),
                _ => percent::encode_illegal(segment, sink),
            }
        }
    }
}

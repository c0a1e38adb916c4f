use super::path;
use crate::text::percent::{self, Decoded, PlusSign};
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;

/// A path that is signed as it is sent: the schemes before Signature Version 4 neither decode nor resolve anything.
#[derive(Clone, Copy)]
pub(crate) struct WirePath<'a> {
    text: &'a [u8],
    /// Segments that are `.` or `..` are written with their dots escaped.
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

    /// The same, with its lone dots as `%2E`: of a key that has them, which clients and proxies would resolve on the way.
    #[cfg(feature = "s3-legacy")]
    pub(crate) fn escaping_lone_dots(self) -> Self {
        let has_dots = self.text.split(|byte| *byte == b'/').any(|segment| lone_dots(segment).is_some());
        Self { escapes_dots: has_dots, ..self }
    }

    /// Writes it, with what no path can hold escaped: so it is sent, and so it is signed.
    pub(crate) fn write_to(&self, sink: &mut impl ByteSink) {
        if !self.escapes_dots {
            return percent::encode_illegal(self.text, sink);
        }
        let mut separator: &[u8] = b"";
        for segment in self.text.split(|byte| *byte == b'/') {
            sink.put(separator);
            separator = b"/";
            match lone_dots(segment) {
                Some(escaped) => sink.put(escaped),
                None => percent::encode_illegal(segment, sink),
            }
        }
    }
}

/// What is written for a segment that stands for `.` or `..`, and has such a dot bare.
fn lone_dots(segment: &[u8]) -> Option<&'static [u8]> {
    let is = |dots: &[u8]| Decoded::new(segment, PlusSign::Literal).eq(dots.iter().copied());
    match segment.contains(&b'.') {
        true if is(b".") => Some(b"%2E"),
        true if is(b"..") => Some(b"%2E%2E"),
        _ => None,
    }
}

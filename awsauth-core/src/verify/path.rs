use core::fmt;

use super::policy::{NonCanonicalPath, VerifyPolicy};
use super::refusal::Refusal;
use crate::canonical::path::{self, is_s3};
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::writer::gather;

/// The path that a request was signed for, as a signer sends it: percent-encoded once, with dots and empty segments
/// resolved if the service does so. It prints as such.
///
/// Route by it, decoded once: the request's own path may be another way to write it.
#[derive(Clone, Copy)]
pub struct CanonicalPath<'a>(path::CanonicalPath<'a>);

impl VerifyPolicy<'_> {
    pub(super) fn check_path(&self, path: &path::CanonicalPath<'_>) -> Result<(), Refusal> {
        let is_refused = match self.noncanonical_path {
            NonCanonicalPath::ByService => self.service.is_some_and(|service| !is_s3(service)),
            NonCanonicalPath::Allowed => false,
            NonCanonicalPath::Refused => true,
        };
        if is_refused && !path.is_canonical() { Err(Refusal::NonCanonicalPath) } else { Ok(()) }
    }
}

impl<'a> CanonicalPath<'a> {
    pub(super) fn new(path: path::CanonicalPath<'a>) -> Self {
        Self(path)
    }

    /// Returns whether it is this path.
    #[must_use]
    pub fn is(&self, path: &str) -> bool {
        let mut rest = Some(path.as_bytes());
        self.write_to(&mut |run: &[u8]| rest = rest.and_then(|rest| rest.strip_prefix(run)));
        rest == Some(b"")
    }

    /// Writes its bytes.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.0.write_wire(writer));
    }
}

impl fmt::Display for CanonicalPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for CanonicalPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

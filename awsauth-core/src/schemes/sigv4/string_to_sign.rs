use core::fmt;

use super::scope::CredentialScope;
use crate::hash;
use crate::text::hex;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::writer::{Writer, gather};
use crate::vocabulary::time::AsciiText;
use crate::vocabulary::time::Timestamp;

/// The string to sign. It prints as AWS shows it in `<StringToSign>`.
#[derive(Debug, Clone, Copy)]
pub struct StringToSign<'a> {
    algorithm: &'static str,
    time: AsciiText<16>,
    scope: CredentialScope<'a>,
    canonical_request: [u8; 32],
}

impl<'a> StringToSign<'a> {
    /// Creates the string to sign of a canonical request with this SHA-256, at this time, in this scope. `algorithm` is
    /// the algorithm's name, such as `AWS4-HMAC-SHA256`.
    #[must_use]
    pub fn new(
        algorithm: &'static str,
        time: Timestamp,
        scope: CredentialScope<'a>,
        canonical_request: [u8; 32],
    ) -> Self {
        Self::at(algorithm, time.basic(), scope, canonical_request)
    }

    pub(crate) const fn at(
        algorithm: &'static str,
        time: AsciiText<16>,
        scope: CredentialScope<'a>,
        canonical_request: [u8; 32],
    ) -> Self {
        Self { algorithm, time, scope, canonical_request }
    }

    /// Returns its SHA-256, for keys that sign digests, such as those of Signature Version 4A.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        hash::sha256_of(|hasher| self.render(hasher))
    }

    /// Writes its bytes, which are what is signed.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.render(writer));
    }

    #[inline]
    pub(super) fn render(&self, writer: &mut Writer<'_>) {
        writer.put(self.algorithm.as_bytes());
        writer.put_byte(b'\n');
        writer.put_literal(self.time.as_bytes());
        writer.put_byte(b'\n');
        self.scope.write_to(writer);
        writer.put_byte(b'\n');
        hex::write(&self.canonical_request, writer);
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

use core::fmt;

use super::CredentialScope;
use crate::Timestamp;
use crate::hash::Sha256;
use crate::text::hex;
use crate::text::sink::{FormatterSink, Sink};
use crate::time::Text;

/// The string to sign. It prints as what AWS shows in `<StringToSign>`.
#[derive(Debug, Clone, Copy)]
pub struct StringToSign<'a> {
    algorithm: &'static str,
    time: Text<16>,
    scope: CredentialScope<'a>,
    canonical_request: [u8; 32],
}

impl<'a> StringToSign<'a> {
    /// Of a canonical request's SHA-256, at this time, in this scope. `algorithm` is such as `AWS4-HMAC-SHA256`.
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
        time: Text<16>,
        scope: CredentialScope<'a>,
        canonical_request: [u8; 32],
    ) -> Self {
        Self { algorithm, time, scope, canonical_request }
    }

    /// Its SHA-256, for keys that sign digests: Signature Version 4A's.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        self.write_to(&mut hasher);
        hasher.finish()
    }

    /// Writes its bytes, which are what is signed.
    #[inline]
    pub fn write_to(&self, sink: &mut impl Sink) {
        sink.put(self.algorithm.as_bytes());
        sink.put_byte(b'\n');
        sink.put(self.time.as_bytes());
        sink.put_byte(b'\n');
        self.scope.write_to(sink);
        sink.put_byte(b'\n');
        sink.put(&hex::encode(&self.canonical_request));
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

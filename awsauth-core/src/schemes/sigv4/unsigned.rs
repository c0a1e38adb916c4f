use super::authentication::Authentication;
use super::canonical_request::CanonicalRequest;
use super::string_to_sign::StringToSign;
use crate::vocabulary::time::Timestamp;

/// A request that is ready to be signed: its canonical request, and the time.
#[derive(Debug, Clone)]
pub struct Unsigned<'a> {
    pub(crate) canonical_request: CanonicalRequest<'a>,
    pub(crate) time: Timestamp,
}

impl<'a> Unsigned<'a> {
    #[inline(always)]
    pub(super) const fn blank() -> Self {
        Self { canonical_request: CanonicalRequest::blank(), time: Timestamp::EPOCH }
    }

    /// Returns the canonical request.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.canonical_request
    }

    /// Returns the string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'a> {
        self.string_to_sign_of(self.canonical_request.sha256())
    }

    /// Returns the string to sign of a canonical request with this SHA-256.
    #[inline]
    pub(super) fn string_to_sign_of(&self, canonical_request: [u8; 32]) -> StringToSign<'a> {
        let Authentication { algorithm, time, scope, .. } = self.canonical_request.authentication;
        StringToSign::at(algorithm, time, scope, canonical_request)
    }
}

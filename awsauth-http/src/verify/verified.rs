use core::fmt;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_core::verify::Claim;
use awsauth_core::{CredentialScope, Date, HmacKey, PayloadHash, Signature, Timestamp};
use http::HeaderMap;

/// Who signed a request, when and for what. The body is the one that was signed or, if the policy accepts that, unsigned. It
/// borrows nothing of the request, so that it can be put into the request's extensions.
///
/// `Debug` shows neither the token nor the signature.
#[derive(Clone)]
pub struct Verified {
    access_key_id: Box<str>,
    date: Date,
    region: Box<str>,
    service: Box<str>,
    key: HmacKey,
    time: Timestamp,
    expires: Option<u32>,
    payload_hash: PayloadHash,
    signature: Signature,
    signed_headers: Vec<Box<str>>,
    session_token: Option<Box<str>>,
    host: Box<str>,
    canonical_path: Box<str>,
    trailers: HeaderMap,
}

impl Verified {
    pub(super) fn of(verified: &awsauth_core::verify::Verified<'_>) -> Self {
        let key = verified.signing_key().hmac_key().clone();
        Self::new(verified.claim(), key, verified.signature())
    }

    /// From a claim that has been verified, except for its body.
    pub(super) fn new(claim: &Claim<'_>, key: HmacKey, signature: Signature) -> Self {
        let scope = claim.scope();
        Self {
            access_key_id: claim.access_key_id().into(),
            date: scope.date(),
            region: scope.region().unwrap_or_default().into(),
            service: scope.service().into(),
            key,
            time: claim.time(),
            expires: claim.expires(),
            payload_hash: claim.payload_hash(),
            signature,
            signed_headers: claim.signed_headers().map(|name| name.to_string().into()).collect(),
            session_token: claim.session_token().map(|token| token.to_string().into()),
            host: claim.host().to_string().into(),
            canonical_path: claim.canonical_path().to_string().into(),
            trailers: HeaderMap::new(),
        }
    }

    /// Sets what is known only from the body.
    pub(super) fn complete(&mut self, signature: Signature, payload_hash: PayloadHash) {
        (self.signature, self.payload_hash) = (signature, payload_hash);
    }

    pub(super) fn trailers_mut(&mut self) -> &mut HeaderMap {
        &mut self.trailers
    }

    pub(super) fn scope(&self) -> Result<CredentialScope<'_>, awsauth_core::Error> {
        CredentialScope::new(self.date, &self.region, &self.service)
    }

    /// Returns the access key ID that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns the path that was signed, percent-encoded once: decode it once and route by it. The request's own path may be
    /// written differently, such as `/public/../admin`, if the policy accepts such paths.
    #[must_use]
    pub fn canonical_path(&self) -> &str {
        &self.canonical_path
    }

    /// Returns the region that it was signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Returns the signing name of the service that it was signed for.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Returns when it was signed.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.time.unix_seconds())
    }

    /// Returns when a presigned URL expires, or `None` if it is not one.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.time().checked_add(Duration::from_secs(self.expires?.into()))
    }

    /// Returns the session token. It is not checked here: the service that issued it must do that.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }

    /// Returns the names of the signed headers, in lower case and sorted.
    pub fn signed_headers(&self) -> impl Iterator<Item = &str> {
        self.signed_headers.iter().map(AsRef::as_ref)
    }

    /// Returns the payload hash that was signed.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.payload_hash
    }

    /// Returns the day's signing key: a [`VerifyingKey`](awsauth_core::verify::VerifyingKey) to be cached by access key ID, day,
    /// region and service.
    #[must_use]
    pub fn hmac_key(&self) -> &HmacKey {
        &self.key
    }

    /// Returns the host that was signed, in lower case and without the protocol's default port: route by it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the trailers of an `aws-chunked` body that its headers declared.
    #[must_use]
    pub fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }

    /// Returns the signature.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.signature
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id)
            .field("host", &self.host)
            .field("region", &self.region)
            .field("service", &self.service)
            .field("time", &self.time)
            .field("expires", &self.expires)
            .field("signed_headers", &self.signed_headers)
            .finish_non_exhaustive()
    }
}

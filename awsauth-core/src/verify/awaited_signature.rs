use core::fmt;

use super::presented_signature::PresentedSignature;
use super::reading::{READINGS, find_reading};
use super::refusal::Refusal;
use crate::hash::{HmacKey, Sha256};
use crate::schemes::sigv4::{
    ALGORITHM, CanonicalRequest, CredentialScope, Signature, SigningKey, StringToSign,
};
use crate::text::hex;
use crate::text::sink::ByteSink;
use crate::vocabulary::time::Timestamp;

/// The signature of a request that does not state the hash of its body, to be checked when that is known. It borrows
/// nothing from the request.
pub struct AwaitedSignature {
    key: HmacKey,
    presented: PresentedSignature,
    time: Timestamp,
    /// Of the canonical request but its last line, in each of its readings.
    canonical_requests: [Option<Sha256>; READINGS],
}

impl AwaitedSignature {
    pub(super) fn new(
        key: HmacKey,
        presented: PresentedSignature,
        time: Timestamp,
        canonical_request: &CanonicalRequest<'_>,
        received_host: &[u8],
    ) -> Self {
        let mut canonical_requests = [const { None }; READINGS];
        let mut places = canonical_requests.iter_mut();
        find_reading(&mut canonical_request.clone(), received_host, |canonical_request| {
            let hasher = places.next().map(|place| place.insert(Sha256::initial()));
            hasher.map(|hasher| canonical_request.render_but_payload(hasher)).is_none()
        });
        Self { key, presented, time, canonical_requests }
    }

    /// Checks the signature, in constant time, with the SHA-256 of the body; returns the signature. `scope` is that of
    /// the claim.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`].
    pub fn verify(self, scope: CredentialScope<'_>, body_sha256: &[u8; 32]) -> Result<Signature, Refusal> {
        let key = SigningKey::from_hmac_key(self.key, scope);
        let is_signed = |mut canonical_request: Sha256| {
            canonical_request.put(&hex::encode(body_sha256));
            let text = StringToSign::new(ALGORITHM, self.time, scope, canonical_request.finish());
            self.presented.is(&key.sign(&text))
        };
        let signed = self.canonical_requests.into_iter().flatten().any(is_signed);
        if signed { Ok(self.presented.to_signature()) } else { Err(Refusal::SignatureMismatch) }
    }
}

impl fmt::Debug for AwaitedSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwaitedSignature(..)")
    }
}

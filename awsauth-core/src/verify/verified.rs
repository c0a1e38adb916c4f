use super::{CanonicalPath, ChunkVerifier, Claim, EventVerifier, Policy, Refusal};
use crate::{CredentialScope, HmacKey, PayloadHash, Signature, SigningKey};

/// A request whose signature is right.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    claim: Claim<'a>,
    key: HmacKey,
    signature: Signature,
}

impl<'a> Verified<'a> {
    pub(super) fn new(claim: Claim<'a>, key: HmacKey, signature: Signature) -> Self {
        Self { claim, key, signature }
    }

    /// Who signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim.access_key_id()
    }

    /// For what day, region and service.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.claim.scope()
    }

    /// The path that it was signed for: route by it, see [`Claim::canonical_path`].
    #[must_use]
    pub fn canonical_path(&self) -> CanonicalPath<'a> {
        self.claim.canonical_path()
    }

    /// What the signature says of the body.
    ///
    /// A hash has been checked if the body was at hand; otherwise [`check_body`](Self::check_body) is the server's to call.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.claim.payload_hash()
    }

    /// All that was claimed, and is true now.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        &self.claim
    }

    /// The signature, which the chunks of a body follow.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// The signing key, to cache for the rest of the scope's day: a [`VerifyingKey`](super::VerifyingKey) by its
    /// [`hmac_key`](SigningKey::hmac_key).
    #[must_use]
    pub fn signing_key(&self) -> SigningKey<'_> {
        SigningKey::from_hmac_key(self.key.clone(), self.scope())
    }

    /// Checks a body that was read after the headers, by its SHA-256. One that is unsigned or signed in chunks passes.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`].
    pub fn check_body(&self, sha256: &[u8; 32]) -> Result<(), Refusal> {
        self.claim.check_body(sha256)
    }

    /// A verifier of the body's chunks; `None` if they are not signed.
    #[must_use]
    pub fn chunks(&self) -> Option<ChunkVerifier<'_>> {
        let verifier = ChunkVerifier::new(self.signing_key(), self.claim.time(), self.signature());
        match self.payload_hash() {
            PayloadHash::StreamingSigned => verifier.ok(),
            PayloadHash::StreamingSignedTrailer => verifier.ok().map(ChunkVerifier::with_trailers),
            _ => None,
        }
    }

    /// A verifier of the messages of the event stream that it opens; `None` if it opens none.
    #[must_use]
    pub fn events<'p>(&self, policy: &Policy<'p>) -> Option<EventVerifier<'p>> {
        let opens = self.payload_hash() == PayloadHash::StreamingEvents;
        opens.then(|| EventVerifier::new(*policy, self.signature()))
    }
}

use super::claim::Claim;
use super::host::SignedHost;
use super::key::VerifyingKey;
use super::path::CanonicalPath;
use super::refusal::Refusal;
use crate::hash::HmacKey;
use crate::schemes::sigv4::{CredentialScope, Signature, SigningKey};
use crate::vocabulary::payload::PayloadHash;

/// A verified request: its signature is right, and its body is the one that was signed or, if the policy accepts that,
/// unsigned.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    claim: Claim<'a>,
    key: HmacKey,
    signature: Signature,
}

impl<'a> Claim<'a> {
    /// Checks the signature, in constant time, and that the given body is the signed one.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`]; [`Refusal::PayloadHashNeeded`] if the body is
    /// still to come: call [`verify_head`](Self::verify_head).
    pub fn verify(mut self, key: &(impl VerifyingKey + ?Sized)) -> Result<Verified<'a>, Refusal> {
        let (key, signature) = self.check_signature(key)?;
        self.check_given_body()?;
        Ok(Verified::new(self, key, signature))
    }
}

impl<'a> Verified<'a> {
    pub(super) fn new(claim: Claim<'a>, key: HmacKey, signature: Signature) -> Self {
        Self { claim, key, signature }
    }

    pub(super) fn into_parts(self) -> (Claim<'a>, HmacKey, Signature) {
        (self.claim, self.key, self.signature)
    }

    /// Returns the access key ID of the signer.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim.access_key_id()
    }

    /// Returns the credential scope: day, region and service.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.claim.scope()
    }

    /// Returns the path that it was signed for: route by it, see [`Claim::canonical_path`].
    #[must_use]
    pub fn canonical_path(&self) -> CanonicalPath<'a> {
        self.claim.canonical_path()
    }

    /// Returns the host that it was signed for: route by it.
    #[must_use]
    pub fn host(&self) -> SignedHost<'a> {
        self.claim.host()
    }

    /// Returns what the signature says of the body.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.claim.payload_hash()
    }

    /// Returns all that was claimed, which is verified.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        &self.claim
    }

    /// Returns the signature, to which the chunks of a body are chained.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// Returns the signing key, to cache for the rest of the scope's day: its [`hmac_key`](SigningKey::hmac_key) is a
    /// [`VerifyingKey`](super::VerifyingKey).
    #[must_use]
    pub fn signing_key(&self) -> SigningKey<'_> {
        SigningKey::from_hmac_key(self.key.clone(), self.scope())
    }
}

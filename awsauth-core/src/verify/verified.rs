use super::claim::Claim;
use super::host::SignedHost;
use super::key::VerifyingKey;
use super::path::CanonicalPath;
use super::refusal::Refusal;
use crate::hash::HmacKey;
use crate::schemes::sigv4::{CredentialScope, Signature, SigningKey};
use crate::vocabulary::payload::PayloadHash;

/// A request whose signature is right, and whose body is the one that was signed or, where the policy takes that, unsigned.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    claim: Claim<'a>,
    key: HmacKey,
    signature: Signature,
}

impl<'a> Claim<'a> {
    /// Checks the signature, in constant time, and that the body given is the signed one.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`]; [`Refusal::PayloadHashNeeded`] if the body is still to
    /// come, which is for [`verify_head`](Self::verify_head).
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

    /// The host that it was signed for: route by it.
    #[must_use]
    pub fn host(&self) -> SignedHost<'a> {
        self.claim.host()
    }

    /// What the signature says of the body.
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
}

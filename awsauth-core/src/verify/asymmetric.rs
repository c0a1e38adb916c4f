use super::claim::Claim;
use super::path::CanonicalPath;
use super::payload;
use super::pending::{Announcement, BodyDecoder, ClaimScope};
use super::refusal::Refusal;
use super::region_set::RegionSet;
use crate::schemes::sigv4::ChunkVerifyingKey;
use crate::streaming::aws_chunked::DecodeError;
use crate::vocabulary::payload::PayloadHash;

/// What a request claims that is signed with a private key, Signature Version 4A's. All but its signature has been checked.
#[derive(Debug, Clone)]
pub struct AsymmetricClaim<'a>(pub(super) Claim<'a>);

/// A request whose signature is right, by a public key, and whose body is still to come: it yields a [`VerifiedAsymmetric`]
/// once that has been checked.
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingAsymmetric<'a>(VerifiedAsymmetric<'a>);

/// A request whose signature is right, by a public key, and whose body is the one that was signed or, where the policy takes
/// that, unsigned.
#[derive(Debug, Clone)]
pub struct VerifiedAsymmetric<'a>(AsymmetricClaim<'a>);

impl<'a> AsymmetricClaim<'a> {
    /// Who signed, when and what. Its scope has no region.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        &self.0
    }

    /// The Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.asymmetric().map(|(_, regions)| regions).unwrap_or_default()
    }

    /// Checks the signature, and that a body given is the signed one. `is_right` is told the SHA-256 of the string to sign
    /// and the signature: lower-case hex, of any length. It is asked up to four times, where the host is in other than its
    /// normal form or there are tabs in values.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`]; [`Refusal::PayloadHashNeeded`] if the body is still to
    /// come, which is for [`verify_head_with`](Self::verify_head_with).
    pub fn verify_with(
        self,
        is_right: impl FnMut(&[u8; 32], &str) -> bool,
    ) -> Result<VerifiedAsymmetric<'a>, Refusal> {
        let PendingAsymmetric(verified) = self.verify_head_with(is_right)?;
        verified.claim().check_given_body()?;
        Ok(verified)
    }

    /// Checks the signature of a request whose body is still to come. `is_right` as for [`verify_with`](Self::verify_with).
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`].
    pub fn verify_head_with(
        mut self,
        mut is_right: impl FnMut(&[u8; 32], &str) -> bool,
    ) -> Result<PendingAsymmetric<'a>, Refusal> {
        let (digits, _) = self.0.asymmetric().ok_or(Refusal::UnsupportedAlgorithm)?;
        if !self.0.is_signed_as(|string_to_sign_sha256| is_right(string_to_sign_sha256, digits)) {
            return Err(Refusal::SignatureMismatch);
        }
        Ok(PendingAsymmetric(VerifiedAsymmetric(self)))
    }
}

impl<'a> PendingAsymmetric<'a> {
    /// What was claimed, and is true of the request's head.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }

    /// The Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.region_set()
    }

    /// The signature's digits: lower-case hex, and what the signature of the first chunk follows.
    #[must_use]
    pub fn signature_digits(&self) -> &'a str {
        self.0.signature_digits()
    }

    /// Checks a body that has come as a whole, by its SHA-256.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::StreamingPayloadRefused`] if the body is framed, of which its hash tells
    /// nothing: that is for [`decoder`](Self::decoder).
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<VerifiedAsymmetric<'a>, Refusal> {
        match self.claim().payload_hash() {
            PayloadHash::Unsigned => Ok(self.0),
            PayloadHash::Sha256(signed) if signed == *sha256 => Ok(self.0),
            PayloadHash::Sha256(_) => Err(Refusal::PayloadMismatch),
            _ => Err(Refusal::StreamingPayloadRefused),
        }
    }

    /// The decoder of an `aws-chunked` body, by the public key, to which `scoped` gives its scope, and the request's signature.
    ///
    /// # Errors
    /// [`DecodeError::PayloadOfAnotherKind`] if the body is no such one.
    pub fn decoder<K: ChunkVerifyingKey>(
        self,
        scoped: impl FnOnce(ClaimScope<'a>) -> K,
        signature: K::Signature,
    ) -> Result<BodyDecoder<VerifiedAsymmetric<'a>, K>, DecodeError> {
        let claim = self.claim();
        if !payload::is_chunked(claim.payload_hash()) {
            return Err(DecodeError::PayloadOfAnotherKind);
        }
        let (announced, key) = (Announcement::of(claim), scoped(ClaimScope::of(claim)));
        BodyDecoder::new(self.0, key, signature, announced)
    }
}

impl<'a> VerifiedAsymmetric<'a> {
    /// Who signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim().access_key_id()
    }

    /// The Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.region_set()
    }

    /// The path that it was signed for: route by it, see [`Claim::canonical_path`].
    #[must_use]
    pub fn canonical_path(&self) -> CanonicalPath<'a> {
        self.claim().canonical_path()
    }

    /// The signature's digits: lower-case hex.
    #[must_use]
    pub fn signature_digits(&self) -> &'a str {
        self.0.0.asymmetric().map(|(digits, _)| digits).unwrap_or_default()
    }

    /// All that was claimed, and is true now.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }
}

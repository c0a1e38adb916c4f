use super::claim::Claim;
use super::path::CanonicalPath;
use super::payload;
use super::pending::{Announcement, BodyDecoder, ClaimScope};
use super::refusal::Refusal;
use super::region_set::RegionSet;
use crate::schemes::sigv4::ChunkVerifyingKey;
use crate::streaming::aws_chunked::DecodeError;
use crate::vocabulary::payload::PayloadHash;

/// What a request claims that is signed with a private key, with Signature Version 4A. Everything but the signature has
/// been checked.
#[derive(Debug, Clone)]
pub struct AsymmetricClaim<'a>(pub(super) Claim<'a>);

/// A request whose signature is right, by a public key, and whose body is still to come: once that has been checked, it
/// gives a [`VerifiedAsymmetric`].
#[derive(Debug)]
#[must_use = "a request is verified only when its body is"]
pub struct PendingAsymmetric<'a>(VerifiedAsymmetric<'a>);

/// A verified request: its signature is right, by a public key, and its body is the one that was signed or, if the
/// policy accepts that, unsigned.
#[derive(Debug, Clone)]
pub struct VerifiedAsymmetric<'a>(AsymmetricClaim<'a>);

impl<'a> AsymmetricClaim<'a> {
    /// Returns who signed, when and what. Its scope has no region.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        &self.0
    }

    /// Returns the Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.asymmetric().map(|(_, regions)| regions).unwrap_or_default()
    }

    /// Checks the signature, and that a given body is the signed one. `is_right` gets the SHA-256 of the string to sign
    /// and the signature in lower-case hex, of any length. It is called up to four times if the host is not in its
    /// normal form or values have tabs.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`]; [`Refusal::PayloadHashNeeded`] if the body is
    /// still to come: call [`verify_head_with`](Self::verify_head_with).
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
    /// Returns what was claimed; that of the request's head is verified.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }

    /// Returns the Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.region_set()
    }

    /// Returns the signature's digits: lower-case hex, to which the signature of the first chunk is chained.
    #[must_use]
    pub fn signature_digits(&self) -> &'a str {
        self.0.signature_digits()
    }

    /// Checks a body that has arrived as a whole, by its SHA-256.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`]; [`Refusal::StreamingPayloadRefused`] if the body is framed, so that its hash says
    /// nothing of the data: use [`decoder`](Self::decoder).
    pub fn verify_body(self, sha256: &[u8; 32]) -> Result<VerifiedAsymmetric<'a>, Refusal> {
        match self.claim().payload_hash() {
            PayloadHash::Unsigned => Ok(self.0),
            PayloadHash::Sha256(signed) if signed == *sha256 => Ok(self.0),
            PayloadHash::Sha256(_) => Err(Refusal::PayloadMismatch),
            _ => Err(Refusal::StreamingPayloadRefused),
        }
    }

    /// Returns the decoder of an `aws-chunked` body. `scoped` makes the public key of a scope; `signature` is the
    /// request's signature.
    ///
    /// # Errors
    /// [`DecodeError::PayloadOfAnotherKind`] if the body is not `aws-chunked`.
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
    /// Returns the access key ID of the signer.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.claim().access_key_id()
    }

    /// Returns the Regions that it was signed for.
    #[must_use]
    pub fn region_set(&self) -> RegionSet<'a> {
        self.0.region_set()
    }

    /// Returns the path that it was signed for: route by it, see [`Claim::canonical_path`].
    #[must_use]
    pub fn canonical_path(&self) -> CanonicalPath<'a> {
        self.claim().canonical_path()
    }

    /// Returns the signature's digits: lower-case hex.
    #[must_use]
    pub fn signature_digits(&self) -> &'a str {
        self.0.0.asymmetric().map(|(digits, _)| digits).unwrap_or_default()
    }

    /// Returns all that was claimed, which is verified.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }
}

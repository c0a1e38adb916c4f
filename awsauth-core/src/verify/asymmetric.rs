use super::{CanonicalPath, Claim, Refusal, RegionSet};

/// What a request claims that is signed with a private key, Signature Version 4A's. All but its signature has been checked.
#[derive(Debug, Clone)]
pub struct AsymmetricClaim<'a>(pub(super) Claim<'a>);

/// A request whose signature is right, by a public key.
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
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`].
    pub fn verify_with(
        mut self,
        mut is_right: impl FnMut(&[u8; 32], &str) -> bool,
    ) -> Result<VerifiedAsymmetric<'a>, Refusal> {
        let (digits, _) = self.0.asymmetric().ok_or(Refusal::UnsupportedAlgorithm)?;
        if !self.0.is_signed_as(|string_to_sign_sha256| is_right(string_to_sign_sha256, digits)) {
            return Err(Refusal::SignatureMismatch);
        }
        self.0.check_given_body()?;
        Ok(VerifiedAsymmetric(self))
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

    /// The signature's digits: lower-case hex, and what the signature of the first chunk follows.
    #[must_use]
    pub fn signature_digits(&self) -> &'a str {
        self.0.0.asymmetric().map(|(digits, _)| digits).unwrap_or_default()
    }

    /// All that was claimed, and is true now.
    #[must_use]
    pub fn claim(&self) -> &Claim<'a> {
        self.0.claim()
    }

    /// Checks a body that was read after the headers, by its SHA-256. One that is unsigned or signed in chunks passes.
    ///
    /// # Errors
    /// [`Refusal::PayloadMismatch`].
    pub fn check_body(&self, sha256: &[u8; 32]) -> Result<(), Refusal> {
        self.claim().check_body(sha256)
    }
}

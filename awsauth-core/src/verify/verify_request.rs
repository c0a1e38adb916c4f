use super::asymmetric::AsymmetricClaim;
use super::authorization::Algorithm;
use super::claim::Claim;
use super::key::VerifyingKey;
use super::payload::Body;
use super::pending::PendingBody;
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use super::verified::Verified;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

impl<'a> VerifyPolicy<'a> {
    /// Verifies a request as it was received, with all its headers including `host`. The [`Request`]'s host is the
    /// authority of the request if it came with one (an absolute target, HTTP/2's `:authority`), and `""` otherwise.
    ///
    /// `body_sha256` is the SHA-256 of the body; with `None` only an unsigned body passes. Use
    /// [`verify_head`](Self::verify_head) for a body that is still to come, or is framed. `lookup` returns the secret,
    /// or the derived key, of the claim's access key ID; see [`Claim::access_key_id`] for what that may be.
    ///
    /// The signature does not cover the order of query parameters of one name, where they [may occur
    /// twice](Self::repeated_parameters), nor whether the value of a header came in one line or in several. There is one
    /// `content-type`, one `content-md5`, and one of each `x-amz-*` but `x-amz-meta-*` and S3's lists of attributes; do not
    /// act on the first alone of others.
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with; [`Refusal::StreamingPayloadRefused`] if the body is framed, whatever the
    /// policy is.
    pub fn verify<K: VerifyingKey>(
        &self,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
        lookup: impl FnOnce(&Claim<'a>) -> Option<K>,
    ) -> Result<Verified<'a>, Refusal> {
        let claim = self.claim(request, body_sha256, now)?;
        let key = lookup(&claim).ok_or(Refusal::UnknownAccessKeyId)?;
        claim.verify(&key)
    }

    /// Verifies the head of a request whose body is still to come. The result gives a [`Verified`] only after the body
    /// has been checked. Arguments as for [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn verify_head<K: VerifyingKey>(
        &self,
        request: &Request<'a>,
        now: Timestamp,
        lookup: impl FnOnce(&Claim<'a>) -> Option<K>,
    ) -> Result<PendingBody<'a>, Refusal> {
        let claim = self.claim_head(request, now)?;
        let key = lookup(&claim).ok_or(Refusal::UnknownAccessKeyId)?;
        claim.verify_head(&key)
    }

    /// Reads what a request claims, and checks all but the signature. Arguments as for [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn claim(
        &self,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Claim<'a>, Refusal> {
        Claim::read(self, request, body_sha256.into(), now, Algorithm::HMAC)
    }

    /// Reads what a request claims whose body is still to come: for [`Claim::verify_head`].
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn claim_head(&self, request: &Request<'a>, now: Timestamp) -> Result<Claim<'a>, Refusal> {
        Claim::read(self, request, Body::Pending, now, Algorithm::HMAC)
    }

    /// Reads what a request claims that is signed with Signature Version 4A, and checks all but the signature, which
    /// whoever has the public key verifies: the crate `awsauth-sigv4a` does. Arguments as for [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with; [`Refusal::WrongRegion`] if the request was not signed for the policy's
    /// region.
    pub fn claim_asymmetric(
        &self,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<AsymmetricClaim<'a>, Refusal> {
        Claim::read(self, request, body_sha256.into(), now, Algorithm::ECDSA).map(AsymmetricClaim)
    }

    /// As [`claim_asymmetric`](Self::claim_asymmetric), for a request whose body is still to come: for
    /// [`AsymmetricClaim::verify_head_with`].
    ///
    /// # Errors
    /// As for [`claim_asymmetric`](Self::claim_asymmetric); [`Refusal::PayloadHashNeeded`] if the request does not
    /// state the hash of its body.
    pub fn claim_asymmetric_head(
        &self,
        request: &Request<'a>,
        now: Timestamp,
    ) -> Result<AsymmetricClaim<'a>, Refusal> {
        Claim::read(self, request, Body::Pending, now, Algorithm::ECDSA).map(AsymmetricClaim)
    }
}

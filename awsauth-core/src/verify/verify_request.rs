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
    /// Verifies a request as it was received, all headers included, its `host` header too. Of a request that came with an
    /// authority (an absolute target, HTTP/2's `:authority`), that is the [`Request`]'s host; of any other `""` is.
    ///
    /// `body_sha256` is the SHA-256 of its body; with `None` nothing passes but a body that is unsigned. A body that is still
    /// to come, or is framed, is for [`verify_head`](Self::verify_head). `lookup` finds the secret, or the derived key, of
    /// whom the claim names; what that can be is said at [`Claim::access_key_id`].
    ///
    /// # Errors
    /// [`Refusal`]: what to answer; [`Refusal::StreamingPayloadRefused`] where the body is framed, whatever the policy is.
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

    /// Verifies the head of a request whose body is still to come. What it gives yields a [`Verified`] only when the body has
    /// been checked. Arguments as for [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: what to answer.
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

    /// Reads who claims to have signed a request, and checks all but the signature. Arguments as for
    /// [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: what to answer.
    pub fn claim(
        &self,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Claim<'a>, Refusal> {
        Claim::read(self, request, body_sha256.into(), now, Algorithm::HMAC)
    }

    /// Reads who claims to have signed a request whose body is still to come: for [`Claim::verify_head`].
    ///
    /// # Errors
    /// [`Refusal`]: what to answer.
    pub fn claim_head(&self, request: &Request<'a>, now: Timestamp) -> Result<Claim<'a>, Refusal> {
        Claim::read(self, request, Body::Pending, now, Algorithm::HMAC)
    }

    /// Reads who claims to have signed a request with Signature Version 4A, and checks all but the signature, which whoever
    /// has the public key verifies: the crate `awsauth-sigv4a` does. Arguments as for [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Refusal`]: what to answer; [`Refusal::WrongRegion`] if the policy's is none of those that it was signed for.
    pub fn claim_asymmetric(
        &self,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<AsymmetricClaim<'a>, Refusal> {
        Claim::read(self, request, body_sha256.into(), now, Algorithm::ECDSA).map(AsymmetricClaim)
    }

    /// The same of a request whose body is still to come: for [`AsymmetricClaim::verify_head_with`].
    ///
    /// # Errors
    /// As for [`claim_asymmetric`](Self::claim_asymmetric); [`Refusal::PayloadHashNeeded`] if the request does not tell its
    /// body's hash.
    pub fn claim_asymmetric_head(
        &self,
        request: &Request<'a>,
        now: Timestamp,
    ) -> Result<AsymmetricClaim<'a>, Refusal> {
        Claim::read(self, request, Body::Pending, now, Algorithm::ECDSA).map(AsymmetricClaim)
    }
}

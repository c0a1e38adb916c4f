use super::authorization::Algorithm;
use super::{AsymmetricClaim, Claim, Refusal, Verified, VerifyingKey};
use crate::canonical::path::is_s3;
use crate::{PathRule, PayloadHash, PlusSign, Request, Timestamp, TokenPlacement};

/// What a server accepts. Start from [`new`](Self::new), and set what differs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Policy<'a> {
    /// Seconds that a request's time may be off the server's, either way: 900, as AWS allows.
    pub allowed_skew: u32,
    /// The longest life of a presigned URL, in seconds: 604800, as AWS allows.
    pub maximum_expires: u32,
    /// How paths are canonicalised; `None` is the rule of the credential's service.
    pub path_rule: Option<PathRule>,
    /// What a bare `+` in a query stands for: a space, as AWS reads it.
    pub plus_sign: PlusSign,
    /// The region that credentials must be for; `None` takes any.
    pub region: Option<&'a str>,
    /// Headers, by lower-case name, that must be signed where a request has them, besides `host` and every `x-amz-*`. AWS
    /// asks for `content-type`, and takes requests without: well-known signers leave it out.
    pub required_headers: &'a [&'a str],
    /// The service, by its signing name, that credentials must be for; `None` takes any.
    pub service: Option<&'a str>,
    /// The host that clients sign, where it is not the one in the request: behind a proxy that rewrites it.
    pub signed_host: Option<&'a str>,
    /// Where session tokens are. [`TokenPlacement::AppendedUnsigned`] takes them out of what is signed.
    pub token_placement: TokenPlacement,
    /// Headers, by lower-case name, that need not be signed though they begin with `x-amz-`: what a proxy adds on the way,
    /// such as CloudFront's `x-amz-cf-id`.
    pub unsigned_headers: &'a [&'a str],
    /// Whether a body may go unsigned.
    pub unsigned_payload: UnsignedPayload,
}

/// Whether a body may go unsigned: `UNSIGNED-PAYLOAD`, or chunks without signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnsignedPayload {
    /// In S3 and its family alone. Their presigned URLs that do not say leave it unsigned.
    #[default]
    ByService,
    /// Yes, and presigned URLs that do not say leave it unsigned.
    Allowed,
    /// No, and presigned URLs that do not say cover it.
    Refused,
}

impl<'a> Policy<'a> {
    /// AWS's own policy, for any service and region.
    pub const DEFAULT: Self = Self {
        allowed_skew: 900,
        maximum_expires: 604_800,
        path_rule: None,
        plus_sign: PlusSign::Space,
        region: None,
        required_headers: &[],
        service: None,
        signed_host: None,
        token_placement: TokenPlacement::Signed,
        unsigned_headers: &[],
        unsigned_payload: UnsignedPayload::ByService,
    };

    /// AWS's own policy for this service, by its signing name, in this region.
    #[must_use]
    pub const fn new(service: &'a str, region: &'a str) -> Self {
        Self { service: Some(service), region: Some(region), ..Self::DEFAULT }
    }

    /// Verifies a request as it was received, all headers included.
    ///
    /// `body_sha256` is the SHA-256 of its body; `None` says that the body is still to come, to be checked against
    /// [`Claim::payload_hash`]. `lookup` finds the secret, or the derived key, of whom the claim names; what that can
    /// be is said at [`Claim::access_key_id`].
    ///
    /// # Errors
    /// [`Refusal`]: what to answer.
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
        Claim::read(self, request, body_sha256, now, Algorithm::HMAC)
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
        Claim::read(self, request, body_sha256, now, Algorithm::ECDSA).map(AsymmetricClaim)
    }

    /// Whether a body may go unsigned in requests to this service.
    pub(super) fn takes_unsigned_payload(&self, service: &str) -> bool {
        match self.unsigned_payload {
            UnsignedPayload::ByService => is_s3(service),
            UnsignedPayload::Allowed => true,
            UnsignedPayload::Refused => false,
        }
    }

    pub(super) fn check_payload(&self, payload: PayloadHash, service: &str) -> Result<(), Refusal> {
        let unsigned = matches!(payload, PayloadHash::Unsigned | PayloadHash::StreamingUnsignedTrailer);
        if unsigned && !self.takes_unsigned_payload(service) {
            return Err(Refusal::UnsignedPayloadRefused);
        }
        Ok(())
    }
}

impl Default for Policy<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

use super::asymmetric::AsymmetricClaim;
use super::authorization::Algorithm;
use super::claim::Claim;
use super::key::VerifyingKey;
use super::missing_payload_hash::MissingPayloadHash;
use super::path::NonCanonicalPath;
use super::payload::Body;
use super::payload::{StreamingPayload, UnsignedPayload};
use super::pending::PendingBody;
use super::refusal::Refusal;
use super::verified::Verified;
use crate::canonical::path::PathRule;
use crate::schemes::sigv4::{RepeatedParameters, TokenPlacement};
use crate::text::percent::PlusSign;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// What a server accepts. Start from [`new`](Self::new), and set what differs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct VerifyPolicy<'a> {
    /// Seconds that a request's time may be off the server's, either way: 900, as AWS allows.
    pub allowed_skew: u32,
    /// Query parameters that S3's first scheme signs as sub-resources, besides those of S3: what
    /// [`S3Legacy::extra_subresources`](crate::S3Legacy::extra_subresources) is for clients. None.
    #[cfg(feature = "s3-legacy")]
    pub extra_subresources: &'a [&'a str],
    /// The longest life of a presigned URL, in seconds: 604800, as AWS allows.
    pub maximum_expires: u32,
    /// Whether a request may come without `x-amz-content-sha256`: not to S3.
    pub missing_payload_hash: MissingPayloadHash,
    /// Whether a path may be other than its canonical form: not where the policy names a service that is not of S3's family.
    pub noncanonical_path: NonCanonicalPath,
    /// How paths are canonicalised; `None` is the rule of the credential's service.
    pub path_rule: Option<PathRule>,
    /// What a bare `+` in a query stands for: a space, as AWS reads it.
    pub plus_sign: PlusSign,
    /// The region that credentials must be for; `None` takes any.
    pub region: Option<&'a str>,
    /// Whether a query parameter may occur twice: not in S3 and its family, which read the first. In what order those of one name
    /// stand is not signed.
    pub repeated_parameters: RepeatedParameters,
    /// Headers, by lower-case name, that must be signed where a request has them, besides `host` and every `x-amz-*`. AWS
    /// asks for `content-type`, and takes requests without: well-known signers leave it out.
    pub required_headers: &'a [&'a str],
    /// The service, by its signing name, that credentials must be for; `None` takes any.
    pub service: Option<&'a str>,
    /// The host that clients sign, where it is not the one in the request: behind a proxy that rewrites it.
    pub signed_host: Option<&'a str>,
    /// Whether a body that is still to come may be framed: `aws-chunked`, or an event stream.
    pub streaming_payload: StreamingPayload,
    /// Where session tokens are. [`TokenPlacement::AppendedUnsigned`] takes them out of what is signed.
    pub token_placement: TokenPlacement,
    /// Headers, by lower-case name, that need not be signed though they begin with `x-amz-`: what a proxy adds on the way,
    /// such as CloudFront's `x-amz-cf-id`.
    pub unsigned_headers: &'a [&'a str],
    /// Query parameters that S3's first scheme need not sign, besides those that only say which part of a list is wanted
    /// (`prefix`, `marker`, `max-keys` and their like). Those of S3's sub-resources that clients leave out belong here,
    /// too: boto3 signs `?inventory` but not its `id`, and S3's newer ones not at all. Whoever has a signed request can add
    /// them to it, so name only what your server does not act upon, or what does no harm. None.
    #[cfg(feature = "s3-legacy")]
    pub unsigned_parameters: &'a [&'a str],
    /// What becomes of other query parameters that S3's first scheme does not sign.
    #[cfg(feature = "s3-legacy")]
    pub unknown_parameters: UnknownParameters,
    /// Whether a body may go unsigned.
    pub unsigned_payload: UnsignedPayload,
}

/// What becomes of query parameters that S3's first scheme does not sign, and that nobody says are harmless: they may be
/// sub-resources that the policy does not know, which make another request of the one that was signed.
#[cfg(feature = "s3-legacy")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownParameters {
    /// The request is refused.
    #[default]
    Refused,
    /// They are taken, for servers that act on none of them. `x-amz-*` parameters are refused all the same.
    Ignored,
}

impl<'a> VerifyPolicy<'a> {
    /// AWS's own policy, for any service and region. Servers name their service, by [`new`](Self::new).
    pub const DEFAULT: Self = Self {
        allowed_skew: 900,
        #[cfg(feature = "s3-legacy")]
        extra_subresources: &[],
        maximum_expires: 604_800,
        missing_payload_hash: MissingPayloadHash::ByService,
        noncanonical_path: NonCanonicalPath::ByService,
        path_rule: None,
        plus_sign: PlusSign::Space,
        region: None,
        repeated_parameters: RepeatedParameters::ByService,
        required_headers: &[],
        service: None,
        signed_host: None,
        streaming_payload: StreamingPayload::ByService,
        token_placement: TokenPlacement::ByService,
        unsigned_headers: &[],
        #[cfg(feature = "s3-legacy")]
        unsigned_parameters: &[],
        #[cfg(feature = "s3-legacy")]
        unknown_parameters: UnknownParameters::Refused,
        unsigned_payload: UnsignedPayload::ByService,
    };

    /// AWS's own policy for this service, by its signing name, in this region; but for paths that are not canonical, which are
    /// refused if it is not of S3's family.
    #[must_use]
    pub const fn new(service: &'a str, region: &'a str) -> Self {
        Self { service: Some(service), region: Some(region), ..Self::DEFAULT }
    }

    /// Verifies a request as it was received, all headers included, its `host` header too. Of a request that came with an
    /// authority (an absolute target, HTTP/2's `:authority`), that is the [`Request`]'s host; of any other `""` is.
    ///
    /// `body_sha256` is the SHA-256 of its body; with `None` nothing passes but a body that is unsigned. A body that is still
    /// to come, or is framed, is for [`verify_head`](Self::verify_head). `lookup` finds the secret, or the derived key, of
    /// whom the claim names; what that can be is said at [`Claim::access_key_id`].
    ///
    /// Not signed is in what order query parameters of one name stand, where they [may occur
    /// twice](Self::repeated_parameters), and whether the value of a header came in one line or in several, of which there is
    /// one `content-type`, `content-md5` and `x-amz-*`, but for `x-amz-meta-*` and S3's lists of attributes. Do not act on
    /// the first of those that may be several.
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

impl Default for VerifyPolicy<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

use crate::canonical::path::PathRule;
use crate::schemes::sigv4::TokenPlacement;
use crate::text::percent::PlusSign;

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

/// Whether a request that is signed in its headers may come without `x-amz-content-sha256`: it is then signed with the hash of
/// its body, which must be read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MissingPayloadHash {
    /// In all services but S3 and its family, which ask for the header (AWS: "Signature Calculations for the Authorization
    /// Header", common request headers).
    #[default]
    ByService,
    /// Yes: S3 clients that leave it out, such as curl 7.88.
    Allowed,
    /// No.
    Refused,
}

/// Whether a path may be other than its canonical form. `/public/../admin`, `//admin`, `/%61dmin` and `/%2e%2e/admin` are; so is
/// `/a%2fb`, whose escape is in lower case, and what no path can hold (RFC 3986, section 6.2.2).
///
/// Such a path may be signed as `/admin` and be another to whoever routes it. Either refuse it, or route by
/// [`Claim::canonical_path`](super::Claim::canonical_path).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum NonCanonicalPath {
    /// Where the policy names no service, which is AWS's own way, and in S3 and its family, whose keys are opaque.
    #[default]
    ByService,
    /// Yes.
    Allowed,
    /// No. Paths in S3's form (see [`PathRule::S3`](crate::PathRule::S3)) must then be encoded as AWS does it, `=` as `%3D`.
    Refused,
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

/// Whether a body may come in pieces that are framed: `aws-chunked`, or the messages of an event stream.
///
/// It speaks of bodies that are still to come, as [`VerifyPolicy::verify_head`] has them: a body of which nothing but the hash is
/// at hand is never taken so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StreamingPayload {
    /// `aws-chunked` in S3 and its family alone, event streams in all other services.
    #[default]
    ByService,
    /// Both, in any service.
    Allowed,
    /// Neither.
    Refused,
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
}

impl Default for VerifyPolicy<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

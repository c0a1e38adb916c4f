use crate::canonical::path::PathRule;
use crate::schemes::sigv4::{RepeatedParameters, TokenPlacement};
use crate::text::percent::PlusSign;

/// What a server accepts. Start from [`new`](Self::new), and set what differs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[doc(alias = "validate")]
#[doc(alias = "authenticate")]
pub struct VerifyPolicy<'a> {
    /// How far a request's time may be off the server's, either way, in seconds: 900, as AWS allows.
    pub allowed_skew: u32,
    /// Query parameters that S3's legacy scheme signs as sub-resources, besides those of S3: the counterpart of
    /// [`S3Legacy::extra_subresources`](crate::S3Legacy::extra_subresources). None by default.
    #[cfg(feature = "s3-legacy")]
    pub extra_subresources: &'a [&'a str],
    /// How long a presigned URL may be valid, in seconds: 604800, as AWS allows.
    pub maximum_expires: u32,
    /// Whether a request may omit `x-amz-content-sha256`: by default not in S3.
    pub missing_payload_hash: MissingPayloadHash,
    /// Whether a path may differ from its canonical form: by default not if the policy names a service outside S3's
    /// family.
    pub noncanonical_path: NonCanonicalPath,
    /// How paths are canonicalised; `None` for the rule of the credential's service.
    pub path_rule: Option<PathRule>,
    /// What a bare `+` in a query means: a space, as AWS reads it.
    pub plus_sign: PlusSign,
    /// The region that credentials must be for; `None` accepts any.
    pub region: Option<&'a str>,
    /// Whether a query parameter may occur twice: not in S3 and its family, which read the first. The order of parameters of
    /// one name is not signed.
    pub repeated_parameters: RepeatedParameters,
    /// Headers, by lower-case name, that must be signed if a request has them, besides `host` and every `x-amz-*`. AWS
    /// asks clients to sign `content-type`, but accepts requests where it is unsigned: well-known signers leave it out.
    pub required_headers: &'a [&'a str],
    /// The service, by its signing name, that credentials must be for; `None` accepts any.
    pub service: Option<&'a str>,
    /// The host that clients sign, if it is not the one in the request: behind a proxy that rewrites it.
    pub signed_host: Option<&'a str>,
    /// Whether a body that is still to come may be framed: `aws-chunked`, or an event stream.
    pub streaming_payload: StreamingPayload,
    /// Where session tokens are. [`TokenPlacement::AppendedUnsigned`] leaves them out of what is signed.
    pub token_placement: TokenPlacement,
    /// Headers, by lower-case name, that need not be signed although they begin with `x-amz-`: those that a proxy adds
    /// on the way, such as CloudFront's `x-amz-cf-id`.
    pub unsigned_headers: &'a [&'a str],
    /// Query parameters that S3's legacy scheme need not sign, besides those that only select part of a list (`prefix`,
    /// `marker`, `max-keys` and the like). Sub-resources of S3 that clients leave out belong here too: boto3 signs
    /// `?inventory` but not its `id`, and does not sign S3's newer ones at all. Whoever has a signed request can add
    /// these parameters to it, so name only those that your server ignores, or that do no harm. None by default.
    #[cfg(feature = "s3-legacy")]
    pub unsigned_parameters: &'a [&'a str],
    /// What happens to other query parameters that S3's legacy scheme does not sign.
    #[cfg(feature = "s3-legacy")]
    pub unknown_parameters: UnknownParameters,
    /// Whether a body may be unsigned.
    pub unsigned_payload: UnsignedPayload,
}

/// Whether a request that is signed in its headers may omit `x-amz-content-sha256`: it is then signed with the hash of
/// its body, which must be read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MissingPayloadHash {
    /// In all services but S3 and its family, which require the header (see [common request
    /// headers](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonRequestHeaders.html)).
    #[default]
    ByService,
    /// Yes: for S3 clients that omit it, such as curl 7.88.
    Allowed,
    /// No.
    Refused,
}

/// Whether a path may differ from its canonical form. These do: `/public/../admin`, `//admin`, `/%61dmin` and
/// `/%2e%2e/admin`; so does `/a%2fb`, whose escape is in lower case, and what no path can hold (RFC 3986, section
/// 6.2.2).
///
/// Such a path may be signed as `/admin` and be another to whoever routes it. Either refuse it, or route by
/// [`Claim::canonical_path`](super::Claim::canonical_path).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum NonCanonicalPath {
    /// If the policy names no service, which is AWS's own behaviour, and in S3 and its family, whose keys are opaque.
    #[default]
    ByService,
    /// Yes.
    Allowed,
    /// No. Paths in S3's form (see [`PathRule::S3`](crate::PathRule::S3)) must then be encoded as AWS does it, `=` as `%3D`.
    Refused,
}

/// Whether a body may be unsigned: `UNSIGNED-PAYLOAD`, or chunks without signatures. A presigned URL that does not say
/// leaves it unsigned in S3 and its family, and covers it in all other services, whichever of these is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnsignedPayload {
    /// Only in S3 and its family.
    #[default]
    ByService,
    /// Yes, in any service.
    Allowed,
    /// No.
    Refused,
}

/// Whether a body may be framed: `aws-chunked`, or the messages of an event stream.
///
/// It applies to bodies that are still to come, as in [`VerifyPolicy::verify_head`]: a body of which only the hash is
/// known is never accepted as framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StreamingPayload {
    /// `aws-chunked` only in S3 and its family, event streams in all other services.
    #[default]
    ByService,
    /// Both, in any service.
    Allowed,
    /// Neither.
    Refused,
}

/// What happens to query parameters that S3's legacy scheme does not sign, and that nobody says are harmless: they may
/// be sub-resources that the policy does not know, which turn the signed request into another.
#[cfg(feature = "s3-legacy")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnknownParameters {
    /// The request is refused.
    #[default]
    Refused,
    /// They are accepted, for servers that act on none of them. `x-amz-*` parameters are refused all the same.
    Ignored,
}

impl<'a> VerifyPolicy<'a> {
    /// AWS's own policy, for any service and region. A server names its service, with [`new`](Self::new).
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

    /// Creates AWS's own policy for this service, by its signing name, in this region; except that paths that are not
    /// canonical are refused unless the service is of S3's family.
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

use crate::canonical::path::PathRule;
use crate::canonical::signed_headers::SignedHeaders;
use crate::text::percent::PlusSign;

/// Settings of a signature that services differ in. The default is right for AWS; start from it, and set what differs.
///
/// ```
/// use awsauth_core::SigningOptions;
///
/// let mut options = SigningOptions::default(); // then `Sigv4::new(..).options(options)`
/// options.content_sha256_header = false;
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
#[doc(alias = "settings")]
pub struct SigningOptions<'a> {
    /// Whether `x-amz-content-sha256` is sent. S3, S3 Express, OpenSearch Serverless and others refuse requests without
    /// it.
    pub content_sha256_header: bool,
    /// How the path is canonicalised; `None` for the rule of the service.
    pub path_rule: Option<PathRule>,
    /// What a bare `+` in the query means.
    pub plus_sign: PlusSign,
    /// The Regions that the signature is valid in, such as `us-*` or `us-west-2,us-east-1`: Signature Version 4A only.
    pub region_set: Option<&'a str>,
    /// Whether a query parameter may occur twice.
    pub repeated_parameters: RepeatedParameters,
    /// The session token of temporary credentials.
    pub session_token: Option<&'a str>,
    /// Which of the caller's headers are signed.
    pub signed_headers: SignedHeaders<'a>,
    /// The host to sign, if it is not the one in the request: behind a tunnel or a CNAME.
    pub signed_host: Option<&'a str>,
    /// Where the session token goes.
    pub token_placement: TokenPlacement,
}

/// Whether a query parameter may occur twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RepeatedParameters {
    /// It depends on the service: not for S3, which reads the first one only, and so computes another signature.
    #[default]
    ByService,
    /// Allowed: for S3-compatible stores that read them all.
    Allowed,
}

/// Where the session token of temporary credentials goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TokenPlacement {
    /// It depends on the service: [`AppendedUnsigned`](Self::AppendedUnsigned) for `iotdevicegateway`,
    /// [`Signed`](Self::Signed) for all others.
    #[default]
    ByService,
    /// `x-amz-security-token`, signed.
    Signed,
    /// `x-amz-security-token`, added after signing: IoT's websockets (`iotdevicegateway`).
    AppendedUnsigned,
    /// `x-amz-s3session-token`, signed: for *session* credentials of S3 Express, not for IAM credentials on the same
    /// host.
    S3Express,
}

impl SigningOptions<'_> {
    /// The defaults, which are right for AWS.
    pub const DEFAULT: Self = Self {
        content_sha256_header: true,
        path_rule: None,
        plus_sign: PlusSign::Space,
        region_set: None,
        repeated_parameters: RepeatedParameters::ByService,
        session_token: None,
        signed_headers: SignedHeaders::ByPlace,
        signed_host: None,
        token_placement: TokenPlacement::ByService,
    };
}

impl Default for SigningOptions<'_> {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl core::fmt::Debug for SigningOptions<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SigningOptions")
            .field("content_sha256_header", &self.content_sha256_header)
            .field("path_rule", &self.path_rule)
            .field("plus_sign", &self.plus_sign)
            .field("region_set", &self.region_set)
            .field("repeated_parameters", &self.repeated_parameters)
            .field("session_token", &self.session_token.map(|_| ".."))
            .field("signed_headers", &self.signed_headers)
            .field("signed_host", &self.signed_host)
            .field("token_placement", &self.token_placement)
            .finish()
    }
}

impl TokenPlacement {
    /// Resolves [`ByService`](Self::ByService) for this service.
    pub(crate) fn for_service(self, signing_name: &str) -> Self {
        match (self, signing_name) {
            (Self::ByService, "iotdevicegateway") => Self::AppendedUnsigned,
            (Self::ByService, _) => Self::Signed,
            (placement, _) => placement,
        }
    }
}

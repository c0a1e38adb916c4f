use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use awsauth_core::{
    OwnedSignedHeaders, PathRule, PlusSign, RepeatedParameters, Scheme, SigningOptions, TokenPlacement,
};
use awsauth_credentials::Credentials;

use super::clock_skew::ClockSkew;
#[cfg(feature = "s3-legacy")]
use super::s3_bucket::S3Bucket;

/// What the application has set on a signer.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) service: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) signed_host: Option<Arc<str>>,
    pub(crate) signed_headers: Arc<OwnedSignedHeaders>,
    pub(crate) content_sha256_header: bool,
    pub(crate) path_rule: Option<PathRule>,
    pub(crate) plus_sign: PlusSign,
    pub(crate) repeated_parameters: RepeatedParameters,
    pub(crate) token_placement: TokenPlacement,
    #[cfg(feature = "s3-legacy")]
    pub(crate) s3_legacy: S3LegacySettings,
    pub(crate) clock_skew: Option<ClockSkew>,
    pub(crate) clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

/// Settings of S3's scheme before Signature Version 4.
#[cfg(feature = "s3-legacy")]
#[derive(Debug, Clone, Default)]
pub(crate) struct S3LegacySettings {
    pub(crate) bucket: S3Bucket,
    pub(crate) extra_subresources: &'static [&'static str],
    pub(crate) unsigned_subresources: &'static [&'static str],
}

impl Settings {
    /// The core's options, for these credentials.
    pub(crate) fn options<'a>(&'a self, credentials: &'a Credentials) -> SigningOptions<'a> {
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = self.content_sha256_header;
        options.path_rule = self.path_rule;
        options.plus_sign = self.plus_sign;
        options.repeated_parameters = self.repeated_parameters;
        options.session_token = credentials.session_token();
        options.signed_headers = self.signed_headers.as_signed_headers();
        options.signed_host = self.signed_host.as_deref();
        options.token_placement = self.token_placement;
        options
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            service: None,
            region: None,
            scheme: None,
            signed_host: None,
            signed_headers: Arc::default(),
            content_sha256_header: true,
            path_rule: None,
            plus_sign: PlusSign::default(),
            repeated_parameters: RepeatedParameters::default(),
            token_placement: TokenPlacement::default(),
            clock_skew: None,
            #[cfg(feature = "s3-legacy")]
            s3_legacy: S3LegacySettings::default(),
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("service", &self.service)
            .field("region", &self.region)
            .field("scheme", &self.scheme)
            .field("signed_host", &self.signed_host)
            .field("signed_headers", &self.signed_headers)
            .field("content_sha256_header", &self.content_sha256_header)
            .field("path_rule", &self.path_rule)
            .field("plus_sign", &self.plus_sign)
            .field("repeated_parameters", &self.repeated_parameters)
            .field("token_placement", &self.token_placement)
            .finish_non_exhaustive()
    }
}

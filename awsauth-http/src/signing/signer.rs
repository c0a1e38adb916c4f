use std::sync::Arc;
use std::time::SystemTime;

use awsauth_core::{
    PathRule, PlusSign, RepeatedParameters, Scheme, SignedHeaders, Timestamp, TokenPlacement,
};
use awsauth_credentials::{Credentials, ProvideCredentials};

use super::caches::Caches;
use super::clock_skew::ClockSkew;
#[cfg(feature = "s3-legacy")]
use super::s3_bucket::S3Bucket;
use super::settings::Settings;
use crate::error::Error;
use crate::request::head::RequestHead;
use crate::request::timestamp::timestamp;

/// Signs requests with the credentials of a provider. Clones share the provider and all caches, and signing takes no lock.
///
/// Service, region and scheme are read from the host where it is one of AWS's. Set by name what the host does not say, in
/// the words of AWS's documentation:
///
/// ```
/// # use awsauth_http::{Credentials, Signer};
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret");
/// let signer = Signer::new(credentials).service("s3").region("auto").signed_host("files.example.com");
/// ```
#[doc(alias = "SigV4")]
#[doc(alias = "AWS4-HMAC-SHA256")]
#[derive(Debug, Clone)]
pub struct Signer {
    provider: Arc<dyn ProvideCredentials>,
    settings: Settings,
    caches: Arc<Caches>,
}

impl Signer {
    /// Returns a signer that takes its credentials from `provider`: [`Credentials`] themselves, any other provider, or a
    /// chain of them.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self { provider: Arc::new(provider), settings: Settings::default(), caches: Arc::default() }
    }

    /// Sets the signing name of the service, such as `s3` or `execute-api`, whatever the host.
    #[must_use]
    pub fn service(self, signing_name: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.service = Some(signing_name.into()))
    }

    /// Sets the region, such as `eu-central-1`, whatever the host.
    #[must_use]
    pub fn region(self, region: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.region = Some(region.into()))
    }

    /// Sets the signing scheme, whatever the host. The default is the scheme that the host takes (see
    /// [`Scheme::for_endpoint`]), or Signature Version 4 if the host is not one of AWS's.
    ///
    /// The schemes before Signature Version 4 need neither service nor region.
    #[must_use]
    pub fn scheme(self, scheme: Scheme) -> Self {
        self.set(|settings| settings.scheme = Some(scheme))
    }

    /// Sets the host to sign, such as `bucket.s3.eu-central-1.amazonaws.com`, in place of the host connected to. The
    /// request's `host` header is set to it too.
    #[must_use]
    pub fn signed_host(self, host: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.signed_host = Some(host.into()))
    }

    /// Sets which of a request's headers are signed, besides `host` and the headers that signing adds. The default is
    /// [`ByPlace`](SignedHeaders::ByPlace): the essential headers, and for a presigned URL all but those that proxies change.
    ///
    /// This applies to Signature Version 4 and 4A; the older schemes leave no choice.
    #[must_use]
    pub fn signed_headers(self, selection: SignedHeaders<'_>) -> Self {
        self.set(|settings| settings.signed_headers = Arc::new(selection.into()))
    }

    /// Sets how paths are canonicalised, whatever the service. The default is the rule of the service.
    #[must_use]
    pub fn path_rule(self, rule: PathRule) -> Self {
        self.set(|settings| settings.path_rule = Some(rule))
    }

    /// Sets how a bare `+` in a query is read. The default is as a space.
    #[must_use]
    pub fn plus_sign(self, plus_sign: PlusSign) -> Self {
        self.set(|settings| settings.plus_sign = plus_sign)
    }

    /// Sets whether a query may repeat a parameter. S3 does not accept that; other stores do.
    #[must_use]
    pub fn repeated_parameters(self, repeated: RepeatedParameters) -> Self {
        self.set(|settings| settings.repeated_parameters = repeated)
    }

    /// Sets where the session token is placed. The default depends on the service
    /// ([`ByService`](TokenPlacement::ByService)).
    #[must_use]
    pub fn token_placement(self, placement: TokenPlacement) -> Self {
        self.set(|settings| settings.token_placement = placement)
    }

    /// Sets whether the header `x-amz-content-sha256` is sent. The default is `true`.
    #[must_use]
    pub fn content_sha256_header(self, send: bool) -> Self {
        self.set(|settings| settings.content_sha256_header = send)
    }

    /// Sets the clock that requests are signed by. The default is [`SystemTime::now`], which panics on
    /// `wasm32-unknown-unknown`: browsers and workers have a clock of their own.
    #[must_use]
    pub fn clock(self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.clock = Arc::new(now))
    }

    /// Sets a correction of the clock for each host, which `skew` learns from error responses. The default is no correction.
    /// Reading it takes no lock.
    #[must_use]
    pub fn clock_skew(self, skew: ClockSkew) -> Self {
        self.set(|settings| settings.clock_skew = Some(skew))
    }

    /// Sets where [`Scheme::S3Legacy`] finds the bucket name that it signs. Other schemes ignore it.
    #[cfg(feature = "s3-legacy")]
    #[must_use]
    pub fn s3_bucket(self, bucket: S3Bucket) -> Self {
        self.set(|settings| settings.s3_legacy.bucket = bucket)
    }

    /// Sets query parameters that [`Scheme::S3Legacy`] signs as sub-resources besides those of S3, for stores that have more
    /// of them.
    #[cfg(feature = "s3-legacy")]
    #[must_use]
    pub fn extra_subresources(self, names: &'static [&'static str]) -> Self {
        self.set(|settings| settings.s3_legacy.extra_subresources = names)
    }

    /// Sets sub-resources that [`Scheme::S3Legacy`] does not sign, for stores that have them but leave them unsigned. Ceph's
    /// gateway, for one, leaves out `legal-hold`, `replication` and `retention`.
    #[cfg(feature = "s3-legacy")]
    #[must_use]
    pub fn unsigned_subresources(self, names: &'static [&'static str]) -> Self {
        self.set(|settings| settings.s3_legacy.unsigned_subresources = names)
    }

    /// Returns the provider of credentials, to invalidate what a service refused or to fetch ahead of time.
    #[must_use]
    pub fn provider(&self) -> &dyn ProvideCredentials {
        &*self.provider
    }

    /// Reads the signer's clock, without the correction of a [`ClockSkew`].
    #[must_use]
    pub fn uncorrected_now(&self) -> SystemTime {
        (self.settings.clock)()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn caches(&self) -> &Caches {
        &self.caches
    }

    pub(crate) async fn credentials(&self) -> Result<Credentials, Error> {
        match self.provider.ready() {
            Some(credentials) => Ok(credentials),
            None => Ok(self.provider.provide().await?),
        }
    }

    pub(crate) fn credentials_blocking(&self) -> Result<Credentials, Error> {
        match self.provider.ready() {
            Some(credentials) => Ok(credentials),
            None => Ok(self.provider.provide_blocking()?),
        }
    }

    /// The time to sign a request for: the clock's, corrected for the request's host.
    #[inline]
    pub(crate) fn now(&self, head: &impl RequestHead) -> Result<Timestamp, Error> {
        let now = self.uncorrected_now();
        Ok(timestamp(match &self.settings.clock_skew {
            None => now,
            Some(skew) => skew.correct(head, now),
        })?)
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }
}

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_core::{
    OwnedSignedHeaders, PathRule, PayloadHash, PlusSign, RepeatedParameters, Scheme, SigningOptions,
    Timestamp,
};
use awsauth_credentials::{Credentials, ProvideCredentials};

use super::endpoint::HostCache;
use super::key_cache::KeyCache;
use super::presigned::Presigned;
use super::schemes;
use super::schemes::Body;
use super::signed::Signed;
use crate::error::Error;
use crate::request::body::BodyBytes;
use crate::request::changes::Changes;
use crate::request::content_length::Length;
use crate::request::head::RequestHead;
use crate::response::clock_skew::ClockSkew;
use crate::{SignedHeaders, TokenPlacement};

/// Signs requests with the credentials of a provider. Clones share it all, and signing takes no lock.
///
/// What AWS's hosts do not tell is set by name, with words of AWS's documentation:
///
/// ```
/// # use awsauth_http::{Credentials, Signer};
/// # let credentials = Credentials::new("AKIDEXAMPLE", "secret");
/// let signer = Signer::new(credentials).service("s3").region("auto").signed_host("files.example.com");
/// ```
#[derive(Debug, Clone)]
pub struct Signer {
    provider: Arc<dyn ProvideCredentials>,
    settings: Settings,
    caches: Arc<Caches>,
}

#[derive(Debug, Default)]
struct Caches {
    hosts: HostCache,
    keys: KeyCache,
}

/// What the application has set.
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
    pub(crate) s3_legacy: schemes::s3_legacy::S3LegacySettings,
    pub(crate) clock_skew: Option<ClockSkew>,
    pub(crate) clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Signer {
    /// A signer over a source of credentials: [`Credentials`] themselves, a provider, a chain of them.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        Self { provider: Arc::new(provider), settings: Settings::default(), caches: Arc::default() }
    }

    /// The same for the service with this signing name, such as `s3` or `execute-api`, whatever the host.
    #[must_use]
    pub fn service(self, signing_name: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.service = Some(signing_name.into()))
    }

    /// The same for this region, such as `eu-central-1`, whatever the host.
    #[must_use]
    pub fn region(self, region: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.region = Some(region.into()))
    }

    /// The same with this scheme, whatever the host. Else it is the one that the host takes, see
    /// [`Scheme::for_endpoint`], or Signature Version 4 where the host is none of AWS's.
    ///
    /// The schemes before Signature Version 4 need neither service nor region.
    #[must_use]
    pub fn scheme(self, scheme: Scheme) -> Self {
        self.set(|settings| settings.scheme = Some(scheme))
    }

    /// Sets the host that is signed, such as `bucket.s3.eu-central-1.amazonaws.com`, in place of the one connected to. It
    /// is set as the request's `host` header too.
    #[must_use]
    pub fn signed_host(self, host: impl Into<Arc<str>>) -> Self {
        self.set(|settings| settings.signed_host = Some(host.into()))
    }

    /// Sets which of a request's headers are signed, besides `host` and those that signing adds. Unless this says otherwise
    /// they are [`ByPlace`](SignedHeaders::ByPlace): the essential ones, and of a presigned URL all but those that proxies
    /// change. It is of Signature Version 4 and 4A: the schemes before them have no choice.
    #[must_use]
    pub fn signed_headers(self, selection: SignedHeaders<'_>) -> Self {
        self.set(|settings| settings.signed_headers = Arc::new(selection.into()))
    }

    /// The same canonicalising paths by this rule, whatever the service.
    #[must_use]
    pub fn path_rule(self, rule: PathRule) -> Self {
        self.set(|settings| settings.path_rule = Some(rule))
    }

    /// The same reading a bare `+` in a query so. It is a space unless this says otherwise.
    #[must_use]
    pub fn plus_sign(self, plus_sign: PlusSign) -> Self {
        self.set(|settings| settings.plus_sign = plus_sign)
    }

    /// The same for repeated query parameters, which S3 does not take and other stores do.
    #[must_use]
    pub fn repeated_parameters(self, repeated: RepeatedParameters) -> Self {
        self.set(|settings| settings.repeated_parameters = repeated)
    }

    /// Sets where the session token goes. Unless this says otherwise the service decides
    /// ([`ByService`](TokenPlacement::ByService)).
    #[must_use]
    pub fn token_placement(self, placement: TokenPlacement) -> Self {
        self.set(|settings| settings.token_placement = placement)
    }

    /// The same, sending `x-amz-content-sha256` or not. It is sent unless this says otherwise.
    #[must_use]
    pub fn content_sha256_header(self, send: bool) -> Self {
        self.set(|settings| settings.content_sha256_header = send)
    }

    /// The same by this clock, in place of [`SystemTime::now`]; that panics on `wasm32-unknown-unknown`, in browsers and
    /// workers, which have a clock of their own.
    #[must_use]
    pub fn clock(self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.clock = Arc::new(now))
    }

    /// Signs a request whose body is at hand, in place, and replaces an older signature. Of an empty body to `PATCH`,
    /// `POST` or `PUT` it sets the `content-length` too, unless that is there: clients leave it out, and S3 wants it.
    ///
    /// Where the scheme is [`Scheme::Anonymous`], which is that of S3's website endpoints, nothing is added: they serve what
    /// is public, and refuse signatures. [`Signed::scheme`] tells.
    ///
    /// # Errors
    /// [`Error`], each variant with the fix; the request is then as it was.
    pub async fn sign<B: BodyBytes>(&self, request: &mut http::Request<B>) -> Result<Signed, Error> {
        let credentials = self.credentials().await?;
        self.sign_in_place(credentials, request)
    }

    /// As [`sign`](Self::sign), for blocking callers.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub fn sign_blocking<B: BodyBytes>(&self, request: &mut http::Request<B>) -> Result<Signed, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_in_place(credentials, request)
    }

    /// Signs any request, or `http::request::Parts`, by the hash of its body.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::UnsignedPayload`] where the service does not take that.
    pub async fn sign_head(
        &self,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let credentials = self.credentials().await?;
        self.sign_hash(credentials, head, payload)
    }

    /// As [`sign_head`](Self::sign_head), for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head).
    pub fn sign_head_blocking(
        &self,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_hash(credentials, head, payload)
    }

    /// Signs with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head), but for those of the provider.
    pub fn sign_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        self.sign_hash(credentials.clone(), head, payload)
    }

    fn sign_hash(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let length = match payload {
            PayloadHash::EMPTY => Length::of_empty(head),
            _ => Length::AsItWas,
        };
        let signed = self.sign_declared(credentials, head, payload);
        length.unless_failed(head, signed)
    }

    fn sign_declared(
        &self,
        credentials: Credentials,
        head: &mut impl RequestHead,
        payload: PayloadHash,
    ) -> Result<Signed, Error> {
        let mut changes = Changes::default();
        let body = Body::Hash(payload);
        let decided = schemes::sign(self, &credentials, self.now(head)?, head, body, &mut changes)?;
        changes.apply(head)?;
        Ok(decided.by(credentials))
    }

    /// Makes a URL that works without credentials until `expires` from now: whole seconds, seven days at most.
    ///
    /// The body is covered where the service is not of S3's family, or as an `x-amz-content-sha256` of the request says: its hash,
    /// or `UNSIGNED-PAYLOAD` where the service takes that. All headers of the request are signed, but for those that
    /// proxies change and unless [`signed_headers`](Self::signed_headers) says otherwise, and must be sent with the URL:
    /// [`Presigned::headers`]. (The schemes before Signature Version 4 sign few, or none.)
    ///
    /// A `wss://` URL, of a websocket, is signed as the `https://` one and stays what it is.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign); [`Error::ExpiredCredentials`] if nothing is left of the credentials' time.
    pub async fn presign<B: BodyBytes>(
        &self,
        request: &http::Request<B>,
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials().await?;
        self.presign_with(&credentials, request, request.body().body_bytes(), expires)
    }

    /// As [`presign`](Self::presign), for blocking callers.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_blocking<B: BodyBytes>(
        &self,
        request: &http::Request<B>,
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials_blocking()?;
        self.presign_with(&credentials, request, request.body().body_bytes(), expires)
    }

    /// Presigns any request, or `http::request::Parts`. `body` is what will be sent with it, mostly nothing.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub async fn presign_head(
        &self,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials().await?;
        self.presign_with(&credentials, head, body, expires)
    }

    /// As [`presign_head`](Self::presign_head), for blocking callers.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_head_blocking(
        &self,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        let credentials = self.credentials_blocking()?;
        self.presign_with(&credentials, head, body, expires)
    }

    /// As [`presign_head`](Self::presign_head), with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`presign`](Self::presign).
    pub fn presign_with(
        &self,
        credentials: &Credentials,
        head: &impl RequestHead,
        body: &[u8],
        expires: Duration,
    ) -> Result<Presigned, Error> {
        schemes::presign(self, credentials, self.now(head)?, head, body, expires)
    }

    /// The source of credentials: to invalidate what a service refused, or to fetch ahead of time.
    #[must_use]
    pub fn provider(&self) -> &dyn ProvideCredentials {
        &*self.provider
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn keys(&self) -> &KeyCache {
        &self.caches.keys
    }

    pub(crate) fn hosts(&self) -> &HostCache {
        &self.caches.hosts
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

    pub(crate) fn now(&self, head: &impl RequestHead) -> Result<Timestamp, Error> {
        timestamp(self.corrected_now(head))
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }
}

pub(crate) fn timestamp(time: SystemTime) -> Result<Timestamp, Error> {
    let since_1970 = time.duration_since(UNIX_EPOCH).map_err(|_| awsauth_core::Error::TimeOutOfRange)?;
    Ok(Timestamp::from_unix(since_1970.as_secs())?)
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
            s3_legacy: schemes::s3_legacy::S3LegacySettings::default(),
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

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use awsauth_http::http::{HeaderMap, Method};
use awsauth_http::{
    ClockSkew, PathRule, Payload, PayloadHash, PlusSign, ProvideCredentials, RepeatedParameters, Scheme,
    Signed, SignedHeaders, TokenPlacement,
};
use reqwest::{Request, RequestBuilder, Url};

use crate::error::Error;
use crate::head::Head;
use crate::sign;

/// Signs requests with the credentials of a provider: an [`awsauth_http::Signer`] for the requests of reqwest. Clones share
/// the provider and all caches.
#[derive(Debug, Clone)]
pub struct Signer {
    signer: awsauth_http::Signer,
    stream_payload: Payload,
}

/// Signs a request in the line that builds it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be signed by `aws_sign`",
    note = "it is implemented for `reqwest::RequestBuilder`; sign a `reqwest::Request` with `Signer::sign`"
)]
pub trait SignRequest: Sized {
    /// Returns the request with its signature, ready to be sent. Call it last: what is added later is not signed.
    ///
    /// # Errors
    /// [`Error`]; each variant says how to fix it.
    fn aws_sign(self, signer: &Signer) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl SignRequest for RequestBuilder {
    async fn aws_sign(self, signer: &Signer) -> Result<Self, Error> {
        let (client, request) = self.build_split();
        let mut request = request?;
        signer.sign(&mut request).await?;
        Ok(Self::from_parts(client, request))
    }
}

/// A presigned URL: whoever has it can send this one request until it expires.
///
/// `Debug` leaves out the query, which holds the signature.
#[derive(Clone)]
#[non_exhaustive]
pub struct Presigned {
    /// The method that the URL is for.
    pub method: Method,
    /// The URL, to be sent exactly as it is.
    pub url: Url,
    /// The signed headers besides `host`, which must be sent with exactly these values.
    pub headers: HeaderMap,
    /// When the URL stops working: after the requested time, or earlier if the credentials expire before that.
    pub expires_at: SystemTime,
    /// Which scheme, service, region and credentials the URL is signed with.
    pub signed: Signed,
}

impl Signer {
    /// Returns a signer that takes its credentials from `provider`: [`Credentials`](crate::Credentials) themselves, any other
    /// provider, or a chain of them.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        awsauth_http::Signer::new(provider).into()
    }

    /// Signs a request in place, and replaces an older signature. A body in memory is hashed;
    /// [`stream_payload`](Self::stream_payload) sets how one that streams is signed. Signature Version 2 replaces a form by
    /// the signed one, and an empty body of a `PATCH`, `POST` or `PUT` gets a `content-length`.
    ///
    /// # Errors
    /// [`Error`]; each variant says how to fix it. The request is then unchanged.
    pub async fn sign(&self, request: &mut Request) -> Result<Signed, Error> {
        sign::request(&self.signer, &self.stream_payload, request).await
    }

    /// Signs a request in place by this payload hash, without reading its body.
    ///
    /// # Errors
    /// As for [`sign`](Self::sign).
    pub async fn sign_payload(&self, request: &mut Request, payload: PayloadHash) -> Result<Signed, Error> {
        Ok(self.signer.sign_head(&mut Head(request), payload).await?)
    }

    /// Makes a URL that works without credentials until `expires` from now, in whole seconds and at most seven days. See
    /// [`awsauth_http::Signer::presign`] for what it covers.
    ///
    /// # Errors
    /// [`Error`]; each variant says how to fix it. [`Error::PresignedStream`] if the body streams, the service is not S3, and
    /// the request has no `x-amz-content-sha256`.
    #[doc(alias = "pre-signed")]
    #[doc(alias = "presigned_url")]
    pub async fn presign(&self, request: RequestBuilder, expires: Duration) -> Result<Presigned, Error> {
        let mut request = request.build()?;
        let body = request.body_mut().take();
        let bytes = sign::bytes(body.as_ref());
        let presigned =
            self.signer.presign_head(&Head(&mut request), bytes.unwrap_or_default(), expires).await?;
        // A hash that the request states is that of the body to be streamed.
        let is_stated = presigned.headers.contains_key("x-amz-content-sha256");
        if bytes.is_none() && !is_stated && presigned.covers_body() {
            return Err(Error::PresignedStream);
        }
        let text = presigned.url.to_string();
        let url = Url::parse(&text).map_err(|_| awsauth_http::Error::Rewritten)?;
        if url.as_str() != text {
            return Err(awsauth_http::Error::Rewritten.into());
        }
        let awsauth_http::Presigned { method, headers, expires_at, signed, .. } = presigned;
        Ok(Presigned { method, url, headers, expires_at, signed })
    }

    /// Sets how bodies that stream are signed. Without it they fail with
    /// [`UnhashedBody`](awsauth_http::Error::UnhashedBody).
    ///
    /// An [`AwsChunked`](crate::AwsChunked) body needs a length: the one that the body states, or else the header
    /// `content-length`. A `reqwest::Body` is made from a file or a stream with reqwest's feature `stream`.
    ///
    /// ```no_run
    /// use awsauth_reqwest::{AwsChunked, SignRequest, Signer};
    ///
    /// # async fn example(signer: Signer, client: reqwest::Client, url: reqwest::Url, pipe: reqwest::Body, length: u64)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// let signer = signer.stream_payload(AwsChunked::signed());
    /// let put = client.put(url).header("content-length", length).body(pipe); // a file, a pipe, a stream
    /// put.aws_sign(&signer).await?.send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn stream_payload(mut self, payload: impl Into<Payload>) -> Self {
        self.stream_payload = payload.into();
        self
    }

    /// Returns the provider of credentials.
    #[must_use]
    pub fn provider(&self) -> &dyn ProvideCredentials {
        self.signer.provider()
    }

    /// Returns the inner signer, which [`Attempt`](awsauth_http::Attempt) and [`Retries`](awsauth_http::Retries) take.
    #[must_use]
    pub fn inner(&self) -> &awsauth_http::Signer {
        &self.signer
    }

    /// How bodies that stream are signed.
    #[cfg(feature = "middleware")]
    pub(crate) fn payload_of_streams(&self) -> &Payload {
        &self.stream_payload
    }
}

impl From<awsauth_http::Signer> for Signer {
    fn from(signer: awsauth_http::Signer) -> Self {
        Self { signer, stream_payload: Payload::default() }
    }
}

/// The settings of [`awsauth_http::Signer`], by the same names.
macro_rules! settings {
    ($($name:ident($value:ident: $type:ty)),+ $(,)?) => {
        impl Signer {
            $(
                #[doc = concat!("Sets what [`awsauth_http::Signer::", stringify!($name), "`] sets.")]
                #[must_use]
                pub fn $name(mut self, $value: $type) -> Self {
                    self.signer = self.signer.$name($value);
                    self
                }
            )+
        }
    };
}

settings! {
    clock_skew(skew: ClockSkew),
    clock(now: impl Fn() -> SystemTime + Send + Sync + 'static),
    content_sha256_header(send: bool),
    path_rule(rule: PathRule),
    plus_sign(plus_sign: PlusSign),
    region(region: impl Into<Arc<str>>),
    repeated_parameters(repeated: RepeatedParameters),
    scheme(scheme: Scheme),
    service(signing_name: impl Into<Arc<str>>),
    signed_headers(selection: SignedHeaders<'_>),
    signed_host(host: impl Into<Arc<str>>),
    token_placement(placement: TokenPlacement),
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("expires_at", &self.expires_at)
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}

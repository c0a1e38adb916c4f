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

/// Signs requests with the credentials of a provider: an [`awsauth_http::Signer`] that knows reqwest's requests. Clones
/// share it all.
#[derive(Debug, Clone)]
pub struct Signer {
    signer: awsauth_http::Signer,
    stream_payload: Payload,
}

/// Signs a request in the line that builds it.
pub trait SignRequest: Sized {
    /// The request with its signature, ready to be sent. Call it last: what is added later is not signed.
    ///
    /// # Errors
    /// See [`Error`].
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
/// `Debug` leaves out the query, in which the signature is.
#[derive(Clone)]
pub struct Presigned {
    /// The method that it is for.
    pub method: Method,
    /// The URL, to be sent exactly so.
    pub url: Url,
    /// The headers that are signed, besides `host`: they must be sent with just these values.
    pub headers: HeaderMap,
    /// When it stops working: after the time asked for, or with the credentials if they expire before that.
    pub expires_at: SystemTime,
    /// What was decided on the way.
    pub signed: Signed,
}

impl Signer {
    /// A signer over a source of credentials: [`Credentials`](crate::Credentials) themselves, a provider, a chain.
    pub fn new(provider: impl ProvideCredentials + 'static) -> Self {
        awsauth_http::Signer::new(provider).into()
    }

    /// Signs a request in place, and replaces an older signature. The body is hashed if it is at hand; what becomes of
    /// one that streams, [`stream_payload`](Self::stream_payload) says. A form that is signed with Signature Version 2 has
    /// its body replaced, and an empty body to `PATCH`, `POST` or `PUT` its length told.
    ///
    /// # Errors
    /// See [`Error`]; the request is then as it was.
    pub async fn sign(&self, request: &mut Request) -> Result<Signed, Error> {
        sign::request(&self.signer, &self.stream_payload, request).await
    }

    /// Signs a request whose body has this hash.
    ///
    /// # Errors
    /// See [`Error`]; the request is then as it was.
    pub async fn sign_payload(&self, request: &mut Request, payload: PayloadHash) -> Result<Signed, Error> {
        Ok(self.signer.sign_head(&mut Head(request), payload).await?)
    }

    /// Makes a URL that works without credentials until `expires` from now: whole seconds, seven days at most.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::PresignedStream`] for a body that streams, off S3 and without `x-amz-content-sha256`.
    pub async fn presign(&self, request: RequestBuilder, expires: Duration) -> Result<Presigned, Error> {
        let mut request = request.build()?;
        let body = request.body_mut().take();
        let at_hand = sign::bytes(body.as_ref());
        let bytes = at_hand.unwrap_or_default();
        let presigned = self.signer.presign_head(&Head(&mut request), bytes, expires).await?;
        // A hash that the request states is that of what will be streamed.
        let is_stated = presigned.headers.contains_key("x-amz-content-sha256");
        if at_hand.is_none() && !is_stated && presigned.covers_body() {
            return Err(Error::PresignedStream);
        }
        let text = presigned.uri.to_string();
        let url = Url::parse(&text).map_err(|_| awsauth_http::Error::Rewritten)?;
        if url.as_str() != text {
            return Err(awsauth_http::Error::Rewritten.into());
        }
        let awsauth_http::Presigned { method, headers, expires_at, signed, .. } = presigned;
        Ok(Presigned { method, url, headers, expires_at, signed })
    }

    /// The same, signing bodies that stream so. They are an error unless this says otherwise.
    ///
    /// An [`AwsChunked`](crate::AwsChunked) body needs a length: that of the body, where it knows it, else the header
    /// `content-length`.
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

    /// The source of credentials.
    #[must_use]
    pub fn provider(&self) -> &dyn ProvideCredentials {
        self.signer.provider()
    }

    /// The signer underneath: what [`Attempt`](awsauth_http::Attempt) and [`Repeats`](awsauth_http::Repeats) take.
    #[must_use]
    pub fn inner(&self) -> &awsauth_http::Signer {
        &self.signer
    }

    /// How bodies that stream are signed.
    #[cfg(feature = "middleware")]
    pub(crate) fn stream(&self) -> &Payload {
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
                #[doc = concat!("As [`awsauth_http::Signer::", stringify!($name), "`].")]
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

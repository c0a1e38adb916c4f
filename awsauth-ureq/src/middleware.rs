use core::cmp::Ordering;
use std::io::{self, Cursor, Read};

use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::{AwsChunked, Error, Payload, PayloadHash, Signed, Signer, SigningOverride};
#[cfg(feature = "explain")]
use awsauth_http::{ErrorResponse, explain::Trace};
use ureq::http::header::CONTENT_LENGTH;
use ureq::http::request::Parts;
use ureq::http::{Method, Request, Response};
use ureq::middleware::{Middleware, MiddlewareNext};
use ureq::{Body, RequestExt, SendBody};

#[cfg(feature = "explain")]
use crate::explain::explain;

/// How many bytes of a body are held in memory to be hashed.
const DEFAULT_BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Middleware that signs every request of an agent. Add it as the last middleware.
///
/// A body is read into memory to be hashed, up to [`body_limit`](Self::body_limit), unless
/// [`stream_payload`](Self::stream_payload) says otherwise. Credentials are fetched by the thread that sends the request.
///
/// To set something for one request, put a [`SigningOverride`] into its extensions:
///
/// ```no_run
/// # fn example(agent: ureq::Agent) -> Result<(), ureq::Error> {
/// use awsauth_ureq::{Checksum, SigningOverride};
///
/// let put = agent.put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt");
/// put.extension(SigningOverride::new().checksum(Checksum::Crc64Nvme)).send("21.5")?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SigningMiddleware {
    signer: Signer,
    stream_payload: Payload,
    body_limit: usize,
    #[cfg(feature = "explain")]
    explains_errors: bool,
}

impl SigningMiddleware {
    /// Returns a middleware that signs with this signer.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self {
            signer,
            stream_payload: Payload::Signed,
            body_limit: DEFAULT_BODY_LIMIT,
            #[cfg(feature = "explain")]
            explains_errors: false,
        }
    }

    /// Sets how bodies are signed without being read into memory; to ureq, every body is a stream. The default is to read
    /// and hash them.
    ///
    /// With [`AwsChunked`], a body with the header `content-length` is signed chunk by chunk as it is sent; any other is
    /// hashed, since its length is not known beforehand. With [`Payload::Unsigned`] bodies are not read. Set the header
    /// `content-length: 0` then for a `POST` or `PUT` of `()`, which ureq sends as an empty body of unknown length.
    ///
    /// ```no_run
    /// use awsauth_ureq::{AwsChunked, Credentials, Signer, SigningMiddleware};
    ///
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /// let signing = SigningMiddleware::new(signer).stream_payload(AwsChunked::signed());
    /// let agent: ureq::Agent = ureq::Agent::config_builder().middleware(signing).build().into();
    ///
    /// let file = std::fs::File::open("backup.tar")?;
    /// let put = agent.put("https://bucket.s3.eu-west-1.amazonaws.com/backup.tar");
    /// put.header("content-length", file.metadata()?.len()).send(&file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn stream_payload(mut self, payload: impl Into<Payload>) -> Self {
        self.stream_payload = payload.into();
        self
    }

    /// Sets how many bytes of a body may be held in memory to hash it. The default is 16 MiB. A longer body fails with
    /// [`Error::UnhashedBody`].
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Puts a [`Diagnosis`](crate::Diagnosis) of each error response into the response's extensions: it says why the service
    /// refused. For that each request's headers are copied and its body is hashed once more.
    ///
    /// Build the agent with `http_status_as_error(false)`: otherwise ureq turns an error response into an error without the
    /// response.
    ///
    /// ```no_run
    /// use awsauth_ureq::{Credentials, Diagnosis, Signer, SigningMiddleware};
    ///
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /// let agent: ureq::Agent = ureq::Agent::config_builder()
    ///     .http_status_as_error(false)
    ///     .middleware(SigningMiddleware::new(signer).explain_errors())
    ///     .build()
    ///     .into();
    /// let response = agent.get("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").call()?;
    /// if let Some(diagnosis) = response.extensions().get::<Diagnosis>() {
    ///     eprintln!("{diagnosis}");
    /// }
    /// # Ok::<(), ureq::Error>(())
    /// ```
    #[cfg(feature = "explain")]
    #[must_use]
    pub fn explain_errors(mut self) -> Self {
        self.explains_errors = true;
        self
    }

    fn send(
        &self,
        mut parts: Parts,
        body: SendBody<'_>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        let overrides = parts.extensions.get::<SigningOverride>().cloned().unwrap_or_default();
        if overrides.is_unsigned() {
            return next.handle(Request::from_parts(parts, body));
        }
        let signer = &overrides.apply(&self.signer);
        let given = match (overrides.payload_hash(), &self.stream_payload) {
            (Some(hash), _) => hash,
            (None, Payload::Sha256(sha256)) => PayloadHash::Sha256(*sha256),
            (None, Payload::Unsigned) => PayloadHash::Unsigned,
            (None, Payload::AwsChunked(chunked)) => {
                return match content_length(&parts) {
                    Some(length) if length > 0 => {
                        overrides.insert_checksums(&mut parts.headers, None).map_err(error)?;
                        self.send_chunked(signer, parts, length, chunked, body, next)
                    }
                    _ => self.send_hashed(signer, &overrides, parts, body, next),
                };
            }
            (None, _) => return self.send_hashed(signer, &overrides, parts, body, next),
        };
        overrides.insert_checksums(&mut parts.headers, None).map_err(error)?;
        let signed = signer.sign_head_blocking(&mut parts, given).map_err(error)?;
        self.forward(parts, None, &signed, body, next)
    }

    fn send_chunked(
        &self,
        signer: &Signer,
        mut parts: Parts,
        length: u64,
        chunked: &AwsChunked,
        body: SendBody<'_>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        if awsauth_http::is_aws_chunked(&parts.headers) {
            return Err(error(Error::AlreadyChunked));
        }
        let payload = signer.sign_chunked_blocking(&mut parts, length, chunked).map_err(error)?;
        let signed = payload.signed().clone();
        let mut reader = payload.reader(body.into_reader());
        self.forward(parts, None, &signed, SendBody::from_reader(&mut reader), next)
    }

    fn send_hashed(
        &self,
        signer: &Signer,
        overrides: &SigningOverride,
        mut parts: Parts,
        body: SendBody<'_>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        let mut bytes = self.read_body(body)?;
        match content_length(&parts).map(|declared| declared.cmp(&(bytes.len() as u64))) {
            Some(Ordering::Less) => return Err(error(CoreError::BodyTooLong.into())),
            Some(Ordering::Greater) => return Err(error(CoreError::BodyTooShort.into())),
            Some(Ordering::Equal) | None => {}
        }
        overrides.insert_checksums(&mut parts.headers, Some(&bytes)).map_err(error)?;
        let (signed, form) = signer.sign_body_blocking(&mut parts, &bytes).map_err(error)?;
        if let Some(form) = form {
            // Signature Version 2 signs in the form that is posted.
            bytes = form.into();
        }
        let takes_body = matches!(parts.method, Method::POST | Method::PUT | Method::PATCH);
        if bytes.is_empty() && !takes_body {
            return self.forward(parts, Some(&bytes), &signed, SendBody::none(), next);
        }
        // ureq does not know the length of what it reads.
        parts.headers.insert(CONTENT_LENGTH, bytes.len().into());
        self.forward(parts, Some(&bytes), &signed, SendBody::from_reader(&mut Cursor::new(&bytes)), next)
    }

    fn read_body(&self, body: SendBody<'_>) -> Result<Vec<u8>, ureq::Error> {
        let one_more = (self.body_limit as u64).saturating_add(1);
        let mut bytes = Vec::new();
        body.into_reader().take(one_more).read_to_end(&mut bytes)?;
        if bytes.len() > self.body_limit {
            return Err(error(Error::UnhashedBody));
        }
        Ok(bytes)
    }

    /// Sends the request, and explains an error response if that is set. `bytes` is the body, unless that streams.
    #[cfg_attr(not(feature = "explain"), expect(unused_variables))]
    fn forward(
        &self,
        parts: Parts,
        bytes: Option<&[u8]>,
        signed: &Signed,
        body: SendBody<'_>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        #[cfg(feature = "explain")]
        if self.explains_errors {
            let trace = Trace::of_head(&parts, bytes, signed.credentials());
            let response = forward(parts, body, next)?;
            if !ErrorResponse::is_possible(response.status()) {
                return Ok(response);
            }
            let (diagnosis, mut response) = explain(&trace, response);
            response.extensions_mut().insert(diagnosis);
            return Ok(response);
        }
        forward(parts, body, next)
    }
}

impl Middleware for SigningMiddleware {
    fn handle(
        &self,
        request: Request<SendBody<'_>>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        let (parts, body) = request.into_parts();
        self.send(parts, body, next)
    }
}

/// Sends the request, and follows no redirect: that would send the signed headers to another host.
fn forward(
    parts: Parts,
    body: SendBody<'_>,
    next: MiddlewareNext<'_>,
) -> Result<Response<Body>, ureq::Error> {
    let request = Request::from_parts(parts, body);
    match request.middleware_config() {
        Some(config) => next.handle(config.max_redirects(0).build()),
        None => Err(io::Error::other("ureq ran a middleware outside of an agent").into()),
    }
}

fn content_length(parts: &Parts) -> Option<u64> {
    parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn error(error: Error) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}

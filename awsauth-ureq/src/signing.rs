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

/// Bytes of a body that are held in memory to be hashed.
const DEFAULT_BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Signs every request of an agent, as its last middleware.
///
/// A body is read into memory to be hashed, up to [`body_limit`](Self::body_limit), unless [`payload`](Self::payload) says
/// otherwise. Credentials are fetched by the thread that sends.
///
/// What one request wants otherwise is a [`SigningOverride`] among its extensions:
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
pub struct Signing {
    signer: Signer,
    payload: Payload,
    body_limit: usize,
    #[cfg(feature = "explain")]
    explains: bool,
}

impl Signing {
    /// Signs with this signer.
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self {
            signer,
            payload: Payload::Signed,
            body_limit: DEFAULT_BODY_LIMIT,
            #[cfg(feature = "explain")]
            explains: false,
        }
    }

    /// The same, covering bodies so. With [`AwsChunked`] a body that comes with the header `content-length` is signed
    /// chunk by chunk as it is sent; any other is hashed, since its length is not known beforehand. With
    /// [`Payload::Unsigned`] a body is left alone: `()` to `POST` or `PUT`, which ureq sends as an empty body of unknown
    /// length, wants the header `content-length: 0`.
    ///
    /// ```no_run
    /// use awsauth_ureq::{AwsChunked, Credentials, Signer, Signing};
    ///
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /// let signing = Signing::new(signer).payload(AwsChunked::signed());
    /// let agent: ureq::Agent = ureq::Agent::config_builder().middleware(signing).build().into();
    ///
    /// let file = std::fs::File::open("backup.tar")?;
    /// let put = agent.put("https://bucket.s3.eu-west-1.amazonaws.com/backup.tar");
    /// put.header("content-length", file.metadata()?.len()).send(&file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn payload(mut self, payload: impl Into<Payload>) -> Self {
        self.payload = payload.into();
        self
    }

    /// The same, holding at most this many bytes of a body in memory to hash it, in place of 16 MiB. A longer one is
    /// [`Error::UnhashedBody`].
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The same, putting a [`Diagnosis`](crate::Diagnosis) of each refusal into the answer's extensions: why the service
    /// refused. Each request's headers are copied and its body is hashed once more for that.
    ///
    /// The agent has to be one with `http_status_as_error(false)`: else ureq makes an error of a refusal, and nobody sees
    /// the answer.
    ///
    /// ```no_run
    /// use awsauth_ureq::{Credentials, Diagnosis, Signer, Signing};
    ///
    /// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    /// let agent: ureq::Agent = ureq::Agent::config_builder()
    ///     .http_status_as_error(false)
    ///     .middleware(Signing::new(signer).explain_refusals())
    ///     .build()
    ///     .into();
    /// let answer = agent.get("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").call()?;
    /// if let Some(diagnosis) = answer.extensions().get::<Diagnosis>() {
    ///     eprintln!("{diagnosis}");
    /// }
    /// # Ok::<(), ureq::Error>(())
    /// ```
    #[cfg(feature = "explain")]
    #[must_use]
    pub fn explain_refusals(mut self) -> Self {
        self.explains = true;
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
        let given = match (overrides.payload_hash(), &self.payload) {
            (Some(hash), _) => hash,
            (None, Payload::Sha256(sha256)) => PayloadHash::Sha256(*sha256),
            (None, Payload::Unsigned) => PayloadHash::Unsigned,
            (None, Payload::AwsChunked(chunked)) => {
                return match content_length(&parts) {
                    Some(length) if length > 0 => {
                        overrides.insert_checksums(&mut parts.headers, None).map_err(refused)?;
                        self.send_chunked(signer, parts, length, chunked, body, next)
                    }
                    _ => self.send_hashed(signer, &overrides, parts, body, next),
                };
            }
            (None, _) => return self.send_hashed(signer, &overrides, parts, body, next),
        };
        overrides.insert_checksums(&mut parts.headers, None).map_err(refused)?;
        let signed = signer.sign_head_blocking(&mut parts, given).map_err(refused)?;
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
            return Err(refused(Error::AlreadyChunked));
        }
        let payload = signer.sign_chunked_blocking(&mut parts, length, chunked).map_err(refused)?;
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
        let mut bytes = self.at_hand(body)?;
        match content_length(&parts).map(|declared| declared.cmp(&(bytes.len() as u64))) {
            Some(Ordering::Less) => return Err(refused(CoreError::BodyTooLong.into())),
            Some(Ordering::Greater) => return Err(refused(CoreError::BodyTooShort.into())),
            Some(Ordering::Equal) | None => {}
        }
        overrides.insert_checksums(&mut parts.headers, Some(&bytes)).map_err(refused)?;
        let (signed, form) = signer.sign_body_blocking(&mut parts, &bytes).map_err(refused)?;
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

    fn at_hand(&self, body: SendBody<'_>) -> Result<Vec<u8>, ureq::Error> {
        let one_more = (self.body_limit as u64).saturating_add(1);
        let mut bytes = Vec::new();
        body.into_reader().take(one_more).read_to_end(&mut bytes)?;
        if bytes.len() > self.body_limit {
            return Err(refused(Error::UnhashedBody));
        }
        Ok(bytes)
    }

    /// Sends it, and explains a refusal if that is asked for; `at_hand` is the body, unless that streams.
    #[cfg_attr(not(feature = "explain"), expect(unused_variables))]
    fn forward(
        &self,
        parts: Parts,
        at_hand: Option<&[u8]>,
        signed: &Signed,
        body: SendBody<'_>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        #[cfg(feature = "explain")]
        if self.explains {
            let trace = Trace::of_head(&parts, at_hand, signed.credentials());
            let answer = forward(parts, body, next)?;
            if !ErrorResponse::is_possible(answer.status()) {
                return Ok(answer);
            }
            let (diagnosis, mut answer) = crate::explain(&trace, answer);
            answer.extensions_mut().insert(diagnosis);
            return Ok(answer);
        }
        forward(parts, body, next)
    }
}

impl Middleware for Signing {
    fn handle(
        &self,
        request: Request<SendBody<'_>>,
        next: MiddlewareNext<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        let (parts, body) = request.into_parts();
        self.send(parts, body, next)
    }
}

/// Sends it, and lets no redirect take the signed headers elsewhere.
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

fn refused(error: Error) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}

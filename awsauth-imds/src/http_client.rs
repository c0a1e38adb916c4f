//! What the state machines of this crate ask of an HTTP client.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::borrow::Cow;

use awsauth_credentials::ErrorKind;

mod bundled;
#[cfg(any(feature = "async", feature = "blocking"))]
mod proxy;
#[cfg(feature = "async")]
mod reqwest;
#[cfg(feature = "blocking")]
mod ureq;

pub(crate) use bundled::BundledClient;

/// A whole request: absolute URL, headers, and a body of at most a few kilobytes.
pub type Request = http::Request<Vec<u8>>;

/// A whole response, of any status.
pub type Response = http::Response<Vec<u8>>;

/// What [`HttpClient::send`] returns.
pub type HttpFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, HttpError>> + Send + 'a>>;

/// The longest body that is read from any source, in bytes. Credential documents have about 1 to 3 KB.
pub const MAX_BODY: usize = 64 * 1024;

/// An HTTP client: implement it to bring your own TLS, proxy or runtime, or to count and stub requests in tests.
///
/// Each method stands for one style of caller, and one that is left out answers [`HttpErrorKind::Unsupported`]. An
/// implementation follows no redirect, takes every status as a response, gives up after `timeout`, and stops reading
/// after [`MAX_BODY`] bytes. It must not log what it carries: bodies and some headers are secret.
pub trait HttpClient: fmt::Debug + Send + Sync {
    /// Sends for async callers; `timeout` covers everything from connecting to the body's last byte.
    fn send(&self, request: Request, timeout: Duration) -> HttpFuture<'_> {
        let _ = (request, timeout);
        Box::pin(async {
            Err(HttpError::new(HttpErrorKind::Unsupported, "this HTTP client has no async side"))
        })
    }

    /// Sends for blocking callers; `timeout` covers everything from connecting to the body's last byte.
    ///
    /// # Errors
    /// What kept the response from coming whole; see [`HttpErrorKind`].
    fn send_blocking(&self, request: Request, timeout: Duration) -> Result<Response, HttpError> {
        let _ = (request, timeout);
        Err(HttpError::new(HttpErrorKind::Unsupported, "this HTTP client has no blocking side"))
    }
}

/// Why no response came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    kind: HttpErrorKind,
    detail: Cow<'static, str>,
}

/// How far a request came. The difference between [`Connect`](Self::Connect) and [`TimedOut`](Self::TimedOut) is what
/// tells a machine that is not on EC2 from a container behind a hop limit of 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// No connection came about: refused, unreachable, unknown host, or no answer to the attempt.
    Connect,
    /// Connected, but the whole response did not come in time.
    TimedOut,
    /// The body is longer than [`MAX_BODY`].
    TooLarge,
    /// This client or build cannot send such a request; the detail names what is missing.
    Unsupported,
}

impl HttpError {
    /// A failure; `detail` must hold no secret.
    pub fn new(kind: HttpErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// How far the request came.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// What the client said.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn credentials_kind(&self) -> ErrorKind {
        match self.kind {
            HttpErrorKind::Broken | HttpErrorKind::Connect => ErrorKind::Unreachable,
            HttpErrorKind::TimedOut => ErrorKind::TimedOut,
            HttpErrorKind::TooLarge => ErrorKind::Malformed,
            HttpErrorKind::Unsupported => ErrorKind::Unsupported,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            HttpErrorKind::Broken => "the connection broke",
            HttpErrorKind::Connect => "cannot connect",
            HttpErrorKind::TimedOut => "connected, but no whole response in time",
            HttpErrorKind::TooLarge => "the response is longer than 64 KiB",
            HttpErrorKind::Unsupported => "cannot send",
        };
        f.write_str(what)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

impl core::error::Error for HttpError {}

/// The innermost cause of an error: the one that says something, such as `Connection refused (os error 111)`.
#[cfg(feature = "async")]
fn root_cause(error: &dyn core::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

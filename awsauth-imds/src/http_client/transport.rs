use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;

use super::error::{HttpError, HttpErrorKind};

/// A whole request: absolute URL, headers, and a body of at most a few kilobytes.
pub type Request = http::Request<Vec<u8>>;

/// A whole response, of any status.
pub type Response = http::Response<Vec<u8>>;

/// What [`HttpClient::send`] returns.
pub type HttpFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, HttpError>> + Send + 'a>>;

/// An HTTP client: implement it to bring your own TLS, proxy or runtime, or to count and stub requests in tests.
///
/// Each method stands for one style of caller, and one that is left out answers [`HttpErrorKind::Unsupported`]. An
/// implementation follows no redirect, takes every status as a response, gives up after `timeout`, and stops reading
/// after [`MAX_RESPONSE_BYTES`] bytes. It must not log what it carries: bodies and some headers are secret.
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

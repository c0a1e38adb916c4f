use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;

use super::error::{HttpError, HttpErrorKind};

/// A request with an absolute URL, headers and a whole body of at most a few kilobytes.
pub type Request = http::Request<Vec<u8>>;

/// A response of any status with its whole body.
pub type Response = http::Response<Vec<u8>>;

/// The future that [`HttpClient::send`] returns.
pub type HttpFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, HttpError>> + Send + 'a>>;

/// An HTTP client. Implement it to use your own TLS, proxy or runtime, or to count and stub requests in tests.
///
/// Each method serves one kind of callers; the default of each returns [`HttpErrorKind::Unsupported`]. An implementation
/// follows no redirect, returns a response of any status, gives up after `timeout`, and stops reading after
/// [`MAX_RESPONSE_BYTES`](crate::MAX_RESPONSE_BYTES) bytes. It must not log requests and responses: bodies and some headers
/// are secret.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `HttpClient`",
    note = "implement `awsauth_imds::HttpClient` for a type that wraps your client"
)]
pub trait HttpClient: fmt::Debug + Send + Sync {
    /// Sends a request of async callers. `timeout` covers everything from connecting to the body's last byte. The future's
    /// errors are those of [`send_blocking`](Self::send_blocking).
    fn send(&self, request: Request, timeout: Duration) -> HttpFuture<'_> {
        let _ = (request, timeout);
        Box::pin(async {
            Err(HttpError::new(HttpErrorKind::Unsupported, "this HTTP client has no async side"))
        })
    }

    /// Sends a request of blocking callers. `timeout` covers everything from connecting to the body's last byte.
    ///
    /// # Errors
    /// [`HttpError`] if there is no complete response; its [`HttpErrorKind`] says how far the request got.
    fn send_blocking(&self, request: Request, timeout: Duration) -> Result<Response, HttpError> {
        let _ = (request, timeout);
        Err(HttpError::new(HttpErrorKind::Unsupported, "this HTTP client has no blocking side"))
    }
}

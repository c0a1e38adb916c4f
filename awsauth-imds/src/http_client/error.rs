use core::fmt;
use std::borrow::Cow;

use awsauth_credentials::ErrorKind;

/// The longest body of a response that is read from any source, in bytes: 64 KiB. Credential documents have 1 to 3 KB.
pub const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// Why an HTTP client returned no response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    kind: HttpErrorKind,
    detail: Cow<'static, str>,
}

/// How far a request got. The difference between [`Connect`](Self::Connect) and [`TimedOut`](Self::TimedOut) distinguishes a
/// machine outside EC2 from a container behind a hop limit of 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// The connection broke, or the response is not HTTP.
    Broken,
    /// There was no connection: it was refused or timed out, or the host is unreachable or unknown.
    Connect,
    /// The connection was made, but the response was not complete in time.
    TimedOut,
    /// The body is longer than [`MAX_RESPONSE_BYTES`].
    TooLarge,
    /// This client or build cannot send such a request. The detail names what is missing.
    Unsupported,
}

impl HttpError {
    /// Returns an error with a detail, which must hold no secret.
    pub fn new(kind: HttpErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// Returns how far the request got.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }

    /// Returns what the client reported.
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

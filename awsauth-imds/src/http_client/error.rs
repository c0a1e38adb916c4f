use core::fmt;
use std::borrow::Cow;

use awsauth_credentials::ErrorKind;

/// The longest body that is read from any source, in bytes. Credential documents have about 1 to 3 KB.
pub const MAX_RESPONSE_BYTES: usize = 64 * 1024;

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
    /// The body is longer than [`MAX_RESPONSE_BYTES`].
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

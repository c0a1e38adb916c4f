use core::fmt;
use std::borrow::Cow;

use awsauth_credentials::{CredentialsError, ErrorKind};

pub(super) const SOURCE_NAME: &str = "EC2 instance metadata";

/// Why instance metadata returned nothing. Never holds a token or a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImdsError {
    kind: ErrorKind,
    detail: Cow<'static, str>,
}

impl ImdsError {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// Returns the kind of failure, such as [`ErrorKind::Unreachable`] outside EC2 and [`ErrorKind::TimedOut`] behind a hop
    /// limit of 1.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns what is wrong and what to change.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for ImdsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SOURCE_NAME}: {}", self.detail)
    }
}

impl core::error::Error for ImdsError {}

impl From<ImdsError> for CredentialsError {
    fn from(error: ImdsError) -> Self {
        Self::new(SOURCE_NAME, error.kind, error.detail)
    }
}

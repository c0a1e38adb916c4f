use core::fmt;
use std::borrow::Cow;

/// Why a provider returned no credentials: its source, the kind of failure and a detail. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsError {
    source_name: Cow<'static, str>,
    kind: ErrorKind,
    detail: Cow<'static, str>,
    tried: Vec<CredentialsError>,
}

/// The kind of a [`CredentialsError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A part is missing, such as a secret access key without its ID. Supply the part that the detail names.
    Incomplete,
    /// What the source holds or returned cannot be read as credentials. Correct the file, variable or document that the
    /// detail names.
    Malformed,
    /// The source is not configured: a chain goes on to the next one. Configure one of the sources.
    NotConfigured,
    /// The source refused the request. Change what its status or code in the detail complains about, such as the trust
    /// policy of a role.
    Refused,
    /// The source did not respond in time. Check what the detail names, or set a longer time limit.
    TimedOut,
    /// The source could not be reached, or the connection broke. Check network, path or permission as the detail says.
    Unreachable,
    /// The configuration needs something that this crate or build does not support. Enable the feature or use the crate that
    /// the detail names.
    Unsupported,
}

impl CredentialsError {
    /// Returns an error of `source_name` (such as `environment` or `profile "dev"`). `detail` says what is wrong and what to
    /// change; it must hold no secret.
    pub fn new(
        source_name: impl Into<Cow<'static, str>>,
        kind: ErrorKind,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { source_name: source_name.into(), kind, detail: detail.into(), tried: Vec::new() }
    }

    /// Returns the error of a chain none of whose sources is configured: [`ErrorKind::NotConfigured`]. `tried` holds the
    /// errors of the sources, in order.
    #[must_use]
    pub fn not_configured(tried: Vec<CredentialsError>) -> Self {
        Self {
            source_name: Cow::Borrowed("any source"),
            kind: ErrorKind::NotConfigured,
            detail: Cow::Borrowed("none of them is configured"),
            tried,
        }
    }

    /// Puts the errors of sources that were tried earlier before its own.
    pub(crate) fn after(mut self, mut earlier: Vec<CredentialsError>) -> Self {
        earlier.append(&mut self.tried);
        self.tried = earlier;
        self
    }

    /// Returns the name of the source that failed.
    #[must_use]
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns what is wrong and what to change.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns, for a chain, the errors of the sources that it tried before it failed, in order. Empty otherwise.
    #[must_use]
    pub fn tried(&self) -> &[CredentialsError] {
        &self.tried
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no credentials from {}: {}", self.source_name, self.detail)?;
        for (index, error) in self.tried.iter().enumerate() {
            let separator = match (index, self.kind) {
                (0, ErrorKind::NotConfigured) => ": ",
                (0, _) => "; tried before it: ",
                _ => "; ",
            };
            write!(f, "{separator}{} ({})", error.source_name, error.detail)?;
        }
        Ok(())
    }
}

impl core::error::Error for CredentialsError {}

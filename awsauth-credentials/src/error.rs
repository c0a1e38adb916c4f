use core::fmt;
use std::borrow::Cow;

/// Why a source gave no credentials: which source, what kind of failure, and what came. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsError {
    source_name: Cow<'static, str>,
    kind: ErrorKind,
    detail: Cow<'static, str>,
    tried: Vec<CredentialsError>,
}

/// What kind of failure a source met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Half of what is needed is there: the detail names the missing part. Supply it.
    Incomplete,
    /// What the source holds cannot be read as credentials. Mend the file or document that the detail names.
    Malformed,
    /// Nothing is configured there: a chain goes on to the next source. Configure one of the sources.
    NotConfigured,
    /// The source answered and refused; the detail holds its status or code.
    Refused,
    /// The source did not answer in time.
    TimedOut,
    /// The source could not be reached, or the connection broke.
    Unreachable,
    /// The configuration asks for what this build or crate does not do; the detail names what is missing.
    Unsupported,
}

impl CredentialsError {
    /// A failure of `source_name` (such as `environment` or `profile "dev"`); `detail` must hold no secret.
    pub fn new(
        source_name: impl Into<Cow<'static, str>>,
        kind: ErrorKind,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { source_name: source_name.into(), kind, detail: detail.into(), tried: Vec::new() }
    }

    /// None of these sources is configured, in the order they were tried.
    #[must_use]
    pub fn not_configured(tried: Vec<CredentialsError>) -> Self {
        Self {
            source_name: Cow::Borrowed("any source"),
            kind: ErrorKind::NotConfigured,
            detail: Cow::Borrowed("none of them is configured"),
            tried,
        }
    }

    /// The same, after these sources had nothing.
    pub(crate) fn after(mut self, mut earlier: Vec<CredentialsError>) -> Self {
        earlier.append(&mut self.tried);
        self.tried = earlier;
        self
    }

    /// The source that failed.
    #[must_use]
    pub fn source_name(&self) -> &str {
        &self.source_name
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What was found, and what to change.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// For a chain: each source that it tried before it failed, in order, and why that gave nothing. Empty otherwise.
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
                (0, _) => "; before it there was nothing from ",
                _ => "; ",
            };
            write!(f, "{separator}{} ({})", error.source_name, error.detail)?;
        }
        Ok(())
    }
}

impl core::error::Error for CredentialsError {}

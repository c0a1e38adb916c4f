use core::fmt;

use super::cause::Cause;
use super::text;

/// The greatest length of the evidence, in characters.
const MAX_LENGTH: usize = 512;

/// What is wrong with a request, and what to do about it. It prints for a terminal, and is safe to paste into a bug report: it
/// leaves out secrets, tokens and signatures, even if the service repeats them, escapes control characters, and has at most
/// some hundred characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    cause: Cause,
    evidence: String,
}

impl Diagnosis {
    pub(super) fn new(cause: Cause, evidence: impl Into<String>) -> Self {
        Self { cause, evidence: evidence.into() }
    }

    /// Makes it safe to show, whatever the response says: without these secrets and pieces of them, without control characters,
    /// and with at most [`MAX_LENGTH`] characters.
    pub(super) fn shown_without(self, secrets: &[String]) -> Self {
        Self { evidence: text::shown(&self.evidence, secrets, MAX_LENGTH), ..self }
    }

    /// Returns the cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Returns the evidence: the difference, or what the service says.
    #[must_use]
    pub fn evidence(&self) -> &str {
        &self.evidence
    }

    /// Returns what to change.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        self.cause.fix()
    }
}

impl fmt::Display for Diagnosis {
    /// Three lines, without a newline at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cause    {}\nevidence {}\nfix      {}", self.cause, self.evidence, self.fix())
    }
}

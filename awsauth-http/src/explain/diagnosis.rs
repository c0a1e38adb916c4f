use core::fmt;

use super::Cause;

/// What is wrong with a request, and what to do. It prints for a terminal, and can be pasted into a bug report: secrets,
/// tokens and signatures are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    cause: Cause,
    evidence: String,
}

impl Diagnosis {
    pub(super) fn new(cause: Cause, evidence: impl Into<String>) -> Self {
        Self { cause, evidence: evidence.into() }
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// What shows it: the difference, or what the service said.
    #[must_use]
    pub fn evidence(&self) -> &str {
        &self.evidence
    }

    /// What to change.
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

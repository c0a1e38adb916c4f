use core::fmt;

use super::cause::Cause;
use super::text;

/// The longest evidence, in characters.
const LONGEST: usize = 512;

/// What is wrong with a request, and what to do. It prints for a terminal, and can be pasted into a bug report: secrets,
/// tokens and signatures are left out, whatever the service repeated of them, control characters are escaped, and it has
/// some hundred characters at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    cause: Cause,
    evidence: String,
}

impl Diagnosis {
    pub(super) fn new(cause: Cause, evidence: impl Into<String>) -> Self {
        Self { cause, evidence: evidence.into() }
    }

    /// The same as it may be shown, whatever an answer has said: none of these secrets nor a piece of one, no control
    /// character, and no more than [`LONGEST`] characters.
    pub(super) fn shown_without(self, secrets: &[String]) -> Self {
        Self { evidence: text::shown(&self.evidence, secrets, LONGEST), ..self }
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

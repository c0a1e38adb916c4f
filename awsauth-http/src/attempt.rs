use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;

use crate::clock_skew::is_off;
use crate::{Redirect, Refusal, Signed, Signer};

/// A signed request on its way, for whoever sends it: takes in the answer, and says what to do about a refusal. No I/O;
/// the layers and adapters are built on it.
///
/// ```
/// # use awsauth_http::{Attempt, Credentials, Next, Refusal, Signer};
/// # fn send(_: &http::Request<()>) -> http::Response<Vec<u8>> { http::Response::new(Vec::new()) }
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
/// let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body(())?;
/// let attempt = Attempt::start(&signer, signer.sign_blocking(&mut request)?);
/// let mut answer = send(&request);
/// attempt.answered(answer.headers());
/// if let Some(refusal) = Refusal::read(answer.status(), answer.headers(), answer.body()) {
///     if attempt.refused(&refusal) == Next::SignAgain {
///         signer.sign_blocking(&mut request)?;
///         answer = send(&request);
///     }
/// }
/// # let _ = answer;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Attempt {
    signer: Signer,
    signed: Signed,
    sent: SystemTime,
}

/// What to do about a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// Sign for there, and send there. Only [`Repeats`](crate::Repeats) says so.
    Follow(Redirect),
    /// Hand the answer on.
    HandOn,
    /// The clock was wrong and is now corrected: sign and send once more, and no further.
    SignAgain,
}

impl Attempt {
    /// A request that is about to be sent. Reads the signer's clock.
    #[must_use]
    pub fn start(signer: &Signer, signed: Signed) -> Self {
        Self { signer: signer.clone(), signed, sent: signer.uncorrected_now() }
    }

    /// What was signed.
    #[must_use]
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// The head of the answer has just come: corrects the clock by it, where a [`ClockSkew`](crate::ClockSkew) is
    /// installed. Reads the signer's clock.
    pub fn answered(&self, headers: &HeaderMap) {
        if let Some(skew) = &self.signer.settings().clock_skew {
            skew.observe(headers, self.sent, self.signer.uncorrected_now());
        }
    }

    /// The answer is a refusal: expired credentials are reported to the provider, so that the next request gets fresh
    /// ones. Call [`answered`](Self::answered) before.
    #[must_use]
    pub fn refused(&self, refusal: &Refusal) -> Next {
        if self.was_signed_for_another_time(refusal) {
            return Next::SignAgain;
        }
        if refusal.is_expired_token() {
            self.signer.provider().invalidate(self.signed.credentials());
        }
        Next::HandOn
    }

    /// Only where the clock has been corrected since, or signing again would change nothing.
    fn was_signed_for_another_time(&self, refusal: &Refusal) -> bool {
        let signed = UNIX_EPOCH + Duration::from_secs(self.signed.time().unix_seconds());
        (refusal.is_time_skewed() || refusal.may_be_time_skewed())
            && self.signer.settings().clock_skew.is_some()
            && is_off(self.signer.corrected(self.sent), signed)
    }
}

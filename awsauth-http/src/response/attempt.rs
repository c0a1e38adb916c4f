use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{AGE, DATE};

use super::clock_skew::ClockSkew;
use super::clock_skew::{Peer, TOLERATED, shifted};
use super::error_response::ErrorResponse;
use super::redirect::Redirect;
use crate::request::head::RequestHead;
use crate::signing::signed::Signed;
use crate::signing::signer::Signer;

/// A longer exchange says too little: the answer may have been dated at its start or at its end.
const LONGEST_EXCHANGE: Duration = Duration::from_secs(60);
/// What AWS's services allow: a request that is further off would be refused for that alone.
const ALLOWED: Duration = Duration::from_secs(15 * 60);

/// A signed request on its way, for whoever sends it: takes in the answer, and says what to do about a refusal. No I/O;
/// the layers and adapters are built on it.
///
/// ```
/// # use awsauth_http::{Attempt, Credentials, Next, ErrorResponse, Signer};
/// # fn send(_: &http::Request<()>) -> http::Response<Vec<u8>> { http::Response::new(Vec::new()) }
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
/// let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body(())?;
/// let signed = signer.sign_blocking(&mut request)?;
/// let mut attempt = Attempt::start(&signer, signed, &request);
/// let mut answer = send(&request);
/// attempt.answered(answer.headers());
/// if let Some(refusal) = ErrorResponse::read(answer.status(), answer.headers(), answer.body()) {
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
    /// Where it goes, if a skew of clocks is looked for.
    peer: Option<Peer<Box<str>>>,
    answer: Option<Exchange>,
}

/// When an answer came.
#[derive(Debug, Clone)]
struct Exchange {
    /// Between sending and receiving, by the clock as it is.
    midpoint: SystemTime,
    /// The answer's date.
    date: Option<SystemTime>,
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
    /// A signed request that is about to be sent. Reads the signer's clock.
    #[must_use]
    pub fn start(signer: &Signer, signed: Signed, request: &impl RequestHead) -> Self {
        let peer = signer.settings().clock_skew.is_some().then(|| Peer::of(request).to_owned());
        Self { signer: signer.clone(), signed, sent: signer.uncorrected_now(), peer, answer: None }
    }

    /// What was signed.
    #[must_use]
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// The head of the answer has just come: notes when, for the case that it is a refusal. Reads the signer's clock.
    pub fn answered(&mut self, headers: &HeaderMap) {
        if self.peer.is_some() {
            self.answer = Exchange::of(headers, self.sent, self.signer.uncorrected_now());
        }
    }

    /// The answer is a refusal: corrects the clock by it, where a [`ClockSkew`] is installed; expired credentials are
    /// reported to the provider, so that the next request gets fresh ones. Call [`answered`](Self::answered) before.
    #[must_use]
    pub fn refused(&self, refusal: &ErrorResponse) -> Next {
        if self.corrects_clock(refusal) {
            return Next::SignAgain;
        }
        if refusal.is_expired_token() {
            self.signer.provider().invalidate(self.signed.credentials());
        }
        Next::HandOn
    }

    /// Only where that makes another request of it, or signing again would change nothing.
    fn corrects_clock(&self, refusal: &ErrorResponse) -> bool {
        let Some((skew, peer, answer)) = self.evidence() else { return false };
        let may_be_time = refusal.is_time_skewed() || refusal.may_be_time_skewed();
        let limit = match may_be_time {
            true => TOLERATED,
            false if refusal.status().is_redirection() => return false,
            false => ALLOWED,
        };
        let Some(ahead) = answer.ahead(refusal) else { return may_be_time && skew.forget(peer) };
        let signed = UNIX_EPOCH + Duration::from_secs(self.signed.time().unix_seconds());
        let served = shifted(answer.midpoint, ahead);
        served.is_some_and(|served| apart(served, signed) > limit) && skew.learn(peer, ahead)
    }

    fn evidence(&self) -> Option<(&ClockSkew, &Peer<Box<str>>, &Exchange)> {
        Some((self.signer.settings().clock_skew.as_ref()?, self.peer.as_ref()?, self.answer.as_ref()?))
    }
}

impl Exchange {
    /// `None` if nothing can be learnt: a cache has answered, the clock was set back in between, or more than a minute passed.
    fn of(headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> Option<Self> {
        if headers.contains_key(AGE) {
            return None;
        }
        let took = received.duration_since(sent).ok().filter(|took| *took <= LONGEST_EXCHANGE)?;
        let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        Some(Self { midpoint: sent.checked_add(took / 2)?, date })
    }

    /// Seconds that the service is ahead of the clock. What verified the request knows best.
    fn ahead(&self, refusal: &ErrorResponse) -> Option<i64> {
        let told = refusal.server_time().map(|time| UNIX_EPOCH + Duration::from_secs(time.unix_seconds()));
        // A date has its second cut off: half a second on average.
        let served = told.or(self.date)?.checked_add(Duration::from_millis(500))?;
        let milliseconds = match served.duration_since(self.midpoint) {
            Ok(ahead) => i64::try_from(ahead.as_millis()).ok()?,
            Err(behind) => -i64::try_from(behind.duration().as_millis()).ok()?,
        };
        Some(milliseconds.saturating_add(499).div_euclid(1_000))
    }
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue, StatusCode};
    use proptest::prelude::*;

    use super::*;

    const NOON: u64 = 1_440_936_000;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn dated(seconds: u64) -> HeaderMap {
        let date = httpdate::fmt_http_date(at(seconds));
        HeaderMap::from_iter([(DATE, HeaderValue::from_str(&date).unwrap())])
    }

    fn refusal(body: &str) -> ErrorResponse {
        ErrorResponse::read(StatusCode::FORBIDDEN, &HeaderMap::new(), body.as_bytes()).unwrap()
    }

    fn ahead(headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> Option<i64> {
        Exchange::of(headers, sent, received)?.ahead(&refusal(""))
    }

    #[test]
    fn compares_with_the_midpoint() {
        assert_eq!(ahead(&dated(NOON + 3_600), at(NOON - 10), at(NOON + 10)), Some(3_600));
        assert_eq!(ahead(&dated(NOON - 3_600), at(NOON), at(NOON)), Some(-3_600));
    }

    #[test]
    fn the_server_s_own_time_counts_before_the_date() {
        let exchange = Exchange::of(&dated(NOON), at(NOON), at(NOON)).unwrap();
        let own = refusal("<Error><ServerTime>2015-08-30T13:00:00.123Z</ServerTime></Error>");
        assert_eq!(exchange.ahead(&own), Some(3_600));
        assert_eq!(exchange.ahead(&refusal("<Error><ServerTime>noon</ServerTime></Error>")), Some(0));
    }

    #[test]
    fn learns_nothing_from_what_says_nothing() {
        let late = dated(NOON + 3_600);
        let with = |name: HeaderName, value| {
            let mut headers = late.clone();
            headers.insert(name, HeaderValue::from_static(value));
            headers
        };
        assert_eq!(ahead(&with(AGE, "0"), at(NOON), at(NOON)), None);
        assert_eq!(ahead(&with(DATE, "noon"), at(NOON), at(NOON)), None);
        assert_eq!(ahead(&HeaderMap::new(), at(NOON), at(NOON)), None);
        assert_eq!(ahead(&late, at(NOON), at(NOON - 1)), None);
        assert_eq!(ahead(&late, at(NOON), at(NOON + 61)), None);
    }

    proptest! {
        /// Whenever in an exchange the service reads its clock, the estimate is off by half the exchange at most, and by
        /// what whole seconds hide.
        #[test]
        fn is_right_within_half_an_exchange(off in -1_000_000_000_i64..1_000_000_000, took in 0_u64..60_000, at_share in 0_u64..=1_000, fraction in 0_u64..1_000) {
            let sent = at(NOON) + Duration::from_millis(fraction);
            let served = sent + Duration::from_millis(took * at_share / 1_000);
            let says = served.duration_since(UNIX_EPOCH).unwrap().as_secs().checked_add_signed(off).unwrap();
            let ahead = ahead(&dated(says), sent, sent + Duration::from_millis(took)).unwrap();
            let error = Duration::from_secs(ahead.abs_diff(off));
            prop_assert!(error <= Duration::from_millis(took / 2 + 1_000), "{error:?}");
        }
    }
}

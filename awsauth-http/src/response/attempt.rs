use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{AGE, DATE};

use super::error_response::ErrorResponse;
use super::redirect::Redirect;
use crate::request::head::RequestHead;
use crate::signing::clock_skew::{ClockSkew, Peer, TOLERATED, shifted};
use crate::signing::signed::Signed;
use crate::signing::signer::Signer;

/// A longer exchange says too little: the response may have been dated at its start or at its end.
const MAX_EXCHANGE: Duration = Duration::from_secs(60);
/// What AWS's services allow: they refuse a request that is further off for that alone.
const ALLOWED_SKEW: Duration = Duration::from_secs(15 * 60);

/// One attempt to send a signed request: it takes the response, and says what to do about an error. It does no I/O; the
/// layers and adapters are built on it.
///
/// ```
/// # use awsauth_http::{Attempt, Credentials, ErrorResponse, RetryAction, Signer};
/// # fn send(_: &http::Request<()>) -> http::Response<Vec<u8>> { http::Response::new(Vec::new()) }
/// # let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret"));
/// let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body(())?;
/// let signed = signer.sign_blocking(&mut request)?;
/// let mut attempt = Attempt::start(&signer, signed, &request);
/// let mut response = send(&request);
/// attempt.record_response(response.headers());
/// if let Some(error) = ErrorResponse::read(response.status(), response.headers(), response.body()) {
///     if attempt.handle_error(&error) == RetryAction::SignAgain {
///         signer.sign_blocking(&mut request)?;
///         response = send(&request);
///     }
/// }
/// # let _ = response;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Attempt {
    signer: Signer,
    signed: Signed,
    sent: SystemTime,
    /// Where the request goes, if a skew of clocks is looked for.
    peer: Option<Peer<Box<str>>>,
    exchange: Option<Exchange>,
}

/// What to do about an error response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAction {
    /// Sign the request for the redirect's target, and send it there. Only [`Retries`](crate::Retries) returns this.
    FollowRedirect(Redirect),
    /// Return the response to the caller.
    ReturnResponse,
    /// The clock was wrong and is now corrected: sign and send the request once more, and no further.
    SignAgain,
}

/// When a response came.
#[derive(Debug, Clone)]
struct Exchange {
    /// Between sending and receiving, by the uncorrected clock.
    midpoint: SystemTime,
    /// The response's `Date`.
    date: Option<SystemTime>,
}

impl Attempt {
    /// Starts an attempt with a signed request that is about to be sent. Reads the signer's clock.
    #[must_use]
    pub fn start(signer: &Signer, signed: Signed, request: &impl RequestHead) -> Self {
        let peer = signer.settings().clock_skew.is_some().then(|| Peer::of(request).to_owned());
        Self { signer: signer.clone(), signed, sent: signer.uncorrected_now(), peer, exchange: None }
    }

    /// Returns how the request was signed.
    #[must_use]
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Records when the head of the response came, in case it is an error. Call it as soon as the head is there. Reads the
    /// signer's clock.
    pub fn record_response(&mut self, headers: &HeaderMap) {
        if self.peer.is_some() {
            self.exchange = Exchange::of(headers, self.sent, self.signer.uncorrected_now());
        }
    }

    /// Acts on an error response. It corrects the clock, if a [`ClockSkew`] is installed and the error shows that it was
    /// wrong, and reports expired credentials to the provider, so that the next request gets fresh ones. Call
    /// [`record_response`](Self::record_response) first.
    #[must_use]
    pub fn handle_error(&self, error: &ErrorResponse) -> RetryAction {
        if self.corrects_clock(error) {
            return RetryAction::SignAgain;
        }
        if error.is_expired_token() {
            self.signer.provider().invalidate(self.signed.credentials());
        }
        RetryAction::ReturnResponse
    }

    /// Corrects the clock only if that changes the request: otherwise signing again would change nothing.
    fn corrects_clock(&self, error: &ErrorResponse) -> bool {
        let Some((skew, peer, exchange)) = self.evidence() else { return false };
        let may_be_time = error.is_time_skewed() || error.may_be_time_skewed();
        let limit = match may_be_time {
            true => TOLERATED,
            false if error.status().is_redirection() => return false,
            false => ALLOWED_SKEW,
        };
        let Some(ahead) = exchange.seconds_ahead(error) else { return may_be_time && skew.forget(peer) };
        let signed = UNIX_EPOCH + Duration::from_secs(self.signed.time().unix_seconds());
        let served = shifted(exchange.midpoint, ahead);
        served.is_some_and(|served| apart(served, signed) > limit) && skew.learn(peer, ahead)
    }

    fn evidence(&self) -> Option<(&ClockSkew, &Peer<Box<str>>, &Exchange)> {
        Some((self.signer.settings().clock_skew.as_ref()?, self.peer.as_ref()?, self.exchange.as_ref()?))
    }
}

impl Exchange {
    /// `None` if it shows nothing: a cache has responded, the clock was set back meanwhile, or it took more than a minute.
    fn of(headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> Option<Self> {
        if headers.contains_key(AGE) {
            return None;
        }
        let took = received.duration_since(sent).ok().filter(|took| *took <= MAX_EXCHANGE)?;
        let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        Some(Self { midpoint: sent.checked_add(took / 2)?, date })
    }

    /// How many seconds the service is ahead of the clock. The time in the body counts before the `Date`: it is that of the
    /// server which verified the request.
    fn seconds_ahead(&self, error: &ErrorResponse) -> Option<i64> {
        let server_time =
            error.server_time().map(|time| UNIX_EPOCH + Duration::from_secs(time.unix_seconds()));
        // The time is cut off to seconds: by half a second on average.
        let served = server_time.or(self.date)?.checked_add(Duration::from_millis(500))?;
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

    fn error(body: &str) -> ErrorResponse {
        ErrorResponse::read(StatusCode::FORBIDDEN, &HeaderMap::new(), body.as_bytes()).unwrap()
    }

    fn ahead(headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> Option<i64> {
        Exchange::of(headers, sent, received)?.seconds_ahead(&error(""))
    }

    #[test]
    fn compares_with_the_midpoint() {
        assert_eq!(ahead(&dated(NOON + 3_600), at(NOON - 10), at(NOON + 10)), Some(3_600));
        assert_eq!(ahead(&dated(NOON - 3_600), at(NOON), at(NOON)), Some(-3_600));
    }

    #[test]
    fn the_server_s_own_time_counts_before_the_date() {
        let exchange = Exchange::of(&dated(NOON), at(NOON), at(NOON)).unwrap();
        let own = error("<Error><ServerTime>2015-08-30T13:00:00.123Z</ServerTime></Error>");
        assert_eq!(exchange.seconds_ahead(&own), Some(3_600));
        assert_eq!(exchange.seconds_ahead(&error("<Error><ServerTime>noon</ServerTime></Error>")), Some(0));
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

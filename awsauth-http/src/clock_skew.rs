use core::fmt;
use core::sync::atomic::{AtomicIsize, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use http::HeaderMap;
use http::header::{AGE, DATE};

use crate::Signer;

/// A smaller difference is left alone: services allow five minutes at least, and a `Date` has only whole seconds.
const TOLERATED: Duration = Duration::from_secs(4 * 60);
/// A longer exchange says too little: the answer may have been dated at its start or at its end.
const LONGEST_EXCHANGE: Duration = Duration::from_secs(60);

/// How far the clock that a signer reads is off, as the `Date` of answers tells. Clones share the estimate.
///
/// Install it with [`Signer::clock_skew`]; the layers feed it, and with other clients [`Attempt`](crate::Attempt) or
/// [`observe`](Self::observe) does. Each answer replaces the estimate: the service's time is compared with the midpoint
/// of sending and receiving, both read from the clock as it is, never from the corrected one. A difference under four
/// minutes counts as none.
///
/// Install it only where answers come over TLS, or from a network that is trusted: whoever can forge a `Date` can have
/// requests signed for another time.
#[derive(Clone, Default)]
pub struct ClockSkew(Arc<AtomicIsize>);

impl ClockSkew {
    /// No skew, until answers tell.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an answer that came from a service: its headers, and the uncorrected clock when the request was sent and
    /// when the answer's head came. `false` if nothing can be learnt from it: no `Date`, an `Age` (so that a cache
    /// answered), a clock that was set back in between, or more than a minute in between.
    pub fn observe(&self, headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> bool {
        let measured = measure(headers, sent, received);
        if let Some(seconds) = measured {
            let tolerated = seconds.unsigned_abs() as u64 <= TOLERATED.as_secs();
            self.0.store(if tolerated { 0 } else { seconds }, Ordering::Relaxed);
        }
        measured.is_some()
    }

    /// The estimate in seconds: positive where services are ahead of the clock, 0 for none.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.0.load(Ordering::Relaxed) as i64
    }

    /// What services hold the time to be when the clock says `time`.
    #[must_use]
    pub fn correct(&self, time: SystemTime) -> SystemTime {
        let seconds = self.seconds();
        let by = Duration::from_secs(seconds.unsigned_abs());
        let corrected = if seconds < 0 { time.checked_sub(by) } else { time.checked_add(by) };
        corrected.unwrap_or(time)
    }
}

impl fmt::Debug for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockSkew").field("seconds", &self.seconds()).finish()
    }
}

impl Signer {
    /// The same, signing for the time that services hold it to be, as `skew` learns it from their answers. Off unless
    /// installed; reading it takes no lock.
    #[must_use]
    pub fn clock_skew(self, skew: ClockSkew) -> Self {
        self.set(|settings| settings.clock_skew = Some(skew))
    }

    /// The clock as it is, without correction: what [`ClockSkew::observe`] must be given.
    #[must_use]
    pub fn uncorrected_now(&self) -> SystemTime {
        (self.settings().clock)()
    }

    pub(crate) fn corrected(&self, time: SystemTime) -> SystemTime {
        self.settings().clock_skew.as_ref().map_or(time, |skew| skew.correct(time))
    }
}

/// Whether two instants are further apart than services allow.
pub(crate) fn is_off(one: SystemTime, other: SystemTime) -> bool {
    let apart = one.duration_since(other).unwrap_or_else(|error| error.duration());
    apart > TOLERATED
}

/// Seconds that the service is ahead.
fn measure(headers: &HeaderMap, sent: SystemTime, received: SystemTime) -> Option<isize> {
    if headers.contains_key(AGE) {
        return None;
    }
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let took = received.duration_since(sent).ok().filter(|took| *took <= LONGEST_EXCHANGE)?;
    let midpoint = sent.checked_add(took / 2)?;
    // A date has its second cut off: half a second on average.
    let served = date.checked_add(Duration::from_millis(500))?;
    let milliseconds = match served.duration_since(midpoint) {
        Ok(ahead) => i128::try_from(ahead.as_millis()).ok()?,
        Err(behind) => -i128::try_from(behind.duration().as_millis()).ok()?,
    };
    isize::try_from(milliseconds.saturating_add(499).div_euclid(1_000)).ok()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderValue;
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

    #[test]
    fn compares_with_the_midpoint() {
        let skew = ClockSkew::new();
        assert!(skew.observe(&dated(NOON + 3_600), at(NOON - 10), at(NOON + 10)));
        assert_eq!(skew.seconds(), 3_600);
        assert_eq!(skew.correct(at(NOON)), at(NOON + 3_600));
        assert!(skew.observe(&dated(NOON - 3_600), at(NOON), at(NOON)));
        assert_eq!(skew.seconds(), -3_600);
    }

    #[test]
    fn heals_when_the_clock_is_set() {
        let skew = ClockSkew::new();
        assert!(skew.observe(&dated(NOON + 3_600), at(NOON), at(NOON)));
        assert!(skew.observe(&dated(NOON + 3_600), at(NOON + 3_400), at(NOON + 3_400)));
        assert_eq!(skew.seconds(), 0);
    }

    #[test]
    fn learns_nothing_from_what_says_nothing() {
        let skew = ClockSkew::new();
        let mut cached = dated(NOON + 3_600);
        cached.insert(AGE, HeaderValue::from_static("0"));
        let garbled = HeaderMap::from_iter([(DATE, HeaderValue::from_static("noon"))]);
        let late = dated(NOON + 3_600);
        assert!(!skew.observe(&cached, at(NOON), at(NOON)));
        assert!(!skew.observe(&garbled, at(NOON), at(NOON)));
        assert!(!skew.observe(&HeaderMap::new(), at(NOON), at(NOON)));
        assert!(!skew.observe(&late, at(NOON), at(NOON - 1)));
        assert!(!skew.observe(&late, at(NOON), at(NOON + 61)));
        assert_eq!(skew.seconds(), 0);
    }

    #[test]
    fn clones_share_the_estimate() {
        let skew = ClockSkew::new();
        skew.clone().observe(&dated(NOON + 3_600), at(NOON), at(NOON));
        assert_eq!(skew.seconds(), 3_600);
    }

    proptest! {
        /// Whenever in an exchange the service reads its clock, the estimate is off by half the exchange at most, and by
        /// what whole seconds hide.
        #[test]
        fn is_right_within_half_an_exchange(ahead in -1_000_000_000_i64..1_000_000_000, took in 0_u64..60_000, at_share in 0_u64..=1_000, fraction in 0_u64..1_000) {
            prop_assume!(ahead.abs() > 300);
            let sent = at(NOON) + Duration::from_millis(fraction);
            let served = sent + Duration::from_millis(took * at_share / 1_000);
            let says = served.duration_since(UNIX_EPOCH).unwrap().as_secs().checked_add_signed(ahead).unwrap();
            let skew = ClockSkew::new();
            prop_assert!(skew.observe(&dated(says), sent, sent + Duration::from_millis(took)));
            let error = Duration::from_secs(skew.seconds().abs_diff(ahead));
            prop_assert!(error <= Duration::from_millis(took / 2 + 1_000), "{error:?}");
        }
    }
}

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use awsauth_core::Protocol;
use http::header::HOST;

use crate::request::head::RequestHead;
use crate::request::timestamp::timestamp;

/// A smaller difference is not corrected: services allow at least five minutes, and a `Date` has only whole seconds.
pub(crate) const TOLERATED: Duration = Duration::from_secs(4 * 60);
/// A wrong day and a wrong time zone together. With a clock that is further off, certificates soon seem to be invalid.
const DEFAULT_LIMIT: Duration = Duration::from_secs(48 * 3_600);
/// How many hosts are remembered. Beyond that, the host that was learnt first is forgotten.
const MAX_HOSTS: usize = 64;

/// A correction of the clock that a signer reads, learnt from services that refuse a request for its time. Clones share what
/// is known.
///
/// Install it with [`Signer::clock_skew`](crate::Signer::clock_skew). The layers update it, and with other clients
/// [`Attempt`](crate::Attempt) does:
///
/// - **For each host by itself.** What one service says changes no request to another. 64 hosts are remembered. The same name
///   without TLS is another host.
/// - **Only from error responses:** those about time (`RequestTimeTooSkewed` and the like); as in AWS's SDKs, those that may
///   have a wrong clock as their cause (`SignatureDoesNotMatch`, or no code for a `HEAD`) if the response's time is more than
///   four minutes from the signed one; any other 400, 401 or 403 if it is more than the 15 minutes that AWS allows. The
///   service's time is its `<ServerTime>`, or else the response's `Date`. It is compared with the midpoint of sending and
///   receiving, both read from the uncorrected clock.
/// - **With a limit:** a difference of more than 48 hours, or what [`at_most`](Self::at_most) sets, is ignored. AWS's SDKs
///   have no such limit.
/// - **Revocably:** once the clock is set right, the next request is refused for its time, which revokes the correction; so
///   does an error response of that kind without a time.
///
/// Whoever can forge a response, as on a network without TLS, can have requests to that host signed for another time within
/// these limits.
#[doc(alias = "RequestTimeTooSkewed")]
#[derive(Clone)]
pub struct ClockSkew {
    hosts: Arc<ArcSwap<Vec<HostSkew>>>,
    limit: Duration,
}

/// How far the clock of a host is ahead.
#[derive(Clone)]
struct HostSkew {
    protocol: Protocol,
    host: Box<str>,
    seconds: i64,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub(crate) struct Peer<H> {
    protocol: Protocol,
    host: H,
}

impl ClockSkew {
    /// Returns a correction that knows of no difference yet.
    #[must_use]
    pub fn new() -> Self {
        Self { hosts: Arc::default(), limit: DEFAULT_LIMIT }
    }

    /// Sets the largest difference that is corrected. The default is 48 hours; devices that lose their time need more.
    #[must_use]
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Returns the correction for a request in seconds: positive if its host is ahead of the clock, 0 if there is none.
    #[must_use]
    pub fn seconds(&self, request: &impl RequestHead) -> i64 {
        let hosts = self.hosts.load();
        match hosts.is_empty() {
            true => 0,
            false => find(&hosts, &Peer::of(request)).map_or(0, |(_, known)| known.seconds),
        }
    }

    /// Returns the time by the clock of the request's host when the signer's clock says `time`.
    #[must_use]
    pub fn correct(&self, request: &impl RequestHead, time: SystemTime) -> SystemTime {
        // A time that no signature can state is not used.
        shifted(time, self.seconds(request)).filter(|time| timestamp(*time).is_ok()).unwrap_or(time)
    }

    /// Records how many seconds a host is ahead. Returns `false`, and records nothing, if that is beyond the limit.
    pub(crate) fn learn(&self, peer: &Peer<Box<str>>, seconds: i64) -> bool {
        if Duration::from_secs(seconds.unsigned_abs()) > self.limit {
            return false;
        }
        self.hosts.rcu(|hosts| {
            let mut hosts = Vec::clone(hosts);
            if let Some((place, _)) = find(&hosts, peer) {
                hosts.remove(place);
            }
            if Duration::from_secs(seconds.unsigned_abs()) > TOLERATED {
                if hosts.len() == MAX_HOSTS {
                    hosts.remove(0);
                }
                hosts.push(HostSkew { protocol: peer.protocol, host: peer.host.clone(), seconds });
            }
            hosts
        });
        true
    }

    /// Revokes the correction for a host. Returns `false` if there is none.
    pub(crate) fn forget(&self, peer: &Peer<Box<str>>) -> bool {
        find(&self.hosts.load(), peer).is_some() && self.learn(peer, 0)
    }
}

impl<'r> Peer<&'r str> {
    /// The host that the request is sent to, whatever host is signed.
    pub(crate) fn of(request: &'r impl RequestHead) -> Self {
        let header = || request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let host = request.authority().or_else(header).unwrap_or_default();
        Self { protocol: request.protocol().ok().flatten().unwrap_or_default(), host }
    }

    pub(crate) fn to_owned(&self) -> Peer<Box<str>> {
        Peer { protocol: self.protocol, host: self.host.into() }
    }
}

fn find<'h>(hosts: &'h [HostSkew], peer: &Peer<impl AsRef<str>>) -> Option<(usize, &'h HostSkew)> {
    let is_it = |known: &HostSkew| {
        known.protocol == peer.protocol && known.host.eq_ignore_ascii_case(peer.host.as_ref())
    };
    hosts.iter().enumerate().find(|(_, known)| is_it(known))
}

/// The time so many seconds later, or earlier.
pub(crate) fn shifted(time: SystemTime, seconds: i64) -> Option<SystemTime> {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { time.checked_sub(by) } else { time.checked_add(by) }
}

impl Default for ClockSkew {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockSkew").field("hosts", &self.hosts.load().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::Request;

    use super::*;

    const HOUR: i64 = 3_600;

    fn to(url: &str) -> Request<()> {
        Request::get(url).body(()).unwrap()
    }

    fn learn(skew: &ClockSkew, url: &str, seconds: i64) -> bool {
        skew.learn(&Peer::of(&to(url)).to_owned(), seconds)
    }

    #[test]
    fn each_host_has_its_own() {
        let skew = ClockSkew::new();
        assert!(
            learn(&skew, "https://a.example.com/k", HOUR)
                && learn(&skew.clone(), "https://b.example.com/", -HOUR)
        );
        for (url, seconds) in [
            ("https://a.example.com/other?x", HOUR),
            ("https://A.Example.com/", HOUR),
            ("https://b.example.com/", -HOUR),
            ("https://c.example.com/", 0),
            ("https://a.example.com:8443/", 0),
            ("http://a.example.com/", 0),
        ] {
            assert_eq!(skew.seconds(&to(url)), seconds, "{url}");
        }
        let noon = UNIX_EPOCH + Duration::from_secs(1_440_936_000);
        assert_eq!(skew.correct(&to("https://b.example.com/"), noon), noon - Duration::from_secs(3_600));
        let by_header = Request::get("/").header("host", "a.example.com").body(()).unwrap();
        assert_eq!(skew.seconds(&by_header), HOUR);
    }

    #[test]
    fn is_capped() {
        let url = "https://a.example.com/";
        let year_9999 = 251_961_363_599;
        for (skew, seconds, believed) in [
            (ClockSkew::new(), 48 * HOUR, true),
            (ClockSkew::new(), -48 * HOUR, true),
            (ClockSkew::new(), 48 * HOUR + 1, false),
            (ClockSkew::new(), year_9999, false),
            (ClockSkew::new(), i64::MAX, false),
            (ClockSkew::new(), i64::MIN, false),
            (ClockSkew::new().at_most(Duration::from_secs(60 * 60)), HOUR + 1, false),
            (ClockSkew::new().at_most(Duration::from_secs(u64::MAX)), year_9999, true),
        ] {
            assert_eq!(learn(&skew, url, seconds), believed, "{seconds}");
            assert_eq!(skew.seconds(&to(url)), if believed { seconds } else { 0 });
        }
        // And what no signature can say leaves the clock alone.
        for seconds in [i64::MIN, -1_440_936_001, year_9999 * 2, i64::MAX] {
            let skew = ClockSkew::new().at_most(Duration::MAX);
            assert!(learn(&skew, url, seconds));
            let noon = UNIX_EPOCH + Duration::from_secs(1_440_936_000);
            assert_eq!(skew.correct(&to(url), noon), noon, "{seconds}");
        }
    }

    #[test]
    fn what_is_tolerated_or_unknown_is_no_skew() {
        let (skew, url) = (ClockSkew::new(), "https://a.example.com/");
        let peer = Peer::of(&to(url)).to_owned();
        assert!(!skew.forget(&peer));
        assert!(learn(&skew, url, HOUR) && learn(&skew, url, 240));
        assert_eq!(skew.seconds(&to(url)), 0);
        assert!(learn(&skew, url, HOUR) && skew.forget(&peer));
        assert_eq!((skew.seconds(&to(url)), skew.hosts.load().len()), (0, 0));
    }

    #[test]
    fn no_number_of_hosts_takes_more_room() {
        let skew = ClockSkew::new();
        let url = |number: usize| format!("https://host-{number}.example.com/");
        for number in 0..1_000 {
            assert!(learn(&skew, &url(number), HOUR) && learn(&skew, &url(0), HOUR));
            assert!(skew.hosts.load().len() <= MAX_HOSTS);
        }
        for (number, seconds) in [(0, HOUR), (1, 0), (936, 0), (937, HOUR), (999, HOUR)] {
            assert_eq!(skew.seconds(&to(&url(number))), seconds, "{number}");
        }
    }
}

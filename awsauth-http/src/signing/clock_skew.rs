use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use awsauth_core::Protocol;
use http::header::HOST;

use crate::request::head::RequestHead;
use crate::request::timestamp::timestamp;

/// A smaller difference is left alone: services allow five minutes at least, and a `Date` has only whole seconds.
pub(crate) const TOLERATED: Duration = Duration::from_secs(4 * 60);
/// A wrong day and a wrong time zone together. A clock that is further off cannot check a certificate's dates for long.
const LARGEST: Duration = Duration::from_secs(48 * 3_600);
/// Hosts that are known to differ. Whoever asks more of them has those forgotten that were learnt first.
const MOST_HOSTS: usize = 64;

/// How far the clock that a signer reads is off, as services say when they refuse a request for its time. Clones share what
/// is known.
///
/// Install it with [`Signer::clock_skew`]; the layers feed it, and with other clients [`Attempt`](crate::Attempt) does:
///
/// - **Each host by itself.** What one service says moves no request to another; 64 hosts are remembered. The same name
///   without TLS is another host.
/// - **Only from refusals**: those that speak of time (`RequestTimeTooSkewed` and its like); as AWS's SDKs have it, those
///   that may come of a wrong clock (`SignatureDoesNotMatch`, none to a `HEAD`) where the answer's time is more than four
///   minutes from the one that was signed; any other 400, 401 or 403 where it is more than the 15 minutes that AWS
///   allows. The service's time is its `<ServerTime>`, or else the answer's `Date`, and is compared with the midpoint of
///   sending and receiving, both read from the clock as it is, never from the corrected one.
/// - **Capped**: what is further off than [`at_most`](Self::at_most), 48 hours, is not believed. AWS's SDKs have no such
///   limit.
/// - **It heals.** Once the clock is set, the next request is refused for its time, which takes the correction back; so
///   does a refusal of that kind that tells no time.
///
/// Whoever can forge an answer, as on a network without TLS, can have requests to that host signed for another time within
/// these limits.
#[derive(Clone)]
pub struct ClockSkew {
    hosts: Arc<ArcSwap<Vec<HostSkew>>>,
    largest: Duration,
}

/// What a host holds the time to be.
#[derive(Clone)]
struct HostSkew {
    protocol: Protocol,
    host: Box<str>,
    /// It is so far ahead.
    seconds: i64,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub(crate) struct Peer<H> {
    protocol: Protocol,
    host: H,
}

impl ClockSkew {
    /// No skew of any host, until refusals tell.
    #[must_use]
    pub fn new() -> Self {
        Self { hosts: Arc::default(), largest: LARGEST }
    }

    /// Sets how far off a clock can be and still be corrected, in place of 48 hours: for devices that have lost their time.
    #[must_use]
    pub fn at_most(mut self, largest: Duration) -> Self {
        self.largest = largest;
        self
    }

    /// The correction for a request, in seconds: positive where its host is ahead of the clock, 0 for none.
    #[must_use]
    pub fn seconds(&self, request: &impl RequestHead) -> i64 {
        let hosts = self.hosts.load();
        match hosts.is_empty() {
            true => 0,
            false => find(&hosts, &Peer::of(request)).map_or(0, |(_, known)| known.seconds),
        }
    }

    /// What a request's host holds the time to be when the clock says `time`.
    #[must_use]
    pub fn correct(&self, request: &impl RequestHead, time: SystemTime) -> SystemTime {
        // What no signature can say is no correction.
        shifted(time, self.seconds(request)).filter(|time| timestamp(*time).is_ok()).unwrap_or(time)
    }

    /// Takes in how many seconds a host is ahead. `false` if that is more than can be believed.
    pub(crate) fn learn(&self, peer: &Peer<Box<str>>, seconds: i64) -> bool {
        if Duration::from_secs(seconds.unsigned_abs()) > self.largest {
            return false;
        }
        self.hosts.rcu(|hosts| {
            let mut hosts = Vec::clone(hosts);
            if let Some((place, _)) = find(&hosts, peer) {
                hosts.remove(place);
            }
            if Duration::from_secs(seconds.unsigned_abs()) > TOLERATED {
                if hosts.len() == MOST_HOSTS {
                    hosts.remove(0);
                }
                hosts.push(HostSkew { protocol: peer.protocol, host: peer.host.clone(), seconds });
            }
            hosts
        });
        true
    }

    /// Takes the correction back. `false` if there is none.
    pub(crate) fn forget(&self, peer: &Peer<Box<str>>) -> bool {
        find(&self.hosts.load(), peer).is_some() && self.learn(peer, 0)
    }
}

impl<'r> Peer<&'r str> {
    /// By where it is sent, whatever host is signed.
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

/// So many seconds later, or earlier.
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
            assert!(skew.hosts.load().len() <= MOST_HOSTS);
        }
        for (number, seconds) in [(0, HOUR), (1, 0), (936, 0), (937, HOUR), (999, HOUR)] {
            assert_eq!(skew.seconds(&to(&url(number))), seconds, "{number}");
        }
    }
}

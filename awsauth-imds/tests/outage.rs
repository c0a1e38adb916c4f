//! `Imds` behind a `CachedProvider`: many callers, expiry, outage.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use awsauth_credentials::{CachedProvider, Clock, ErrorKind, ProvideCredentials};
use support::fake_imds::FakeImds;
use support::{Reply, at, provide};

const PUT: &str = "PUT /latest/api/token";
const LIST: &str = "GET /latest/meta-data/iam/security-credentials-extended/";
const DOCUMENT: &str = "GET /latest/meta-data/iam/security-credentials-extended/demo";
/// 2030-01-01T00:00:00Z, when the credentials of the fake service expire.
const EXPIRY: u64 = 1_893_456_000;

/// Both clocks in one hand.
#[derive(Debug, Clone)]
struct TestClock(Arc<Mutex<u64>>);

impl TestClock {
    fn starting(seconds: u64) -> Self {
        Self(Arc::new(Mutex::new(seconds)))
    }

    fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += seconds;
    }
}

impl Clock for TestClock {
    fn wall(&self) -> SystemTime {
        at(*self.0.lock().unwrap())
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(*self.0.lock().unwrap())
    }
}

fn cached(fake: &FakeImds, clock: &TestClock) -> CachedProvider {
    CachedProvider::new(fake.imds().clock(clock.clone())).clock(clock.clone()).random(|| 0_u64)
}

#[cfg(feature = "async")]
#[test]
fn a_thousand_tasks_cause_one_fetch() {
    let fake = FakeImds::start();
    fake.fault(PUT, Reply::Late(Duration::from_millis(200), Box::new(Reply::ok("token-1"))));
    let cached = Arc::new(CachedProvider::new(fake.imds().timeout(Duration::from_secs(30))));
    support::runtime().block_on(async {
        let callers: Vec<_> = (0..1_000)
            .map(|_| {
                let cached = Arc::clone(&cached);
                tokio::spawn(async move { cached.provide().await.unwrap() })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap().access_key_id(), "ASIAFIRST");
        }
    });
    assert_eq!(fake.server.take_lines(), [PUT, LIST, DOCUMENT]);
}

#[cfg(feature = "blocking")]
#[test]
fn a_thousand_threads_cause_one_fetch() {
    let fake = FakeImds::start();
    let cached = CachedProvider::new(fake.imds().timeout(Duration::from_secs(30)));
    let start = std::sync::Barrier::new(1_000);
    std::thread::scope(|scope| {
        for _ in 0..1_000 {
            let caller = || {
                start.wait();
                assert_eq!(cached.provide_blocking().unwrap().access_key_id(), "ASIAFIRST");
            };
            std::thread::Builder::new().stack_size(512 * 1024).spawn_scoped(scope, caller).unwrap();
        }
    });
    assert_eq!(fake.server.take_lines(), [PUT, LIST, DOCUMENT]);
}

#[test]
fn an_outage_after_expiry_leaves_the_old_credentials_and_one_try_per_back_off() {
    let fake = FakeImds::start();
    let clock = TestClock::starting(EXPIRY - 6 * 3_600);
    let cached = cached(&fake, &clock);
    let first = provide(&cached).unwrap();
    fake.server.take_lines();

    for outage in [Reply::status(500), Reply::Reset, Reply::ok("<html>")] {
        fake.fault("*", outage);
        clock.advance(12 * 3_600);
        for _ in 0..20 {
            assert!(provide(&cached).unwrap().same_as(&first));
        }
        assert_eq!(fake.server.take_lines().len(), 1, "one try, then silence");
        // The random source above gives the shortest back-off.
        clock.advance(299);
        assert!(provide(&cached).unwrap().same_as(&first));
        assert_eq!(fake.server.take_lines().len(), 0);
        clock.advance(2);
        assert!(provide(&cached).unwrap().same_as(&first));
        assert!(provide(&cached).unwrap().same_as(&first));
        assert_eq!(fake.server.take_lines().len(), 1);
    }

    fake.mend();
    fake.hand_out("ASIASECOND", "2040-01-01T00:00:00Z");
    clock.advance(601);
    assert_eq!(provide(&cached).unwrap().access_key_id(), "ASIASECOND");
}

#[test]
fn a_source_that_hangs_delays_nobody_but_the_one_who_asks() {
    let fake = FakeImds::start();
    let clock = TestClock::starting(EXPIRY - 6 * 3_600);
    let cached = cached(&fake, &clock);
    let first = provide(&cached).unwrap();
    fake.fault("*", Reply::Hang);
    fake.server.take_lines();
    // Inside the advisory window: one caller hangs for the second that a request may take.
    clock.advance(6 * 3_600 - 600);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| provide(&cached).unwrap());
        while fake.server.seen().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        for _ in 0..1_000 {
            assert!(cached.ready().is_some_and(|ready| ready.same_as(&first)));
        }
        assert!(provide(&cached).unwrap().same_as(&first));
        assert!(asking.join().unwrap().same_as(&first));
    });
    assert_eq!(fake.server.take_lines().len(), 1);
    assert_eq!(cached.last_failure().map(|error| error.kind()), Some(ErrorKind::TimedOut));
}

#[test]
fn expired_credentials_are_served_and_not_fetched_by_every_caller() {
    let fake = FakeImds::start();
    fake.hand_out("ASIAEXPIRED", "2029-12-31T00:00:00Z");
    let clock = TestClock::starting(EXPIRY);
    let cached = cached(&fake, &clock);
    for _ in 0..20 {
        assert_eq!(provide(&cached).unwrap().access_key_id(), "ASIAEXPIRED");
    }
    assert_eq!(fake.server.take_lines(), [PUT, LIST, DOCUMENT]);
    fake.hand_out("ASIALIVE", "2031-01-01T00:00:00Z");
    clock.advance(601);
    assert_eq!(provide(&cached).unwrap().access_key_id(), "ASIALIVE");
    assert_eq!(fake.server.take_lines(), [DOCUMENT]);
}

#[test]
fn refused_credentials_are_fetched_again() {
    let fake = FakeImds::start();
    let cached = CachedProvider::new(fake.imds());
    let first = provide(&cached).unwrap();
    fake.hand_out("ASIASECOND", "2030-01-01T00:00:00Z");
    cached.invalidate(&first);
    assert_eq!(provide(&cached).unwrap().access_key_id(), "ASIASECOND");
}

#[test]
fn months_of_service_renew_the_token_and_the_credentials() {
    let fake = FakeImds::start();
    let clock = TestClock::starting(EXPIRY);
    let cached = cached(&fake, &clock);
    let mut previous = None;
    for round in 1..=400_u64 {
        let name = format!("ASIA{round}");
        let expires = EXPIRY + round * 6 * 3_600;
        let expiration = awsauth_core::Timestamp::from_unix(expires).unwrap().extended();
        fake.hand_out(&name, expiration.as_str());
        let credentials = provide(&cached).unwrap();
        assert_eq!(credentials.access_key_id(), name);
        assert!(previous.is_none_or(|previous| previous < credentials.expires_at()));
        assert!(credentials.expires_at() > Some(clock.wall()));
        previous = Some(credentials.expires_at());
        clock.advance(if round == 1 { 6 * 3_600 - 30 } else { 6 * 3_600 });
    }
    let requests = fake.server.take_lines();
    let count = |line: &str| requests.iter().filter(|request| *request == line).count();
    assert_eq!((count(LIST), count(DOCUMENT)), (1, 400));
    assert_eq!(count(PUT), 400, "the token lives shorter than a round");
}

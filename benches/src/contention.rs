//! Cached credentials, read by one thread, by two, and by two while a refresh is under way.

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use core::time::Duration;
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::{Instant, SystemTime};

use awsauth_credentials::{
    CachedProvider, Clock, Credentials, CredentialsError, CredentialsFuture, ProvideCredentials, SystemClock,
};

use crate::case::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

/// Nanoseconds of a read, as one thread has it.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    /// Who reads.
    pub name: &'static str,
    /// The median round.
    pub median: f64,
    /// The fastest round.
    pub minimum: f64,
}

const READS: usize = 100_000;

/// Reads in `rounds` rounds.
///
/// # Panics
/// If a read finds no credentials, or the refresh does not last.
#[must_use]
pub fn reads(rounds: usize) -> [Read; 3] {
    let (release, held) = mpsc::channel::<()>();
    let refreshing = Arc::new(AtomicBool::new(false));
    let source = Source {
        refreshing: Arc::clone(&refreshing),
        held: std::sync::Mutex::new(held),
        first: AtomicBool::new(true),
    };
    let skipped = Arc::new(AtomicU64::new(0));
    let clock = Skipping { clock: SystemClock::new(), skipped: Arc::clone(&skipped) };
    let cached = Arc::new(CachedProvider::new(source).clock(clock));
    cached.provide_blocking().expect("the first fetch");
    let one = measure("1-thread", &cached, 1, rounds);
    let two = measure("2-threads", &cached, 2, rounds);
    // Into the advisory window, far from the mandatory one.
    skipped.store(50 * 60, SeqCst);
    let refresher = thread::spawn({
        let cached = Arc::clone(&cached);
        move || cached.provide_blocking()
    });
    while !refreshing.load(SeqCst) {
        assert!(!refresher.is_finished(), "nothing is refreshed");
        thread::yield_now();
    }
    let during = measure("2-threads-during-refresh", &cached, 2, rounds);
    assert!(!refresher.is_finished(), "the refresh has ended before the reads");
    drop(release);
    refresher.join().expect("no panic").expect("the second fetch");
    [one, two, during]
}

fn measure(name: &'static str, cached: &Arc<CachedProvider>, threads: usize, rounds: usize) -> Read {
    let barrier = Barrier::new(threads);
    let mut times: Vec<f64> = thread::scope(|scope| {
        let readers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| (0..rounds).map(|_| round(cached, &barrier)).collect::<Vec<_>>()))
            .collect();
        readers.into_iter().flat_map(|reader| reader.join().expect("no panic")).collect()
    });
    times.sort_by(f64::total_cmp);
    Read { name, median: times[times.len() / 2], minimum: times[0] }
}

#[allow(clippy::cast_precision_loss)]
fn round(cached: &CachedProvider, barrier: &Barrier) -> f64 {
    barrier.wait();
    let start = Instant::now();
    for _ in 0..READS {
        let credentials = cached.ready().expect("credentials");
        black_box(credentials.access_key_id());
    }
    start.elapsed().as_nanos() as f64 / READS as f64
}

/// The system's clocks, and some seconds more.
#[derive(Debug)]
struct Skipping {
    clock: SystemClock,
    skipped: Arc<AtomicU64>,
}

impl Skipping {
    fn more(&self) -> Duration {
        Duration::from_secs(self.skipped.load(SeqCst))
    }
}

impl Clock for Skipping {
    fn wall(&self) -> SystemTime {
        self.clock.wall() + self.more()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic() + self.more()
    }
}

/// Credentials for an hour; the second fetch takes until it is let go.
#[derive(Debug)]
struct Source {
    refreshing: Arc<AtomicBool>,
    held: std::sync::Mutex<mpsc::Receiver<()>>,
    first: AtomicBool,
}

impl ProvideCredentials for Source {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        if !self.first.swap(false, SeqCst) {
            self.refreshing.store(true, SeqCst);
            // Until the other end is dropped.
            let _ = self.held.lock().expect("no panic").recv();
        }
        let expires_at = SystemTime::now() + Duration::from_secs(3_600);
        Ok(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY).with_expiry(expires_at))
    }
}

use core::fmt::Debug;
use core::hash::BuildHasher;
use core::time::Duration;
use std::hash::RandomState;
use std::time::{Instant, SystemTime};

/// The two clocks that a [`CachedProvider`](crate::CachedProvider) goes by; tests bring their own.
///
/// Both count, and whichever says first that credentials age is believed: the wall clock runs on while a laptop
/// sleeps, and the monotonic one runs on when someone sets the wall clock back.
pub trait Clock: Debug + Send + Sync {
    /// The time of day.
    fn wall(&self) -> SystemTime;

    /// Time since some fixed instant; never goes backwards.
    fn monotonic(&self) -> Duration;
}

/// The operating system's clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// Starts the monotonic clock at zero.
    #[must_use]
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// Where a [`CachedProvider`](crate::CachedProvider) draws the spread of its retries from, so that a fleet which
/// lost its source does not come back all at once. Any `Fn() -> u64` is one; it need not be cryptographic.
pub trait Random: Send + Sync {
    /// 64 bits, evenly spread.
    fn next_u64(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync> Random for F {
    fn next_u64(&self) -> u64 {
        self()
    }
}

/// The seed the standard library draws for each hash map.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        RandomState::new().hash_one(0_u8)
    }
}

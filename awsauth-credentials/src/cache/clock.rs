use core::fmt::Debug;
use core::hash::BuildHasher;
use core::time::Duration;
use std::hash::RandomState;
use std::time::{Instant, SystemTime};

/// The two clocks by which a [`CachedProvider`](crate::CachedProvider) renews credentials. Tests bring their own.
///
/// A time limit is over as soon as either clock says so: the wall clock goes on while a laptop sleeps, and the monotonic one
/// goes on when someone sets the wall clock back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a clock",
    note = "pass a `SystemClock`, or a type of your own that implements `Clock`"
)]
pub trait Clock: Debug + Send + Sync {
    /// Returns the time of day.
    fn wall(&self) -> SystemTime;

    /// Returns the time since some fixed instant, which never goes backwards.
    fn monotonic(&self) -> Duration;
}

/// The clocks of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// Returns the clocks, with the monotonic one at zero.
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

/// The random numbers by which a [`CachedProvider`](crate::CachedProvider) spreads its retries, so that a fleet whose source
/// failed does not come back all at once. Any `Fn() -> u64` implements it; it need not be cryptographic.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of random numbers",
    note = "pass a `SystemRandom`, or a function such as `|| 0_u64`"
)]
pub trait Random: Send + Sync {
    /// Returns 64 uniformly distributed bits.
    fn next_u64(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync> Random for F {
    fn next_u64(&self) -> u64 {
        self()
    }
}

/// The random numbers with which the standard library seeds hash maps.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        RandomState::new().hash_one(0_u8)
    }
}

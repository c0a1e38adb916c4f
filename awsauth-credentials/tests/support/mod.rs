//! A clock that is set by hand, and a source that does as it is told. Not every test binary uses all of it.
#![allow(dead_code)]

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_credentials::{
    CachedProvider, Clock, Credentials, CredentialsError, CredentialsFuture, ErrorKind, ProvideCredentials,
};

pub const HOUR: Duration = Duration::from_secs(3_600);
pub const SECOND: Duration = Duration::from_secs(1);

/// Retries come after 300 s.
pub fn cached(source: &Source, clock: &TestClock) -> Arc<CachedProvider> {
    Arc::new(CachedProvider::new(source.clone()).clock(clock.clone()).random(|| 0))
}

pub fn id(provider: &CachedProvider) -> String {
    provider.provide_blocking().unwrap().access_key_id().to_owned()
}

#[derive(Debug, Clone)]
pub struct TestClock(Arc<Mutex<(SystemTime, Duration)>>);

impl TestClock {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new((UNIX_EPOCH + 500_000 * HOUR, Duration::ZERO))))
    }

    pub fn advance(&self, by: Duration) {
        let mut clocks = self.0.lock().unwrap();
        clocks.0 += by;
        clocks.1 += by;
    }

    pub fn advance_wall(&self, by: Duration) {
        self.0.lock().unwrap().0 += by;
    }

    pub fn set_wall_back(&self, by: Duration) {
        self.0.lock().unwrap().0 -= by;
    }
}

impl Clock for TestClock {
    fn wall(&self) -> SystemTime {
        self.0.lock().unwrap().0
    }

    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap().1
    }
}

/// Credentials `AKID1`, `AKID2` and so on, good for `lifetime` by the test's clock.
#[derive(Debug, Clone)]
pub struct Source {
    clock: TestClock,
    fetches: Arc<AtomicUsize>,
    lifetime: Arc<Mutex<Option<Duration>>>,
    down: Arc<Mutex<bool>>,
    /// A fetch ends when there is a permit.
    gate: Option<Arc<tokio::sync::Semaphore>>,
}

impl Source {
    pub fn new(clock: &TestClock, lifetime: Option<Duration>) -> Self {
        Self {
            clock: clock.clone(),
            fetches: Arc::default(),
            lifetime: Arc::new(Mutex::new(lifetime)),
            down: Arc::default(),
            gate: None,
        }
    }

    /// Fetches hang until `open`ed.
    pub fn gated(self) -> Self {
        Self { gate: Some(Arc::new(tokio::sync::Semaphore::new(0))), ..self }
    }

    pub fn open(&self, fetches: usize) {
        self.gate.as_ref().unwrap().add_permits(fetches);
    }

    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    pub fn set_down(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }

    pub fn set_lifetime(&self, lifetime: Option<Duration>) {
        *self.lifetime.lock().unwrap() = lifetime;
    }

    fn answer(&self, fetch: usize) -> Result<Credentials, CredentialsError> {
        if *self.down.lock().unwrap() {
            return Err(CredentialsError::new(
                "test source",
                ErrorKind::Unreachable,
                format!("fetch {fetch}"),
            ));
        }
        let credentials = Credentials::new(format!("AKID{fetch}"), "secret");
        Ok(match *self.lifetime.lock().unwrap() {
            Some(lifetime) => credentials.with_expiry(self.clock.wall() + lifetime),
            None => credentials,
        })
    }
}

impl ProvideCredentials for Source {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let fetch = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            if let Some(gate) = &self.gate {
                gate.acquire().await.unwrap().forget();
            }
            self.answer(fetch)
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        let fetch = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(gate) = &self.gate {
            loop {
                match gate.try_acquire() {
                    Ok(permit) => break permit.forget(),
                    Err(_) => std::thread::sleep(Duration::from_millis(1)),
                }
            }
        }
        self.answer(fetch)
    }
}

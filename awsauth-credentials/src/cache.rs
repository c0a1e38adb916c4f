use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwapOption;

use crate::credentials::Credentials;
use crate::error::CredentialsError;
use crate::provider::{CredentialsFuture, ProvideCredentials};

mod clock;
mod copies;
mod lifecycle;
mod waiters;

pub use clock::{Clock, Random, SystemClock, SystemRandom};
use copies::Copies;
use lifecycle::{Decision, Lifecycle, NewValue, Now, Ticket, back_off};
use waiters::Waiters;

/// Caches the credentials of another provider (its source) and renews them in time.
///
/// | time until expiry | what callers get |
/// |---|---|
/// | more than the advisory window | the cached credentials; no lock is taken |
/// | advisory window: 5 min if the credentials had 20 min or less left when fetched, 15 min if under 90 min, else 60 min | one caller refreshes in its own call, all others get the cached credentials without waiting |
/// | mandatory window: 60 s | one caller refreshes, all others wait for it |
///
/// - **After a failed refresh** callers get the old credentials, even expired ones. One caller tries again after a random
///   300 to 600 s, and nobody waits for it. [`last_failure`](Self::last_failure) returns the error. The same goes for a
///   source that returns expired credentials.
/// - **The first fetch** is never delayed: if it fails, those who waited get the error, and the next caller tries again.
/// - **A source without newer credentials**, whose response is already inside a window, is called again when the mandatory
///   window begins, or at expiry.
/// - **Refused credentials** ([`invalidate`](ProvideCredentials::invalidate)) are fetched again by the next caller,
///   once; if the source returns the same ones, it is not called for 300 to 600 s, as after a failure.
///
/// Async and blocking callers share one state. There is no background task: a refresh runs in the call of one caller.
/// Dropping that caller's future lets the next caller refresh; a future that is kept but not polled blocks the refresh. The
/// source must limit its own time. In async code call only `provide`: `provide_blocking` on an executor's thread can wait for a
/// future that this very thread should poll.
///
/// ```
/// use awsauth_credentials::{CachedProvider, Credentials, ProvideCredentials, StaticProvider};
///
/// let source = StaticProvider::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let cached = CachedProvider::new(source);
/// assert!(cached.ready().is_none());
/// let credentials = cached.provide_blocking()?;
/// assert!(cached.ready().is_some_and(|ready| ready.same_as(&credentials)));
/// # Ok::<(), awsauth_credentials::CredentialsError>(())
/// ```
pub struct CachedProvider {
    source: Box<dyn ProvideCredentials>,
    clock: Box<dyn Clock>,
    random: Box<dyn Random>,
    published: ArcSwapOption<Snapshot>,
    state: Mutex<State>,
    refresh_ended: Condvar,
}

/// The credentials that readers get without a lock, while the wall clock is in `from..until` (since the epoch).
struct Snapshot {
    copies: Arc<Copies>,
    from: Duration,
    until: Duration,
}

/// Readers look at the wall clock alone, and at both clocks this often: a wall clock that is set back by less goes
/// unnoticed for no longer than this, and one set back by more leaves the published span at once.
const BOTH_CLOCKS_READ_EVERY: Duration = Duration::from_secs(10);

#[derive(Default)]
struct State {
    lifecycle: Lifecycle<Arc<Copies>>,
    last_failure: Option<(Ticket, CredentialsError)>,
    waiters: Waiters,
}

impl State {
    /// The error for those who waited for this refresh, if it was a first fetch that failed.
    fn failure_of(&self, ticket: Ticket) -> Option<CredentialsError> {
        match &self.last_failure {
            Some((failed, error)) if *failed >= ticket && self.lifecycle.held().is_none() => {
                Some(error.clone())
            }
            _ => None,
        }
    }
}

impl CachedProvider {
    /// Returns a cache of the credentials of `source`, by the clocks of the operating system.
    pub fn new(source: impl ProvideCredentials + 'static) -> Self {
        Self {
            source: Box::new(source),
            clock: Box::new(SystemClock::new()),
            random: Box::new(SystemRandom),
            published: ArcSwapOption::empty(),
            state: Mutex::default(),
            refresh_ended: Condvar::new(),
        }
    }

    /// Sets the clocks that decide when credentials are renewed, instead of the operating system's: for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the source of the random pauses after a failed refresh, instead of the operating system's. With this and
    /// [`clock`](Self::clock) fixed, the cache is deterministic: for tests.
    #[must_use]
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.random = Box::new(random);
        self
    }

    /// Returns the error of the last fetch, for logs; `None` if it succeeded, or there was none yet.
    #[must_use]
    pub fn last_failure(&self) -> Option<CredentialsError> {
        self.state().last_failure.as_ref().map(|(_, error)| error.clone())
    }

    fn step(&self) -> Step<'_> {
        if let Some(credentials) = self.published_now() {
            return Step::Serve(credentials);
        }
        let now = self.now();
        let mut state = self.state();
        match state.lifecycle.decide(now) {
            Decision::Serve(held) => {
                self.publish(&state, now);
                Step::Serve(held.get().clone())
            }
            Decision::Wait(ticket) => Step::Wait(ticket),
            Decision::Refresh(ticket) => {
                self.publish(&state, now);
                Step::Refresh(RefreshSlot { cache: self, ticket, open: true })
            }
        }
    }

    /// Lock-free, on one clock reading.
    fn published_now(&self) -> Option<Credentials> {
        let published = self.published.load();
        let published = published.as_ref()?;
        let wall = since_epoch(self.clock.wall());
        (published.from <= wall && wall < published.until).then(|| published.copies.get().clone())
    }

    /// Lets readers have what is held for as long as the lifecycle says, or sends them to the lock.
    fn publish(&self, state: &State, now: Now) {
        self.published.store(state.lifecycle.serves(now).map(|(held, span)| {
            Arc::new(Snapshot {
                copies: Arc::clone(held),
                from: now.wall,
                until: now.wall.saturating_add(span.min(BOTH_CLOCKS_READ_EVERY)),
            })
        }));
    }

    fn end_refresh(&self, mut state: MutexGuard<'_, State>) {
        let wakers = state.waiters.take();
        drop(state);
        self.refresh_ended.notify_all();
        wakers.into_values().for_each(Waker::wake);
    }

    fn now(&self) -> Now {
        Now { wall: since_epoch(self.clock.wall()), monotonic: self.clock.monotonic() }
    }

    /// Held for moments only: never while a source fetches. A panic elsewhere leaves the state whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProvideCredentials for CachedProvider {
    fn ready(&self) -> Option<Credentials> {
        self.published_now().or_else(|| {
            let now = self.now();
            let state = self.state();
            let credentials = state.lifecycle.serves(now)?.0.get().clone();
            self.publish(&state, now);
            Some(credentials)
        })
    }

    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async move {
            loop {
                match self.step() {
                    Step::Serve(credentials) => return Ok(credentials),
                    Step::Refresh(slot) => {
                        let result = self.source.provide().await;
                        return slot.finish(result);
                    }
                    Step::Wait(ticket) => {
                        RefreshEnd { cache: self, ticket, key: None }.await;
                        if let Some(error) = self.state().failure_of(ticket) {
                            return Err(error);
                        }
                    }
                }
            }
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        loop {
            match self.step() {
                Step::Serve(credentials) => return Ok(credentials),
                Step::Refresh(slot) => {
                    let result = self.source.provide_blocking();
                    return slot.finish(result);
                }
                Step::Wait(ticket) => {
                    let state = self
                        .refresh_ended
                        .wait_while(self.state(), |state| state.lifecycle.is_in_flight(ticket))
                        .unwrap_or_else(PoisonError::into_inner);
                    if let Some(error) = state.failure_of(ticket) {
                        return Err(error);
                    }
                }
            }
        }
    }

    fn invalidate(&self, refused: &Credentials) {
        let now = self.now();
        let mut state = self.state();
        let is_held = state.lifecycle.held().is_some_and(|held| held.get().has_same_content(refused));
        if is_held && state.lifecycle.invalidate() {
            self.publish(&state, now);
            drop(state);
            self.source.invalidate(refused);
        }
    }
}

impl fmt::Debug for CachedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedProvider").field("source", &self.source).finish_non_exhaustive()
    }
}

enum Step<'a> {
    Serve(Credentials),
    Refresh(RefreshSlot<'a>),
    Wait(Ticket),
}

/// The right to refresh; given back when dropped, be it by a cancelled future or a panicking source.
struct RefreshSlot<'a> {
    cache: &'a CachedProvider,
    ticket: Ticket,
    open: bool,
}

impl RefreshSlot<'_> {
    fn finish(
        mut self,
        result: Result<Credentials, CredentialsError>,
    ) -> Result<Credentials, CredentialsError> {
        let cache = self.cache;
        let now = cache.now();
        let pause = back_off(cache.random.next_u64());
        let mut state = cache.state();
        self.open = false;
        let result = match result {
            Ok(credentials) => {
                let expires_at = credentials.expires_at().map(since_epoch);
                let unchanged =
                    state.lifecycle.held().is_some_and(|held| held.get().has_same_content(&credentials));
                let value = Arc::new(Copies::new(&credentials));
                let fetched = NewValue { value, expires_at, unchanged };
                state.last_failure = None;
                Ok(state.lifecycle.fetched(self.ticket, now, fetched, pause).get().clone())
            }
            Err(error) => {
                state.last_failure = Some((self.ticket, error.clone()));
                state.lifecycle.failed(self.ticket, now, pause).map(|held| held.get().clone()).ok_or(error)
            }
        };
        cache.publish(&state, now);
        cache.end_refresh(state);
        result
    }
}

impl Drop for RefreshSlot<'_> {
    fn drop(&mut self) {
        if self.open {
            let now = self.cache.now();
            let mut state = self.cache.state();
            state.lifecycle.cancelled(self.ticket);
            self.cache.publish(&state, now);
            self.cache.end_refresh(state);
        }
    }
}

struct RefreshEnd<'a> {
    cache: &'a CachedProvider,
    ticket: Ticket,
    key: Option<u64>,
}

impl Future for RefreshEnd<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waiter = self.get_mut();
        let mut state = waiter.cache.state();
        if !state.lifecycle.is_in_flight(waiter.ticket) {
            return Poll::Ready(());
        }
        let replaced = state.waiters.register(&mut waiter.key, context.waker());
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for RefreshEnd<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let removed = self.cache.state().waiters.remove(key);
            drop(removed);
        }
    }
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

//! When credentials are fetched, and by which caller: a state machine without clock, lock or credentials.

use core::time::Duration;

/// Callers wait for a refresh once less than this is left.
pub(super) const MANDATORY_WINDOW: Duration = Duration::from_secs(60);

/// The shortest advisory window; see [`advisory_window`].
pub(super) const SHORTEST_ADVISORY_WINDOW: Duration = Duration::from_secs(5 * 60);

/// A source is not called more often, however soon its credentials expire.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// How long before expiry a refresh is due, given the time that the credentials have left when fetched.
pub(super) fn advisory_window(remaining: Duration) -> Duration {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    if remaining <= minutes(20) {
        SHORTEST_ADVISORY_WINDOW
    } else if remaining < minutes(90) {
        minutes(15)
    } else {
        minutes(60)
    }
}

/// How long a source that failed is left alone: 300 to 600 s, to the millisecond.
pub(super) fn back_off(random: u64) -> Duration {
    Duration::from_millis(300_000 + random % 300_001)
}

/// One reading of both clocks: the wall clock since the Unix epoch, the monotonic one since its own origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Now {
    pub(super) wall: Duration,
    pub(super) monotonic: Duration,
}

/// Names one refresh, so that a late or cancelled one is not taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// What a caller is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision<T> {
    /// Use this value.
    Serve(T),
    /// Fetch from the source, then report with this ticket.
    Refresh(Ticket),
    /// Wait until the refresh of this ticket has ended, then decide again.
    Wait(Ticket),
}

#[derive(Debug, Clone)]
pub(super) struct Lifecycle<T> {
    held: Option<Entry<T>>,
    /// Whether a service refused the held value.
    refused: bool,
    /// Whether the last refresh brought nothing better: there is no point in waiting for the next.
    failing: bool,
    not_before: Option<Deadline>,
    in_flight: Option<Ticket>,
    last_ticket: u64,
}

#[derive(Debug, Clone)]
struct Entry<T> {
    value: T,
    /// `None` if it does not expire.
    windows: Option<Windows>,
}

#[derive(Debug, Clone, Copy)]
struct Windows {
    advisory: Deadline,
    mandatory: Deadline,
    expiry: Deadline,
}

impl<T> Default for Lifecycle<T> {
    fn default() -> Self {
        Self { held: None, refused: false, failing: false, not_before: None, in_flight: None, last_ticket: 0 }
    }
}

impl<T: Clone> Lifecycle<T> {
    /// What a caller does now. `Refresh` takes the one slot, until `fetched`, `failed` or `cancelled`.
    pub(super) fn decide(&mut self, now: Now) -> Decision<T> {
        match (&self.held, self.in_flight) {
            (None, Some(ticket)) => Decision::Wait(ticket),
            (Some(held), Some(ticket)) if self.must_wait(held, now) => Decision::Wait(ticket),
            (Some(held), None) if !self.is_due(held, now) => Decision::Serve(held.value.clone()),
            (Some(held), Some(_)) => Decision::Serve(held.value.clone()),
            (_, None) => {
                self.last_ticket = self.last_ticket.wrapping_add(1);
                self.in_flight = Some(Ticket(self.last_ticket));
                Decision::Refresh(Ticket(self.last_ticket))
            }
        }
    }

    /// The value that every caller gets, and for how long if nothing is reported; `None` if `decide` would not serve it.
    pub(super) fn serves(&self, now: Now) -> Option<(&T, Duration)> {
        let held = self.held.as_ref()?;
        let until = |deadline: Deadline| deadline.remaining(now);
        let span = match (self.in_flight, held.windows) {
            _ if self.in_flight.is_some() && self.must_wait(held, now) => return None,
            (Some(_), Some(windows)) if !self.failing => until(windows.mandatory),
            (Some(_), _) => Duration::MAX,
            _ if self.is_due(held, now) => return None,
            (None, None) if !self.refused => Duration::MAX,
            (None, windows) => {
                let due = windows.filter(|_| !self.refused).map_or(Duration::ZERO, |w| until(w.advisory));
                due.max(self.not_before.map_or(Duration::ZERO, until))
            }
        };
        Some((&held.value, span))
    }

    /// The held value, whether or not it may be served.
    pub(super) fn held(&self) -> Option<&T> {
        self.held.as_ref().map(|held| &held.value)
    }

    /// The source returned a value. Returns the one to serve: the held one, if the new one has expired and it has not.
    pub(super) fn fetched(
        &mut self,
        ticket: Ticket,
        now: Now,
        fetched: NewValue<T>,
        back_off: Duration,
    ) -> T {
        let remaining = fetched.expires_at.map(|at| at.saturating_sub(now.wall));
        let expired = remaining == Some(Duration::ZERO);
        if let Some(held) = &self.held
            && expired
            && !self.refused
            && held.windows.is_none_or(|windows| !windows.expiry.has_passed(now))
        {
            let value = held.value.clone();
            self.failed(ticket, now, back_off);
            return value;
        }
        self.release(ticket);
        self.refused &= fetched.unchanged;
        self.failing = self.refused || expired;
        let pause = if self.failing { Some(back_off) } else { remaining.and_then(pause_after) };
        self.not_before = pause.map(|pause| Deadline::after(now, pause));
        let windows = fetched.expires_at.map(|at| Windows::new(at, now));
        // An equal value does not take the old one's place: caches elsewhere know that one by identity.
        let value = match self.held.take() {
            Some(held) if fetched.unchanged => held.value,
            _ => fetched.value,
        };
        self.held = Some(Entry { value: value.clone(), windows });
        value
    }

    /// The source failed. The held value is still served; the first fetch is never rate-limited.
    pub(super) fn failed(&mut self, ticket: Ticket, now: Now, back_off: Duration) -> Option<T> {
        self.release(ticket);
        let held = self.held.as_ref()?;
        self.failing = true;
        self.not_before = Some(Deadline::after(now, back_off));
        Some(held.value.clone())
    }

    /// The caller who was to refresh went away: the next one does.
    pub(super) fn cancelled(&mut self, ticket: Ticket) {
        self.release(ticket);
    }

    /// A service refused the held value: makes a refresh due at once, once for each set of credentials.
    /// Returns whether this was the first time.
    pub(super) fn invalidate(&mut self) -> bool {
        if self.refused || self.held.is_none() {
            return false;
        }
        self.refused = true;
        self.failing = false;
        self.not_before = None;
        true
    }

    pub(super) fn is_in_flight(&self, ticket: Ticket) -> bool {
        self.in_flight == Some(ticket)
    }

    fn is_due(&self, held: &Entry<T>, now: Now) -> bool {
        (self.refused || held.windows.is_some_and(|windows| windows.advisory.has_passed(now)))
            && self.not_before.is_none_or(|deadline| deadline.has_passed(now))
    }

    fn must_wait(&self, held: &Entry<T>, now: Now) -> bool {
        !self.failing
            && (self.refused || held.windows.is_some_and(|windows| windows.mandatory.has_passed(now)))
    }

    fn release(&mut self, ticket: Ticket) {
        if self.in_flight == Some(ticket) {
            self.in_flight = None;
        }
    }
}

/// A value that a source returned.
#[derive(Debug)]
pub(super) struct NewValue<T> {
    pub(super) value: T,
    /// Since the epoch.
    pub(super) expires_at: Option<Duration>,
    /// Equal to the held value.
    pub(super) unchanged: bool,
}

impl Windows {
    fn new(expires_at: Duration, now: Now) -> Self {
        let remaining = expires_at.saturating_sub(now.wall);
        let before_expiry = |window| Deadline {
            wall: expires_at.saturating_sub(window),
            monotonic: now.monotonic.saturating_add(remaining.saturating_sub(window)),
        };
        Self {
            advisory: before_expiry(advisory_window(remaining)),
            mandatory: before_expiry(MANDATORY_WINDOW),
            expiry: before_expiry(Duration::ZERO),
        }
    }
}

/// When to call a source again whose response is already inside a window: it has nothing newer yet. Never after expiry.
fn pause_after(remaining: Duration) -> Option<Duration> {
    if remaining <= MANDATORY_WINDOW {
        Some(remaining.max(SHORTEST_PAUSE))
    } else if remaining <= SHORTEST_ADVISORY_WINDOW {
        Some(remaining.saturating_sub(MANDATORY_WINDOW))
    } else {
        None
    }
}

/// A moment on both clocks, past as soon as either says so.
#[derive(Debug, Clone, Copy)]
struct Deadline {
    wall: Duration,
    monotonic: Duration,
}

impl Deadline {
    fn after(now: Now, delay: Duration) -> Self {
        Self { wall: now.wall.saturating_add(delay), monotonic: now.monotonic.saturating_add(delay) }
    }

    fn remaining(self, now: Now) -> Duration {
        self.wall.saturating_sub(now.wall).min(self.monotonic.saturating_sub(now.monotonic))
    }

    fn has_passed(self, now: Now) -> bool {
        self.remaining(now).is_zero()
    }
}

#[cfg(test)]
mod tests;

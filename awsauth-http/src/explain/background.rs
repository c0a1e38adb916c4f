//! Runs work on a thread of its own, for async callers of any runtime.

use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What the thread and the waiting future share.
struct Shared<T> {
    outcome: Option<T>,
    /// The thread has ended, with an outcome or by a panic.
    ended: bool,
    waker: Option<Waker>,
}

/// Wakes the waiting future when the thread ends, even by a panic.
struct WakeOnDrop<T>(Arc<Mutex<Shared<T>>>);

/// Returns the outcome of `work`. If no thread can be started, the work runs here.
pub(super) async fn run<T: Send + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> T {
    let work = Arc::new(work);
    let shared = Arc::new(Mutex::new(Shared { outcome: None, ended: false, waker: None }));
    let (wake, thread_work) = (WakeOnDrop(Arc::clone(&shared)), Arc::clone(&work));
    let started = thread::Builder::new().name("awsauth-explain".to_owned()).spawn(move || {
        let outcome = thread_work();
        lock(&wake.0).outcome = Some(outcome);
    });
    if started.is_err() {
        return work();
    }
    let outcome = poll_fn(|context| {
        let mut shared = lock(&shared);
        if !shared.ended {
            shared.waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(shared.outcome.take())
    });
    match outcome.await {
        Some(outcome) => outcome,
        None => work(),
    }
}

fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Drop for WakeOnDrop<T> {
    fn drop(&mut self) {
        let mut shared = lock(&self.0);
        shared.ended = true;
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_work_runs_on_another_thread() {
        let here = thread::current().id();
        let (there, name) =
            run(|| (thread::current().id(), thread::current().name().map(str::to_owned))).await;
        assert_ne!(there, here);
        assert_eq!(name.as_deref(), Some("awsauth-explain"));
        let all = (0..20).map(|number| tokio::spawn(run(move || number * 2)));
        for (number, outcome) in all.enumerate() {
            assert_eq!(outcome.await.unwrap(), number * 2);
        }
    }

    #[tokio::test]
    async fn dropping_the_future_is_safe() {
        let waiting = tokio::spawn(run(|| thread::sleep(core::time::Duration::from_millis(20))));
        waiting.abort();
        assert!(waiting.await.is_err());
    }
}

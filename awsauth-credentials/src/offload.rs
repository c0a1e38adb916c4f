//! Blocking work for async callers, on a thread of its own: rare enough here to need no pool and no executor.

use core::future::Future;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A flag for the work, set once nobody waits for it any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// For blocking callers, who stay.
    pub(crate) fn never() -> Self {
        Self::default()
    }

    #[cfg(feature = "process")]
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs `work` on a new thread. The future returns `None` if no thread could be started or the work panicked.
pub(crate) fn offload<T: Send + 'static>(
    work: impl FnOnce(&CancelFlag) -> T + Send + 'static,
) -> OffloadFuture<T> {
    let cancelled = CancelFlag::default();
    let reply = Arc::new(Mutex::new(Reply { value: None, ended: false, waker: None }));
    let worker = Worker(Arc::clone(&reply));
    let flag = cancelled.clone();
    // Where the spawn fails, the closure and with it the worker are dropped: that ends the reply.
    let _ = std::thread::Builder::new().name("awsauth-credentials".to_owned()).spawn(move || {
        let value = work(&flag);
        lock(&worker.0).value = Some(value);
    });
    OffloadFuture { reply, cancelled }
}

pub(crate) struct OffloadFuture<T> {
    reply: Arc<Mutex<Reply<T>>>,
    cancelled: CancelFlag,
}

struct Reply<T> {
    value: Option<T>,
    ended: bool,
    waker: Option<Waker>,
}

struct Worker<T>(Arc<Mutex<Reply<T>>>);

impl<T> Future for OffloadFuture<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut reply = lock(&self.reply);
        if reply.ended {
            return Poll::Ready(reply.value.take());
        }
        let replaced = reply.waker.replace(context.waker().clone());
        drop(reply);
        drop(replaced);
        Poll::Pending
    }
}

impl<T> Drop for OffloadFuture<T> {
    fn drop(&mut self) {
        self.cancelled.0.store(true, Ordering::Relaxed);
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        let mut reply = lock(&self.0);
        reply.ended = true;
        let waker = reply.waker.take();
        drop(reply);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn lock<T>(reply: &Mutex<Reply<T>>) -> MutexGuard<'_, Reply<T>> {
    reply.lock().unwrap_or_else(PoisonError::into_inner)
}

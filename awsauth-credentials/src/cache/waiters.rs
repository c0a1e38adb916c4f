use core::task::Waker;
use std::collections::BTreeMap;

/// The wakers of futures that wait for a refresh. A future keeps its key, so that polling it again replaces its
/// waker and dropping it takes the waker out.
///
/// Methods return the wakers that they remove, so that the caller drops them outside the lock: dropping one can drop the
/// future of a whole task.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    wakers: BTreeMap<u64, Waker>,
    next_key: u64,
}

impl Waiters {
    pub(super) fn register(&mut self, key: &mut Option<u64>, waker: &Waker) -> Option<Waker> {
        let key = *key.get_or_insert_with(|| {
            self.next_key = self.next_key.wrapping_add(1);
            self.next_key
        });
        self.wakers.insert(key, waker.clone())
    }

    pub(super) fn remove(&mut self, key: u64) -> Option<Waker> {
        self.wakers.remove(&key)
    }

    /// Removes and returns all wakers.
    pub(super) fn take(&mut self) -> BTreeMap<u64, Waker> {
        core::mem::take(&mut self.wakers)
    }
}

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::credentials::Credentials;

/// As many threads can clone one set of credentials without getting in each other's way.
const COPIES: usize = 8;

/// One set of credentials, as copies that are counted apart: threads take theirs by turns.
#[derive(Debug)]
pub(super) struct Copies([Credentials; COPIES]);

impl Copies {
    pub(super) fn new(credentials: &Credentials) -> Self {
        Self(core::array::from_fn(|_| credentials.counted_apart()))
    }

    /// The copy for this thread.
    pub(super) fn get(&self) -> &Credentials {
        let [first, ..] = &self.0;
        self.0.get(thread_number() % COPIES).unwrap_or(first)
    }
}

fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    // Zero will do on a thread that is ending.
    NUMBER.try_with(|number| *number).unwrap_or(0)
}

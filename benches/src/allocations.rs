//! Counts heap allocations, and costs next to nothing while it does not.

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::alloc::System;

/// The system's allocator with a count of what it is asked for: install it as `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

static ON: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Allocations and reallocations, of all threads, while `job` runs.
///
/// # Panics
/// If [`Counting`] is not the global allocator: its zero would be none.
pub fn count(job: impl FnOnce()) -> u64 {
    let counted = |job: &mut dyn FnMut()| {
        COUNT.store(0, Relaxed);
        ON.store(true, Relaxed);
        job();
        ON.store(false, Relaxed);
        COUNT.load(Relaxed)
    };
    assert_eq!(counted(&mut || drop(core::hint::black_box(Box::new(1)))), 1, "the allocator does not count");
    let mut job = Some(job);
    counted(&mut || {
        if let Some(job) = job.take() {
            job();
        }
    })
}

fn note() {
    if ON.load(Relaxed) {
        COUNT.fetch_add(1, Relaxed);
    }
}

// SAFETY: all is System's.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note();
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(block, layout) }
    }
}

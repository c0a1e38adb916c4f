//! [`CachedProvider`] as its callers see it: how often the source is asked, who waits, and what is served.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use core::future::Future;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::Arc;

use awsauth_credentials::{
    CachedProvider, Credentials, CredentialsError, CredentialsFuture, ErrorKind, ProvideCredentials,
};

mod support;
use support::{HOUR, SECOND, Source, TestClock, cached, id};

/// Takes a future to where it waits.
fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Until the source is asked for the `n`th time.
fn wait_for_fetch(source: &Source, n: usize) {
    while source.fetches() < n {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_thousand_threads_cause_one_fetch() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    let started = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..1_000)
        .map(|_| {
            let (provider, started) = (Arc::clone(&provider), Arc::clone(&started));
            let work = move || {
                started.fetch_add(1, Ordering::SeqCst);
                id(&provider)
            };
            std::thread::Builder::new().stack_size(128 * 1024).spawn(work).unwrap()
        })
        .collect();
    while started.load(Ordering::SeqCst) < 1_000 {
        std::thread::sleep(Duration::from_millis(1));
    }
    source.open(1_000);
    for thread in threads {
        assert_eq!(thread.join().unwrap(), "AKID1");
    }
    assert_eq!(source.fetches(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_futures_and_some_threads_cause_one_fetch() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..1_000 {
        let provider = Arc::clone(&provider);
        if number % 100 == 7 {
            tasks.spawn_blocking(move || provider.provide_blocking());
        } else {
            tasks.spawn(async move { provider.provide().await });
        }
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    source.open(1_000);
    let mut served = 0;
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap().access_key_id(), "AKID1");
        served += 1;
    }
    assert_eq!((served, source.fetches()), (1_000, 1));
}

/// On one thread, so that all have begun to wait when the fetch ends.
#[tokio::test]
async fn a_failed_first_fetch_fails_all_who_waited_and_the_next_caller_tries_again() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    source.set_down(true);
    let provider = cached(&source, &clock);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let provider = Arc::clone(&provider);
        tasks.spawn(async move { provider.provide().await });
    }
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
    source.open(1);
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().unwrap_err().detail(), "fetch 1");
    }
    assert_eq!(source.fetches(), 1);
    assert_eq!(provider.last_failure().unwrap().kind(), ErrorKind::Unreachable);

    source.open(2);
    assert_eq!(provider.provide().await.unwrap_err().detail(), "fetch 2");
    source.set_down(false);
    assert_eq!(provider.provide().await.unwrap().access_key_id(), "AKID3");
    assert_eq!(provider.last_failure(), None);
}

#[test]
fn in_the_advisory_window_one_refreshes_and_the_others_do_not_wait() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(6 * HOUR)).gated();
    let provider = cached(&source, &clock);
    source.open(1);
    assert_eq!(id(&provider), "AKID1");
    clock.advance(5 * HOUR - SECOND);
    assert!(provider.ready().is_some());
    clock.advance(SECOND);
    assert!(provider.ready().is_none(), "somebody is to refresh");

    let mut refresher = pin!(provider.provide());
    assert!(poll_once(refresher.as_mut()).is_none());
    assert_eq!(source.fetches(), 2);
    for _ in 0..5 {
        assert_eq!(provider.ready().unwrap().access_key_id(), "AKID1");
        assert_eq!(poll_once(provider.provide().as_mut()).unwrap().unwrap().access_key_id(), "AKID1");
        assert_eq!(id(&provider), "AKID1");
        clock.advance(60 * SECOND);
    }
    source.open(1);
    assert_eq!(poll_once(refresher.as_mut()).unwrap().unwrap().access_key_id(), "AKID2");
    assert_eq!(provider.ready().unwrap().access_key_id(), "AKID2");
    assert_eq!(source.fetches(), 2);
}

#[test]
fn in_the_mandatory_window_callers_wait_for_one_refresh() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    source.open(1);
    id(&provider);
    clock.advance(HOUR - 60 * SECOND);

    let thread = std::thread::spawn({
        let provider = Arc::clone(&provider);
        move || id(&provider)
    });
    wait_for_fetch(&source, 2);
    let mut waiting = pin!(provider.provide());
    assert!(poll_once(waiting.as_mut()).is_none());
    assert!(provider.ready().is_none());
    source.open(1);
    assert_eq!(thread.join().unwrap(), "AKID2");
    assert_eq!(poll_once(waiting.as_mut()).unwrap().unwrap().access_key_id(), "AKID2");
    assert_eq!(source.fetches(), 2);
}

#[test]
fn with_the_source_down_the_old_are_served_and_it_sees_one_try_per_back_off() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR));
    let provider = cached(&source, &clock);
    let first = provider.provide_blocking().unwrap();
    source.set_down(true);
    // An hour is left at first, so that the advisory window opens 15 min before its end; 300 s between the tries.
    for second in 0..=3 * 3_600 {
        let served = provider.provide_blocking().unwrap();
        assert!(served.same_as(&first), "second {second}");
        let tries = if second < 2_700 { 0 } else { 1 + (second - 2_700) / 300 };
        assert_eq!(source.fetches(), 1 + tries, "second {second}");
        clock.advance(SECOND);
    }
    assert!(provider.last_failure().is_some());
    source.set_down(false);
    clock.advance(300 * SECOND);
    assert_ne!(id(&provider), "AKID1");
    assert!(provider.last_failure().is_none());
}

#[test]
fn with_the_source_hanging_after_expiry_only_the_one_who_asks_it_waits() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    source.open(2);
    id(&provider);
    clock.advance(HOUR);
    source.set_down(true);
    assert_eq!(id(&provider), "AKID1");
    clock.advance(300 * SECOND);
    let mut refresher = pin!(provider.provide());
    assert!(poll_once(refresher.as_mut()).is_none());
    for _ in 0..100 {
        assert_eq!(provider.ready().unwrap().access_key_id(), "AKID1");
        clock.advance(10 * SECOND);
    }
    assert_eq!(source.fetches(), 3);
}

#[test]
fn a_dropped_refresher_frees_the_slot_and_wakes_the_others() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    let mut refresher = Box::pin(provider.provide());
    assert!(poll_once(refresher.as_mut()).is_none());
    let mut waiting = pin!(provider.provide());
    assert!(poll_once(waiting.as_mut()).is_none());
    let thread = std::thread::spawn({
        let provider = Arc::clone(&provider);
        move || id(&provider)
    });
    assert_eq!(source.fetches(), 1);

    drop(refresher);
    // The thread or the future takes over; whichever does, the other is served by it.
    source.open(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert_eq!(runtime.block_on(waiting).unwrap().access_key_id(), "AKID2");
    assert_eq!(thread.join().unwrap(), "AKID2");
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn a_dropped_refresher_in_the_advisory_window_leaves_it_to_the_next() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(6 * HOUR)).gated();
    let provider = cached(&source, &clock);
    source.open(1);
    provider.provide().await.unwrap();
    clock.advance(5 * HOUR);
    let timeout = tokio::time::timeout(Duration::from_millis(5), provider.provide()).await;
    assert!(timeout.is_err());
    assert!(provider.ready().is_none());
    source.open(1);
    assert_eq!(provider.provide().await.unwrap().access_key_id(), "AKID3");
}

#[tokio::test]
async fn a_woken_waiter_that_is_dropped_holds_nobody_up() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(HOUR)).gated();
    let provider = cached(&source, &clock);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let provider = Arc::clone(&provider);
        tasks.spawn(async move { provider.provide().await.unwrap() });
    }
    tokio::task::yield_now().await;
    let mut aborted = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let provider = Arc::clone(&provider);
        aborted.spawn(async move { provider.provide().await.unwrap() });
    }
    tokio::task::yield_now().await;
    source.open(1);
    aborted.shutdown().await;
    while let Some(result) = tasks.join_next().await {
        assert_eq!(result.unwrap().access_key_id(), "AKID1");
    }
    assert_eq!(source.fetches(), 1);
}

#[derive(Debug)]
struct Panicking(AtomicUsize);

impl ProvideCredentials for Panicking {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "the first call panics");
        Ok(Credentials::new("AKID", "secret"))
    }
}

#[test]
fn a_panicking_source_frees_the_slot() {
    let provider = Arc::new(CachedProvider::new(Panicking(AtomicUsize::new(0))));
    let panicking = Arc::clone(&provider);
    assert!(std::thread::spawn(move || panicking.provide_blocking()).join().is_err());
    assert_eq!(id(&provider), "AKID");
}

#[test]
fn readers_are_served_throughout_refreshes() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(6 * HOUR));
    let provider = cached(&source, &clock);
    id(&provider);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    let served = provider.provide_blocking().unwrap();
                    assert!(served.access_key_id().starts_with("AKID"));
                }
            });
        }
        for _ in 0..200 {
            clock.advance(HOUR / 4);
            provider.provide_blocking().unwrap();
        }
    });
    // 50 hours, in which credentials last five before they are refreshed: none is fetched twice over.
    assert!((10..=11).contains(&source.fetches()), "{}", source.fetches());
}

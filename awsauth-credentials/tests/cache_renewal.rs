//! When [`CachedProvider`](awsauth_credentials::CachedProvider) renews: refused credentials, odd clocks, odd sources.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

use core::time::Duration;

use awsauth_credentials::{CachedProvider, Credentials, ProvideCredentials, StaticProvider};

mod support;
use support::{HOUR, SECOND, Source, TestClock, cached, id};

#[test]
fn refused_credentials_are_fetched_again() {
    let clock = TestClock::new();
    let source = Source::new(&clock, None);
    let provider = cached(&source, &clock);
    let first = provider.provide_blocking().unwrap();
    clock.advance(100_000 * HOUR);
    assert!(provider.ready().unwrap().same_as(&first), "no expiry, no refresh");

    provider.invalidate(&first);
    assert!(provider.ready().is_none());
    let second = provider.provide_blocking().unwrap();
    assert_eq!(second.access_key_id(), "AKID2");
    provider.invalidate(&first);
    assert!(provider.ready().unwrap().same_as(&second), "others have come since");
    provider.invalidate(&Credentials::new("AKID2", "secret"));
    assert!(provider.ready().is_none(), "equal, though not a clone");
}

#[test]
fn a_source_that_gives_the_refused_ones_again_is_left_alone() {
    let clock = TestClock::new();
    let credentials = Credentials::new("AKID", "secret");
    let source = StaticProvider::new(Credentials::new("AKID", "secret"));
    let provider = CachedProvider::new(source).clock(clock.clone()).random(|| 0);
    let held = provider.provide_blocking().unwrap();
    for _ in 0..10 {
        provider.invalidate(&credentials);
        assert!(provider.provide_blocking().unwrap().same_as(&held), "equal credentials stay one value");
    }
    assert!(provider.ready().is_some());
    clock.advance(300 * SECOND);
    assert!(provider.ready().is_none());
}

#[test]
fn a_wall_clock_that_is_set_back_does_not_keep_credentials_fresh() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(6 * HOUR));
    let provider = cached(&source, &clock);
    id(&provider);
    clock.advance(4 * HOUR);
    assert_eq!(id(&provider), "AKID1");
    clock.set_wall_back(2 * HOUR);
    assert_eq!(id(&provider), "AKID1");
    clock.advance(HOUR);
    assert_eq!(id(&provider), "AKID2", "five hours have passed, whatever the wall clock says");

    // By less than the span that readers trust the wall clock for.
    clock.advance(5 * HOUR - SECOND);
    assert_eq!(id(&provider), "AKID2");
    clock.set_wall_back(SECOND / 2);
    clock.advance(11 * SECOND);
    assert_eq!(id(&provider), "AKID3");
}

#[test]
fn a_sleeping_laptop_wakes_to_a_refresh() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(6 * HOUR));
    let provider = cached(&source, &clock);
    id(&provider);
    clock.advance_wall(8 * HOUR);
    assert!(provider.ready().is_none());
    assert_eq!(id(&provider), "AKID2");
}

#[test]
fn credentials_that_come_expired_are_served_and_do_not_replace_living_ones() {
    let clock = TestClock::new();
    let source = Source::new(&clock, Some(Duration::ZERO));
    let provider = cached(&source, &clock);
    assert_eq!(id(&provider), "AKID1");
    clock.advance(299 * SECOND);
    assert_eq!(id(&provider), "AKID1");
    clock.advance(SECOND);
    source.set_lifetime(Some(HOUR));
    assert_eq!(id(&provider), "AKID2");
    source.set_lifetime(Some(Duration::ZERO));
    clock.advance(50 * 60 * SECOND);
    assert_eq!(id(&provider), "AKID2");
    assert_eq!(source.fetches(), 3);
}

use proptest::prelude::*;

use super::*;

const HOUR: u64 = 3_600;
const START: u64 = 1_700_000_000;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Both clocks, `n` seconds into the test.
fn at(n: u64) -> Now {
    Now { wall: seconds(START + n), monotonic: seconds(n) }
}

fn fetched(value: char, lifetime_from_start: u64) -> NewValue<char> {
    NewValue { value, expires_at: Some(seconds(START + lifetime_from_start)), unchanged: false }
}

fn refresh(lifecycle: &mut Lifecycle<char>, now: Now) -> Ticket {
    match lifecycle.decide(now) {
        Decision::Refresh(ticket) => ticket,
        other => panic!("expected a refresh, got {other:?}"),
    }
}

/// Fetched at 0 s, with this lifetime.
fn holding(lifetime: u64) -> Lifecycle<char> {
    let mut lifecycle = Lifecycle::default();
    let ticket = refresh(&mut lifecycle, at(0));
    assert_eq!(lifecycle.fetched(ticket, at(0), fetched('a', lifetime), seconds(300)), 'a');
    lifecycle
}

#[test]
fn advisory_window_by_what_is_left() {
    let minutes = |n: u64| seconds(n * 60);
    for (left, window) in [(1, 5), (20, 5), (21, 15), (89, 15), (90, 60), (360, 60)] {
        assert_eq!(advisory_window(minutes(left)), minutes(window), "{left} min left");
    }
    assert_eq!(advisory_window(minutes(20) + Duration::from_nanos(1)), minutes(15));
    assert_eq!(advisory_window(minutes(90) - Duration::from_nanos(1)), minutes(15));
}

#[test]
fn back_off_is_300_to_600_seconds() {
    assert_eq!(back_off(0), seconds(300));
    assert_eq!(back_off(300_000), seconds(600));
    assert_eq!(back_off(300_001), seconds(300));
    assert!((seconds(300)..=seconds(600)).contains(&back_off(u64::MAX)));
}

#[test]
fn first_fetch_has_one_caller_and_is_tried_again_at_once() {
    let mut lifecycle = Lifecycle::<char>::default();
    let first = refresh(&mut lifecycle, at(0));
    assert_eq!(lifecycle.decide(at(0)), Decision::Wait(first));
    assert_eq!(lifecycle.failed(first, at(0), seconds(300)), None);
    let second = refresh(&mut lifecycle, at(0));
    assert!(second > first);
    lifecycle.cancelled(second);
    refresh(&mut lifecycle, at(0));
}

#[test]
fn advisory_window_has_one_refresher_and_no_one_waits() {
    let mut lifecycle = holding(6 * HOUR);
    assert_eq!(lifecycle.decide(at(5 * HOUR - 1)), Decision::Serve('a'));
    let ticket = refresh(&mut lifecycle, at(5 * HOUR));
    assert_eq!(lifecycle.decide(at(5 * HOUR)), Decision::Serve('a'));
    assert_eq!(lifecycle.decide(at(6 * HOUR - 61)), Decision::Serve('a'));
    assert_eq!(lifecycle.decide(at(6 * HOUR - 60)), Decision::Wait(ticket));
    lifecycle.fetched(ticket, at(6 * HOUR - 60), fetched('b', 12 * HOUR), seconds(300));
    assert_eq!(lifecycle.decide(at(6 * HOUR - 60)), Decision::Serve('b'));
}

#[test]
fn after_a_failure_the_old_are_served_even_expired() {
    let mut lifecycle = holding(HOUR);
    let ticket = refresh(&mut lifecycle, at(HOUR - 30));
    assert_eq!(lifecycle.decide(at(HOUR - 30)), Decision::Wait(ticket));
    assert_eq!(lifecycle.failed(ticket, at(HOUR - 30), seconds(400)), Some('a'));
    assert_eq!(lifecycle.decide(at(HOUR + 369)), Decision::Serve('a'));
    let again = refresh(&mut lifecycle, at(HOUR + 370));
    assert_eq!(
        lifecycle.decide(at(HOUR + 371)),
        Decision::Serve('a'),
        "the source is down: no one waits for it"
    );
    lifecycle.fetched(again, at(HOUR + 372), fetched('b', 9 * HOUR), seconds(300));
    assert_eq!(lifecycle.decide(at(HOUR + 372)), Decision::Serve('b'));
}

#[test]
fn expired_on_arrival_is_served_but_does_not_replace_what_lives() {
    let mut lifecycle = holding(0);
    assert_eq!(lifecycle.decide(at(299)), Decision::Serve('a'));
    refresh(&mut lifecycle, at(300));

    let mut lifecycle = holding(HOUR);
    let ticket = refresh(&mut lifecycle, at(HOUR - 900));
    assert_eq!(lifecycle.fetched(ticket, at(HOUR - 900), fetched('b', 5), seconds(300)), 'a');
    assert_eq!(lifecycle.decide(at(HOUR - 601)), Decision::Serve('a'));
    refresh(&mut lifecycle, at(HOUR - 600));
}

#[test]
fn a_source_with_nothing_newer_is_not_hammered() {
    // 4 min left on arrival: again when the mandatory window opens; 40 s left: at expiry, not later.
    let mut lifecycle = holding(240);
    assert_eq!(lifecycle.decide(at(179)), Decision::Serve('a'));
    let ticket = refresh(&mut lifecycle, at(180));
    lifecycle.fetched(ticket, at(200), fetched('b', 240), seconds(300));
    assert_eq!(lifecycle.decide(at(239)), Decision::Serve('b'));
    let ticket = refresh(&mut lifecycle, at(240));
    assert_eq!(lifecycle.decide(at(240)), Decision::Wait(ticket));
}

#[test]
fn either_clock_counts() {
    let mut slept = holding(6 * HOUR);
    refresh(&mut slept, Now { wall: seconds(START + 7 * HOUR), monotonic: seconds(1) });
    let mut set_back = holding(6 * HOUR);
    refresh(&mut set_back, Now { wall: seconds(START), monotonic: seconds(5 * HOUR) });
    let mut neither = holding(6 * HOUR);
    assert_eq!(
        neither.decide(Now { wall: seconds(0), monotonic: seconds(5 * HOUR - 1) }),
        Decision::Serve('a')
    );
}

#[test]
fn refused_credentials_are_fetched_once() {
    let mut lifecycle = Lifecycle::default();
    assert!(!lifecycle.invalidate());
    let ticket = refresh(&mut lifecycle, at(0));
    lifecycle.fetched(
        ticket,
        at(0),
        NewValue { value: 'a', expires_at: None, unchanged: false },
        seconds(300),
    );
    assert_eq!(lifecycle.decide(at(1_000_000 * HOUR)), Decision::Serve('a'));

    assert!(lifecycle.invalidate());
    let ticket = refresh(&mut lifecycle, at(10));
    assert_eq!(lifecycle.decide(at(10)), Decision::Wait(ticket));
    let same = NewValue { value: 'b', expires_at: None, unchanged: true };
    assert_eq!(
        lifecycle.fetched(ticket, at(10), same, seconds(300)),
        'a',
        "an equal value keeps its identity"
    );
    assert!(!lifecycle.invalidate(), "the same ones again: the source has no others");
    assert_eq!(lifecycle.decide(at(309)), Decision::Serve('a'));
    let ticket = refresh(&mut lifecycle, at(310));
    lifecycle.fetched(ticket, at(310), fetched('c', 9 * HOUR), seconds(300));
    assert!(lifecycle.invalidate(), "others have come");
}

#[test]
fn refused_credentials_give_way_even_to_expired_ones() {
    let mut lifecycle = holding(HOUR);
    assert!(lifecycle.invalidate());
    let ticket = refresh(&mut lifecycle, at(10));
    assert_eq!(lifecycle.fetched(ticket, at(10), fetched('b', 5), seconds(300)), 'b');
}

#[test]
fn invalidating_ends_a_back_off_once() {
    let mut lifecycle = holding(HOUR);
    let ticket = refresh(&mut lifecycle, at(HOUR - 900));
    lifecycle.failed(ticket, at(HOUR - 900), seconds(600));
    assert!(lifecycle.invalidate());
    let ticket = refresh(&mut lifecycle, at(HOUR - 899));
    lifecycle.failed(ticket, at(HOUR - 899), seconds(600));
    assert!(!lifecycle.invalidate());
    assert_eq!(lifecycle.decide(at(HOUR - 300)), Decision::Serve('a'));
}

#[test]
fn absurd_times_do_not_overflow() {
    let mut lifecycle = Lifecycle::default();
    let ticket = refresh(&mut lifecycle, at(0));
    let forever = NewValue { value: 'a', expires_at: Some(Duration::MAX), unchanged: false };
    lifecycle.fetched(ticket, at(0), forever, Duration::MAX);
    let end = Now { wall: Duration::MAX, monotonic: Duration::MAX };
    let ticket = refresh(&mut lifecycle, end);
    lifecycle.failed(ticket, end, Duration::MAX);
    assert!(lifecycle.serves(end).is_none(), "the end of time has no later try");
}

#[derive(Debug, Clone)]
enum Event {
    Advance(u64),
    SetWall(i64),
    Ask,
    Succeed { lifetime: Option<u64>, unchanged: bool },
    Fail { back_off: u64 },
    Cancel,
    Invalidate,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => prop_oneof![0_u64..120, 0_u64..8_000].prop_map(Event::Advance),
        1 => (-8_000_i64..8_000).prop_map(Event::SetWall),
        6 => Just(Event::Ask),
        4 => (prop::option::weighted(0.9, prop_oneof![0_u64..400, 0_u64..9_000]), any::<bool>())
            .prop_map(|(lifetime, unchanged)| Event::Succeed { lifetime, unchanged }),
        2 => (300_u64..=600).prop_map(|back_off| Event::Fail { back_off }),
        1 => Just(Event::Cancel),
        1 => Just(Event::Invalidate),
    ]
}

/// The rules in plain seconds, with no deadlines kept: everything is worked out from what happened.
#[derive(Debug, Default, Clone)]
struct Naive {
    wall: i64,
    monotonic: i64,
    /// Value, wall and monotonic time of arrival, lifetime then.
    held: Option<(u32, i64, i64, Option<i64>)>,
    refused: bool,
    failing: bool,
    /// Wall and monotonic time, pause.
    pause: Option<(i64, i64, i64)>,
    refreshing: bool,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Serve(u32),
    Refresh,
    Wait,
}

impl Naive {
    fn left(&self) -> Option<i64> {
        let (_, wall, monotonic, lifetime) = self.held?;
        let elapsed = (self.wall - wall).max(self.monotonic - monotonic);
        lifetime.map(|lifetime| (lifetime - elapsed).max(0))
    }

    fn answer(&self) -> Answer {
        let Some((value, .., lifetime)) = self.held else {
            return if self.refreshing { Answer::Wait } else { Answer::Refresh };
        };
        let window = match lifetime {
            Some(lifetime) if lifetime <= 1_200 => 300,
            Some(lifetime) if lifetime < 5_400 => 900,
            _ => 3_600,
        };
        let in_advisory = self.refused || self.left().is_some_and(|left| left <= window);
        let in_mandatory = self.refused || self.left().is_some_and(|left| left <= 60);
        let paused = self.pause.is_some_and(|(wall, monotonic, pause)| {
            self.wall - wall < pause && self.monotonic - monotonic < pause
        });
        match () {
            () if self.refreshing && in_mandatory && !self.failing => Answer::Wait,
            () if !self.refreshing && in_advisory && !paused => Answer::Refresh,
            () => Answer::Serve(value),
        }
    }

    fn pause_for(&mut self, seconds: i64) {
        self.pause = Some((self.wall, self.monotonic, seconds));
    }

    fn fail(&mut self, back_off: i64) {
        self.refreshing = false;
        if self.held.is_some() {
            self.failing = true;
            self.pause_for(back_off);
        }
    }

    fn succeed(&mut self, value: u32, lifetime: Option<i64>, unchanged: bool, back_off: i64) {
        let lives = self.held.is_some() && self.left() != Some(0);
        if lifetime == Some(0) && lives && !self.refused {
            return self.fail(back_off);
        }
        self.refreshing = false;
        self.pause = None;
        self.refused = self.refused && unchanged;
        self.failing = self.refused || lifetime == Some(0);
        let value = self.held.filter(|_| unchanged).map_or(value, |(old, ..)| old);
        self.held = Some((value, self.wall, self.monotonic, lifetime));
        match lifetime {
            _ if self.failing => self.pause_for(back_off),
            Some(lifetime) if lifetime <= 60 => self.pause_for(lifetime.max(1)),
            Some(lifetime) if lifetime <= 300 => self.pause_for(lifetime - 60),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn agrees_with_the_naive_rules(events in prop::collection::vec(event(), 1..60)) {
        let mut naive = Naive { wall: START as i64, ..Naive::default() };
        let mut lifecycle = Lifecycle::<u32>::default();
        let mut slot = None;
        for (number, event) in (1_u32..).zip(events) {
            let now = |naive: &Naive| Now {
                wall: seconds(naive.wall as u64),
                monotonic: seconds(naive.monotonic as u64),
            };
            match event {
                Event::Advance(by) => {
                    naive.wall += by as i64;
                    naive.monotonic += by as i64;
                }
                Event::SetWall(by) => naive.wall += by,
                Event::Ask => {
                    let expected = naive.answer();
                    let answer = match lifecycle.decide(now(&naive)) {
                        Decision::Serve(value) => Answer::Serve(value),
                        Decision::Wait(ticket) => {
                            prop_assert_eq!(Some(ticket), slot);
                            Answer::Wait
                        }
                        Decision::Refresh(ticket) => {
                            prop_assert_eq!(slot.replace(ticket), None, "two refreshes at once");
                            naive.refreshing = true;
                            Answer::Refresh
                        }
                    };
                    prop_assert_eq!(answer, expected);
                }
                Event::Succeed { lifetime, unchanged } => if let Some(ticket) = slot.take() {
                    let unchanged = unchanged && naive.held.is_some();
                    let expires_at = lifetime.map(|lifetime| seconds(naive.wall as u64 + lifetime));
                    let answer = NewValue { value: number, expires_at, unchanged };
                    let served = lifecycle.fetched(ticket, now(&naive), answer, seconds(333));
                    naive.succeed(number, lifetime.map(|lifetime| lifetime as i64), unchanged, 333);
                    prop_assert_eq!(naive.held.map(|(value, ..)| value), Some(served));
                }
                Event::Fail { back_off } => if let Some(ticket) = slot.take() {
                    let served = lifecycle.failed(ticket, now(&naive), seconds(back_off));
                    naive.fail(back_off as i64);
                    prop_assert_eq!(naive.held.map(|(value, ..)| value), served);
                }
                Event::Cancel => if let Some(ticket) = slot.take() {
                    lifecycle.cancelled(ticket);
                    naive.refreshing = false;
                }
                Event::Invalidate => {
                    let first = naive.held.is_some() && !naive.refused;
                    prop_assert_eq!(lifecycle.invalidate(), first);
                    if first {
                        naive.refused = true;
                        naive.failing = false;
                        naive.pause = None;
                    }
                }
            }
            check_span(&lifecycle, now(&naive))?;
        }
    }
}

/// What is published to readers must hold for as long as it says, and no longer.
fn check_span(lifecycle: &Lifecycle<u32>, now: Now) -> Result<(), TestCaseError> {
    let later =
        |by: Duration| Now { wall: now.wall.saturating_add(by), monotonic: now.monotonic.saturating_add(by) };
    let decided_at = |now| lifecycle.clone().decide(now);
    match lifecycle.serves(now) {
        None => prop_assert!(!matches!(decided_at(now), Decision::Serve(_))),
        Some((value, span)) => {
            prop_assert!(span > Duration::ZERO);
            prop_assert_eq!(decided_at(now), Decision::Serve(*value));
            let last = span.saturating_sub(Duration::from_nanos(1)).min(seconds(1_000_000_000));
            prop_assert_eq!(decided_at(later(last)), Decision::Serve(*value));
            if span != Duration::MAX {
                prop_assert!(!matches!(decided_at(later(span)), Decision::Serve(_)));
            }
        }
    }
    Ok(())
}

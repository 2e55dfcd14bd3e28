//! What holds of every wait, and how late and how often polls come when the pace is learned from them: a
//! simulation of generations one after another, whose lengths nobody tells.

use fastrand::Rng;
use proptest::prelude::*;

use super::*;

const SECOND: Millis = Millis::from_seconds(1);
/// From a poll to its answer; what it says was so in the middle.
const ROUND_TRIP: u64 = 100;

prop_compose! {
    fn paces()(known: bool, low in 0..1_000_000_u64, high in 0..1_000_000_u64) -> Option<Pace> {
        known.then(|| Pace::new(Millis::new(low), Millis::new(high)))
    }
}

proptest! {
    #[test]
    fn a_wait_is_never_nothing_never_below_the_floor_and_ends(
        pace in paces(),
        told_by_webhook: bool,
        since in prop_oneof![0..2_000_000_u64, Just(u64::MAX)],
        polls in prop_oneof![0..100_u32, Just(u32::MAX)],
        floor in 0..5000_u64,
    ) {
        let floor = Millis::new(floor);
        let wait = wait_before_poll(pace, told_by_webhook, Millis::new(since), polls, floor);
        prop_assert!(wait >= floor.max(LEAST_WAIT));
        let nearly_all = pace.map_or(Millis::ZERO, |pace| pace.high);
        prop_assert!(wait <= nearly_all.max(WEBHOOK_MOST));
        if !told_by_webhook && since >= nearly_all.get() {
            prop_assert!(wait <= LATE_MOST);
        }
    }
}

fn waits(pace: Option<Pace>, told_by_webhook: bool, polls: u32) -> Vec<u64> {
    let mut since = Millis::ZERO;
    let waits = (0..polls).map(|polls| {
        let wait = wait_before_poll(pace, told_by_webhook, since, polls, Millis::ZERO);
        since = since.plus(wait);
        wait.get()
    });
    waits.collect()
}

#[test]
fn what_is_not_known_is_asked_about_after_two_seconds_and_then_less_and_less() {
    let expected = [2000, 3000, 4500, 6750, 10_125, 15_000, 15_000];
    assert_eq!(waits(None, false, 7), expected);
}

#[test]
fn what_is_known_is_asked_about_from_the_low_end_on_and_less_and_less_after_the_high_one() {
    let pace = Some(Pace::new(SECOND.times(5), SECOND.times(10)));
    let expected = [5000, 1000, 1000, 1000, 1000, 1000, 1500, 2250, 3375];
    assert_eq!(waits(pace, false, 9), expected);
    let wide = Some(Pace::new(SECOND.times(5), SECOND.times(60)));
    assert_eq!(waits(wide, false, 3), [5000, 1500, 1500]);
    let slow = wait_before_poll(wide, false, SECOND.times(50), 30, Millis::ZERO);
    assert_eq!(slow, SECOND.times(4));
}

#[test]
fn where_a_webhook_tells_polls_are_few() {
    let expected = [15_000, 30_000, 60_000, 60_000];
    assert_eq!(waits(None, true, 4), expected);
    let pace = Some(Pace::new(SECOND.times(5), SECOND.times(9)));
    assert_eq!(waits(pace, true, 4), [9000, 18_000, 36_000, 60_000]);
    let late = wait_before_poll(pace, true, SECOND.times(20), 0, Millis::ZERO);
    assert_eq!(late, LEAST_WAIT);
}

#[test]
fn many_at_once_ask_no_more_than_a_thousand_times_in_ten_seconds() {
    for in_flight in [1, 10, 500] {
        let wait = wait_before_poll(None, false, Millis::ZERO, 0, floor(in_flight)).get();
        assert!(10_000 * u64::from(in_flight) / wait <= 1000);
    }
}

/// What polling came to.
#[derive(Debug)]
struct Polled {
    /// How long it took from the end of a generation until that was seen, the middle of all, in
    /// milliseconds.
    median_added: u64,
    /// The same for the slowest twentieth.
    most_added: u64,
    /// For each generation.
    polls: f64,
}

/// One after another, learning from each, or not.
struct Polling {
    times: Times,
    chance: Rng,
}

impl Polling {
    fn new() -> Self {
        let times = Times::default();
        let chance = Rng::with_seed(1);
        Self { times, chance }
    }

    /// Polls for so many generations of such lengths.
    fn poll(&mut self, generations: usize, length: impl Fn(&mut Rng) -> f64) -> Polled {
        let mut added = vec![];
        let mut polls = 0;
        for _ in 0..generations {
            let length = (length(&mut self.chance) * 1000.0) as u64;
            let (seen, polled) = self.poll_for(length);
            added.push(seen - length);
            polls += polled;
        }
        added.sort_unstable();
        Polled {
            median_added: added[generations / 2],
            most_added: added[generations * 19 / 20],
            polls: f64::from(polls) / generations as f64,
        }
    }

    /// When the end is seen, and after how many polls.
    fn poll_for(&mut self, length: u64) -> (u64, u32) {
        let (mut since, mut pending_for, mut polls) = (Millis::ZERO, Millis::ZERO, 0);
        loop {
            let pace = self.times.pace("V_3");
            let wait = wait_before_poll(pace, false, since, polls, floor(10));
            let asked_at = since.plus(wait);
            since = asked_at.plus(Millis::new(ROUND_TRIP));
            polls += 1;
            if asked_at.get() + ROUND_TRIP / 2 >= length {
                self.times.heard("V_3", pending_for, since);
                return (since.get(), polls);
            }
            pending_for = asked_at;
        }
    }
}

fn around(seconds: f64, spread: f64) -> impl Fn(&mut Rng) -> f64 {
    move |chance| seconds + (chance.f64() * 2.0 - 1.0) * spread
}

/// Log-normal: half of them take longer, and a few much longer.
fn log_normal(median: f64, sigma: f64) -> impl Fn(&mut Rng) -> f64 {
    move |chance| {
        let normal = (0..12).map(|_| chance.f64()).sum::<f64>() - 6.0;
        median * (normal * sigma).exp()
    }
}

/// What was learned leads to fewer polls than these.
fn assert_well_paced(what: &str, polled: &Polled, most_polls: f64) {
    println!(
        "{what}: median added {} ms, 95 % {} ms, {:.2} polls a generation",
        polled.median_added, polled.most_added, polled.polls
    );
    assert!(polled.median_added < 1000, "{what}: {polled:?}");
    assert!(polled.polls < most_polls, "{what}: {polled:?}");
}

#[test]
fn half_of_the_generations_are_seen_within_a_second_by_few_polls() {
    let before = Polling::new().poll(7, around(12.5, 7.5));
    println!("5 to 20 s, before anything is learned: {before:?}");
    for (what, length, most_polls) in [
        (
            "5 to 20 s",
            Box::new(around(12.5, 7.5)) as Box<dyn Fn(&mut Rng) -> f64>,
            6.0,
        ),
        ("log-normal, 12 s", Box::new(log_normal(12.0, 0.35)), 5.5),
        ("10 s, 1 s more or less", Box::new(around(10.0, 1.0)), 4.5),
        ("6 s, 1 s more or less", Box::new(around(6.0, 1.0)), 4.5),
        ("18 s, 2 s more or less", Box::new(around(18.0, 2.0)), 5.0),
    ] {
        let mut polling = Polling::new();
        polling.poll(50, &length);
        assert_well_paced(what, &polling.poll(2000, &length), most_polls);
    }
}

#[test]
fn what_gets_faster_or_slower_is_noticed_soon() {
    let mut polling = Polling::new();
    let (slow, fast) = (around(15.0, 1.5), around(6.0, 1.0));
    polling.poll(500, &slow);
    for round in 0..2 {
        let learning = polling.poll(60, &fast);
        println!("the first 60 after 15 s became 6 s: {learning:?}");
        assert_well_paced(&format!("6 s, {round}"), &polling.poll(500, &fast), 9.0);
        let learning = polling.poll(60, &slow);
        println!("the first 60 after 6 s became 15 s: {learning:?}");
        assert_well_paced(&format!("15 s, {round}"), &polling.poll(500, &slow), 9.0);
    }
}

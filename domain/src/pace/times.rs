//! How long each model's generations take, learned from those that were polled for. When one was done is
//! not seen, only that it was not yet at one poll and was at the next. So the low end is learned from when
//! each was still pending, the high end from when it was seen to be done.
//!
//! Holds true: what gets faster is noticed although nothing is asked before the low end: what was done at
//! the first poll may have been done long before, and counts as half of that time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Pace;
use super::histogram::Histogram;
use crate::time::Millis;

/// With fewer generations nothing is said of a model.
const LEAST_GENERATIONS: u32 = 8;
/// So many of a hundred may be done before the first poll.
const LOW_PERCENT: u64 = 10;
/// So many of a hundred are done when polls become fewer.
const HIGH_PERCENT: u64 = 95;
/// There are fewer models; what has more names is not learned.
const MOST_MODELS: usize = 64;
/// A pace that has changed by no more per cent than this has not changed: it is one bar of a histogram,
/// and some more.
const LITTLE_PERCENT: u64 = 10;

/// What was learned, by model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Times(BTreeMap<String, ModelTimes>);

/// The last two hundred generations of a model or so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct ModelTimes {
    /// Until when each was still pending.
    pending: Histogram,
    /// When each was seen to be done.
    done: Histogram,
}

impl Times {
    /// A generation of a model was still pending after the one time, and seen to be done after the other.
    pub fn heard(&mut self, model: &str, pending_for: Millis, latency: Millis) {
        if self.0.len() >= MOST_MODELS && !self.0.contains_key(model) {
            return;
        }
        let times = self.0.entry(model.to_owned()).or_default();
        let half = Millis::new(latency.get() / 2);
        times.pending.count(pending_for.clamp(half, latency));
        times.done.count(latency);
    }

    /// How long a model takes, once enough of its generations were heard of.
    #[must_use]
    pub fn pace(&self, model: &str) -> Option<Pace> {
        self.0.get(model).and_then(ModelTimes::pace)
    }

    /// The same of all models.
    #[must_use]
    pub fn paces(&self) -> Paces {
        let paces = self.0.iter();
        let paces = paces.filter_map(|(model, times)| Some((model.clone(), times.pace()?)));
        Paces(paces.collect())
    }
}

impl ModelTimes {
    fn pace(&self) -> Option<Pace> {
        if !self.done.has(LEAST_GENERATIONS) {
            return None;
        }
        let low = self.pending.below(LOW_PERCENT)?;
        let high = self.done.up_to(HIGH_PERCENT)?;
        Some(Pace::new(low, high))
    }
}

/// How long models take, as it is told to those who poll.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Paces(BTreeMap<String, Pace>);

impl Paces {
    /// How long a model takes, if that is known.
    #[must_use]
    pub fn of(&self, model: &str) -> Option<Pace> {
        self.0.get(model).copied()
    }

    /// Whether it is worth telling to somebody who was told the others.
    #[must_use]
    pub fn differ_from(&self, told: &Self) -> bool {
        let alike = |model: &String, pace: &Pace| {
            let told = told.of(model);
            told.is_some_and(|told| alike(pace.low, told.low) && alike(pace.high, told.high))
        };
        self.0.len() != told.0.len() || !self.0.iter().all(|(model, pace)| alike(model, pace))
    }
}

/// Whether two lengths are as good as the same.
fn alike(one: Millis, other: Millis) -> bool {
    let apart = one.get().abs_diff(other.get());
    apart.saturating_mul(100) <= other.get().saturating_mul(LITTLE_PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Millis = Millis::from_seconds(1);

    fn taught(generations: u32, pending_for: Millis, latency: Millis) -> Times {
        let mut times = Times::default();
        for _ in 0..generations {
            times.heard("V_3", pending_for, latency);
        }
        times
    }

    #[test]
    fn a_model_is_known_from_its_eighth_generation_on_and_no_other_with_it() {
        let (pending_for, latency) = (SECOND.times(9), SECOND.times(10));
        assert_eq!(taught(7, pending_for, latency).pace("V_3"), None);
        let times = taught(8, pending_for, latency);
        let pace = times.pace("V_3").unwrap();
        assert!(
            pace.low <= pending_for && pace.high > latency,
            "{pace:?} of {pending_for:?} to {latency:?}"
        );
        assert_eq!(times.pace("V_2"), None);
        assert_eq!(times.paces().of("V_3"), Some(pace));
    }

    #[test]
    fn what_is_done_at_every_first_poll_is_asked_about_earlier_and_earlier() {
        let mut times = taught(100, SECOND.times(14), SECOND.times(15));
        let mut low = times.pace("V_3").unwrap().low;
        for _ in 0..3 {
            for _ in 0..25 {
                times.heard("V_3", Millis::ZERO, low);
            }
            let earlier = times.pace("V_3").unwrap().low;
            assert!(earlier.get() * 10 < low.get() * 6, "{earlier:?} {low:?}");
            low = earlier;
        }
    }

    #[test]
    fn a_few_slow_ones_raise_the_high_end_and_leave_the_low_one() {
        let mut times = taught(100, SECOND.times(5), SECOND.times(6));
        let before = times.pace("V_3").unwrap();
        for _ in 0..10 {
            times.heard("V_3", SECOND.times(14), SECOND.times(15));
        }
        let after = times.pace("V_3").unwrap();
        assert_eq!(after.low, before.low);
        assert!(after.high > SECOND.times(15), "{after:?}");
    }

    #[test]
    fn a_bar_more_or_less_is_not_worth_telling_and_another_model_is() {
        let paces = |low, high| {
            let pace = Pace::new(Millis::new(low), Millis::new(high));
            Paces(BTreeMap::from([("V_3".to_owned(), pace)]))
        };
        let told = paces(5000, 10_000);
        assert!(!told.differ_from(&told));
        assert!(!paces(5350, 9350).differ_from(&told));
        assert!(paces(5700, 10_000).differ_from(&told));
        assert!(paces(5000, 8700).differ_from(&told));
        assert!(told.differ_from(&Paces::default()));
        assert!(Paces::default().differ_from(&told));
    }

    #[test]
    fn names_without_end_are_not_learned_and_what_is_stored_is_small() {
        let mut times = Times::default();
        let heard = |times: &mut Times, model: &str, number: u64| {
            let latency = Millis::new(5000 + number * 37 % 15_000);
            let pending_for = Millis::new(latency.get() - 1500);
            times.heard(model, pending_for, latency);
        };
        for number in 0..1000 {
            heard(&mut times, "V_3", number);
        }
        let stored = serde_json::to_string(&times).unwrap();
        assert!(stored.len() < 600, "{} bytes: {stored}", stored.len());
        assert_eq!(serde_json::from_str::<Times>(&stored).unwrap(), times);
        for number in 0..1000 {
            heard(&mut times, &format!("V_{number}"), number);
        }
        assert_eq!(times.0.len(), MOST_MODELS);
        heard(&mut times, "V_3", 1);
        assert_eq!(
            serde_json::from_str::<Times>("{}").unwrap(),
            Times::default()
        );
        let other = r#"{"V_3": {"of_later": 1}}"#;
        assert_eq!(
            serde_json::from_str::<Times>(other).unwrap().pace("V_3"),
            None
        );
    }
}

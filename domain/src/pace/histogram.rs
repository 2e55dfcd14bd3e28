//! Lengths of time, counted on a logarithmic scale: each bar is 7 % longer than the one before it, from
//! 0.2 s to 15 minutes. What was counted long ago counts less and less.
//!
//! Holds true: where a bar begins lies in that bar, so what is read off is not moved by being counted
//! again.

use std::collections::BTreeMap;
use std::iter;

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// Where the first bar begins; it has what is shorter too.
const SHORTEST: u64 = 200;
/// Where the last bar ends; it has what is longer too.
const LONGEST: u64 = 900_000;
/// By how much a bar is longer than the one before it.
const PERCENT: u64 = 7;
/// What one that has just been counted counts.
const WHOLE: u32 = 1000;
/// What it still counts after the next one, of a hundred: after a hundred others little more than a third,
/// after two hundred an eighth.
const KEPT_PERCENT: u32 = 99;

/// How many took how long: by the number of the bar, in thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Histogram(BTreeMap<u8, u32>);

impl Histogram {
    /// Counts one; all others count a little less from then on, and in the end nothing.
    pub(super) fn count(&mut self, length: Millis) {
        for counted in self.0.values_mut() {
            *counted = counted.saturating_mul(KEPT_PERCENT) / 100;
        }
        self.0.retain(|_, counted| *counted > 0);
        let counted = self.0.entry(bar_of(length)).or_default();
        *counted = counted.saturating_add(WHOLE);
    }

    /// Whether at least so many were counted, up to a few dozen.
    pub(super) fn has(&self, number: u32) -> bool {
        // Those before the last one count a little less.
        self.sum() > u64::from(number.saturating_sub(1)) * u64::from(WHOLE)
    }

    /// What so many of a hundred exceed at least: where their bar begins. None if nothing was counted.
    pub(super) fn below(&self, percent: u64) -> Option<Millis> {
        self.bar_at(percent).map(begin_of)
    }

    /// What so many of a hundred do not exceed: where their bar ends. None if nothing was counted.
    pub(super) fn up_to(&self, percent: u64) -> Option<Millis> {
        let bar = self.bar_at(percent)?;
        Some(begin_of(bar.saturating_add(1)))
    }

    /// The bar up to which so many of a hundred are.
    fn bar_at(&self, percent: u64) -> Option<u8> {
        let rank = self.sum().saturating_mul(percent).div_ceil(100);
        let mut so_far = 0_u64;
        let mut bars = self.0.iter();
        bars.find_map(|(bar, counted)| {
            so_far = so_far.saturating_add(u64::from(*counted));
            (so_far >= rank).then_some(*bar)
        })
    }

    fn sum(&self) -> u64 {
        self.0.values().map(|counted| u64::from(*counted)).sum()
    }
}

/// Where each bar begins.
fn beginnings() -> impl Iterator<Item = u64> {
    let next = |begin: &u64| Some(begin + begin * PERCENT / 100);
    iter::successors(Some(SHORTEST), next).take_while(|begin| *begin < LONGEST)
}

fn bar_of(length: Millis) -> u8 {
    let bars = beginnings().skip(1);
    let before = bars.take_while(|begin| *begin <= length.get()).count();
    u8::try_from(before).unwrap_or(u8::MAX)
}

fn begin_of(bar: u8) -> Millis {
    let begin = beginnings().nth(usize::from(bar));
    Millis::new(begin.unwrap_or(LONGEST))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bars_are_few_and_reach_from_a_fifth_of_a_second_to_a_quarter_of_an_hour() {
        assert!(beginnings().count() < 130, "{}", beginnings().count());
        assert_eq!(begin_of(bar_of(Millis::ZERO)), Millis::new(SHORTEST));
        let last = bar_of(Millis::new(u64::MAX));
        assert_eq!(begin_of(last + 1), Millis::new(LONGEST));
        assert_eq!(begin_of(u8::MAX), Millis::new(LONGEST));
    }

    #[test]
    fn what_was_counted_last_counts_most_and_what_was_long_ago_nothing() {
        let mut histogram = Histogram::default();
        for _ in 0..1000 {
            histogram.count(Millis::from_seconds(60));
        }
        for _ in 0..100 {
            histogram.count(Millis::from_seconds(6));
        }
        let median = histogram.below(50).unwrap();
        assert!(median <= Millis::from_seconds(6), "{median:?}");
        let slowest = histogram.up_to(95).unwrap();
        assert!(slowest >= Millis::from_seconds(60), "{slowest:?}");
        for _ in 0..1500 {
            histogram.count(Millis::from_seconds(6));
        }
        assert_eq!(histogram.0.len(), 1, "{histogram:?}");
    }

    #[test]
    fn it_knows_whether_it_has_eight() {
        let mut histogram = Histogram::default();
        for number in 1..30 {
            histogram.count(Millis::from_seconds(number));
            assert_eq!(histogram.has(8), number >= 8, "{number}");
        }
    }

    #[test]
    fn a_bar_begins_in_itself() {
        for bar in 0..124 {
            assert_eq!(bar_of(begin_of(bar)), bar);
        }
    }

    proptest! {
        #[test]
        fn what_is_read_off_is_within_a_bar_of_what_was_counted(
            lengths in proptest::collection::vec(200_u64..900_000, 1..30),
        ) {
            let mut histogram = Histogram::default();
            for length in &lengths {
                histogram.count(Millis::new(*length));
            }
            let least = lengths.iter().min().copied().unwrap();
            let most = lengths.iter().max().copied().unwrap();
            let (below, up_to) = (histogram.below(1).unwrap(), histogram.up_to(100).unwrap());
            prop_assert!((least * 92 / 100..=least).contains(&below.get()));
            prop_assert!((most..=most * 108 / 100 + 1).contains(&up_to.get()));
            let json = serde_json::to_string(&histogram).unwrap();
            prop_assert_eq!(serde_json::from_str::<Histogram>(&json).unwrap(), histogram);
        }
    }
}

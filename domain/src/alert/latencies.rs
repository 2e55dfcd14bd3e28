//! How long calls took over the last 15 minutes: a histogram with a bar for each second, so that it
//! can be held against any whole number of seconds without an error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::slots::Slots;
use crate::time::{Millis, UnixMillis};

/// With fewer calls nothing is said.
const LEAST_CALLS: u64 = 5;
const PERCENTILE: u64 = 95;

/// The calls of each of the last 15 minutes: how many took up to so many whole seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latencies(Slots<BTreeMap<u64, u64>, 15, 60>);

/// What most calls took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slowest {
    /// 95 % of the calls took no longer, rounded up to whole seconds.
    pub seconds: u64,
    /// How many calls there were.
    pub calls: u64,
}

impl Latencies {
    /// Counts a call.
    pub fn count(&mut self, now: UnixMillis, latency: Millis) {
        if let Some(bars) = self.0.at(now) {
            *bars.entry(latency.seconds_rounded_up()).or_default() += 1;
        }
    }

    /// What 95 % of the calls took at most, by nearest rank; none if there were too few.
    #[must_use]
    pub fn slowest(&self, now: UnixMillis) -> Option<Slowest> {
        let mut sum: BTreeMap<u64, u64> = BTreeMap::new();
        for (seconds, calls) in self.0.within(now).flatten() {
            *sum.entry(*seconds).or_default() += calls;
        }
        let calls: u64 = sum.values().sum();
        if calls < LEAST_CALLS {
            return None;
        }
        let rank = (calls * PERCENTILE).div_ceil(100);
        let mut counted = 0;
        let mut bars = sum.into_iter();
        let bar = bars.find(|(_, calls)| {
            counted += calls;
            counted >= rank
        });
        bar.map(|(seconds, _)| Slowest { seconds, calls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

    fn of(millis: &[u64]) -> Latencies {
        let mut latencies = Latencies::default();
        for length in millis {
            latencies.count(NOON, Millis::new(*length));
        }
        latencies
    }

    #[test]
    fn of_twenty_calls_one_may_be_slow_and_of_fewer_none() {
        let fast = [900; 19];
        let slowest = of(&[&fast[..], &[40_000]].concat()).slowest(NOON);
        let expected = |seconds, calls| Some(Slowest { seconds, calls });
        assert_eq!(slowest, expected(1, 20));
        assert_eq!(
            of(&[&fast[1..], &[40_000]].concat()).slowest(NOON),
            expected(40, 19)
        );
    }

    #[test]
    fn fewer_than_five_calls_say_nothing_and_old_ones_do_not_count() {
        assert_eq!(of(&[40_000; 4]).slowest(NOON), None);
        let five = of(&[40_000; 5]);
        assert!(five.slowest(NOON).is_some());
        assert_eq!(five.slowest(NOON.plus(Millis::from_seconds(15 * 60))), None);
    }

    proptest! {
        #[test]
        fn it_is_the_nearest_rank_of_the_sorted_calls(
            mut calls in proptest::collection::vec(0_u64..200_000, 5..200),
        ) {
            let slowest = of(&calls).slowest(NOON).unwrap();
            calls.sort_unstable();
            let rank = (calls.len() * 95).div_ceil(100);
            prop_assert_eq!(slowest.seconds, calls[rank - 1].div_ceil(1000));
            prop_assert_eq!(slowest.calls, calls.len() as u64);
        }
    }
}

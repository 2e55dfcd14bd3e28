//! A window of time that moves on: what is counted is counted in slots, and slots that are too old
//! are dropped whole. So the window is never longer than it says, and shorter by up to one slot.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;

/// The last `SLOTS` slots of `SECONDS` each, the oldest first; those in which nothing was counted are
/// left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slots<T, const SLOTS: u64, const SECONDS: u64>(VecDeque<(u64, T)>);

impl<T: Default, const SLOTS: u64, const SECONDS: u64> Slots<T, SLOTS, SECONDS> {
    /// The slot to count in now; what is no longer in the window is dropped, and what a clock that was
    /// ahead has left.
    pub fn at(&mut self, now: UnixMillis) -> Option<&mut T> {
        let slot = Self::slot(now);
        self.0.retain(|(other, _)| Self::is_within(*other, slot));
        if self.0.back().is_none_or(|(last, _)| *last < slot) {
            self.0.push_back((slot, T::default()));
        }
        self.0.back_mut().map(|(_, counted)| counted)
    }

    /// What was counted within the window.
    pub fn within(&self, now: UnixMillis) -> impl Iterator<Item = &T> {
        let slots = self.0.iter();
        let slots = slots.filter(move |(slot, _)| Self::is_within(*slot, Self::slot(now)));
        slots.map(|(_, counted)| counted)
    }

    const fn slot(now: UnixMillis) -> u64 {
        now.get() / (SECONDS * 1000)
    }

    const fn is_within(slot: u64, current: u64) -> bool {
        slot <= current && current - slot < SLOTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;
    use proptest::prelude::*;

    type Minutes = Slots<Vec<u64>, 15, 60>;

    proptest! {
        #[test]
        fn the_window_has_what_is_recent_and_nothing_that_is_older_than_it(
            steps in proptest::collection::vec(0_u64..200, 1..60),
        ) {
            let mut slots = Minutes::default();
            let mut now = UnixMillis::new(1_795_262_400_000);
            let mut counted = vec![];
            for seconds in steps {
                now = now.plus(Millis::from_seconds(seconds));
                slots.at(now).unwrap().push(now.get());
                counted.push(now);
            }
            let within: Vec<u64> = slots.within(now).flatten().copied().collect();
            for at in counted {
                let age = now.since(at);
                if age <= Millis::from_seconds(14 * 60) {
                    prop_assert!(within.contains(&at.get()));
                } else if age >= Millis::from_seconds(15 * 60) {
                    prop_assert!(!within.contains(&at.get()));
                }
            }
        }
    }

    #[test]
    fn what_a_clock_that_was_ahead_has_left_does_not_count() {
        let now = UnixMillis::new(1_795_262_400_000);
        let ahead = now.plus(Millis::from_seconds(86_400));
        let mut slots = Minutes::default();
        slots.at(ahead).unwrap().push(1);
        assert_eq!(slots.within(now).count(), 0);
        slots.at(now).unwrap().push(2);
        assert_eq!(slots.within(now).flatten().collect::<Vec<_>>(), [&2]);
        assert_eq!(slots.within(ahead).count(), 0);
    }
}

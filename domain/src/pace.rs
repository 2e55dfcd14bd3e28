//! When to ask Ideogram whether a generation is done. A poll too early is one for nothing, one too late
//! keeps somebody waiting; how long pictures take is not told, so it is learned for each model (`times`,
//! on `histogram`s).
//!
//! Holds true: a wait is never nothing, never below the floor, and never longer than until nearly
//! everything is done or a minute, whichever is longer. Once a model is known, and takes 5 to 20 s, half
//! of its generations are seen to be done within a second.

mod histogram;
mod times;

#[cfg(test)]
mod tests;

use std::iter;

use serde::{Deserialize, Serialize};

pub use self::times::{Paces, Times};
use crate::time::Millis;

/// Nothing is asked sooner than this after anything else.
const LEAST_WAIT: Millis = Millis::new(200);
/// While nothing is known of a model: the first wait, which grows.
const UNKNOWN_FIRST: Millis = Millis::from_seconds(2);
/// A part of the time in which generations end, for those that all take about as long.
const PARTS: u64 = 5;
/// Polls closer together gain nothing that anybody sees.
const SHORTEST: Millis = Millis::new(500);
/// Half of the generations are seen within half of it.
const LONGEST: Millis = Millis::new(1500);
/// What has taken long may be seen later: by so many per cent of the time that it has taken.
const LONGEST_PERCENT: u64 = 8;
/// What takes longer than nearly everything is asked about less and less, but never less than this.
const LATE_MOST: Millis = Millis::from_seconds(15);
/// A webhook tells at once; where nothing is known of a model it has this long before it is helped.
const WEBHOOK_FIRST: Millis = Millis::from_seconds(15);
/// Where a webhook should have told.
const WEBHOOK_MOST: Millis = Millis::from_seconds(60);
/// Ideogram takes 1,000 polls in 10 s (its page on rate limits, 2026-10). So that some are left for
/// others of the organisation, this long lies between two on average, whatever they are about.
const BETWEEN_TWO: Millis = Millis::new(13);

/// How long a model's generations take, in time since they were submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Almost nothing is done before.
    low: Millis,
    /// Almost everything is done by then.
    high: Millis,
}

impl Pace {
    /// Between these two.
    #[must_use]
    pub fn new(low: Millis, high: Millis) -> Self {
        let high = high.max(low);
        Self { low, high }
    }

    fn wait(self, since_submission: Millis) -> Millis {
        let (low, high, since) = (self.low.get(), self.high.get(), since_submission.get());
        if let Some(to_go) = low.checked_sub(since).filter(|to_go| *to_go > 0) {
            return Millis::new(to_go);
        }
        let longest = LONGEST
            .get()
            .max(since.saturating_mul(LONGEST_PERCENT) / 100);
        let part = high.saturating_sub(low) / PARTS;
        let between = part.clamp(SHORTEST.get(), longest);
        let Some(late) = since.checked_sub(high) else {
            return Millis::new(between);
        };
        // Half of the time gone by since is a wait that grows by half with each poll.
        let wait = (between + between / 2).saturating_add(late / 2);
        Millis::new(wait).min(LATE_MOST)
    }
}

/// How long to wait before a generation is asked about, the first time or again. `told_by_webhook`:
/// Ideogram was asked to tell by itself. `polls`: how often it was asked about already. `floor`: the least
/// wait, as `floor` has it.
#[must_use]
pub fn wait_before_poll(
    pace: Option<Pace>,
    told_by_webhook: bool,
    since_submission: Millis,
    polls: u32,
    floor: Millis,
) -> Millis {
    let wait = match (pace, told_by_webhook) {
        (pace, true) => wait_for_webhook(pace, since_submission, polls),
        (Some(pace), false) => pace.wait(since_submission),
        (None, false) => grown(UNKNOWN_FIRST, 150, polls, LATE_MOST),
    };
    wait.max(floor).max(LEAST_WAIT)
}

/// The least wait of each of so many generations at once, so that all of them together do not ask more
/// often than Ideogram lets them.
#[must_use]
pub const fn floor(max_in_flight: u32) -> Millis {
    BETWEEN_TWO.times(max_in_flight as u64)
}

/// Polls are for webhooks that got lost.
fn wait_for_webhook(pace: Option<Pace>, since_submission: Millis, polls: u32) -> Millis {
    let first = pace.map_or(WEBHOOK_FIRST, |pace| pace.high);
    if polls > 0 {
        return grown(first, 200, polls, WEBHOOK_MOST);
    }
    Millis::new(first.get().saturating_sub(since_submission.get()))
}

/// The first wait, so many per cent of the one before after each poll, up to the most.
fn grown(first: Millis, percent: u64, polls: u32, most: Millis) -> Millis {
    let longer = |wait: &Millis| {
        let grows = *wait < most;
        grows.then(|| Millis::new(wait.get() * percent / 100))
    };
    let mut waits = iter::successors(Some(first.max(LEAST_WAIT)), longer);
    let polls = usize::try_from(polls).unwrap_or(usize::MAX);
    waits.nth(polls).unwrap_or(most).min(most)
}

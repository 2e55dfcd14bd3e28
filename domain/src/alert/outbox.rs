//! What somebody has to be told, until it is delivered: at least once, with a growing wait between
//! tries and no end of them, and for each rule in the order in which it happened.
//! Holds true: every change of state is a notice. If a receiver takes none for so long that a rule
//! has changed very often, changes in the middle are no longer told one by one: the notice after them
//! says how many there were. The oldest and the newest are always told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::board::Alert;
use super::rule::Rule;
use crate::time::{Millis, UnixMillis};

/// The wait after the first try; it doubles with each try.
const WAIT_FIRST: Millis = Millis::from_seconds(5);
const WAIT_MOST: Millis = Millis::from_seconds(600);
/// The most notices of one rule that wait.
const MOST_OF_A_RULE: usize = 16;

/// A change of state, to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The rule as it stands since.
    pub alert: Alert,
    /// How many changes of the same rule right before this one are not told.
    #[serde(default)]
    pub skipped: u64,
}

impl Notice {
    /// Its name, the same at every try, so that a receiver knows what it has had. A rule that starts
    /// to count its changes anew does so at another time.
    #[must_use]
    pub fn id(&self) -> String {
        let Alert {
            rule,
            since,
            changes,
            ..
        } = &self.alert;
        format!("{}-{}-{changes}", rule.as_str(), since.get())
    }
}

/// A notice that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its place: those of one rule are told in this order.
    pub number: u64,
    /// What is to be told.
    pub notice: Notice,
    /// How often that was tried.
    pub tries: u32,
    /// When to try next.
    pub next_at: UnixMillis,
}

/// What of the outbox is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxWrite {
    /// Store this in place of whatever is stored under its number.
    Put(Queued),
    /// Delete what is stored under this number.
    Delete(u64),
}

/// Whether a try came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Taken,
    /// It was not, or nobody can say.
    Failed,
}

/// All that waits.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    queued: BTreeMap<u64, Queued>,
}

impl Outbox {
    /// As it was stored. A clock that was ahead holds nothing up.
    #[must_use]
    pub fn new(queued: Vec<Queued>, now: UnixMillis) -> Self {
        let queued = queued.into_iter().map(|mut one| {
            one.next_at = one.next_at.min(now.plus(WAIT_MOST));
            (one.number, one)
        });
        Self {
            queued: queued.collect(),
        }
    }

    /// Takes a change of state in.
    pub fn push(&mut self, now: UnixMillis, alert: Alert) -> Vec<OutboxWrite> {
        let mut writes = vec![];
        let last = self.queued.last_key_value();
        let number = last.map_or(0, |(number, _)| *number).saturating_add(1);
        let skipped = self.make_room(alert.rule, &mut writes);
        let queued = Queued {
            number,
            notice: Notice { alert, skipped },
            tries: 0,
            next_at: now,
        };
        writes.push(OutboxWrite::Put(queued.clone()));
        self.queued.insert(number, queued);
        writes
    }

    /// Takes out what a full rule has between its oldest notice, which may be on its way, and the one
    /// that comes now; says how many changes that were.
    fn make_room(&mut self, rule: Rule, writes: &mut Vec<OutboxWrite>) -> u64 {
        let of_rule = self
            .queued
            .values()
            .filter(|one| one.notice.alert.rule == rule);
        let numbers: Vec<u64> = of_rule.map(|one| one.number).collect();
        if numbers.len() < MOST_OF_A_RULE {
            return 0;
        }
        let mut skipped = 0_u64;
        // The newest two go, and with them what they say is missing before them: so what is told of a
        // rule is still that it fires and that it does not, by turns.
        for number in numbers.into_iter().skip(MOST_OF_A_RULE - 2) {
            if let Some(one) = self.queued.remove(&number) {
                skipped = skipped.saturating_add(1).saturating_add(one.notice.skipped);
                writes.push(OutboxWrite::Delete(number));
            }
        }
        skipped
    }

    /// What is to be tried now: of each rule only the oldest.
    #[must_use]
    pub fn due(&self, now: UnixMillis) -> Option<&Queued> {
        let due = self.oldest().filter(|one| one.next_at <= now);
        due.min_by_key(|one| (one.next_at, one.number))
    }

    /// When there is next something to try.
    #[must_use]
    pub fn next_at(&self) -> Option<UnixMillis> {
        self.oldest().map(|one| one.next_at).min()
    }

    /// A try has ended.
    pub fn tried(&mut self, now: UnixMillis, id: &str, delivery: Delivery) -> Option<OutboxWrite> {
        let mut queued = self.queued.values_mut();
        let one = queued.find(|one| one.notice.id() == id)?;
        match delivery {
            Delivery::Taken => {
                let number = one.number;
                self.queued.remove(&number);
                Some(OutboxWrite::Delete(number))
            }
            Delivery::Failed => {
                let doublings = one.tries.min(16);
                one.tries = one.tries.saturating_add(1);
                one.next_at = now.plus(WAIT_FIRST.times(1 << doublings).min(WAIT_MOST));
                Some(OutboxWrite::Put(one.clone()))
            }
        }
    }

    /// How many notices wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queued.len()
    }

    /// Whether none does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queued.is_empty()
    }

    /// The oldest notice of each rule.
    fn oldest(&self) -> impl Iterator<Item = &Queued> {
        let mut oldest: BTreeMap<Rule, &Queued> = BTreeMap::new();
        for one in self.queued.values() {
            oldest.entry(one.notice.alert.rule).or_insert(one);
        }
        oldest.into_values()
    }
}

//! The promises, and the word for one that does not hold. What is checked for each is in
//! `lease_promises`, `generation_promises`, `left_alone` and, once all has come to rest, in `rest`.

use std::collections::BTreeMap;
use std::fmt;

use super::generation_promises::GenerationPromises;
use super::lease_promises::LeasePromises;
use super::left_alone::LeftAlone;
use crate::time::UnixMillis;

/// A promise of ARCHITECTURE.md, or what has to hold for it to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// The day's budget holds, and no lease books less than Ideogram bills.
    Money,
    /// Ideogram never has more pictures in progress than allowed.
    InFlight,
    /// What was made is not made again while it is good.
    Once,
    /// Every picture that reached the gateway is stored.
    Kept,
    /// Every caller is answered in time, and with what was asked for.
    Answered,
    /// Ideogram is left alone while the breaker is open, but for one probe, and no call is made
    /// more often than allowed.
    LeftAlone,
    /// In the end nothing is left over.
    AtRest,
    /// What one version wrote the other reads.
    Readable,
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Money => "money",
            Self::InFlight => "in flight",
            Self::Once => "once",
            Self::Kept => "kept",
            Self::Answered => "answered",
            Self::LeftAlone => "left alone",
            Self::AtRest => "at rest",
            Self::Readable => "readable",
        })
    }
}

/// A promise that does not hold, and how it shows.
#[derive(Debug)]
pub(super) struct Broken {
    pub promise: Promise,
    pub how: String,
}

/// What a step came to.
pub(super) type Checked<T = ()> = Result<T, Broken>;

/// What is known of every lease and every generation, from outside.
#[derive(Debug, Default)]
pub(super) struct Promises {
    pub leases: LeasePromises,
    pub generations: GenerationPromises,
    pub left_alone: LeftAlone,
    /// How often each was looked at.
    pub checks: Checks,
    /// When an object's clock last jumped. A jump makes time pass for the gateway that did not pass
    /// for Ideogram, so what depends on lengths of time is excused across it; money is not.
    pub clock_jumped_at: Option<UnixMillis>,
}

impl Promises {
    /// Whether a clock has jumped since then.
    pub(super) fn jumped_since(&self, moment: UnixMillis) -> bool {
        self.clock_jumped_at.is_some_and(|at| at >= moment)
    }
}

/// How often each promise was checked.
#[derive(Debug, Default, Clone)]
pub(super) struct Checks(pub BTreeMap<Promise, u64>);

impl Checks {
    /// Holds `promise` to `holds`; `how` tells what is wrong.
    pub(super) fn hold(
        &mut self,
        promise: Promise,
        holds: bool,
        how: impl FnOnce() -> String,
    ) -> Checked {
        *self.0.entry(promise).or_default() += 1;
        if holds {
            return Ok(());
        }
        Err(Broken {
            promise,
            how: how(),
        })
    }
}

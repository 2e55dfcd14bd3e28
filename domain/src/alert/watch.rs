//! What the ledger remembers for the rules: the last word on the key, on credit, on whether Ideogram
//! is there, and what happened lately. It is stored with whatever told of it.
//! Holds true: a call that began before a refusal does not take the refusal back.

use serde::{Deserialize, Serialize};

use super::latencies::{Latencies, Slowest};
use super::slots::Slots;
use crate::failure::FailureCode;
use crate::generation::StoringReport;
use crate::health::{Condition, Probe};
use crate::ledger::{CallReport, RefusalReason};
use crate::money::MicroDollars;
use crate::quote::Drift;
use crate::reconciliation::{Reconciliation, Usage};
use crate::retry::Health;
use crate::time::{Day, UnixMillis};

/// How much of what a probe says is kept, in characters.
const MOST_DETAILS: usize = 200;

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    reach: Option<Reach>,
    key: Word,
    credit: Word,
    rate_limited_in_a_row: u32,
    latencies: Latencies,
    prompts: Slots<Prompts, 12, 300>,
    no_room: Option<NoRoom>,
    storing: Option<Kept>,
    prices: Option<Vec<Drift>>,
    reconciled: Option<Reconciliation>,
    /// Whether there is something to store.
    #[serde(skip)]
    changed: bool,
}

/// Ideogram's last word on something it can refuse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// None yet.
    #[default]
    Unheard,
    /// It took it.
    Accepted,
    /// It refused it.
    Refused {
        /// When.
        at: UnixMillis,
    },
}

/// Whether Ideogram is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It answered.
    Reached,
    /// A probe says it is down.
    Down {
        /// When.
        at: UnixMillis,
        /// What the probe says of it.
        details: String,
    },
}

/// How keeping the pictures of a generation went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Not kept by a try, to be tried again.
    pub pending: u32,
    /// Never to be kept.
    pub lost: u32,
}

impl From<&StoringReport> for Kept {
    fn from(report: &StoringReport) -> Self {
        Self {
            pending: report.pending,
            lost: report.lost,
        }
    }
}

impl Kept {
    /// Whether every picture is kept.
    #[must_use]
    pub const fn all(self) -> bool {
        self.pending == 0 && self.lost == 0
    }
}

/// Prompts that came to an outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompts {
    /// All of them.
    pub all: u64,
    /// Those that Ideogram's safety check refused.
    pub rejected: u64,
}

/// A request was refused because the day's budget had no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct NoRoom {
    day: Day,
    budget: MicroDollars,
}

/// What is heard.
impl Watch {
    /// A call ended; `paid`: Ideogram billed it.
    pub fn called(&mut self, now: UnixMillis, call: &CallReport, paid: bool) {
        self.changed = true;
        let began_at = call.ended_at.minus(call.latency);
        self.key = self
            .key
            .after(key_word(call.health, call.ended_at), began_at);
        let credit = match call.health {
            Health::NoCredits => Some(Word::Refused { at: call.ended_at }),
            _ => paid.then_some(Word::Accepted),
        };
        self.credit = self.credit.after(credit, began_at);
        self.rate_limited_in_a_row = match call.health {
            Health::RateLimited => self.rate_limited_in_a_row.saturating_add(1),
            _ => 0,
        };
        if matches!(call.health, Health::Working | Health::Failing) {
            // What is refused at the door is fast and says nothing about the work.
            self.latencies.count(now, call.latency);
        }
        let down_before =
            matches!(&self.reach, Some(Reach::Down { at, .. }) if *at < call.ended_at);
        if call.health == Health::Working && down_before {
            self.reach = Some(Reach::Reached);
        }
    }

    /// A probe came to an end. One that Ideogram has refused has reached it: what it refused is
    /// another rule's.
    pub fn probed(&mut self, probe: &Probe) {
        self.changed = true;
        let refused = Word::Refused { at: probe.at };
        let (mut down, mut word) = (probe.condition == Condition::Down, None);
        match probe.health {
            Some(Health::KeyRefused) => (down, word) = (false, Some(refused)),
            Some(Health::NoCredits) => (down, self.credit) = (false, refused),
            _ if probe.key_accepted => word = Some(Word::Accepted),
            _ => {}
        }
        self.key = self.key.after(word, probe.at);
        if down {
            self.reach = Some(Reach::Down {
                at: probe.at,
                details: probe.details.chars().take(MOST_DETAILS).collect(),
            });
        } else if probe.health.is_some() {
            // Otherwise it says nothing about Ideogram.
            self.reach = Some(Reach::Reached);
        }
    }

    /// A generation came to its outcome: `done`, or the code it failed with.
    pub fn ended(&mut self, now: UnixMillis, outcome: &str) {
        if let Some(prompts) = self.prompts.at(now) {
            self.changed = true;
            prompts.all += 1;
            prompts.rejected += u64::from(outcome == FailureCode::PromptRejected.as_str());
        }
    }

    /// A request was refused by the ledger, under a budget of so much.
    pub fn refused(&mut self, day: Day, reason: RefusalReason, budget: MicroDollars) {
        let no_room = Some(NoRoom { day, budget });
        if reason == RefusalReason::DailyBudget && self.no_room != no_room {
            self.changed = true;
            self.no_room = no_room;
        }
    }

    /// A try to keep pictures came to an end.
    pub fn kept(&mut self, kept: Kept) {
        if self.storing != Some(kept) {
            self.changed = true;
            self.storing = Some(kept);
        }
    }

    /// The prices were looked at.
    pub fn prices_compared(&mut self, drifts: Vec<Drift>) {
        self.changed = true;
        self.prices = Some(drifts);
    }

    /// Ideogram's account of a day was held against the ledger's. What is said of an earlier day, and what
    /// says nothing, does not replace what is known of the last one.
    pub fn reconciled(&mut self, reconciliation: Reconciliation) {
        let last = self.reconciled.map(|last| last.day);
        if reconciliation.usage != Usage::NotAllowed && last <= Some(reconciliation.day) {
            self.changed = true;
            self.reconciled = Some(reconciliation);
        }
    }

    /// Whether there is something to store; then it counts as stored.
    pub(super) const fn take_changed(&mut self) -> bool {
        let changed = self.changed;
        self.changed = false;
        changed
    }
}

/// What is known.
impl Watch {
    /// Whether Ideogram is there, by the last word on it.
    #[must_use]
    pub const fn reach(&self) -> Option<&Reach> {
        self.reach.as_ref()
    }

    /// Ideogram's last word on the key.
    #[must_use]
    pub const fn key(&self) -> Word {
        self.key
    }

    /// Ideogram's last word on credit.
    #[must_use]
    pub const fn credit(&self) -> Word {
        self.credit
    }

    /// How many calls in a row were answered 429.
    #[must_use]
    pub const fn rate_limited_in_a_row(&self) -> u32 {
        self.rate_limited_in_a_row
    }

    /// What most calls of the last 15 minutes took.
    #[must_use]
    pub fn slowest(&self, now: UnixMillis) -> Option<Slowest> {
        self.latencies.slowest(now)
    }

    /// The prompts of the last hour.
    #[must_use]
    pub fn prompts(&self, now: UnixMillis) -> Prompts {
        let slots = self.prompts.within(now);
        slots.fold(Prompts::default(), |sum, slot| Prompts {
            all: sum.all + slot.all,
            rejected: sum.rejected + slot.rejected,
        })
    }

    /// Whether a request was refused on that day because a budget no larger than this had no room.
    #[must_use]
    pub fn had_no_room(&self, day: Day, budget: MicroDollars) -> bool {
        let no_room = self.no_room.as_ref();
        no_room.is_some_and(|no_room| no_room.day == day && no_room.budget >= budget)
    }

    /// How the last try to keep pictures went.
    #[must_use]
    pub const fn storing(&self) -> Option<Kept> {
        self.storing
    }

    /// The last day of which Ideogram has told what it cost, by both accounts.
    #[must_use]
    pub const fn last_reconciled(&self) -> Option<&Reconciliation> {
        self.reconciled.as_ref()
    }

    /// What the last look at the prices found.
    #[must_use]
    pub fn prices(&self) -> Option<&[Drift]> {
        self.prices.as_deref()
    }
}

impl Word {
    /// The word after this one, if there is another, on something that began at this moment.
    fn after(self, word: Option<Self>, began_at: UnixMillis) -> Self {
        match (self, word) {
            (_, None) => self,
            (Self::Refused { at }, Some(Self::Accepted)) if began_at < at => self,
            (_, Some(word)) => word,
        }
    }
}

/// What a call says about the key. A limit may be held against an address, before the key is looked
/// at; a failure says nothing.
const fn key_word(health: Health, at: UnixMillis) -> Option<Word> {
    match health {
        Health::KeyRefused => Some(Word::Refused { at }),
        Health::Working | Health::NoCredits => Some(Word::Accepted),
        Health::RateLimited | Health::Failing => None,
    }
}

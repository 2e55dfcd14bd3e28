//! The ledger's words: what it is asked, what it answers, what it wants written, and what it is
//! started from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::allowance::TokenUse;
use super::breaker::BreakerState;
use super::lease::{Lease, LeaseTerms};
use super::mode::Mode;
use super::queue::Waiting;
use super::refusal::Refusal;
use crate::alert::AlertWrite;
use crate::gathered::Batch;
use crate::health::Probe;

use crate::ids::{ClientId, LeaseId, TokenId};
use crate::money::MicroDollars;
use crate::pace::Times;
use crate::quote::PriceWatch;
use crate::reconciliation::Reconciliation;
use crate::retry::Health;
use crate::time::{Day, Millis, UnixMillis};

/// What the ledger enforces, from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Whether anything may be generated at all.
    pub enabled: bool,
    /// The most that may be billed, reserved and unconfirmed on one UTC day.
    pub daily_budget: MicroDollars,
    /// The most pictures in progress at Ideogram.
    pub max_in_flight: u32,
    /// The most requests that wait for a place.
    pub queue_limit: u32,
    /// How long one may wait.
    pub queue_timeout: Millis,
    /// After this long a lease that was not settled counts as lost, and is booked as unconfirmed.
    pub lease_duration: Millis,
    /// How long an unconfirmed lease keeps its places after we gave up on it.
    pub unconfirmed_hold: Millis,
}

/// One call to Ideogram as the ledger hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallReport {
    /// What it said about Ideogram.
    pub health: Health,
    /// How long it took.
    pub latency: Millis,
    /// When it ended.
    pub ended_at: UnixMillis,
    /// Whether it was asked about again and again until it was done; otherwise its answer came on the
    /// call itself, which says nothing about how long to wait.
    #[serde(default)]
    pub polled: bool,
    /// How long after its beginning it was still known to be pending; nothing if that was never seen.
    #[serde(default)]
    pub pending_for: Millis,
}

/// What is booked on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// Billed by Ideogram.
    pub billed: MicroDollars,
    /// Possibly billed.
    pub unconfirmed: MicroDollars,
}

/// What is booked, by the day it counts against and who pays.
pub type Booked = BTreeMap<(Day, ClientId), DayTotals>;

/// Something to store. All writes of one command belong into one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Store this lease in place of whatever is stored under its id.
    Lease(Lease),
    /// Add to the totals of (day, client, model, endpoint).
    Totals(TotalsChange),
    /// Store the breaker.
    Breaker(BreakerState),
    /// Store the last call.
    LastCall(CallReport),
    /// Count a wait in the queue.
    Waited(Wait),
    /// Add what an isolate has gathered.
    Gathered(Batch),
    /// Store the last probe, and add it to the history of probes.
    Probe(Probe),
    /// Store the last look at Ideogram's prices.
    PriceWatch(PriceWatch),
    /// Store how long models take.
    Times(Times),
    /// Store what a day comes to by both accounts.
    Reconciliation(Reconciliation),
    /// Store the operator's word on whether pictures may be made.
    Mode(Mode),
    /// Delete the closed leases of days before this one; nobody asks about them any more.
    PruneLeases {
        /// The first day that stays.
        before: Day,
    },
    /// Store something of the alerts, which are judged after each command.
    Alert(AlertWrite),
}

/// An addition to one row of totals; negative where an unconfirmed lease is corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalsChange {
    /// The lease's day.
    pub day: Day,
    /// Who pays.
    pub client: ClientId,
    /// The model.
    pub model: String,
    /// The endpoint.
    pub endpoint: String,
    /// Leases that were settled.
    pub requests: i64,
    /// Pictures billed.
    pub images: i64,
    /// Micro-dollars billed.
    pub billed: i64,
    /// Micro-dollars unconfirmed.
    pub unconfirmed: i64,
    /// Leases that were refused, at once or after a wait.
    pub refused: i64,
}

/// The answer to `acquire`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acquired {
    /// Money and places are reserved.
    Granted,
    /// Not to be had.
    Refused(Refusal),
    /// This lease was settled, or lost, before; ask under a new id.
    Closed,
}

/// What `acquire` leads to at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquisition {
    /// The answer.
    Now(Acquired),
    /// In the queue; the answer comes as a `Wake`.
    Waiting,
}

/// The answer to `retry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAnswer {
    /// The failed call may be tried again.
    Allowed,
    /// It may not: too much is tried again already, or Ideogram is left alone.
    Denied,
}

/// One that waited has its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wake {
    /// Who.
    pub lease: LeaseId,
    /// What.
    pub answer: Acquired,
}

/// A wait in the queue that has ended. One that was served at once has waited too, for no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long it was.
    pub length: Millis,
    /// With what.
    pub end: WaitEnd,
}

/// What a wait in the queue ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitEnd {
    /// A place.
    Granted,
    /// A refusal.
    Refused,
    /// Whoever waited gave up.
    Left,
}

impl WaitEnd {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Refused, Self::Left];
}

/// What a command leads to besides its own answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// To be stored, all at once, before anybody is answered.
    pub writes: Vec<Write>,
    /// To be woken once that is stored.
    pub wakes: Vec<Wake>,
}

impl Effects {
    /// Wakes one that has waited, and counts its wait.
    pub(super) fn end_wait(&mut self, waiting: &Waiting, now: UnixMillis, answer: Acquired) {
        let end = match answer {
            Acquired::Granted => WaitEnd::Granted,
            Acquired::Refused(_) => {
                self.count_refusal(now.day(), &waiting.terms);
                WaitEnd::Refused
            }
            Acquired::Closed => WaitEnd::Left,
        };
        let length = now.since(waiting.since);
        self.writes.push(Write::Waited(Wait { length, end }));
        self.wakes.push(Wake {
            lease: waiting.terms.lease.clone(),
            answer,
        });
    }

    /// Has a refusal counted, for reports alone: nothing is decided by it.
    pub(super) fn count_refusal(&mut self, day: Day, terms: &LeaseTerms) {
        self.writes.push(Write::Totals(TotalsChange {
            day,
            client: terms.client.clone(),
            model: terms.model.clone(),
            endpoint: terms.endpoint.clone(),
            requests: 0,
            images: 0,
            billed: 0,
            unconfirmed: 0,
            refused: 1,
        }));
    }
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The current UTC day.
    pub day: Day,
    /// Whether generation is switched on, by the setting and by the operator.
    pub enabled: bool,
    /// The operator's word on it.
    #[serde(default)]
    pub mode: Mode,
    /// Why nothing is spent although it is switched on: the books are wrong.
    #[serde(default)]
    pub frozen: Option<Frozen>,
    /// The day's budget.
    pub budget: MicroDollars,
    /// Billed today.
    pub billed: MicroDollars,
    /// Reserved today, the waiting included.
    pub reserved: MicroDollars,
    /// Unconfirmed today.
    pub unconfirmed: MicroDollars,
    /// Places taken.
    pub in_flight_images: u32,
    /// Places there are, as Ideogram lets us have them at the moment.
    pub in_flight_limit: u32,
    /// Requests waiting.
    pub queued: usize,
    /// The breaker.
    pub breaker: BreakerState,
    /// The last call to Ideogram.
    #[serde(default)]
    pub last_call: Option<CallReport>,
    /// The last probe.
    #[serde(default)]
    pub last_probe: Option<Probe>,
}

/// What one client has come to on the current UTC day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientDay {
    /// Who.
    pub client: ClientId,
    /// Billed today.
    pub billed: MicroDollars,
    /// Reserved today, the waiting included.
    pub reserved: MicroDollars,
    /// Unconfirmed today.
    pub unconfirmed: MicroDollars,
    /// Prompts that Ideogram's safety check refused today.
    #[serde(default)]
    pub rejected_prompts: u64,
}

/// What is wrong with the books. While it is, nothing is spent; it is found again after every
/// restart until somebody has mended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frozen {
    /// The stored totals are not the sum of the stored leases.
    TotalsAreNotTheSumOfLeases,
    /// A lease took back more than the totals held.
    TotalsBelowZero,
}

/// What was stored, to start from.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The leases that are reserved or still hold places.
    pub leases: Vec<Lease>,
    /// The totals of today and of any later day (a clock may have gone back).
    pub totals: Booked,
    /// The same, summed over the leases themselves.
    pub audit: Booked,
    /// What the tokens that still count were used for, summed over the leases.
    pub tokens: BTreeMap<TokenId, TokenUse>,
    /// The breaker.
    pub breaker: BreakerState,
    /// The last call.
    pub last_call: Option<CallReport>,
    /// The last probe.
    pub last_probe: Option<Probe>,
    /// How long models take.
    pub times: Times,
    /// The operator's word on whether pictures may be made.
    pub mode: Mode,
}

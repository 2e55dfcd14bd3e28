//! The ledger: one state machine for money, places in flight, the queue and the breaker.
//!
//! At every instant, per day: billed + reserved + unconfirmed ≤ daily budget, where reserved
//! counts the waiting too. Places held by reserved and by still-held unconfirmed leases never
//! exceed the in-flight limit. A lease is booked once; an unconfirmed one may be corrected later.
//! Commands are idempotent by lease id and carry no moments of their own: the clock is an argument,
//! and a clock that goes back is taken to stand still.
//!
//! A command changes the machine and says what to write (`Write`) and whom to wake (`Wake`). The
//! caller writes it all at once before it answers anybody; if writing fails it throws the machine
//! away and restores it from what is stored. Time-driven changes happen in `tick`.

mod breaker;
mod lease;
mod queue;
mod refusal;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::breaker::{BreakerReason, BreakerState};
pub use self::lease::{Lease, LeaseState, LeaseTerms, Settlement};
pub use self::refusal::{Refusal, RefusalReason};

use self::breaker::{Admission, Breaker};
use self::queue::Queue;
use crate::ids::{ClientId, LeaseId};
use crate::money::MicroDollars;
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

/// What the calls under one lease said about Ideogram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallReport {
    /// Calls that failed and were tried again.
    pub failed_calls: u32,
    /// The last call; none if there was none.
    pub last: Option<LastCall>,
}

/// One call's outcome as the ledger remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCall {
    /// What it said about Ideogram.
    pub health: Health,
    /// How long it took.
    pub latency: Millis,
    /// When it ended.
    pub ended_at: UnixMillis,
}

/// What is booked on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// Billed by Ideogram.
    pub billed: MicroDollars,
    /// Possibly billed.
    pub unconfirmed: MicroDollars,
}

/// Something to store. All writes of one command belong into one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Store this lease in place of whatever is stored under its id.
    Lease(Lease),
    /// Add to the totals of (day, client, model).
    Totals(TotalsChange),
    /// Store the breaker.
    Breaker(BreakerState),
    /// Store the last call.
    LastCall(LastCall),
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
    /// Leases that were settled.
    pub requests: i64,
    /// Pictures billed.
    pub images: i64,
    /// Micro-dollars billed.
    pub billed: i64,
    /// Micro-dollars unconfirmed.
    pub unconfirmed: i64,
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
    /// In the queue, behind this many; the answer comes as a `Wake`.
    Waiting {
        /// How many are served before.
        ahead: usize,
    },
}

/// One that waited has its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wake {
    /// Who.
    pub lease: LeaseId,
    /// What.
    pub answer: Acquired,
}

/// What a command leads to besides its own answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// To be stored, all at once, before anybody is answered.
    pub writes: Vec<Write>,
    /// To be woken once that is stored.
    pub wakes: Vec<Wake>,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The current UTC day.
    pub day: Day,
    /// Whether generation is switched on.
    pub enabled: bool,
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
    /// Places there are.
    pub in_flight_limit: u32,
    /// Requests waiting.
    pub queued: usize,
    /// The breaker.
    pub breaker: BreakerState,
    /// The last call to Ideogram.
    #[serde(default)]
    pub last_call: Option<LastCall>,
}

/// What was stored, to start from.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The leases that are reserved or still hold places.
    pub leases: Vec<Lease>,
    /// The totals of today and of any later day (a clock may have gone back).
    pub totals: BTreeMap<Day, DayTotals>,
    /// The breaker.
    pub breaker: BreakerState,
    /// The last call.
    pub last_call: Option<LastCall>,
}

/// The state machine.
#[derive(Debug, Clone)]
pub struct Ledger {
    limits: Limits,
    /// The latest moment seen.
    clock: UnixMillis,
    /// Leases that are reserved or hold places; at most one a place in flight.
    open: BTreeMap<LeaseId, Lease>,
    totals: BTreeMap<Day, DayTotals>,
    queue: Queue,
    breaker: Breaker,
    last_call: Option<LastCall>,
}

impl Ledger {
    /// Starts from what was stored.
    #[must_use]
    pub fn restore(limits: Limits, stored: Stored, now: UnixMillis) -> Self {
        let open = stored
            .leases
            .into_iter()
            .map(|lease| (lease.terms.lease.clone(), lease))
            .collect();
        Self {
            limits,
            clock: now,
            open,
            totals: stored.totals,
            queue: Queue::default(),
            breaker: Breaker::restore(stored.breaker),
            last_call: stored.last_call,
        }
    }

    /// Asks for money and places. `known` is what is stored under the lease's id, for leases that
    /// are no longer open.
    pub fn acquire(
        &mut self,
        now: UnixMillis,
        terms: LeaseTerms,
        known: Option<&Lease>,
    ) -> (Acquisition, Effects) {
        let mut effects = self.tick(now);
        let acquisition = self.acquire_now(terms, known, &mut effects);
        (acquisition, effects)
    }

    fn acquire_now(
        &mut self,
        terms: LeaseTerms,
        known: Option<&Lease>,
        effects: &mut Effects,
    ) -> Acquisition {
        let lease = terms.lease.clone();
        if let Some(known) = self.open.get(&lease).or(known) {
            return Acquisition::Now(match known.state {
                LeaseState::Reserved { .. } => Acquired::Granted,
                _ => Acquired::Closed,
            });
        }
        if !self.queue.contains(&lease) {
            if let Some(refusal) = self.refusal(&terms) {
                return Acquisition::Now(Acquired::Refused(refusal));
            }
            let deadline = self.clock.plus(self.limits.queue_timeout);
            self.queue.push(terms, deadline);
            self.serve_queue(effects);
        }
        if let Some(ahead) = self.queue.ahead_of(&lease) {
            return Acquisition::Waiting { ahead };
        }
        // Served at once: the answer goes to the one who asks, not to one who waits.
        effects.wakes.retain(|wake| wake.lease != lease);
        Acquisition::Now(Acquired::Granted)
    }

    fn refusal(&self, terms: &LeaseTerms) -> Option<Refusal> {
        let refuse = |reason, retry_after| {
            Some(Refusal {
                reason,
                retry_after,
            })
        };
        let a_moment = Millis::from_seconds(1);
        if !self.limits.enabled {
            return refuse(RefusalReason::Disabled, Millis::from_seconds(60));
        }
        if let Admission::Refused {
            reason,
            retry_after,
        } = self.breaker.admission(self.clock)
        {
            return refuse(reason.refusal(), retry_after.max(a_moment));
        }
        let committed = self.committed(self.clock.day());
        if committed.plus(terms.cost) > self.limits.daily_budget {
            return refuse(RefusalReason::DailyBudget, self.clock.until_midnight());
        }
        let waits = self.queue.len() > 0 || !self.fits(terms.images);
        if waits && self.queue.len() >= self.limits.queue_limit as usize {
            return refuse(RefusalReason::QueueFull, self.limits.queue_timeout);
        }
        None
    }

    /// Books a lease. `known` is what is stored under its id, for leases that are no longer open.
    pub fn settle(
        &mut self,
        now: UnixMillis,
        terms: &LeaseTerms,
        settlement: Settlement,
        report: CallReport,
        known: Option<Lease>,
    ) -> Effects {
        let mut effects = self.tick(now);
        let before = self.open.get(&terms.lease).cloned().or(known);
        let said_before = match before.as_ref().map(|lease| lease.state) {
            Some(LeaseState::Billed { .. } | LeaseState::Void) => true,
            Some(LeaseState::Unconfirmed { .. }) => settlement == Settlement::Unconfirmed,
            Some(LeaseState::Reserved { .. }) | None => false,
        };
        if !said_before {
            self.book(before, terms, settlement, &mut effects);
            self.take_note(&terms.lease, report, &mut effects);
        }
        self.serve_queue(&mut effects);
        effects
    }

    fn book(
        &mut self,
        before: Option<Lease>,
        terms: &LeaseTerms,
        settlement: Settlement,
        effects: &mut Effects,
    ) {
        // A lease nobody has heard of can only come from a ledger that lost its storage; what it
        // cost is money all the same.
        let before = before.unwrap_or_else(|| self.new_lease(terms.clone()));
        let state = match settlement {
            Settlement::Billed { cost, .. } => LeaseState::Billed { cost },
            Settlement::Void => LeaseState::Void,
            Settlement::Unconfirmed => LeaseState::Unconfirmed {
                held_until: Some(self.clock.plus(self.limits.unconfirmed_hold)),
            },
        };
        let images = match settlement {
            Settlement::Billed { images, .. } => images,
            Settlement::Void | Settlement::Unconfirmed => 0,
        };
        self.change(before, state, images, effects);
    }

    /// Moves a lease to another state; totals follow.
    fn change(&mut self, before: Lease, state: LeaseState, images: u32, effects: &mut Effects) {
        let mut after = before.clone();
        after.state = state;
        let first_booking = matches!(before.state, LeaseState::Reserved { .. });
        let change = TotalsChange {
            day: after.day,
            client: after.terms.client.clone(),
            model: after.terms.model.clone(),
            requests: i64::from(first_booking),
            images: i64::from(images),
            billed: difference(before.billed(), after.billed()),
            unconfirmed: difference(before.unconfirmed(), after.unconfirmed()),
        };
        let day = self.totals.entry(after.day).or_default();
        day.billed = day.billed.minus(before.billed()).plus(after.billed());
        day.unconfirmed = day
            .unconfirmed
            .minus(before.unconfirmed())
            .plus(after.unconfirmed());
        effects.writes.push(Write::Lease(after.clone()));
        effects.writes.push(Write::Totals(change));
        self.keep(after);
    }

    /// Open leases stay in memory, closed ones only in storage.
    fn keep(&mut self, lease: Lease) {
        if lease
            .next_change()
            .is_some_and(|change| change > self.clock)
        {
            self.open.insert(lease.terms.lease.clone(), lease);
        } else {
            self.open.remove(&lease.terms.lease);
        }
    }

    fn take_note(&mut self, lease: &LeaseId, report: CallReport, effects: &mut Effects) {
        for _ in 0..report.failed_calls {
            self.breaker_changes(effects, |breaker, now| {
                breaker.record(now, lease, Health::Failing);
            });
        }
        match report.last {
            Some(last) => {
                self.breaker_changes(effects, |breaker, now| {
                    breaker.record(now, lease, last.health);
                });
                self.last_call = Some(last);
                effects.writes.push(Write::LastCall(last));
            }
            None => self.breaker_changes(effects, |breaker, now| {
                breaker.probe_vanished(now, lease);
            }),
        }
    }

    fn breaker_changes(
        &mut self,
        effects: &mut Effects,
        change: impl FnOnce(&mut Breaker, UnixMillis),
    ) {
        let before = self.breaker.state().clone();
        change(&mut self.breaker, self.clock);
        if *self.breaker.state() != before {
            effects
                .writes
                .push(Write::Breaker(self.breaker.state().clone()));
        }
    }

    /// One that waited does not wait any longer.
    pub fn leave(&mut self, now: UnixMillis, lease: &LeaseId) -> Effects {
        let mut effects = self.tick(now);
        self.queue.remove(lease);
        self.serve_queue(&mut effects);
        effects
    }

    /// Does what is due: expires leases, gives held places back, ends waits, serves the queue.
    pub fn tick(&mut self, now: UnixMillis) -> Effects {
        self.clock = self.clock.max(now);
        let today = self.clock.day();
        self.totals.retain(|day, _| *day >= today);
        let mut effects = Effects::default();
        self.expire_leases(&mut effects);
        while let Some(terms) = self.queue.pop_overdue(self.clock) {
            effects.wakes.push(Wake {
                lease: terms.lease,
                answer: Acquired::Refused(Refusal {
                    reason: RefusalReason::QueueTimeout,
                    retry_after: self.limits.queue_timeout,
                }),
            });
        }
        self.serve_queue(&mut effects);
        effects
    }

    fn expire_leases(&mut self, effects: &mut Effects) {
        let due: Vec<Lease> = self
            .open
            .values()
            .filter(|lease| lease.next_change().is_some_and(|at| at <= self.clock))
            .cloned()
            .collect();
        for lease in due {
            if let LeaseState::Reserved { .. } = lease.state {
                let id = lease.terms.lease.clone();
                let held_until = Some(self.clock.plus(self.limits.unconfirmed_hold));
                self.change(lease, LeaseState::Unconfirmed { held_until }, 0, effects);
                self.breaker_changes(effects, |breaker, now| breaker.probe_vanished(now, &id));
            } else {
                let state = LeaseState::Unconfirmed { held_until: None };
                let released = Lease { state, ..lease };
                effects.writes.push(Write::Lease(released.clone()));
                self.keep(released);
            }
        }
    }

    /// Grants to those whose turn it is while there is room; ends all waits if the breaker opened.
    fn serve_queue(&mut self, effects: &mut Effects) {
        while let Some(next) = self.queue.next() {
            let admission = self.breaker.admission(self.clock);
            let half_open = matches!(self.breaker.state(), BreakerState::HalfOpen { .. });
            let answer = match admission {
                Admission::Refused { .. } if half_open => return,
                Admission::Refused {
                    reason,
                    retry_after,
                } => Acquired::Refused(Refusal {
                    reason: reason.refusal(),
                    retry_after,
                }),
                Admission::Open | Admission::Probe if self.fits(next.images) => Acquired::Granted,
                Admission::Open | Admission::Probe => return,
            };
            let Some(terms) = self.queue.pop() else {
                return;
            };
            effects.wakes.push(Wake {
                lease: terms.lease.clone(),
                answer,
            });
            if answer == Acquired::Granted {
                if admission == Admission::Probe {
                    self.breaker_changes(effects, |breaker, _| breaker.start_probe(&terms.lease));
                }
                let lease = self.new_lease(terms);
                effects.writes.push(Write::Lease(lease.clone()));
                self.keep(lease);
            }
        }
    }

    fn new_lease(&self, terms: LeaseTerms) -> Lease {
        Lease {
            terms,
            day: self.clock.day(),
            acquired_at: self.clock,
            state: LeaseState::Reserved {
                expires_at: self.clock.plus(self.limits.lease_duration),
            },
        }
    }

    fn in_flight(&self) -> u32 {
        self.open.values().map(|lease| lease.terms.images).sum()
    }

    fn fits(&self, images: u32) -> bool {
        self.in_flight().saturating_add(images) <= self.limits.max_in_flight
    }

    fn reserved(&self, day: Day) -> MicroDollars {
        let leases = self.open.values().filter(|lease| lease.day == day);
        leases.map(Lease::reserved).sum()
    }

    /// Everything that counts against a day's budget. The waiting count against the current day.
    fn committed(&self, day: Day) -> MicroDollars {
        let booked = self.totals.get(&day).copied().unwrap_or_default();
        booked
            .billed
            .plus(booked.unconfirmed)
            .plus(self.reserved(day))
            .plus(self.queue.cost())
    }

    /// When `tick` next has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<UnixMillis> {
        let leases = self.open.values().filter_map(Lease::next_change);
        leases.chain(self.queue.first_deadline()).min()
    }

    /// Where everything stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let day = self.clock.day();
        let booked = self.totals.get(&day).copied().unwrap_or_default();
        Status {
            day,
            enabled: self.limits.enabled,
            budget: self.limits.daily_budget,
            billed: booked.billed,
            reserved: self.reserved(day).plus(self.queue.cost()),
            unconfirmed: booked.unconfirmed,
            in_flight_images: self.in_flight(),
            in_flight_limit: self.limits.max_in_flight,
            queued: self.queue.len(),
            breaker: self.breaker.state().clone(),
            last_call: self.last_call,
        }
    }
}

fn difference(before: MicroDollars, after: MicroDollars) -> i64 {
    let signed = |amount: MicroDollars| i64::try_from(amount.get()).unwrap_or(i64::MAX);
    signed(after).saturating_sub(signed(before))
}

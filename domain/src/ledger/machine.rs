//! The state machine itself: its commands, and what is due by time alone.

use std::collections::{BTreeMap, BTreeSet};

use super::books::{Books, TotalsBroken};
use super::breaker::{Admission, Breaker, BreakerState};
use super::commands::{
    Acquired, Acquisition, CallReport, ClientDay, DayTotals, Effects, Frozen, Limits, RetryAnswer,
    Status, Stored, Write,
};
use super::in_flight::InFlightLimit;
use super::lease::{Lease, LeaseState, LeaseTerms, Settlement};
use super::mode::Mode;
use super::queue::Queue;
use super::refusal::{Refusal, RefusalReason};
use super::retry_budget::RetryBudget;
use crate::health::Probe;
use crate::ids::{ClientId, LeaseId};
use crate::money::MicroDollars;
use crate::pace::Times;
use crate::retry::Health;
use crate::time::{Day, UnixMillis};

/// How many days closed leases are kept, so that a late or repeated word about one is understood:
/// longer than a generation lives.
const LEASE_DAYS: u64 = 8;

/// The ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) limits: Limits,
    /// The latest moment seen.
    pub(super) clock: UnixMillis,
    pub(super) books: Books,
    pub(super) queue: Queue,
    in_flight: InFlightLimit,
    retries: RetryBudget,
    pub(super) breaker: Breaker,
    last_call: Option<CallReport>,
    pub(super) last_probe: Option<Probe>,
    pub(super) times: Times,
    pub(super) mode: Mode,
    pub(super) frozen: Option<Frozen>,
}

impl Ledger {
    /// Starts from what was stored.
    #[must_use]
    pub fn restore(limits: Limits, stored: Stored, now: UnixMillis) -> Self {
        let something = |row: &(&(Day, ClientId), &DayTotals)| *row.1 != DayTotals::default();
        let totals = stored.totals.iter().filter(something);
        let sound = totals.eq(stored.audit.iter().filter(something));
        Self {
            limits,
            clock: now,
            frozen: (!sound).then_some(Frozen::TotalsAreNotTheSumOfLeases),
            books: Books::new(stored.leases, stored.totals, stored.tokens, now.day()),
            queue: Queue::default(),
            in_flight: InFlightLimit::new(limits.max_in_flight, now),
            retries: RetryBudget::default(),
            breaker: Breaker::restore(stored.breaker),
            last_call: stored.last_call,
            last_probe: stored.last_probe,
            times: stored.times,
            mode: stored.mode,
        }
    }

    /// The first day whose closed leases are still kept.
    #[must_use]
    pub const fn first_day_kept(today: Day) -> Day {
        Day::new(today.get().saturating_sub(LEASE_DAYS))
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
        if let Some(known) = self.books.get(&lease).or(known) {
            return Acquisition::Now(match known.state {
                LeaseState::Reserved { .. } => Acquired::Granted,
                _ => Acquired::Closed,
            });
        }
        if !self.queue.contains(&lease) {
            if let Some(refusal) = self.refusal(&terms) {
                effects.count_refusal(self.clock.day(), &terms);
                return Acquisition::Now(Acquired::Refused(refusal));
            }
            let deadline = self.clock.plus(self.limits.queue_timeout);
            self.queue.push(terms, self.clock, deadline);
            self.serve_queue(effects);
        }
        if self.queue.contains(&lease) {
            return Acquisition::Waiting;
        }
        // Served at once: the answer goes to the one who asks, not to one who waits.
        effects.wakes.retain(|wake| wake.lease != lease);
        Acquisition::Now(Acquired::Granted)
    }

    /// Books a lease. `known` is what is stored under its id, for leases that are no longer open;
    /// `call` is the last call under it, unless `retry` has told of it.
    pub fn settle(
        &mut self,
        now: UnixMillis,
        terms: &LeaseTerms,
        settlement: Settlement,
        call: Option<CallReport>,
        known: Option<Lease>,
    ) -> Effects {
        let mut effects = self.tick(now);
        if let Some(waiting) = self.queue.remove(&terms.lease) {
            // Whoever asked for it has given up; granted later, nobody would settle it.
            effects.end_wait(&waiting, self.clock, Acquired::Closed);
        }
        let before = self.books.get(&terms.lease).cloned().or(known);
        let said_before = match before.as_ref().map(|lease| lease.state) {
            Some(LeaseState::Billed { .. } | LeaseState::Void) => true,
            Some(LeaseState::Unconfirmed { .. }) => settlement == Settlement::Unconfirmed,
            Some(LeaseState::Reserved { .. }) | None => false,
        };
        if !said_before {
            self.book(before, terms, settlement, &mut effects);
            match call {
                Some(call) => {
                    self.take_note(&terms.lease, call, &mut effects);
                    self.learn(&terms.model, call, &mut effects);
                }
                None => self.breaker_changes(&mut effects, |breaker, now| {
                    breaker.probe_vanished(now, &terms.lease);
                }),
            }
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
        let (state, images) = match settlement {
            Settlement::Billed { images, cost } => (LeaseState::Billed { cost }, images),
            Settlement::Void => (LeaseState::Void, 0),
            Settlement::Unconfirmed => (self.unconfirmed(), 0),
        };
        let changed = self.books.change(before, state, images, effects);
        self.freeze_if_broken(changed);
    }

    fn unconfirmed(&self) -> LeaseState {
        LeaseState::Unconfirmed {
            held_until: Some(self.clock.plus(self.limits.unconfirmed_hold)),
        }
    }

    /// Money is not spent on the strength of wrong books; they are still kept.
    fn freeze_if_broken(&mut self, changed: Result<(), TotalsBroken>) {
        if changed.is_err() {
            self.frozen = Some(Frozen::TotalsBelowZero);
        }
    }

    /// A call under an open lease has failed at no cost: may it be tried again?
    pub fn retry(
        &mut self,
        now: UnixMillis,
        lease: &LeaseId,
        call: CallReport,
    ) -> (RetryAnswer, Effects) {
        let mut effects = self.tick(now);
        self.take_note(lease, call, &mut effects);
        let reserved = self.books.get(lease).map(Lease::reserved);
        let allowed = self.is_on()
            && reserved.is_some_and(|reserved| reserved > MicroDollars::ZERO)
            // A second try is no probe.
            && self.breaker.admission(self.clock) == Admission::Open
            && self.retries.take(self.clock);
        self.serve_queue(&mut effects);
        let answer = if allowed {
            RetryAnswer::Allowed
        } else {
            RetryAnswer::Denied
        };
        (answer, effects)
    }

    fn take_note(&mut self, lease: &LeaseId, call: CallReport, effects: &mut Effects) {
        self.breaker_changes(effects, |breaker, now| {
            breaker.record(now, lease, call.health);
        });
        if call.health == Health::RateLimited {
            let started_at = call.ended_at.minus(call.latency);
            self.in_flight.exceeded(self.clock, started_at);
        }
        self.last_call = Some(call);
        effects.writes.push(Write::LastCall(call));
    }

    pub(super) fn breaker_changes(
        &mut self,
        effects: &mut Effects,
        change: impl FnOnce(&mut Breaker, UnixMillis),
    ) {
        let before = self.breaker.state().clone();
        change(&mut self.breaker, self.clock);
        let after = self.breaker.state();
        if *after != before {
            effects.writes.push(Write::Breaker(after.clone()));
        }
    }

    /// How many of those who wait are served before this one; none if it does not wait.
    #[must_use]
    pub fn ahead_of(&self, lease: &LeaseId) -> Option<usize> {
        self.queue.ahead_of(lease)
    }

    /// Does what is due: expires leases, gives held places back, ends waits, serves the queue.
    pub fn tick(&mut self, now: UnixMillis) -> Effects {
        self.clock = self.clock.max(now);
        let mut effects = Effects::default();
        let today = self.clock.day();
        if self.books.begin_day(today) {
            let before = Self::first_day_kept(today);
            effects.writes.push(Write::PruneLeases { before });
            self.refuse_what_the_day_cannot_pay(&mut effects);
        }
        self.books.forget_tokens(self.clock);
        self.in_flight.recover(self.clock);
        self.expire_leases(&mut effects);
        while let Some(waiting) = self.queue.pop_overdue(self.clock) {
            let refusal = Refusal {
                reason: RefusalReason::QueueTimeout,
                retry_after: self.limits.queue_timeout,
            };
            effects.end_wait(&waiting, self.clock, Acquired::Refused(refusal));
        }
        self.serve_queue(&mut effects);
        effects
    }

    /// Those who waited over midnight are paid out of the new day, of which a clock that was ahead
    /// for a while may have spent some already.
    fn refuse_what_the_day_cannot_pay(&mut self, effects: &mut Effects) {
        while let Some(refusal) = self.day_is_overdrawn()
            && let Some(waiting) = self.queue.pop()
        {
            effects.end_wait(&waiting, self.clock, Acquired::Refused(refusal));
        }
    }

    fn expire_leases(&mut self, effects: &mut Effects) {
        for lease in self.books.due(self.clock) {
            if let LeaseState::Reserved { .. } = lease.state {
                let id = lease.terms.lease.clone();
                let changed = self.books.change(lease, self.unconfirmed(), 0, effects);
                self.freeze_if_broken(changed);
                self.breaker_changes(effects, |breaker, now| breaker.probe_vanished(now, &id));
            } else {
                self.books.release(lease, effects);
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
                Admission::Open | Admission::Probe if !self.fits(next.images) => return,
                // The waiting are counted already, but a token may have ended meanwhile.
                Admission::Open | Admission::Probe => self
                    .unaffordable(next, (MicroDollars::ZERO, 0))
                    .map_or(Acquired::Granted, Acquired::Refused),
            };
            let Some(waiting) = self.queue.pop() else {
                return;
            };
            effects.end_wait(&waiting, self.clock, answer);
            let terms = waiting.terms;
            if answer == Acquired::Granted {
                if admission == Admission::Probe {
                    self.breaker_changes(effects, |breaker, _| breaker.start_probe(&terms.lease));
                }
                self.retries.granted(self.clock);
                self.books.open(self.new_lease(terms), effects);
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

    pub(super) fn fits(&self, images: u32) -> bool {
        self.in_flight.admits(self.books.in_flight(), images)
    }

    /// When `tick` next has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<UnixMillis> {
        // A place that comes back matters only to those who wait for one.
        let recovery = self.in_flight.next_recovery();
        let recovery = recovery.filter(|_| self.queue.len() > 0);
        let moments = [
            self.books.next_change(),
            self.queue.first_deadline(),
            recovery,
        ];
        moments.into_iter().flatten().min()
    }

    /// What each client has come to today, with how many of its prompts Ideogram has `rejected`.
    #[must_use]
    pub fn clients(&self, rejected: &BTreeMap<ClientId, u64>) -> Vec<ClientDay> {
        let day = self.clock.day();
        let mut clients: BTreeSet<&ClientId> = self.books.clients(day).collect();
        clients.extend(self.queue.clients());
        clients.extend(rejected.keys());
        let one = |client: &ClientId| {
            let booked = self.books.booked_by_client(day, client);
            let reserved = self.books.reserved_by_client(day, client);
            ClientDay {
                client: client.clone(),
                billed: booked.billed,
                reserved: reserved.plus(self.queue.cost_of_client(client)),
                unconfirmed: booked.unconfirmed,
                rejected_prompts: rejected.get(client).copied().unwrap_or_default(),
            }
        };
        clients.into_iter().map(one).collect()
    }

    /// Where everything stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let day = self.clock.day();
        let booked = self.books.booked(day);
        Status {
            day,
            enabled: self.is_on(),
            mode: self.mode.clone(),
            frozen: self.frozen,
            budget: self.limits.daily_budget,
            billed: booked.billed,
            reserved: self.books.reserved(day).plus(self.queue.cost()),
            unconfirmed: booked.unconfirmed,
            in_flight_images: self.books.in_flight(),
            in_flight_limit: self.in_flight.effective(),
            queued: self.queue.len(),
            breaker: self.breaker.state().clone(),
            last_call: self.last_call,
            last_probe: self.last_probe.clone(),
        }
    }
}

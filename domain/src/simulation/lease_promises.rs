//! Money and places, counted a second time from what is written and from what Ideogram does.
//!
//! A lease is granted once, booked once and corrected at most once after it counted as unconfirmed.
//! While Ideogram works under a lease the lease holds its places, and a lease is never closed with
//! less than Ideogram billed for it. The one exception: a failure that Ideogram reports as such and
//! bills all the same is booked as void, as Ideogram has it that failures are free; it is counted by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::promises::{Checked, Promise, Promises};
use crate::generation::{Job, Owed};
use crate::ids::{ClientId, LeaseId, TokenId};
use crate::ledger::{BreakerState, Lease, LeaseState, Limits, Settlement, Status};
use crate::money::MicroDollars;
use crate::time::{Day, UnixMillis};

/// What is known of one lease.
#[derive(Debug, Clone, Default)]
pub(super) struct LeaseRecord {
    pub written: Option<Lease>,
    pub granted_at: UnixMillis,
    /// When the generation began that called under it; its deadline counts from there.
    begun_at: Option<UnixMillis>,
    /// What Ideogram billed for it.
    pub billed: MicroDollars,
    /// The part of it that Ideogram reported as failed.
    pub billed_failures: MicroDollars,
    /// How many calls under it Ideogram still works on.
    pub working: u32,
    /// Whether Ideogram's id for the work of its last call was stored.
    pub named: bool,
    /// Whether what was made under it was stored.
    pub reached: bool,
    /// How the generation that held it said it ended.
    pub owed: Option<Settlement>,
}

impl LeaseRecord {
    /// Since when its lengths of time count.
    fn since(&self) -> UnixMillis {
        let begun_at = self.begun_at.unwrap_or(self.granted_at);
        begun_at.min(self.granted_at)
    }
}

#[derive(Debug, Default)]
pub(super) struct LeasePromises {
    pub records: BTreeMap<LeaseId, LeaseRecord>,
    /// Those a generation was told it does not get; it has nothing to say of how they end.
    pub refused: BTreeSet<LeaseId>,
    committed: BTreeMap<Day, MicroDollars>,
    committed_by_client: BTreeMap<(Day, ClientId), MicroDollars>,
    token_images: BTreeMap<TokenId, u32>,
    places: u32,
}

impl LeasePromises {
    /// What a generation has stored of the work under its lease.
    pub(super) fn note_progress(&mut self, job: &Job) {
        if let Some(record) = self.records.get_mut(&job.lease_id()) {
            record.named |= job.is_polling();
            record.reached |= job.result().is_some();
        }
    }

    /// What was billed and never reached the gateway: how many calls, and of how many Ideogram's
    /// id had been stored.
    pub(super) fn lost(&self) -> (u64, u64) {
        let lost = self
            .records
            .values()
            .filter(|record| record.billed > record.billed_failures && !record.reached);
        lost.fold((0, 0), |(all, named), record| {
            (all + 1, named + u64::from(record.named))
        })
    }
}

fn committed(lease: &Lease) -> MicroDollars {
    lease
        .billed()
        .plus(lease.unconfirmed())
        .plus(lease.reserved())
}

/// The pictures of its token that a lease has used up or keeps for itself.
fn token_images(lease: &Lease) -> u32 {
    match lease.state {
        LeaseState::Reserved { .. } => lease.terms.images,
        _ => lease.token_images(),
    }
}

fn places(lease: &Lease) -> u32 {
    lease.next_change().map_or(0, |_| lease.terms.images)
}

/// Whether a lease may go from one state to another.
const fn may_follow(before: Option<LeaseState>, after: LeaseState) -> bool {
    match before {
        // A settlement of a lease that was never granted can only be that nothing was done.
        None => matches!(after, LeaseState::Reserved { .. } | LeaseState::Void),
        Some(LeaseState::Reserved { .. } | LeaseState::Unconfirmed { .. }) => {
            !matches!(after, LeaseState::Reserved { .. })
        }
        Some(LeaseState::Billed { .. } | LeaseState::Void) => false,
    }
}

impl Promises {
    /// The ledger has written a lease, with the breaker as it stands by then.
    pub(super) fn lease_written(
        &mut self,
        now: UnixMillis,
        lease: &Lease,
        breaker: &BreakerState,
        limits: &Limits,
    ) -> Checked {
        let jumped_at = self.clock_jumped_at;
        let books = &mut self.leases;
        let record = books.records.entry(lease.terms.lease.clone()).or_default();
        let before = record.written.as_ref();
        let state_before = before.map(|lease| lease.state);
        let follows = may_follow(state_before, lease.state);
        self.checks.hold(Promise::Money, follows, || {
            format!("{state_before:?} became {lease:?}")
        })?;
        let day = books.committed.entry(lease.day).or_default();
        *day = day
            .minus(before.map(committed).unwrap_or_default())
            .plus(committed(lease));
        let (was, is) = (before.map(committed).unwrap_or_default(), committed(lease));
        let payer = (lease.day, lease.terms.client.clone());
        let client = books.committed_by_client.entry(payer).or_default();
        *client = client.minus(was).plus(is);
        let by_client = *client;
        let by_token = lease.terms.allowance.token.as_ref().map(|token| {
            let used = books.token_images.entry(token.id.clone()).or_default();
            *used = *used + token_images(lease) - before.map_or(0, token_images);
            (*used, token.images)
        });
        let held = before.map_or(0, places);
        books.places = books.places - held + places(lease);
        let granted = state_before.is_none() && lease.reserved() > MicroDollars::ZERO;
        if granted {
            record.granted_at = now;
            self.left_alone.granted(now);
        }
        record.written = Some(lease.clone());
        let (spent, taken, record) = (*day, books.places, record.clone());
        self.checks
            .hold(Promise::Money, spent <= limits.daily_budget, || {
                format!(
                    "{spent} dollars of {} on {}",
                    limits.daily_budget, lease.day
                )
            })?;
        let own = lease.terms.allowance.daily_budget;
        let within = own.is_none_or(|own| by_client <= own);
        self.checks.hold(Promise::Money, within, || {
            format!(
                "{by_client} dollars of {own:?} on {} with {lease:?}",
                lease.day
            )
        })?;
        let within = by_token.is_none_or(|(used, most)| used <= most);
        self.checks.hold(Promise::Money, within, || {
            format!("{by_token:?} pictures of a token, with {lease:?}")
        })?;
        let released = held > 0 && places(lease) == 0;
        let excused = jumped_at.is_some_and(|at| at >= record.since());
        self.checks.hold(
            Promise::InFlight,
            !released || record.working == 0 || excused,
            || format!("Ideogram still works under {lease:?}, whose places are free again"),
        )?;
        self.not_closed_below_the_bill(&record)?;
        if granted {
            self.granted(lease, taken, breaker, limits)?;
        }
        Ok(())
    }

    fn granted(
        &mut self,
        lease: &Lease,
        taken: u32,
        breaker: &BreakerState,
        limits: &Limits,
    ) -> Checked {
        self.checks
            .hold(Promise::InFlight, taken <= limits.max_in_flight, || {
                format!("{taken} places taken, with {lease:?}")
            })?;
        let admitted = match breaker {
            BreakerState::Closed => true,
            BreakerState::Open { .. } => false,
            BreakerState::HalfOpen { probe, .. } => *probe == lease.terms.lease,
        };
        self.checks.hold(Promise::LeftAlone, admitted, || {
            format!("{lease:?} was granted while the breaker was {breaker:?}")
        })
    }

    fn not_closed_below_the_bill(&mut self, record: &LeaseRecord) -> Checked {
        let covered = match record.written.as_ref().map(|lease| lease.state) {
            None => MicroDollars::ZERO,
            Some(LeaseState::Billed { cost }) => cost,
            Some(LeaseState::Void) => MicroDollars::ZERO,
            Some(LeaseState::Reserved { .. } | LeaseState::Unconfirmed { .. }) => record
                .written
                .as_ref()
                .map(|lease| lease.terms.cost)
                .unwrap_or_default(),
        };
        let owed_to_ideogram = record.billed.minus(record.billed_failures);
        self.checks
            .hold(Promise::Money, covered >= owed_to_ideogram, || {
                format!("Ideogram billed {owed_to_ideogram} dollars for {record:?}")
            })
    }

    /// A call leaves under a lease, for a generation that began at `begun_at`.
    pub(super) fn call_leaves(&mut self, lease: &LeaseId, begun_at: UnixMillis) -> Checked {
        if let Some(record) = self.leases.records.get_mut(lease) {
            record.begun_at = Some(begun_at);
            record.named = false;
        }
        let record = self.leases.records.get(lease).cloned().unwrap_or_default();
        let state = record.written.as_ref().map(|lease| lease.state);
        self.call_was_allowed(lease)?;
        let excused = record.written.is_some() && self.jumped_since(record.since());
        let open = matches!(state, Some(LeaseState::Reserved { .. }));
        self.checks.hold(Promise::Money, open || excused, || {
            format!("a call left under {lease}, which is {state:?}")
        })?;
        self.checks
            .hold(Promise::InFlight, record.working == 0 || excused, || {
                format!("a second call left under {lease}, while Ideogram works on the first")
            })
    }

    /// Ideogram begins to work on a call, with so many pictures in progress by now.
    pub(super) fn work_begins(
        &mut self,
        lease: &LeaseId,
        in_progress: u32,
        others: impl Iterator<Item = LeaseId>,
        limits: &Limits,
    ) -> Checked {
        let mut leases = others.chain([lease.clone()]);
        let excused = in_progress > limits.max_in_flight
            && leases.any(|lease| {
                let record = self.leases.records.get(&lease);
                record.is_none_or(|record| self.jumped_since(record.since()))
            });
        self.leases
            .records
            .entry(lease.clone())
            .or_default()
            .working += 1;
        self.checks.hold(
            Promise::InFlight,
            in_progress <= limits.max_in_flight || excused,
            || format!("{in_progress} pictures in progress, with {lease}"),
        )
    }

    /// Ideogram ends its work on a call, and bills it.
    pub(super) fn work_ends(
        &mut self,
        lease: &LeaseId,
        bill: MicroDollars,
        reported_as_failed: bool,
    ) -> Checked {
        let record = self.leases.records.entry(lease.clone()).or_default();
        record.working = record.working.saturating_sub(1);
        record.billed = record.billed.plus(bill);
        if reported_as_failed {
            record.billed_failures = record.billed_failures.plus(bill);
        }
        let record = record.clone();
        self.not_closed_below_the_bill(&record)
    }

    /// A generation has stored what it owes the ledger.
    pub(super) fn owes(&mut self, owed: &Owed) -> Checked {
        let lease = &owed.terms.lease;
        let record = self.leases.records.entry(lease.clone()).or_default();
        let said = *record.owed.get_or_insert(owed.settlement);
        if said == Settlement::Unconfirmed {
            // It may become known after all.
            record.owed = Some(owed.settlement);
            return Ok(());
        }
        self.checks
            .hold(Promise::Money, said == owed.settlement, || {
                format!(
                    "{lease} ended as {said:?} and then as {:?}",
                    owed.settlement
                )
            })
    }

    /// A generation has ended: it has said how its lease ends, or never had it.
    pub(super) fn ended(&mut self, lease: &LeaseId) -> Checked {
        let record = self.leases.records.get(lease);
        let said = record.is_some_and(|record| record.owed.is_some());
        let refused = self.leases.refused.contains(lease);
        self.checks.hold(Promise::Money, said || refused, || {
            format!("a generation ended without a word about {lease}: {record:?}")
        })
    }

    /// The ledger's own account of itself, after a command.
    pub(super) fn status(&mut self, status: &Status, limits: &Limits) -> Checked {
        let spent = status.billed.plus(status.reserved).plus(status.unconfirmed);
        self.checks
            .hold(Promise::Money, spent <= limits.daily_budget, || {
                format!("{spent} dollars, the waiting included: {status:?}")
            })?;
        self.checks
            .hold(Promise::Money, status.frozen.is_none(), || {
                format!("the ledger finds its own books broken: {status:?}")
            })?;
        let queued = status.queued;
        let bounded = u32::try_from(queued).is_ok_and(|queued| queued <= limits.queue_limit);
        self.checks.hold(Promise::Answered, bounded, || {
            format!("more wait than {}: {status:?}", limits.queue_limit)
        })?;
        // Whatever is asked for fits while nothing is in progress.
        let served =
            queued == 0 || status.in_flight_images > 0 || status.breaker != BreakerState::Closed;
        self.checks.hold(Promise::Answered, served, || {
            format!("{queued} wait for nothing: {status:?}")
        })?;
        let places = self.leases.places;
        self.checks
            .hold(Promise::InFlight, status.in_flight_images == places, || {
                format!("{places} places are taken, and the ledger knows of {status:?}")
            })
    }
}

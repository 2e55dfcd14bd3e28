//! What has to hold once nothing happens any more: nothing is left over, and the books agree with
//! Ideogram's bill.

use std::collections::BTreeMap;

use super::ledger_rows::TotalsRow;
use super::promises::{Checked, Promise};
use super::world::World;
use crate::ids::ClientId;
use crate::ledger::{BreakerState, Lease, LeaseState, Ledger, Settlement};
use crate::money::MicroDollars;
use crate::time::Day;
use crate::upstream::Upstream;

impl World {
    pub(super) fn check_at_rest(&mut self) -> Checked {
        self.nobody_waits()?;
        self.ledger_is_empty()?;
        self.totals_are_the_sum_of_leases()?;
        self.leases_cover_the_bill()?;
        self.what_was_named_is_had()?;
        self.pictures_are_kept()
    }

    /// Of what Ideogram has named nothing that was billed is missing; what is lost else is counted.
    fn what_was_named_is_had(&mut self) -> Checked {
        let promises = &mut self.promises;
        let (lost, named) = promises.leases.lost();
        match self.settings.upstream {
            Upstream::V2 => self.report.lost_submissions += lost,
            Upstream::Legacy => self.report.lost_calls += lost,
        }
        let excused = promises.clock_jumped_at.is_some();
        promises
            .checks
            .hold(Promise::Kept, named == 0 || excused, || {
                format!("{named} of {lost} billed calls are lost although Ideogram had named them")
            })
    }

    fn nobody_waits(&mut self) -> Checked {
        let unanswered = self.callers.unanswered();
        let checks = &mut self.promises.checks;
        checks.hold(Promise::Answered, unanswered == 0, || {
            format!("{unanswered} callers were never answered")
        })?;
        let works = self.ideogram.works();
        checks.hold(Promise::AtRest, !works, || {
            "Ideogram still works".to_owned()
        })?;
        for (place, object) in self.generations.iter().enumerate() {
            let empty = object.job.is_none() && object.waiting.is_empty();
            checks.hold(Promise::AtRest, empty, || {
                format!("object {place} is left with {object:?}")
            })?;
        }
        Ok(())
    }

    /// Nothing is reserved, waits or holds a place, in memory and after a restart.
    fn ledger_is_empty(&mut self) -> Checked {
        let clock = self.ledger_clock();
        let checks = &mut self.promises.checks;
        let rows = &mut self.ledger.rows;
        for lease in rows.leases.values() {
            checks.hold(Promise::AtRest, lease.next_change().is_none(), || {
                format!("{lease:?} is left open")
            })?;
        }
        let probing = matches!(rows.breaker, BreakerState::HalfOpen { .. });
        checks.hold(Promise::LeftAlone, !probing, || {
            format!(
                "the breaker waits for a probe that never ends: {:?}",
                rows.breaker
            )
        })?;
        let restarted = Ledger::restore(self.settings.limits, rows.load(clock)?, clock);
        for ledger in self.ledger.memory.iter().chain([&restarted]) {
            let status = ledger.status();
            let empty = status.reserved == MicroDollars::ZERO
                && status.in_flight_images == 0
                && status.queued == 0;
            checks.hold(Promise::AtRest, empty && status.frozen.is_none(), || {
                format!("something is left: {status:?}")
            })?;
        }
        Ok(())
    }

    fn totals_are_the_sum_of_leases(&mut self) -> Checked {
        let mut sums: BTreeMap<(Day, ClientId, String, String), TotalsRow> = BTreeMap::new();
        let records = self.promises.leases.records.values();
        for lease in records.filter_map(|record| record.written.as_ref()) {
            let terms = &lease.terms;
            let (model, endpoint) = (terms.model.clone(), terms.endpoint.clone());
            let key = (lease.day, terms.client.clone(), model, endpoint);
            let row = sums.entry(key).or_default();
            row.requests += 1;
            row.billed += signed(lease.billed());
            row.unconfirmed += signed(lease.unconfirmed());
            row.images += images_billed(lease);
        }
        let mut totals = self.ledger.rows.totals.clone();
        // What was refused is counted too, and has no lease.
        totals.values_mut().for_each(|row| row.refused = 0);
        totals.retain(|_, row| *row != TotalsRow::default());
        let checks = &mut self.promises.checks;
        checks.hold(Promise::Money, totals == sums, || {
            format!("the totals {totals:?} are not the sum of all leases {sums:?}")
        })
    }

    /// Each lease books what Ideogram billed for it, or the whole of it as unconfirmed, and ends as
    /// the generation said it ended.
    fn leases_cover_the_bill(&mut self) -> Checked {
        let promises = &mut self.promises;
        for record in promises.leases.records.values() {
            let state = record.written.as_ref().map(|lease| lease.state);
            let bill = record.billed.minus(record.billed_failures);
            let booked_right = match state {
                Some(LeaseState::Billed { cost }) => cost == bill,
                Some(LeaseState::Unconfirmed { .. }) => true,
                Some(LeaseState::Void) => bill == MicroDollars::ZERO,
                Some(LeaseState::Reserved { .. }) | None => false,
            };
            let checks = &mut promises.checks;
            checks.hold(Promise::Money, booked_right, || {
                format!("Ideogram billed {bill} dollars for {record:?}")
            })?;
            let as_said = match (record.owed, state) {
                (
                    Some(Settlement::Billed { cost, .. }),
                    Some(LeaseState::Billed { cost: booked }),
                ) => cost == booked,
                (Some(Settlement::Void), Some(LeaseState::Void))
                | (Some(Settlement::Unconfirmed), Some(LeaseState::Unconfirmed { .. })) => true,
                // Refused, or asked for by a message that came after its generation had ended.
                (None, Some(LeaseState::Unconfirmed { .. })) => bill == MicroDollars::ZERO,
                _ => false,
            };
            checks.hold(Promise::Money, as_said, || {
                format!("what a generation owed for a lease was forgotten: {record:?}")
            })?;
        }
        Ok(())
    }

    fn pictures_are_kept(&mut self) -> Checked {
        let promises = &mut self.promises;
        for picture in &promises.generations.reached {
            let held = self.pictures.held.contains(picture);
            let died = promises.generations.died.contains(picture);
            let checks = &mut promises.checks;
            checks.hold(Promise::Kept, held || died, || {
                format!("{picture} reached the gateway and is not in R2")
            })?;
        }
        Ok(())
    }
}

fn signed(amount: MicroDollars) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

/// How many pictures a lease was billed for, by its price.
fn images_billed(lease: &Lease) -> i64 {
    let price = lease.terms.cost.get() / u64::from(lease.terms.images.max(1));
    signed(lease.billed()) / i64::try_from(price.max(1)).unwrap_or(1)
}

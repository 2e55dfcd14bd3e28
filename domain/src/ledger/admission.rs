//! Who is let in: what an `acquire` is refused for, and what the day, a client and a token can still
//! pay. The waiting count as if they were served already, so that a place that comes free never
//! meets an empty purse.

use super::A_WHILE;
use super::breaker::Admission;
use super::lease::LeaseTerms;
use super::machine::Ledger;
use super::refusal::{Refusal, RefusalReason};
use crate::ids::ClientId;
use crate::money::MicroDollars;
use crate::time::{Day, Millis};

impl Ledger {
    pub(super) fn refusal(&self, terms: &LeaseTerms) -> Option<Refusal> {
        let refuse = |reason, retry_after| {
            Some(Refusal {
                reason,
                retry_after,
            })
        };
        let a_moment = Millis::from_seconds(1);
        if !self.is_on() {
            return refuse(RefusalReason::Disabled, A_WHILE);
        }
        if self.frozen.is_some() {
            return refuse(RefusalReason::Frozen, A_WHILE);
        }
        if let Admission::Refused {
            reason,
            retry_after,
        } = self.breaker.admission(self.clock)
        {
            return refuse(reason.refusal(), retry_after.max(a_moment));
        }
        if let Some(refusal) = self.unaffordable(terms, (terms.cost, terms.images)) {
            return Some(refusal);
        }
        let waits = self.queue.len() > 0 || !self.fits(terms.images);
        if waits && self.queue.len() >= self.limits.queue_limit as usize {
            return refuse(RefusalReason::QueueFull, self.limits.queue_timeout);
        }
        None
    }

    /// Why the day, the client or its token cannot pay so much money and so many pictures more than
    /// are counted already.
    pub(super) fn unaffordable(
        &self,
        terms: &LeaseTerms,
        (cost, images): (MicroDollars, u32),
    ) -> Option<Refusal> {
        let (client, allowance) = (&terms.client, &terms.allowance);
        if let Some(refusal) = self.day_cannot_pay(cost) {
            return Some(refusal);
        }
        let own = allowance.daily_budget;
        if own.is_some_and(|own| self.committed_by_client(client).plus(cost) > own) {
            return Some(self.until_midnight(RefusalReason::ClientBudget));
        }
        let token = allowance.token.as_ref()?;
        let waiting = self.queue.token_images(client, &token.id);
        let counted = self.books.token_images(&token.id) + waiting;
        let spent = counted + images > token.images || token.counted_until <= self.clock;
        spent.then_some(Refusal {
            reason: RefusalReason::TokenSpent,
            retry_after: Millis::ZERO,
        })
    }

    /// Why the day cannot pay so much more than is counted already.
    fn day_cannot_pay(&self, cost: MicroDollars) -> Option<Refusal> {
        let spent = self.committed(self.clock.day()).plus(cost) > self.limits.daily_budget;
        spent.then(|| self.until_midnight(RefusalReason::DailyBudget))
    }

    /// Why somebody who waits has to go, if the day cannot even pay what is counted already.
    pub(super) fn day_is_overdrawn(&self) -> Option<Refusal> {
        self.day_cannot_pay(MicroDollars::ZERO)
    }

    const fn until_midnight(&self, reason: RefusalReason) -> Refusal {
        Refusal {
            reason,
            retry_after: self.clock.until_midnight(),
        }
    }

    /// Everything that counts against a client's budget today.
    fn committed_by_client(&self, client: &ClientId) -> MicroDollars {
        let day = self.clock.day();
        let booked = self.books.booked_by_client(day, client);
        booked
            .billed
            .plus(booked.unconfirmed)
            .plus(self.books.reserved_by_client(day, client))
            .plus(self.queue.cost_of_client(client))
    }

    /// Everything that counts against a day's budget. The waiting count against the current day.
    fn committed(&self, day: Day) -> MicroDollars {
        let booked = self.books.booked(day);
        booked
            .billed
            .plus(booked.unconfirmed)
            .plus(self.books.reserved(day))
            .plus(self.queue.cost())
    }
}

//! The books: the open leases and what is booked by day, by client and by token. Money and places are counted here and
//! nowhere else, and only from the leases' states.

use std::collections::BTreeMap;

use super::allowance::TokenUse;
use super::commands::{Booked, DayTotals, Effects, TotalsChange, Write};
use super::lease::{Lease, LeaseState};
use crate::ids::{ClientId, LeaseId, TokenId};
use crate::money::MicroDollars;
use crate::time::{Day, UnixMillis};

#[derive(Debug, Clone)]
pub(super) struct Books {
    /// Leases that are reserved or hold places; at most one a place in flight.
    open: BTreeMap<LeaseId, Lease>,
    /// Today's totals, and those of later days if a clock went back.
    days: BTreeMap<Day, DayTotals>,
    /// The same by client.
    clients: Booked,
    /// What tokens were used for, as long as it counts.
    tokens: BTreeMap<TokenId, TokenUse>,
    today: Day,
}

/// A lease takes back more than was booked for it: the totals are wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TotalsBroken;

impl Books {
    pub(super) fn new(
        leases: Vec<Lease>,
        clients: Booked,
        tokens: BTreeMap<TokenId, TokenUse>,
        today: Day,
    ) -> Self {
        let open = leases
            .into_iter()
            .map(|lease| (lease.terms.lease.clone(), lease));
        let mut days: BTreeMap<Day, DayTotals> = BTreeMap::new();
        for ((day, _), totals) in &clients {
            let sum = days.entry(*day).or_default();
            sum.billed = sum.billed.plus(totals.billed);
            sum.unconfirmed = sum.unconfirmed.plus(totals.unconfirmed);
        }
        Self {
            open: open.collect(),
            days,
            clients,
            tokens,
            today,
        }
    }

    pub(super) fn get(&self, lease: &LeaseId) -> Option<&Lease> {
        self.open.get(lease)
    }

    /// Takes a new lease in.
    pub(super) fn open(&mut self, lease: Lease, effects: &mut Effects) {
        effects.writes.push(Write::Lease(lease.clone()));
        self.keep(lease);
    }

    /// Moves a lease to another state; totals follow. `images` are those billed with it.
    pub(super) fn change(
        &mut self,
        before: Lease,
        state: LeaseState,
        images: u32,
        effects: &mut Effects,
    ) -> Result<(), TotalsBroken> {
        let first_booking = matches!(before.state, LeaseState::Reserved { .. });
        let after = Lease {
            state,
            ..before.clone()
        };
        let sound = self.change_totals(&before, &after);
        self.change_token(&before, &after);
        effects.writes.push(Write::Totals(TotalsChange {
            day: after.day,
            client: after.terms.client.clone(),
            model: after.terms.model.clone(),
            endpoint: after.terms.endpoint.clone(),
            requests: i64::from(first_booking),
            images: i64::from(images),
            billed: difference(before.billed(), after.billed()),
            unconfirmed: difference(before.unconfirmed(), after.unconfirmed()),
            refused: 0,
        }));
        effects.writes.push(Write::Lease(after.clone()));
        self.keep(after);
        sound
    }

    fn change_totals(&mut self, before: &Lease, after: &Lease) -> Result<(), TotalsBroken> {
        if after.day < self.today {
            // Only storage knows the totals of past days; no budget depends on them any more.
            return Ok(());
        }
        let client = (after.day, after.terms.client.clone());
        let totals = [
            self.days.entry(after.day).or_default(),
            self.clients.entry(client).or_default(),
        ];
        let mut sound = true;
        for totals in totals {
            sound &= totals.billed >= before.billed() && totals.unconfirmed >= before.unconfirmed();
            totals.billed = totals.billed.minus(before.billed()).plus(after.billed());
            totals.unconfirmed = totals
                .unconfirmed
                .minus(before.unconfirmed())
                .plus(after.unconfirmed());
        }
        if sound { Ok(()) } else { Err(TotalsBroken) }
    }

    fn change_token(&mut self, before: &Lease, after: &Lease) {
        if let Some(token) = &after.terms.allowance.token {
            let used = self.tokens.entry(token.id.clone()).or_insert(TokenUse {
                images: 0,
                counted_until: token.counted_until,
            });
            used.images =
                (used.images + after.token_images()).saturating_sub(before.token_images());
        }
    }

    /// Gives the places of an unconfirmed lease back; what it booked stays.
    pub(super) fn release(&mut self, lease: Lease, effects: &mut Effects) {
        let state = LeaseState::Unconfirmed { held_until: None };
        let released = Lease { state, ..lease };
        effects.writes.push(Write::Lease(released.clone()));
        self.keep(released);
    }

    /// Open leases stay in memory, closed ones only in storage.
    fn keep(&mut self, lease: Lease) {
        if lease.next_change().is_some() {
            self.open.insert(lease.terms.lease.clone(), lease);
        } else {
            self.open.remove(&lease.terms.lease);
        }
    }

    /// The leases whose time has come.
    pub(super) fn due(&self, now: UnixMillis) -> Vec<Lease> {
        let is_due = |lease: &&Lease| lease.next_change().is_some_and(|at| at <= now);
        self.open.values().filter(is_due).cloned().collect()
    }

    pub(super) fn next_change(&self) -> Option<UnixMillis> {
        self.open.values().filter_map(Lease::next_change).min()
    }

    /// A new day has begun; the totals of those before it are storage's. Says whether it has.
    pub(super) fn begin_day(&mut self, today: Day) -> bool {
        let begun = self.today < today;
        if begun {
            self.today = today;
            self.days.retain(|day, _| *day >= today);
            self.clients.retain(|(day, _), _| *day >= today);
        }
        begun
    }

    pub(super) fn booked(&self, day: Day) -> DayTotals {
        self.days.get(&day).copied().unwrap_or_default()
    }

    pub(super) fn booked_by_client(&self, day: Day, client: &ClientId) -> DayTotals {
        let totals = self.clients.get(&(day, client.clone()));
        totals.copied().unwrap_or_default()
    }

    pub(super) fn reserved(&self, day: Day) -> MicroDollars {
        let leases = self.open.values().filter(|lease| lease.day == day);
        leases.map(Lease::reserved).sum()
    }

    pub(super) fn reserved_by_client(&self, day: Day, client: &ClientId) -> MicroDollars {
        let own = |lease: &&Lease| lease.day == day && lease.terms.client == *client;
        self.open.values().filter(own).map(Lease::reserved).sum()
    }

    /// Who has anything booked or reserved on a day.
    pub(super) fn clients(&self, day: Day) -> impl Iterator<Item = &ClientId> {
        let open = self.open.values().filter(move |lease| lease.day == day);
        let booked = self.clients.keys().filter(move |(of, _)| *of == day);
        let booked = booked.map(|(_, client)| client);
        booked.chain(open.map(|lease| &lease.terms.client))
    }

    /// How many pictures of a token are used up or reserved.
    pub(super) fn token_images(&self, token: &TokenId) -> u32 {
        let own = self.open.values().filter(|lease| {
            let reserved = matches!(lease.state, LeaseState::Reserved { .. });
            let of = lease.terms.allowance.token.as_ref();
            reserved && of.is_some_and(|of| of.id == *token)
        });
        let reserved: u32 = own.map(|lease| lease.terms.images).sum();
        reserved + self.tokens.get(token).map_or(0, |used| used.images)
    }

    /// Forgets the tokens that no longer count.
    pub(super) fn forget_tokens(&mut self, now: UnixMillis) {
        self.tokens.retain(|_, used| used.counted_until > now);
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.open.values().map(|lease| lease.terms.images).sum()
    }
}

fn difference(before: MicroDollars, after: MicroDollars) -> i64 {
    let signed = |amount: MicroDollars| i64::try_from(amount.get()).unwrap_or(i64::MAX);
    signed(after).saturating_sub(signed(before))
}

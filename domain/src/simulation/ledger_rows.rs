//! The ledger's rows, as `objects/ledger/store/` has them in SQL: every lease, the totals by day,
//! client, model and endpoint, the breaker, the last call, how long models take, and the mode.

use std::collections::BTreeMap;

use super::promises::Checked;
use super::versions::read_back;
use crate::health::Probe;
use crate::ids::{ClientId, LeaseId, TokenId};
use crate::ledger::{
    Booked, BreakerState, CallReport, Lease, Ledger, Mode, Stored, TokenUse, TotalsChange, Write,
};
use crate::money::MicroDollars;
use crate::pace::Times;
use crate::time::{Day, UnixMillis};

/// One row of totals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TotalsRow {
    pub requests: i64,
    pub images: i64,
    pub billed: i64,
    pub unconfirmed: i64,
    pub refused: i64,
}

#[derive(Debug, Default)]
pub(super) struct LedgerRows {
    pub leases: BTreeMap<LeaseId, Lease>,
    pub totals: BTreeMap<(Day, ClientId, String, String), TotalsRow>,
    pub breaker: BreakerState,
    last_call: Option<CallReport>,
    last_probe: Option<Probe>,
    times: Times,
    pub mode: Mode,
}

impl LedgerRows {
    /// What a ledger starts from.
    pub(super) fn load(&mut self, now: UnixMillis) -> Checked<Stored> {
        self.prune(Ledger::first_day_kept(now.day()));
        let open = |lease: &&Lease| lease.next_change().is_some();
        Ok(Stored {
            leases: self.leases.values().filter(open).cloned().collect(),
            totals: self.totals_from(now.day()),
            audit: self.audit_from(now.day()),
            tokens: self.tokens_from(now),
            breaker: read_back(&self.breaker)?,
            last_call: read_back(&self.last_call)?,
            last_probe: read_back(&self.last_probe)?,
            times: read_back(&self.times)?,
            mode: read_back(&self.mode)?,
        })
    }

    fn totals_from(&self, first: Day) -> Booked {
        let mut days = Booked::new();
        for ((day, client, ..), row) in self.totals.iter().filter(|((day, ..), _)| *day >= first) {
            let totals = days.entry((*day, client.clone())).or_default();
            totals.billed = totals.billed.plus(money(row.billed));
            totals.unconfirmed = totals.unconfirmed.plus(money(row.unconfirmed));
        }
        days
    }

    fn audit_from(&self, first: Day) -> Booked {
        let mut days = Booked::new();
        for lease in self.leases.values().filter(|lease| lease.day >= first) {
            let client = lease.terms.client.clone();
            let totals = days.entry((lease.day, client)).or_default();
            totals.billed = totals.billed.plus(lease.billed());
            totals.unconfirmed = totals.unconfirmed.plus(lease.unconfirmed());
        }
        days
    }

    fn tokens_from(&self, now: UnixMillis) -> BTreeMap<TokenId, TokenUse> {
        let mut tokens = BTreeMap::new();
        for lease in self.leases.values() {
            let token = lease.terms.allowance.token.as_ref();
            if let Some(token) = token.filter(|token| token.counted_until > now) {
                let used = tokens.entry(token.id.clone()).or_insert(TokenUse {
                    images: 0,
                    counted_until: token.counted_until,
                });
                used.images += lease.token_images();
            }
        }
        tokens
    }

    fn prune(&mut self, before: Day) {
        let kept = |lease: &Lease| lease.day >= before || lease.next_change().is_some();
        self.leases.retain(|_, lease| kept(lease));
    }

    pub(super) fn write(&mut self, write: Write) {
        match write {
            Write::Lease(lease) => {
                self.leases.insert(lease.terms.lease.clone(), lease);
            }
            Write::Totals(change) => self.add(change),
            Write::Breaker(state) => self.breaker = state,
            Write::LastCall(call) => self.last_call = Some(call),
            Write::Probe(probe) => self.last_probe = Some(probe),
            // Nothing in the ledger goes by it.
            Write::PriceWatch(_) | Write::Reconciliation(_) => {}
            Write::Times(times) => self.times = times,
            Write::Mode(mode) => self.mode = mode,
            Write::PruneLeases { before } => self.prune(before),
            // Counters, which no promise is about.
            Write::Waited(_) | Write::Gathered(_) => {}
            Write::Alert(_) => {}
        }
    }

    fn add(&mut self, change: TotalsChange) {
        let key = (change.day, change.client, change.model, change.endpoint);
        let row = self.totals.entry(key).or_default();
        row.requests += change.requests;
        row.images += change.images;
        row.billed += change.billed;
        row.unconfirmed += change.unconfirmed;
        row.refused += change.refused;
    }
}

/// SQL's sums are whole numbers; below zero there is no money.
pub(super) fn money(micro_dollars: i64) -> MicroDollars {
    MicroDollars::new(u64::try_from(micro_dollars).unwrap_or(0))
}

//! The ledger with its storage in memory: writes are applied, totals kept, restarts go through what
//! was stored, and the promises are checked against all of it.

mod mode;
mod properties;
mod rules;
mod watching;

use std::collections::BTreeMap;

use super::{
    Acquired, Acquisition, Allowance, Booked, BreakerState, CallReport, Effects, Lease, LeaseTerms,
    Ledger, Limits, Mode, RefusalReason, RetryAnswer, Settlement, Stored, TokenAllowance, TokenUse,
    Wait, WaitEnd, Write,
};
use crate::failure::FailureCode;
use crate::health::Probe;
use crate::ids::{ClientId, LeaseId, TokenId};
use crate::money::MicroDollars;
use crate::pace::Times;
use crate::retry::Health;
use crate::time::{Day, Millis, UnixMillis};

const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(2_000_000),
    max_in_flight: 8,
    queue_limit: 6,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(120),
    unconfirmed_hold: Millis::from_seconds(205),
};
const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
/// What the client called `0` may spend on a day.
const CLIENT_BUDGET: MicroDollars = MicroDollars::new(10 * 80_000);
/// How many pictures the token of the client called `1` is good for.
const TOKEN_IMAGES: u32 = 9;
const TOKEN_ENDS: UnixMillis = NOON.plus(Millis::from_seconds(7200));

/// Requests, pictures, micro-dollars billed and unconfirmed, refusals.
type TotalsRow = (i64, i64, i64, i64, i64);

/// A ledger with its storage: writes are applied, totals are kept, a restart goes through storage.
struct Stand {
    ledger: Ledger,
    limits: Limits,
    leases: BTreeMap<LeaseId, Lease>,
    pruned: Vec<Lease>,
    totals: BTreeMap<(Day, ClientId, String), TotalsRow>,
    breaker: BreakerState,
    last_probe: Option<Probe>,
    times: Times,
    mode: Mode,
    wakes: BTreeMap<LeaseId, Acquired>,
    /// How often anybody was refused.
    refused: i64,
    waits: Vec<Wait>,
    now: UnixMillis,
}

impl Stand {
    fn new(limits: Limits) -> Self {
        Self {
            ledger: Ledger::restore(limits, Stored::default(), NOON),
            limits,
            leases: BTreeMap::new(),
            pruned: vec![],
            totals: BTreeMap::new(),
            breaker: BreakerState::default(),
            last_probe: None,
            times: Times::default(),
            mode: Mode::default(),
            wakes: BTreeMap::new(),
            refused: 0,
            waits: vec![],
            now: NOON,
        }
    }

    fn terms(lease: &str, images: u32) -> LeaseTerms {
        LeaseTerms {
            lease: LeaseId::new(lease.to_owned()),
            client: client_of(lease),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            images,
            cost: MicroDollars::new(80_000).times(images),
            allowance: allowance_of(&client_of(lease)),
        }
    }

    fn apply(&mut self, effects: Effects) {
        for write in effects.writes {
            match write {
                Write::Lease(lease) => {
                    self.leases.insert(lease.terms.lease.clone(), lease);
                }
                Write::Totals(change) => {
                    let key = (change.day, change.client, change.model);
                    let row = self.totals.entry(key).or_default();
                    row.0 += change.requests;
                    row.1 += change.images;
                    row.2 += change.billed;
                    row.3 += change.unconfirmed;
                    row.4 += change.refused;
                }
                Write::Breaker(state) => self.breaker = state,
                Write::LastCall(_)
                | Write::Alert(_)
                | Write::Gathered(_)
                | Write::PriceWatch(_)
                | Write::Reconciliation(_) => {}
                Write::Waited(wait) => self.waits.push(wait),
                Write::Probe(probe) => self.last_probe = Some(probe),
                Write::Times(times) => self.times = times,
                Write::Mode(mode) => self.mode = mode,
                Write::PruneLeases { before } => {
                    let stays =
                        |lease: &Lease| lease.day >= before || lease.next_change().is_some();
                    let leases = std::mem::take(&mut self.leases);
                    let (kept, pruned) = leases.into_iter().partition(|(_, lease)| stays(lease));
                    let pruned: BTreeMap<LeaseId, Lease> = pruned;
                    self.leases = kept;
                    self.pruned.extend(pruned.into_values());
                }
            }
        }
        for wake in effects.wakes {
            self.refused += i64::from(matches!(wake.answer, Acquired::Refused(_)));
            assert_eq!(
                self.wakes.insert(wake.lease, wake.answer),
                None,
                "woken twice"
            );
        }
    }

    fn acquire(&mut self, lease: &str, images: u32) -> Acquisition {
        let terms = Self::terms(lease, images);
        let known = self.leases.get(&terms.lease).cloned();
        self.wakes.remove(&terms.lease);
        let (acquisition, effects) = self.ledger.acquire(self.now, terms, known.as_ref());
        self.apply(effects);
        self.refused += i64::from(refused_as(acquisition).is_some());
        acquisition
    }

    fn settle(&mut self, lease: &str, images: u32, settlement: Settlement, health: Option<Health>) {
        let terms = Self::terms(lease, images);
        let known = self.leases.get(&terms.lease).cloned();
        let call = health.map(|health| self.call(health));
        let effects = self
            .ledger
            .settle(self.now, &terms, settlement, call, known);
        self.apply(effects);
    }

    fn call(&self, health: Health) -> CallReport {
        CallReport {
            health,
            latency: Millis::ZERO,
            ended_at: self.now,
            polled: false,
            pending_for: Millis::ZERO,
        }
    }

    fn retry(&mut self, lease: &str, health: Health) -> RetryAnswer {
        let lease = LeaseId::new(lease.to_owned());
        let call = self.call(health);
        let (answer, effects) = self.ledger.retry(self.now, &lease, call);
        self.apply(effects);
        answer
    }

    fn probe(&mut self, outcome: Result<(), FailureCode>) -> Effects {
        let probe = Probe::of_generation(self.now, Millis::new(700), outcome);
        let effects = self.ledger.probed(self.now, probe);
        self.apply(effects.clone());
        effects
    }

    fn pass(&mut self, seconds: u64) {
        self.now = self.now.plus(Millis::from_seconds(seconds));
        let effects = self.ledger.tick(self.now);
        self.apply(effects);
    }

    fn restart(&mut self) {
        let today = self.now.day();
        let mut totals = Booked::new();
        for ((day, client, _), row) in self.totals.iter().filter(|((day, _, _), _)| *day >= today) {
            let sum = totals.entry((*day, client.clone())).or_default();
            sum.billed = sum
                .billed
                .plus(MicroDollars::new(row.2.try_into().unwrap()));
            sum.unconfirmed = sum
                .unconfirmed
                .plus(MicroDollars::new(row.3.try_into().unwrap()));
        }
        let stored = Stored {
            leases: self
                .leases
                .values()
                .filter(|lease| lease.next_change().is_some())
                .cloned()
                .collect(),
            audit: self.audit(today),
            totals,
            tokens: self.tokens(),
            breaker: self.breaker.clone(),
            last_call: None,
            last_probe: self.last_probe.clone(),
            times: self.times.clone(),
            mode: self.mode.clone(),
        };
        self.ledger = Ledger::restore(self.limits, stored, self.now);
    }

    /// The totals without what was refused.
    fn booked(&self) -> Vec<(&(Day, ClientId, String), TotalsRow)> {
        let rows = self.totals.iter();
        let rows = rows.map(|(of, row)| (of, (row.0, row.1, row.2, row.3, 0)));
        rows.filter(|(_, row)| *row != TotalsRow::default())
            .collect()
    }

    fn audit(&self, today: Day) -> Booked {
        let mut audit = Booked::new();
        for lease in self.leases.values().filter(|lease| lease.day >= today) {
            let client = lease.terms.client.clone();
            let day = audit.entry((lease.day, client)).or_default();
            day.billed = day.billed.plus(lease.billed());
            day.unconfirmed = day.unconfirmed.plus(lease.unconfirmed());
        }
        audit
    }

    fn tokens(&self) -> BTreeMap<TokenId, TokenUse> {
        let mut tokens = BTreeMap::new();
        for lease in self.leases.values() {
            if let Some(token) = &lease.terms.allowance.token {
                let used = tokens.entry(token.id.clone()).or_insert(TokenUse {
                    images: 0,
                    counted_until: token.counted_until,
                });
                used.images += lease.token_images();
            }
        }
        tokens
    }

    fn check(&self) {
        let status = self.ledger.status();
        assert_eq!(status.frozen, None, "frozen without reason");
        assert!(
            status.in_flight_images <= self.limits.max_in_flight,
            "too many in flight"
        );
        assert!(
            status.queued <= self.limits.queue_limit as usize,
            "queue too long"
        );
        self.check_allowances();
        let mut by_day: BTreeMap<Day, MicroDollars> = BTreeMap::new();
        let mut booked: BTreeMap<Day, (u64, u64)> = BTreeMap::new();
        for lease in self.leases.values().chain(&self.pruned) {
            let sum = by_day.entry(lease.day).or_default();
            *sum = sum
                .plus(lease.reserved())
                .plus(lease.billed())
                .plus(lease.unconfirmed());
            let day = booked.entry(lease.day).or_default();
            day.0 += lease.billed().get();
            day.1 += lease.unconfirmed().get();
        }
        for (day, sum) in &by_day {
            assert!(*sum <= self.limits.daily_budget, "{day} overspent");
        }
        let mut totals: BTreeMap<Day, (u64, u64)> = BTreeMap::new();
        for ((day, _, _), row) in &self.totals {
            let sum = totals.entry(*day).or_default();
            sum.0 += u64::try_from(row.2).expect("billed below zero");
            sum.1 += u64::try_from(row.3).expect("unconfirmed below zero");
        }
        booked.retain(|_, sums| *sums != (0, 0));
        totals.retain(|_, sums| *sums != (0, 0));
        assert_eq!(booked, totals, "totals drifted from leases");
        let refused: i64 = self.totals.values().map(|row| row.4).sum();
        assert_eq!(refused, self.refused, "refusals are counted, each once");
    }

    fn check_allowances(&self) {
        let mut spent: BTreeMap<Day, MicroDollars> = BTreeMap::new();
        let mut token_images = 0;
        for lease in self.leases.values().chain(&self.pruned) {
            if lease.terms.allowance.daily_budget.is_some() {
                let spent = spent.entry(lease.day).or_default();
                *spent = spent
                    .plus(lease.reserved())
                    .plus(lease.billed())
                    .plus(lease.unconfirmed());
            }
            if lease.terms.allowance.token.is_some() {
                let reserved = lease.reserved() > MicroDollars::ZERO;
                token_images += if reserved {
                    lease.terms.images
                } else {
                    lease.token_images()
                };
            }
        }
        assert!(
            spent.values().all(|spent| *spent <= CLIENT_BUDGET),
            "a client overspent"
        );
        assert!(
            token_images <= TOKEN_IMAGES,
            "a token was used for {token_images} pictures"
        );
    }
}

fn client_of(lease: &str) -> ClientId {
    ClientId::new(lease.chars().next().unwrap_or('x').to_string())
}

fn allowance_of(client: &ClientId) -> Allowance {
    let token = TokenAllowance {
        id: TokenId::new("token".into()),
        images: TOKEN_IMAGES,
        counted_until: TOKEN_ENDS,
    };
    Allowance {
        daily_budget: (client.as_str() == "0").then_some(CLIENT_BUDGET),
        token: (client.as_str() == "1").then_some(token),
    }
}

fn granted() -> Acquisition {
    Acquisition::Now(Acquired::Granted)
}

fn refused_as(acquisition: Acquisition) -> Option<RefusalReason> {
    match acquisition {
        Acquisition::Now(Acquired::Refused(refusal)) => Some(refusal.reason),
        _ => None,
    }
}

fn billed(images: u32) -> Settlement {
    Settlement::Billed {
        images,
        cost: MicroDollars::new(80_000).times(images),
    }
}

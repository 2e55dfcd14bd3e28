//! Each rule fires on what it watches for and is resolved by its end; and, of anything that may
//! happen: what fires fires once, every change is told, once and in order.

mod anything;
mod rules;

use super::*;
use crate::health::{Condition, Probe, ProbeKind};
use crate::ids::ClientId;
use crate::ledger::{
    Acquired, CallReport, Effects, Ledger, Limits, Refusal, RefusalReason, Status, Stored,
    TotalsChange, Write,
};
use crate::money::MicroDollars;
use crate::quote::{Drift, PriceWatch};
use crate::reconciliation::{Reconciliation, Usage};
use crate::retry::Health;
use crate::time::{Day, Millis, UnixMillis};

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const DOLLAR: u64 = 1_000_000;

/// Alerts beside a ledger whose status is what a test makes it.
struct Bench {
    alerting: Alerting,
    status: Status,
    now: UnixMillis,
}

fn dollars(dollars: u64) -> MicroDollars {
    MicroDollars::new(dollars * DOLLAR)
}

fn seconds(seconds: u64) -> Millis {
    Millis::from_seconds(seconds)
}

fn thresholds() -> Thresholds {
    Thresholds {
        slow_seconds: 30,
        budget_percent: 80,
        credits: Some(Credits {
            amount: dollars(20),
            on: NOON.day(),
        }),
        credits_least: dollars(10),
    }
}

impl Bench {
    fn new() -> Self {
        Self::with(thresholds())
    }

    fn with(thresholds: Thresholds) -> Self {
        let limits = Limits {
            enabled: true,
            daily_budget: dollars(100),
            max_in_flight: 8,
            queue_limit: 0,
            queue_timeout: Millis::ZERO,
            lease_duration: Millis::ZERO,
            unconfirmed_hold: Millis::ZERO,
        };
        Self {
            alerting: Alerting::restore(thresholds, true, StoredAlerts::default(), NOON),
            status: Ledger::restore(limits, Stored::default(), NOON).status(),
            now: NOON,
        }
    }

    /// Time goes by, and with it days.
    fn wait(&mut self, length: Millis) -> &mut Self {
        self.now = self.now.plus(length);
        if self.now.day() != self.status.day {
            self.status.day = self.now.day();
            self.status.billed = MicroDollars::ZERO;
            self.status.unconfirmed = MicroDollars::ZERO;
        }
        self
    }

    fn call(&mut self, health: Health, latency: Millis) -> &mut Self {
        self.wait(latency);
        let call = CallReport {
            health,
            latency,
            ended_at: self.now,
            polled: false,
            pending_for: Millis::ZERO,
        };
        self.hear(vec![Write::LastCall(call)]);
        self
    }

    /// A call that is paid so much for.
    fn paid(&mut self, cost: u64) -> &mut Self {
        self.wait(Millis::new(1));
        let call = CallReport {
            health: Health::Working,
            latency: Millis::ZERO,
            ended_at: self.now,
            polled: false,
            pending_for: Millis::ZERO,
        };
        self.status.billed = self.status.billed.plus(MicroDollars::new(cost));
        let total = self.total(cost, 0);
        self.hear(vec![total, Write::LastCall(call)]);
        self
    }

    fn unconfirmed(&mut self, cost: u64) -> &mut Self {
        self.status.unconfirmed = self.status.unconfirmed.plus(MicroDollars::new(cost));
        let total = self.total(0, cost);
        self.hear(vec![total]);
        self
    }

    fn total(&self, billed: u64, unconfirmed: u64) -> Write {
        Write::Totals(TotalsChange {
            day: self.status.day,
            client: ClientId::new("client".into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            requests: 1,
            images: 1,
            billed: i64::try_from(billed).unwrap(),
            unconfirmed: i64::try_from(unconfirmed).unwrap(),
            refused: 0,
        })
    }

    fn hear(&mut self, writes: Vec<Write>) {
        let effects = Effects {
            writes,
            wakes: vec![],
        };
        self.alerting.hear(self.now, &effects, &self.status);
    }

    fn refuse(&mut self, reason: RefusalReason) {
        let refusal = Refusal {
            reason,
            retry_after: Millis::ZERO,
        };
        let answer = Acquired::Refused(refusal);
        self.alerting.answered(&answer, &self.status);
    }

    /// A probe with this outcome; without one the fault is the gateway's own.
    fn probe(&mut self, health: Option<Health>) {
        self.wait(Millis::new(1));
        let condition = match health {
            Some(Health::Working) => Condition::Healthy,
            Some(Health::RateLimited) | None => Condition::Degraded,
            Some(_) => Condition::Down,
        };
        self.hear(vec![Write::Probe(Probe {
            at: self.now,
            kind: ProbeKind::Quote,
            condition,
            health,
            latency: Millis::ZERO,
            details: "no answer".into(),
            key_accepted: health == Some(Health::Working),
        })]);
    }

    /// A look at Ideogram's prices that found so many rates dearer.
    fn dearer(&mut self, rates: &[&str]) {
        let drift = |rate: &&str| Drift {
            rate: rate.parse().unwrap(),
            table: MicroDollars::new(80_000),
            quoted: MicroDollars::new(90_000),
        };
        self.hear(vec![Write::PriceWatch(PriceWatch {
            at: self.now,
            quotes: vec![],
            drifts: rates.iter().map(drift).collect(),
        })]);
    }

    /// Ideogram tells what the day that began so many days ago cost, where the ledger has a dollar.
    fn reconcile(&mut self, days_ago: u64, usage: Usage) {
        self.hear(vec![Write::Reconciliation(Reconciliation {
            day: Day::new(self.now.day().get() - days_ago),
            at: self.now,
            billed: dollars(1),
            unconfirmed: MicroDollars::ZERO,
            at_midnight: MicroDollars::ZERO,
            usage,
        })]);
    }

    fn end(&mut self, outcome: &str, times: u32) {
        for _ in 0..times {
            self.alerting.watch.ended(self.now, outcome);
        }
    }

    fn judge(&mut self) -> Vec<Alert> {
        self.alerting.judge(self.now, &self.status).changed
    }

    /// Judges; the one rule whose state has to have changed fires, with these words in its summary.
    fn fires(&mut self, rule: Rule, words: &[&str]) {
        let changed = self.judge();
        let [alert] = &changed[..] else {
            panic!("{changed:?}");
        };
        assert_eq!((alert.rule, alert.state), (rule, AlertState::Firing));
        assert_eq!(alert.since, self.now);
        for word in words {
            assert!(alert.summary.contains(word), "{}", alert.summary);
        }
        self.stays();
    }

    fn is_resolved(&mut self, rule: Rule) {
        let changed = self.judge();
        let [alert] = &changed[..] else {
            panic!("{changed:?}");
        };
        assert_eq!((alert.rule, alert.state), (rule, AlertState::Resolved));
        self.stays();
    }

    fn stays(&mut self) {
        assert_eq!(self.judge(), []);
    }
}

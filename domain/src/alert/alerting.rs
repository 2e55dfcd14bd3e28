//! The alerts beside the ledger: they hear what each of its commands leads to, and are judged after
//! it. What that leads to is stored with the command's own writes, so that nothing is told of what was
//! not stored, and nothing that was stored is not told.

use super::board::{Alert, Board};
use super::judge::{Facts, Thresholds};
use super::outbox::{Delivery, Outbox, OutboxWrite, Queued};
use super::rule::Rule;
use super::watch::Watch;
use crate::ledger::{Acquired, Effects, Status, Write};
use crate::money::MicroDollars;
use crate::time::UnixMillis;

/// What was stored, to start from.
#[derive(Debug, Clone, Default)]
pub struct StoredAlerts {
    /// What the ledger remembers.
    pub watch: Watch,
    /// The rules that have ever fired.
    pub alerts: Vec<Alert>,
    /// What has still to be told.
    pub queued: Vec<Queued>,
    /// What is booked since the day of `Thresholds::credits`, billed and unconfirmed.
    pub booked_since: MicroDollars,
}

/// Something to store, in the transaction of the command that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertWrite {
    /// Store what the ledger remembers.
    Watch(Watch),
    /// Store this rule in place of whatever is stored of it.
    Alert(Alert),
    /// Something about what has still to be told.
    Outbox(OutboxWrite),
}

/// What a judgement leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// To be stored.
    pub writes: Vec<AlertWrite>,
    /// The rules whose state has changed.
    pub changed: Vec<Alert>,
}

/// The alerts.
#[derive(Debug, Clone)]
pub struct Alerting {
    thresholds: Thresholds,
    /// Whether there is anybody to tell.
    told: bool,
    /// What the ledger remembers.
    pub watch: Watch,
    board: Board,
    outbox: Outbox,
    booked_since: MicroDollars,
}

impl Alerting {
    /// Starts from what was stored. `told`: there is somebody to tell.
    #[must_use]
    pub fn restore(
        thresholds: Thresholds,
        told: bool,
        stored: StoredAlerts,
        now: UnixMillis,
    ) -> Self {
        Self {
            thresholds,
            told,
            watch: stored.watch,
            board: Board::new(stored.alerts),
            outbox: Outbox::new(stored.queued, now),
            booked_since: stored.booked_since,
        }
    }

    /// Hears what a command leads to.
    pub fn hear(&mut self, now: UnixMillis, effects: &Effects, status: &Status) {
        let totals = effects.writes.iter().filter_map(|write| match write {
            Write::Totals(change) => Some(change),
            _ => None,
        });
        let credits_on = self.thresholds.credits.map(|credits| credits.on);
        let mut paid = false;
        for change in totals {
            paid |= change.billed > 0;
            if credits_on.is_some_and(|on| change.day >= on) {
                let booked = change.billed.saturating_add(change.unconfirmed);
                self.booked_since = moved(self.booked_since, booked);
            }
        }
        for write in &effects.writes {
            match write {
                Write::LastCall(call) => self.watch.called(now, call, paid),
                Write::Probe(probe) => self.watch.probed(probe),
                Write::PriceWatch(look) => self.watch.prices_compared(look.drifts.clone()),
                Write::Reconciliation(day) => self.watch.reconciled(*day),
                _ => {}
            }
        }
        for wake in &effects.wakes {
            self.answered(&wake.answer, status);
        }
    }

    /// Hears how an `acquire` was answered.
    pub fn answered(&mut self, answer: &Acquired, status: &Status) {
        if let Acquired::Refused(refusal) = answer {
            self.watch
                .refused(status.day, refusal.reason, status.budget);
        }
    }

    /// Judges every rule by what is known now.
    pub fn judge(&mut self, now: UnixMillis, status: &Status) -> Judged {
        let facts = Facts {
            now,
            status,
            watch: &self.watch,
            booked_since: self.booked_since,
            thresholds: &self.thresholds,
        };
        let changed = self.board.judge(&facts);
        let mut writes = vec![];
        if self.watch.take_changed() {
            writes.push(AlertWrite::Watch(self.watch.clone()));
        }
        for alert in &changed {
            writes.push(AlertWrite::Alert(alert.clone()));
            if self.told {
                let pushed = self.outbox.push(now, alert.clone());
                writes.extend(pushed.into_iter().map(AlertWrite::Outbox));
            }
        }
        Judged { writes, changed }
    }

    /// What is to be told now, if anything is.
    #[must_use]
    pub fn due(&self, now: UnixMillis) -> Option<&Queued> {
        self.outbox.due(now).filter(|_| self.told)
    }

    /// A try to tell it has ended.
    pub fn tried(&mut self, now: UnixMillis, id: &str, delivery: Delivery) -> Option<AlertWrite> {
        let write = self.outbox.tried(now, id, delivery);
        write.map(AlertWrite::Outbox)
    }

    /// When there is next something to tell.
    #[must_use]
    pub fn tell_at(&self) -> Option<UnixMillis> {
        self.outbox.next_at().filter(|_| self.told)
    }

    /// When to judge again although nothing has happened: what fires about a day's money is over with
    /// the day.
    #[must_use]
    pub fn judge_at(&self, now: UnixMillis) -> Option<UnixMillis> {
        let of_the_day = [
            Rule::BudgetSpent,
            Rule::BudgetNearlySpent,
            Rule::UnconfirmedSpend,
        ];
        let mut of_the_day = of_the_day.into_iter();
        let fires = of_the_day.any(|rule| self.board.is_firing(rule));
        fires.then(|| now.plus(now.until_midnight()))
    }

    /// Every rule that has ever fired: what fires first, then what has changed last.
    #[must_use]
    pub fn alerts(&self) -> Vec<&Alert> {
        self.board.alerts()
    }

    /// How many notices are not delivered.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.outbox.len()
    }
}

/// An amount with so many micro-dollars more, or less.
const fn moved(amount: MicroDollars, by: i64) -> MicroDollars {
    let by_how_much = MicroDollars::new(by.unsigned_abs());
    if by < 0 {
        amount.minus(by_how_much)
    } else {
        amount.plus(by_how_much)
    }
}

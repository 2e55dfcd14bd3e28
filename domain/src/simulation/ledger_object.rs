//! The Ledger object, as `objects/ledger.rs` has it: the state machine in memory, its rows in
//! storage, those who wait for a place, an alarm. A command is decided and written in one moment;
//! if that fails, memory and waits are thrown away.

use std::collections::BTreeMap;

use super::events::{Event, LedgerCommand, Sender, Token, Told};
use super::faults::{Fault, WriteFate};
use super::generation_object::ALARM_AGAIN;
use super::ledger_rows::LedgerRows;
use super::promises::{Checked, Promise};
use super::settings::PROMPT;
use super::world::World;
use crate::ids::LeaseId;
use crate::ledger::{Acquisition, BreakerState, Effects, Lease, Ledger, RetryAnswer, Write};
use crate::money::MicroDollars;
use crate::time::UnixMillis;

#[derive(Debug, Default)]
pub(super) struct LedgerObject {
    // Storage.
    pub rows: LedgerRows,
    alarm: Option<Token>,
    // Memory.
    pub memory: Option<Ledger>,
    pub waiting: BTreeMap<LeaseId, Option<Sender>>,
    /// For when the alarm is set, by the object's own clock.
    alarm_at: Option<UnixMillis>,
}

impl World {
    pub(super) fn ledger_hears(
        &mut self,
        sender: Option<Sender>,
        command: LedgerCommand,
    ) -> Checked {
        let clock = self.ledger_clock();
        match command {
            LedgerCommand::Acquire(terms) => {
                let lease = terms.lease.clone();
                let run = self.ledger_runs(|ledger, rows| {
                    let known = rows.leases.get(&terms.lease);
                    ledger.acquire(clock, (*terms).clone(), known)
                })?;
                match run {
                    None => self.ledger_breaks_off(sender),
                    Some(Acquisition::Now(answer)) => {
                        self.ledger_answers(sender, Told::Acquired(answer));
                    }
                    Some(Acquisition::Waiting) => self.waits(lease, sender),
                }
            }
            LedgerCommand::Settle(owed) => {
                let run = self.ledger_runs(|ledger, rows| {
                    let known = rows.leases.get(&owed.terms.lease).cloned();
                    let effects =
                        ledger.settle(clock, &owed.terms, owed.settlement, owed.call, known);
                    ((), effects)
                })?;
                match run {
                    None => self.ledger_breaks_off(sender),
                    Some(()) => self.ledger_answers(sender, Told::Settled),
                }
            }
            LedgerCommand::Retry(lease, call) => {
                let run = self.ledger_runs(|ledger, _| ledger.retry(clock, &lease, call))?;
                match run {
                    None => self.ledger_breaks_off(sender),
                    Some(answer) => self.may_retry(sender, &lease, answer)?,
                }
            }
        }
        Ok(())
    }

    /// Whoever asks again for the same lease takes the place of the one before.
    fn waits(&mut self, lease: LeaseId, sender: Option<Sender>) {
        if let Some(before) = self.ledger.waiting.insert(lease, sender) {
            self.ledger_breaks_off(before);
        }
    }

    fn may_retry(
        &mut self,
        sender: Option<Sender>,
        lease: &LeaseId,
        answer: RetryAnswer,
    ) -> Checked {
        let breaker = &self.ledger.rows.breaker;
        self.promises
            .retry_answered(self.now, lease, answer, breaker)?;
        self.ledger_answers(sender, Told::MayRetry(answer));
        Ok(())
    }

    /// Runs one command: decide, write, wake. None if the object or its storage failed.
    pub(super) fn ledger_runs<T>(
        &mut self,
        command: impl FnOnce(&mut Ledger, &LedgerRows) -> (T, Effects),
    ) -> Checked<Option<T>> {
        let fate = self.faults.write(&mut self.chance);
        if matches!(fate, WriteFate::Refused | WriteFate::CrashBefore) {
            self.note(|_| format!("the ledger: {fate:?}"));
            self.ledger_loses_its_memory(fate != WriteFate::Refused);
            return Ok(None);
        }
        let clock = self.ledger_clock();
        let object = &mut self.ledger;
        let ledger = match object.memory.as_mut() {
            Some(ledger) => ledger,
            None => {
                let stored = object.rows.load(clock)?;
                let ledger = Ledger::restore(self.settings.limits, stored, clock);
                object.memory.insert(ledger)
            }
        };
        let (answer, effects) = command(ledger, &object.rows);
        let (status, deadline) = (ledger.status(), ledger.next_deadline());
        self.ledger_writes(effects.writes)?;
        self.promises.status(&status, &self.settings.limits)?;
        if let Some(deadline) = deadline {
            self.set_ledger_alarm(deadline);
        }
        if fate == WriteFate::CrashAfter {
            self.note(|_| "the ledger: crashed after its write".to_owned());
            self.ledger_loses_its_memory(true);
            return Ok(None);
        }
        for wake in effects.wakes {
            if let Some(sender) = self.ledger.waiting.remove(&wake.lease) {
                self.ledger_answers(sender, Told::Acquired(wake.answer));
            }
        }
        Ok(Some(answer))
    }

    fn ledger_writes(&mut self, writes: Vec<Write>) -> Checked {
        for write in writes {
            self.note(|_| format!("the ledger writes {write:?}"));
            match &write {
                Write::Lease(lease) => {
                    let breaker = &self.ledger.rows.breaker;
                    let limits = &self.settings.limits;
                    let promises = &mut self.promises;
                    promises.lease_written(self.now, lease, breaker, limits)?;
                    self.not_granted_while_off(lease)?;
                }
                Write::Breaker(after) => self.breaker_written(after)?,
                Write::LastCall(call) => {
                    self.promises.call_noted(call, &self.ledger.rows.breaker)?;
                }
                Write::Totals(_)
                | Write::PruneLeases { .. }
                | Write::Waited(_)
                | Write::Gathered(_)
                | Write::Probe(_)
                | Write::PriceWatch(_)
                | Write::Times(_)
                | Write::Reconciliation(_)
                | Write::Alert(_)
                | Write::Mode(_) => {}
            }
            self.ledger.rows.write(write);
        }
        Ok(())
    }

    fn not_granted_while_off(&mut self, lease: &Lease) -> Checked {
        let rows = &self.ledger.rows;
        let known = rows.leases.contains_key(&lease.terms.lease);
        let granted = !known && lease.reserved() > MicroDollars::ZERO;
        let on = rows.mode.enabled;
        let checks = &mut self.promises.checks;
        checks.hold(Promise::LeftAlone, on || !granted, || {
            format!("{lease:?} was granted while generation was off")
        })
    }

    /// The breaker lets a probe through only when its time has come.
    fn breaker_written(&mut self, after: &BreakerState) -> Checked {
        self.promises.left_alone.breaker_written();
        let before = &self.ledger.rows.breaker;
        let clock = self.ledger_clock();
        let too_early = match (before, after) {
            (BreakerState::Open { until, .. }, BreakerState::HalfOpen { .. }) => *until > clock,
            (BreakerState::Open { .. }, BreakerState::Closed) => true,
            _ => false,
        };
        let excused = self.promises.clock_jumped_at.is_some();
        self.promises
            .checks
            .hold(Promise::LeftAlone, !too_early || excused, || {
                format!("the breaker went from {before:?} to {after:?} at {clock:?}")
            })
    }

    /// The waiting are in memory. If the object itself is gone, so are their connections.
    pub(super) fn ledger_loses_its_memory(&mut self, object_too: bool) {
        self.ledger.memory = None;
        self.promises.left_alone.ledger_forgets();
        if object_too {
            self.ledger.alarm_at = None;
        }
        for (_, sender) in std::mem::take(&mut self.ledger.waiting) {
            self.ledger_breaks_off(sender);
        }
    }

    /// The object has one alarm; one that rings too early does no harm.
    fn set_ledger_alarm(&mut self, at: UnixMillis) {
        if self.ledger.alarm_at.is_some_and(|set| set <= at) {
            return;
        }
        let token = self.token();
        self.ledger.alarm_at = Some(at);
        self.ledger.alarm = Some(token);
        let wait = at.since(self.ledger_clock()).plus(self.alarm_delay());
        self.after(wait, Event::LedgerAlarm(token));
    }

    pub(super) fn ledger_alarm(&mut self, token: Token) -> Checked {
        if self.ledger.alarm != Some(token) {
            return Ok(());
        }
        if self.faults.strikes(Fault::AlarmTwice, &mut self.chance) {
            self.after(ALARM_AGAIN, Event::LedgerAlarmAgain);
            if self.chance.one_in(2) {
                self.ledger_loses_its_memory(true);
                return Ok(());
            }
        }
        self.ledger.alarm = None;
        self.ledger_alarm_rings()
    }

    pub(super) fn ledger_alarm_rings(&mut self) -> Checked {
        self.ledger.alarm_at = None;
        let clock = self.ledger_clock();
        let ticked = self.ledger_runs(|ledger, _| ((), ledger.tick(clock)))?;
        if ticked.is_none() {
            // The next command or alarm starts afresh.
            self.set_ledger_alarm(clock.plus(PROMPT));
        }
        Ok(())
    }
}

//! What drives a job, as `objects/generation_driver.rs` does: take the next step, wait for what
//! comes of it, tell the job, store the job, go on.

use std::rc::Rc;

use super::events::{Event, LedgerCommand, Place, Poll, Token, Told};
use super::faults::Fault;
use super::promises::Checked;
use super::settings::{PROMPT, SHORT_WAIT};
use super::world::World;
use crate::generation::{Awaits, Job, Step, StoreOutcome, Way};
use crate::ledger::{Acquired, RetryAnswer};
use crate::time::Millis;
use crate::upstream::Upstream;

impl World {
    /// Goes on after a while in memory.
    pub(super) fn sleep(&mut self, place: Place, wait: Millis) -> Checked {
        let token = self.await_something(place)?;
        let told = Told::GoOn;
        self.after(wait, Event::Driver { place, token, told });
        Ok(())
    }

    pub(super) fn await_something(&mut self, place: Place) -> Checked<Token> {
        let token = self.token();
        self.generation(place)?.awaiting = Some(token);
        Ok(token)
    }

    /// What the driver waited for has come, unless it waits for something else by now.
    pub(super) fn driver_is_told(&mut self, place: Place, token: Token, told: Told) -> Checked {
        if self.generation(place)?.awaiting != Some(token) {
            return Ok(());
        }
        if matches!(told, Told::CallEnded(_)) {
            self.promises.call_is_over(place);
        }
        if matches!(told, Told::GoOn) {
            if self.load(place)? {
                self.take_next_step(place)?;
            }
            return Ok(());
        }
        let (clock, policy) = (self.generation_clock(), self.settings.policy);
        let random = self.chance.any();
        let step = self.generation(place)?.doing.take();
        if let (Told::Acquired(Acquired::Refused(_)), Some(Step::Acquire(terms))) = (&told, &step) {
            self.promises.leases.refused.insert(terms.lease.clone());
        }
        self.change(place, |job| match told {
            Told::GoOn => {}
            Told::Acquired(answer) => {
                if let Some(Step::Acquire(terms)) = &step {
                    job.acquired(clock, &terms.lease, answer);
                }
            }
            Told::Settled => {
                if let Some(Step::Settle(owed)) = &step {
                    job.settled(clock, owed);
                }
            }
            Told::MayRetry(answer) => job.retry_answered(clock, answer),
            Told::LedgerFailed if matches!(step, Some(Step::AskToRetry(..))) => {
                job.retry_answered(clock, RetryAnswer::Denied);
            }
            Told::LedgerFailed => match &step {
                Some(Step::Acquire(terms)) => job.acquire_failed(clock, &terms.lease),
                _ => job.ledger_failed(clock),
            },
            Told::CallEnded(outcome) => {
                let outcome = Rc::unwrap_or_clone(outcome);
                job.call_ended(clock, outcome, random, &policy);
            }
            Told::Polled(outcome) => {
                let outcome = Rc::unwrap_or_clone(outcome);
                job.polled(clock, outcome, random, &policy);
            }
            Told::LinksRenewed(outcome) => job.links_renewed(clock, Rc::unwrap_or_clone(outcome)),
            Told::RoundEnded => job.round_ended(clock),
            Told::Published => job.published(clock),
        })
    }

    /// A picture has been tried, if the driver still waits for the end of its round.
    pub(super) fn picture_is_tried(
        &mut self,
        place: Place,
        token: Token,
        index: u32,
        outcome: StoreOutcome,
    ) -> Checked {
        if self.generation(place)?.awaiting != Some(token) {
            return Ok(());
        }
        let clock = self.generation_clock();
        let lives = self.write(place, |slot| {
            if let Some(job) = slot {
                job.picture_tried(clock, index, outcome);
            }
        })?;
        if lives { self.tell(place) } else { Ok(()) }
    }

    /// Changes the job, stores it, tells those who wait if that made a reply, and goes on.
    fn change(&mut self, place: Place, change: impl FnOnce(&mut Job)) -> Checked {
        let lives = self.write(place, |slot| {
            if let Some(job) = slot {
                change(job);
            }
        })?;
        if lives {
            self.tell(place)?;
            self.take_next_step(place)?;
        }
        Ok(())
    }

    fn take_next_step(&mut self, place: Place) -> Checked {
        let (clock, policy) = (self.generation_clock(), self.settings.policy);
        let job = self.generation(place)?.job.as_ref();
        let step = job.map_or(Step::Forget, |job| job.next(clock, &policy));
        self.note(|_| format!("object {place} goes on with {step:?}"));
        match step {
            Step::Forget => self.forget(place),
            Step::Wait(until) => self.rest_until(place, until.since(clock)),
            Step::Call => self.call_ideogram(place),
            Step::GiveUp => self.change(place, |job| job.gave_up(clock)),
            Step::DropReferences(keys) => self.change(place, |job| job.references_dropped(&keys)),
            step => self.take(place, step),
        }
    }

    fn rest_until(&mut self, place: Place, wait: Millis) -> Checked {
        if wait <= SHORT_WAIT {
            return self.sleep(place, wait);
        }
        self.generation(place)?.awaiting = None;
        self.set_generation_alarm(place, wait)
    }

    fn take(&mut self, place: Place, step: Step) -> Checked {
        let token = self.await_something(place)?;
        self.generation(place)?.doing = Some(step.clone());
        match step {
            Step::Acquire(terms) => {
                let command = LedgerCommand::Acquire(Rc::new(terms));
                let deadline = self.settings.limits.queue_timeout.plus(PROMPT);
                self.ask_ledger(place, token, command, deadline)
            }
            Step::Settle(owed) => {
                let command = LedgerCommand::Settle(Rc::from(owed));
                self.ask_ledger(place, token, command, PROMPT)
            }
            Step::AskToRetry(terms, call) => {
                let command = LedgerCommand::Retry(terms.lease, call);
                self.ask_ledger(place, token, command, PROMPT)
            }
            Step::Poll(id) => {
                let for_links = false;
                self.poll_leaves(place, token, Poll { id, for_links })
            }
            Step::RenewLinks(id) => {
                let for_links = true;
                self.poll_leaves(place, token, Poll { id, for_links })
            }
            Step::Store(pictures) => self.store_pictures(place, token, &pictures),
            Step::Publish => self.publish(place, token),
            Step::GiveUp | Step::Call | Step::DropReferences(_) | Step::Wait(_) | Step::Forget => {
                Ok(())
            }
        }
    }

    fn call_ideogram(&mut self, place: Place) -> Checked {
        let clock = self.generation_clock();
        let upstream = self.settings.upstream;
        let awaits = match upstream {
            Upstream::Legacy => Awaits::Answer,
            Upstream::V2 => self
                .chance
                .pick(&[Awaits::Polls, Awaits::Webhook], Awaits::Polls),
        };
        let way = Way { upstream, awaits };
        let lives = self.write(place, |slot| {
            if let Some(job) = slot {
                job.call_begins(clock, way);
            }
        })?;
        if !lives {
            return Ok(());
        }
        self.tell(place)?;
        let token = self.await_something(place)?;
        self.call_leaves(place, token, awaits)
    }

    fn forget(&mut self, place: Place) -> Checked {
        let object = self.generation(place)?;
        object.awaiting = None;
        object.alarm = None;
        if let Some(job) = object.job.take() {
            self.promises.generation_forgotten(place, &job)?;
        }
        Ok(())
    }

    /// How much later than it was set an alarm rings.
    pub(super) fn alarm_delay(&mut self) -> Millis {
        if self.faults.strikes(Fault::AlarmLong, &mut self.chance) {
            return self
                .chance
                .millis(Millis::ZERO, Millis::from_seconds(3_600));
        }
        if self.faults.strikes(Fault::AlarmLate, &mut self.chance) {
            return self.chance.millis(Millis::ZERO, Millis::from_seconds(60));
        }
        self.chance.millis(Millis::ZERO, Millis::new(50))
    }
}

//! Ideogram: takes calls, works on them, bills what it made whether or not anybody still listens,
//! and fails in every way it is known to. What it was only given to take is in `ideogram_polled`.

use std::rc::Rc;

use super::events::{CallId, Event, Place, Token, Told};
use super::faults::Fault;
use super::ideogram_moods::{Conduct, Mood};
use super::promises::Checked;
use super::settings::{IDEOGRAM_IN_FLIGHT, IDEOGRAM_LIMIT};
use super::world::World;
use crate::generation::Awaits;
use crate::ids::LeaseId;
use crate::money::MicroDollars;
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};

/// One call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) place: Place,
    token: Token,
    lease: LeaseId,
    images: u32,
    price: MicroDollars,
    left_at: UnixMillis,
    pub(super) conduct: Conduct,
    /// What the gateway waits for.
    pub(super) awaits: Awaits,
    pub(super) came: Came,
}

/// What has come of a call.
#[derive(Debug, Default)]
pub(super) enum Came {
    #[default]
    Nothing,
    /// Pictures: the answer that has them.
    Pictures(String),
    /// It failed.
    Failure,
}

#[derive(Debug, Default)]
pub(super) struct Ideogram {
    pub(super) calls: Vec<Call>,
    pub(super) working: Vec<CallId>,
    pub(super) mood: Mood,
}

impl Ideogram {
    /// Back to normal.
    pub(super) fn calm(&mut self) {
        self.mood = Mood::Fine;
    }

    pub(super) fn turn(&mut self, mood: Mood) {
        self.mood = mood;
    }

    pub(super) const fn works(&self) -> bool {
        !self.working.is_empty()
    }

    fn in_progress(&self) -> u32 {
        let working = self.working.iter().filter_map(|call| self.calls.get(*call));
        working.map(|call| call.images).sum()
    }
}

impl World {
    /// A call leaves a Generation object, whose driver waits for it for as long as it may take.
    pub(super) fn call_leaves(&mut self, place: Place, token: Token, awaits: Awaits) -> Checked {
        self.report.calls += 1;
        self.report.submissions += u64::from(awaits != Awaits::Answer);
        let now = self.now;
        let object = self.generations.get(place);
        if let Some(job) = object.and_then(|object| object.job.as_ref())
            && let Some(asked) = self.settings.wanted.get(place)
        {
            let policy = &self.settings.policy;
            self.promises.generation_calls(now, place, job, policy)?;
            let lease = job.lease_id();
            let begun_at = self.promises.generations.begun_at(place).unwrap_or(now);
            self.promises.call_leaves(&lease, begun_at)?;
            self.ideogram.calls.push(Call {
                place,
                token,
                lease,
                images: job.request().images().get(),
                price: asked.price,
                left_at: now,
                conduct: Conduct::Works,
                awaits,
                came: Came::Nothing,
            });
        }
        let timed_out = Told::CallEnded(Rc::new(CallOutcome::TimedOut));
        let time_out = Event::Driver {
            place,
            token,
            told: timed_out,
        };
        self.after(self.settings.request_timeout, time_out);
        let wait = self.chance.delay();
        let call = self.ideogram.calls.len() - 1;
        self.after(wait, Event::CallArrives(call));
        Ok(())
    }

    pub(super) fn call_arrives(&mut self, id: CallId) -> Checked {
        let mut conduct = self.ideogram.mood.conduct(&mut self.chance);
        if self.faults.strikes(Fault::IdeogramStray, &mut self.chance) {
            conduct = Conduct::any(&mut self.chance);
        }
        if conduct == Conduct::BillsFailure {
            self.faults.count(Fault::BilledFailure);
        }
        let in_progress = self.ideogram.in_progress();
        let Some(call) = self.ideogram.calls.get_mut(id) else {
            return Ok(());
        };
        let together = in_progress + call.images;
        if together > IDEOGRAM_IN_FLIGHT && conduct.is_accepted() {
            conduct = Conduct::TooMany;
        }
        call.conduct = conduct;
        let (lease, left_at) = (call.lease.clone(), call.left_at);
        self.note(|_| format!("Ideogram's conduct for call {id}: {conduct:?}"));
        if let Some(outcome) = conduct.at_once(&mut self.chance, self.now) {
            let wait = self.chance.delay();
            self.ideogram_says(id, outcome, wait);
            return Ok(());
        }
        let calls = &self.ideogram.calls;
        let others = self.ideogram.working.iter();
        let others = others.filter_map(|other| calls.get(*other).map(|call| call.lease.clone()));
        let limits = &self.settings.limits;
        self.promises
            .work_begins(&lease, together, others, limits)?;
        self.ideogram.working.push(id);
        self.work(id, conduct, left_at)
    }

    fn work(&mut self, id: CallId, conduct: Conduct, left_at: UnixMillis) -> Checked {
        let (least, most) = conduct.work();
        let left = left_at.plus(IDEOGRAM_LIMIT).since(self.now);
        let length = self.chance.millis(least, most).min(left);
        self.after(length, Event::WorkEnds(id));
        let submitted = self.is_submission(id);
        if submitted && let Some(outcome) = conduct.taken(&mut self.chance, id) {
            let wait = self.chance.delay();
            self.ideogram_says(id, outcome, wait);
        }
        if let Some(outcome) = conduct.meanwhile(&mut self.chance) {
            let wait = self.chance.millis(Millis::ZERO, length);
            self.ideogram_says(id, outcome, wait);
        }
        Ok(())
    }

    pub(super) fn work_ends(&mut self, id: CallId) -> Checked {
        self.ideogram.working.retain(|working| *working != id);
        let Some(call) = self.ideogram.calls.get(id) else {
            return Ok(());
        };
        let made = match call.conduct {
            Conduct::Fails => 0,
            _ if self.chance.one_in(100) => self.chance.below(call.images + 1),
            _ => call.images,
        };
        let bill = call.price.times(made);
        let as_failed = call.conduct == Conduct::BillsFailure;
        let (conduct, lease) = (call.conduct, call.lease.clone());
        let listens = self.generations.get(call.place);
        let listens = listens.is_some_and(|object| object.awaiting == Some(call.token));
        if !listens {
            self.faults.count(Fault::WorkOutlivesCall);
        }
        self.report.billed = self.report.billed.plus(bill);
        if as_failed {
            self.report.billed_failures = self.report.billed_failures.plus(bill);
        }
        self.note(|_| format!("Ideogram bills {bill} dollars for call {id}"));
        self.promises.work_ends(&lease, bill, as_failed)?;
        if self.is_submission(id) {
            self.submission_is_done(id, made);
        } else if let Some(outcome) = conduct.at_the_end(&mut self.chance, id, made, self.now) {
            let wait = self.chance.delay();
            self.ideogram_says(id, outcome, wait);
        }
        Ok(())
    }

    pub(super) fn ideogram_says(&mut self, id: CallId, outcome: CallOutcome, wait: Millis) {
        if let Some(call) = self.ideogram.calls.get(id) {
            let (place, token) = (call.place, call.token);
            let told = Told::CallEnded(Rc::new(outcome));
            self.after(wait, Event::Driver { place, token, told });
        }
    }
}

//! A Generation object, as `objects/generation.rs` and the storage half of
//! `objects/generation_driver.rs` have it: a job in storage, a copy of it in memory while the object
//! lives, those who wait, an alarm.
//!
//! Memory and storage are always the same here: a change and its write are one moment in the real
//! object too, and a change whose write fails is thrown away with the memory. So there is one job,
//! and `loaded` says whether this life of the object has read it.

use std::rc::Rc;

use super::events::{Event, Heard, LedgerCommand, Place, Token, VisitId};
use super::faults::{Fault, WriteFate};
use super::promises::{Checked, Promise};
use super::settings::HEARTBEAT;
use super::versions::{read_back, read_back_from_another};
use super::world::World;
use crate::cache_control::CacheUse;
use crate::generation::{Cancellation, Job, NewJob, Owed, State, Step};
use crate::ids::GenerationId;
use crate::picture_key::PictureSecret;
use crate::request::ReferenceKey;
use crate::time::{Millis, UnixMillis};

/// An alarm whose handler did not end well rings again after this long.
pub(super) const ALARM_AGAIN: Millis = Millis::from_seconds(2);

/// For how long an outcome may be known before those who wait hear of it.
const OUTCOME_KNOWN: Millis = Millis::from_seconds(20);

#[derive(Debug, Default)]
pub(super) struct GenerationObject {
    // Storage.
    pub job: Option<Job>,
    pub alarm: Option<Token>,
    // Memory.
    loaded: bool,
    loaded_at: UnixMillis,
    /// What the driver waits for; none if nobody drives.
    pub awaiting: Option<Token>,
    /// The step whose outcome the driver waits for.
    pub doing: Option<Step>,
    pub waiting: Vec<VisitId>,
    /// When the job was first seen at its end, for the promises.
    ended_at: Option<UnixMillis>,
}

impl GenerationObject {
    pub(super) const fn is_loaded(&self) -> bool {
        self.loaded
    }
}

impl World {
    /// `/run`: starts a generation, joins one or finds its result.
    pub(super) fn run_arrives(&mut self, place: Place, visit: VisitId) -> Checked {
        if !self.load(place)? {
            return self.worker_loses_the_object(visit);
        }
        let (clock, policy) = (self.generation_clock(), self.settings.policy);
        let job = self.generation(place)?.job.as_ref();
        let useful = job.is_some_and(|job| job.answers_new_requests(clock, &policy));
        if !useful {
            let left = job.map(|job| (job.owed().to_vec(), job.references_left().to_vec()));
            let job = self.new_job(place, visit, left.unwrap_or_default());
            self.report.generations += 1;
            // The heartbeat's alarm and the job are one atomic write: nothing is awaited between.
            self.set_generation_alarm(place, HEARTBEAT)?;
            if !self.write(place, |slot| *slot = job)? {
                return self.worker_loses_the_object(visit);
            }
        }
        self.start(place)?;
        let object = self.generation(place)?;
        if let Some(reply) = object.job.as_ref().and_then(Job::reply) {
            self.tell_worker(visit, Heard::Reply(Rc::new(reply)));
        } else {
            object.waiting.push(visit);
            let wait = self.settings.answer_deadline;
            self.after(wait, Event::WaitEnds { place, visit });
        }
        Ok(())
    }

    /// Nobody is kept waiting for an outcome that has been known for a while. The ledger is told
    /// first, for as long as it may take to answer.
    fn outcome_was_told(&mut self, place: Place) -> Checked {
        let object = self.generation(place)?;
        let (lives, loaded_at, ended_at) = (object.loaded, object.loaded_at, object.ended_at);
        let state = object.job.as_ref().map(Job::state);
        let known_for = ended_at.map(|at| self.now.since(at.max(loaded_at)));
        let late = lives && known_for > Some(OUTCOME_KNOWN);
        let checks = &mut self.promises.checks;
        checks.hold(Promise::Answered, !late, || {
            format!("object {place} kept callers waiting, {state:?} for {known_for:?}")
        })
    }

    fn new_job(
        &mut self,
        place: Place,
        visit: VisitId,
        (owed, references_left): (Vec<Owed>, Vec<ReferenceKey>),
    ) -> Option<Job> {
        let asked = self.settings.wanted.get(place)?;
        let client = self.callers.client_of(visit);
        let (client, allowance) = self.settings.clients.get(client)?.clone();
        let mut secret = [0; 16];
        let (half, rest) = secret.split_at_mut(8);
        half.copy_from_slice(&self.chance.any().to_le_bytes());
        rest.copy_from_slice(&self.chance.any().to_le_bytes());
        Some(Job::new(NewJob {
            id: GenerationId::new(asked.fingerprint, self.chance.any().to_le_bytes()),
            client,
            allowance,
            endpoint: asked.request.endpoint().path().to_owned(),
            request: asked.request.clone(),
            cache: CacheUse::Usual,
            price: asked.price,
            quoted: None,
            secret: PictureSecret::new(secret),
            owed,
            references_left,
            now: self.generation_clock(),
        }))
    }

    pub(super) fn wait_ends(&mut self, place: Place, visit: VisitId) -> Checked {
        let waiting = &mut self.generation(place)?.waiting;
        if let Some(at) = waiting.iter().position(|one| *one == visit) {
            waiting.swap_remove(at);
            self.outcome_was_told(place)?;
            self.tell_worker(visit, Heard::Pending);
        }
        Ok(())
    }

    /// `/cancel`: a generation that waits is ended, and the ledger told at once: the driver waits in
    /// its queue. The driver tells it again if that goes wrong.
    pub(super) fn cancel_arrives(&mut self, place: Place) -> Checked {
        let was_loaded = self.generation(place)?.loaded;
        if !self.load(place)? {
            return Ok(());
        }
        let clock = self.generation_clock();
        let Some(mut job) = self.generation(place)?.job.clone() else {
            return Ok(());
        };
        if !was_loaded && !job.has_ended() {
            self.start(place)?;
        }
        if job.cancel(clock) != Cancellation::Cancelled {
            return Ok(());
        }
        let owed = job.owed().last().cloned();
        if self.write(place, |slot| *slot = Some(job))? {
            self.tell(place)?;
            if let Some(owed) = owed
                && !self.faults.strikes(Fault::RequestLost, &mut self.chance)
            {
                let wait = self.chance.delay();
                let command = LedgerCommand::Settle(Rc::new(owed));
                let sender = None;
                self.after(wait, Event::LedgerHears { sender, command });
            }
        }
        Ok(())
    }

    /// Reads the job if this life of the object has not yet; says whether the object lives on.
    pub(super) fn load(&mut self, place: Place) -> Checked<bool> {
        let (now, clock) = (self.now, self.generation_clock());
        let object = self.generation(place)?;
        if object.loaded {
            return Ok(true);
        }
        object.loaded = true;
        object.loaded_at = now;
        let Some(stored) = &object.job else {
            return Ok(true);
        };
        let mut job: Job = read_back(stored)?;
        if self.faults.strikes(Fault::OtherVersion, &mut self.chance) {
            job = read_back_from_another(&job)?;
        }
        // It was stored by an earlier life of this object.
        job.restarted(clock);
        self.promises.call_is_over(place);
        self.write(place, |slot| *slot = Some(job))
    }

    /// Changes what is stored, unless a fault comes between; says whether the object lives on with
    /// the change in its memory.
    pub(super) fn write(
        &mut self,
        place: Place,
        change: impl FnOnce(&mut Option<Job>),
    ) -> Checked<bool> {
        let fate = self.faults.write(&mut self.chance);
        match fate {
            WriteFate::Kept | WriteFate::CrashAfter => {
                change(&mut self.generation(place)?.job);
                self.written(place)?;
                if fate == WriteFate::CrashAfter {
                    self.crash_generation(place)?;
                }
            }
            WriteFate::CrashBefore => self.crash_generation(place)?,
            WriteFate::Refused => {
                // The driver ends with an error, and the heartbeat starts it again from storage.
                let object = self.generation(place)?;
                object.loaded = false;
                object.awaiting = None;
            }
        }
        if fate != WriteFate::Kept {
            self.note(|_| format!("object {place}: {fate:?}"));
        }
        Ok(fate == WriteFate::Kept)
    }

    fn written(&mut self, place: Place) -> Checked {
        let (now, clock) = (self.now, self.generation_clock());
        let object = self.generation(place)?;
        let state = object.job.as_ref().map(Job::state);
        if !matches!(state, Some(State::Done | State::Failed | State::Cancelled)) {
            object.ended_at = None;
        } else if object.ended_at.is_none() {
            object.ended_at = Some(now);
        }
        let life = self.settings.policy.result_life;
        if let Some(job) = self.generations.get(place).and_then(|one| one.job.as_ref()) {
            let promises = &mut self.promises;
            promises.generation_written(now, clock, life, place, job)?;
        }
        Ok(())
    }

    /// Everybody who waits hears, once there is something to hear.
    pub(super) fn tell(&mut self, place: Place) -> Checked {
        let object = self.generation(place)?;
        if object.waiting.is_empty() {
            return Ok(());
        }
        let Some(reply) = object.job.as_ref().and_then(Job::reply) else {
            return Ok(());
        };
        let reply = Rc::new(reply);
        for visit in std::mem::take(&mut object.waiting) {
            self.tell_worker(visit, Heard::Reply(Rc::clone(&reply)));
        }
        Ok(())
    }

    /// The object is gone; what it has stored is not, nor is its alarm.
    pub(super) fn crash_generation(&mut self, place: Place) -> Checked {
        let object = self.generation(place)?;
        object.loaded = false;
        object.awaiting = None;
        for visit in std::mem::take(&mut object.waiting) {
            self.worker_loses_the_object(visit)?;
        }
        Ok(())
    }

    /// Ends the sleep of a driver, or starts one.
    pub(super) fn wake(&mut self, place: Place) -> Checked {
        if self.generation(place)?.doing.is_none() && self.generation(place)?.awaiting.is_some() {
            return self.sleep(place, Millis::ZERO);
        }
        self.start(place)
    }

    /// Starts the driver, unless somebody drives already. The heartbeat is set in the same moment.
    pub(super) fn start(&mut self, place: Place) -> Checked {
        if self.generation(place)?.awaiting.is_none() {
            self.set_generation_alarm(place, HEARTBEAT)?;
            self.sleep(place, Millis::ZERO)?;
        }
        Ok(())
    }

    pub(super) fn set_generation_alarm(&mut self, place: Place, wait: Millis) -> Checked {
        let token = self.token();
        self.generation(place)?.alarm = Some(token);
        let late = self.alarm_delay();
        self.after(wait.plus(late), Event::GenerationAlarm { place, token });
        Ok(())
    }

    pub(super) fn generation_alarm(&mut self, place: Place, token: Token) -> Checked {
        if self.generation(place)?.alarm != Some(token) {
            return Ok(());
        }
        if self.faults.strikes(Fault::AlarmTwice, &mut self.chance) {
            self.after(ALARM_AGAIN, Event::GenerationAlarmAgain(place));
            if self.chance.one_in(2) {
                // The first one took the object down with it.
                return self.crash_generation(place);
            }
        }
        self.generation(place)?.alarm = None;
        self.generation_alarm_rings(place)
    }

    pub(super) fn generation_alarm_rings(&mut self, place: Place) -> Checked {
        if self.generation(place)?.awaiting.is_some() {
            return self.set_generation_alarm(place, HEARTBEAT);
        }
        self.start(place)
    }
}

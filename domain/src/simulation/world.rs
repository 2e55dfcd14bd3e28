//! The simulated world and its event loop. Time is true here; what the objects take for the time is
//! theirs (`Clocks`). Everything happens in one order, so a seed always leads to the same history.

use std::collections::VecDeque;

use super::callers::Callers;
use super::chance::Chance;
use super::events::{Agenda, Event, Place, Token};
use super::faults::Faults;
use super::generation_object::GenerationObject;
use super::ideogram::Ideogram;
use super::ledger_object::LedgerObject;
use super::promises::{Broken, Checked, Promise, Promises};
use super::report::{BrokenPromise, Report};
use super::settings::Settings;
use super::storage::{PictureStore, ResultCache};
use crate::time::{Millis, UnixMillis};

/// How many of the last happenings a broken promise is reported with.
const TRACE_LENGTH: usize = 40;
/// A world that has not come to rest after so many steps never will.
const MOST_STEPS: u64 = 2_000_000;

/// How far the objects' clocks are off, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    pub ledger: i64,
    pub generations: i64,
}

#[derive(Debug)]
pub(super) struct World {
    seed: u64,
    pub now: UnixMillis,
    pub chance: Chance,
    pub agenda: Agenda,
    pub settings: Settings,
    pub faults: Faults,
    pub clocks: Clocks,
    pub callers: Callers,
    pub generations: Vec<GenerationObject>,
    pub ledger: LedgerObject,
    pub ideogram: Ideogram,
    pub pictures: PictureStore,
    pub cache: ResultCache,
    pub promises: Promises,
    pub report: Report,
    next_token: Token,
    /// The last happenings, if somebody wants to know.
    trace: Option<VecDeque<String>>,
}

impl World {
    pub(super) fn new(seed: u64, traced: bool) -> Self {
        let mut chance = Chance::new(seed);
        let settings = Settings::draw(&mut chance);
        let faults = Faults::draw(&mut chance);
        let generations = settings.wanted.iter().map(|_| GenerationObject::default());
        Self {
            seed,
            now: settings.begins,
            agenda: Agenda::default(),
            faults,
            clocks: Clocks::default(),
            callers: Callers::default(),
            generations: generations.collect(),
            ledger: LedgerObject::default(),
            ideogram: Ideogram::default(),
            pictures: PictureStore::default(),
            cache: ResultCache::default(),
            promises: Promises::default(),
            report: Report::default(),
            next_token: 0,
            trace: traced.then(VecDeque::new),
            chance,
            settings,
        }
    }

    pub(super) fn run(mut self) -> Result<Report, Box<BrokenPromise>> {
        match self.come_to_rest() {
            Ok(()) => {
                self.report.faults = self.faults.struck;
                self.report.checks = self.promises.checks.0;
                Ok(self.report)
            }
            Err(broken) => Err(Box::new(BrokenPromise {
                seed: self.seed,
                step: self.report.steps,
                at: self.now,
                promise: broken.promise,
                how: broken.how,
                trace: self.trace.into_iter().flatten().collect(),
            })),
        }
    }

    fn come_to_rest(&mut self) -> Checked {
        self.note(|world| format!("{:?}", world.settings.limits));
        self.note(|world| format!("{:?}", world.settings.policy));
        self.after(Millis::ZERO, Event::CallerComes);
        self.after(Millis::ZERO, Event::FaultDue);
        while let Some((at, event)) = self.agenda.next() {
            self.now = self.now.max(at);
            self.note(|_| event.line());
            self.remember();
            self.happen(event)?;
            if self.report.steps > MOST_STEPS {
                return Err(Broken {
                    promise: Promise::AtRest,
                    how: format!("not at rest after {MOST_STEPS} steps"),
                });
            }
        }
        self.check_at_rest()
    }

    /// Folds what is about to happen into what stands for the whole history.
    fn remember(&mut self) {
        self.report.steps += 1;
        let now = self.now.get() ^ self.chance.fingerprint();
        let history = self.report.history ^ now;
        self.report.history = history.wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    }

    fn happen(&mut self, event: Event) -> Checked {
        match event {
            Event::CallerComes => self.caller_comes(),
            Event::CallerAsks {
                client,
                place,
                tries,
            } => self.caller_asks(client, place, tries),
            Event::CallerLeaves(visit) => self.caller_leaves(visit),
            Event::RunArrives { place, visit } => self.run_arrives(place, visit),
            Event::WaitEnds { place, visit } => self.wait_ends(place, visit),
            Event::CancelArrives(place) => self.cancel_arrives(place),
            Event::PictureTried {
                place,
                token,
                index,
                outcome,
            } => self.picture_is_tried(place, token, index, outcome),
            Event::WorkerHears { visit, heard } => self.worker_hears(visit, heard),
            Event::WorkerGivesUp(visit) => self.worker_gives_up(visit),
            Event::Driver { place, token, told } => self.driver_is_told(place, token, told),
            Event::GenerationAlarm { place, token } => self.generation_alarm(place, token),
            Event::GenerationAlarmAgain(place) => self.generation_alarm_rings(place),
            Event::LedgerHears { sender, command } => self.ledger_hears(sender, command),
            Event::LedgerAlarm(token) => self.ledger_alarm(token),
            Event::LedgerAlarmAgain => self.ledger_alarm_rings(),
            Event::CallArrives(call) => self.call_arrives(call),
            Event::PollArrives { place, token, poll } => self.poll_arrives(place, token, &poll),
            Event::WebhookArrives(call) => self.webhook_arrives(call),
            Event::WorkEnds(call) => self.work_ends(call),
            Event::FaultDue => self.fault_due(),
            Event::PicturesUp => {
                self.pictures.up = true;
                Ok(())
            }
            Event::CacheUp => {
                self.cache.up = true;
                Ok(())
            }
            Event::Switch(enabled) => self.switch(enabled),
            Event::IdeogramCalms => {
                self.ideogram.calm();
                Ok(())
            }
            Event::ClocksRight => {
                self.clocks_are_right();
                Ok(())
            }
            Event::FaultsEnd => {
                self.faults_end();
                Ok(())
            }
        }
    }

    pub(super) fn after(&mut self, wait: Millis, event: Event) {
        self.agenda.plan(self.now.plus(wait), event);
    }

    pub(super) fn token(&mut self) -> Token {
        self.next_token += 1;
        self.next_token
    }

    /// What the Generation objects take for the time.
    pub(super) const fn generation_clock(&self) -> UnixMillis {
        UnixMillis::new(
            self.now
                .get()
                .saturating_add_signed(self.clocks.generations),
        )
    }

    /// What the ledger takes for the time.
    pub(super) const fn ledger_clock(&self) -> UnixMillis {
        UnixMillis::new(self.now.get().saturating_add_signed(self.clocks.ledger))
    }

    pub(super) fn generation(&mut self, place: Place) -> Checked<&mut GenerationObject> {
        self.generations.get_mut(place).ok_or_else(|| Broken {
            promise: Promise::AtRest,
            how: format!("there is no object {place}"),
        })
    }

    /// Writes a happening down, if somebody wants to know.
    pub(super) fn note(&mut self, what: impl FnOnce(&Self) -> String) {
        if self.trace.is_none() {
            return;
        }
        let line = format!("{} {}", self.now.to_rfc3339(), what(self));
        if let Some(trace) = &mut self.trace {
            if trace.len() == TRACE_LENGTH {
                trace.pop_front();
            }
            trace.push_back(line);
        }
    }
}

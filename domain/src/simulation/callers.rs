//! Callers, and the Workers that answer them: look into KV, ask the Generation object, wait for as
//! long as a call may take.

use std::rc::Rc;

use super::events::{Event, Heard, Place, VisitId};
use super::faults::Fault;
use super::promises::{Checked, Promise};
use super::settings::MARGIN;
use super::world::World;
use crate::generation::{PictureState, Reply};
use crate::time::{Millis, UnixMillis};

/// How often a caller asks again after a failure.
const TRIES: u32 = 3;
/// What an answer may take beyond the Worker's own deadline: the ways to it and the cache.
const WAYS: Millis = Millis::from_seconds(10);

/// One request of one caller, with the Worker that has it.
#[derive(Debug)]
struct Visit {
    /// Its place among the clients of the world.
    client: usize,
    place: Place,
    tries: u32,
    asked_at: UnixMillis,
    /// Whether the Worker has asked the object a second time.
    asked_twice: bool,
    state: VisitState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VisitState {
    Waiting,
    Answered,
    Left,
}

#[derive(Debug, Default)]
pub(super) struct Callers {
    visits: Vec<Visit>,
    came: u32,
}

impl Callers {
    pub(super) fn client_of(&self, visit: VisitId) -> usize {
        self.visits.get(visit).map_or(0, |visit| visit.client)
    }

    /// How many stayed and were not answered.
    pub(super) fn unanswered(&self) -> usize {
        let waiting = |visit: &&Visit| visit.state == VisitState::Waiting;
        self.visits.iter().filter(waiting).count()
    }
}

impl World {
    pub(super) fn caller_comes(&mut self) -> Checked {
        let callers = &mut self.callers;
        callers.came += 1;
        if callers.came < self.settings.requests {
            let gap = self.chance.gap(self.settings.pace);
            self.after(gap, Event::CallerComes);
        } else {
            // Trouble goes on for a while after the last one has come.
            let most = self.settings.pace.times(50);
            let wait = self.chance.millis(Millis::from_seconds(60), most);
            self.after(wait, Event::FaultsEnd);
        }
        let clients = u32::try_from(self.settings.clients.len()).unwrap_or(1);
        let client = usize::try_from(self.chance.below(clients)).unwrap_or(0);
        let places = u32::try_from(self.settings.wanted.len()).unwrap_or(1);
        let place = usize::try_from(self.chance.below(places)).unwrap_or(0);
        self.caller_asks(client, place, 1)
    }

    pub(super) fn caller_asks(&mut self, client: usize, place: Place, tries: u32) -> Checked {
        self.report.visits += 1;
        let visit = self.callers.visits.len();
        self.callers.visits.push(Visit {
            client,
            place,
            tries,
            asked_at: self.now,
            asked_twice: false,
            state: VisitState::Waiting,
        });
        if let Some(result) = self.look_up(place)? {
            return self.answer(visit, &Rc::new(Reply::Done((*result).clone())));
        }
        if self.faults.strikes(Fault::CallerLeft, &mut self.chance) {
            let wait = self.chance.millis(Millis::ZERO, Millis::from_seconds(20));
            self.after(wait, Event::CallerLeaves(visit));
        }
        if self.faults.strikes(Fault::CallerCancels, &mut self.chance) {
            let wait = self.chance.millis(Millis::ZERO, Millis::from_seconds(20));
            self.after(wait, Event::CancelArrives(place));
        }
        let deadline = self.settings.answer_deadline.plus(MARGIN);
        self.after(deadline, Event::WorkerGivesUp(visit));
        self.worker_asks(visit, place);
        Ok(())
    }

    fn worker_asks(&mut self, visit: VisitId, place: Place) {
        if self.faults.strikes(Fault::RequestLost, &mut self.chance) {
            return;
        }
        if self.faults.strikes(Fault::MessageTwice, &mut self.chance) {
            let wait = self.chance.delay();
            self.after(wait, Event::RunArrives { place, visit });
        }
        let wait = self.chance.delay();
        self.after(wait, Event::RunArrives { place, visit });
    }

    pub(super) fn caller_leaves(&mut self, visit: VisitId) -> Checked {
        if let Some(visit) = self.callers.visits.get_mut(visit)
            && visit.state == VisitState::Waiting
        {
            visit.state = VisitState::Left;
        }
        Ok(())
    }

    /// The object sends a Worker what it asked for.
    pub(super) fn tell_worker(&mut self, visit: VisitId, heard: Heard) {
        if !self.faults.strikes(Fault::ReplyLost, &mut self.chance) {
            let wait = self.chance.delay();
            self.after(wait, Event::WorkerHears { visit, heard });
        }
    }

    /// The object a Worker waits for is gone; mostly the Worker notices.
    pub(super) fn worker_loses_the_object(&mut self, visit: VisitId) -> Checked {
        if !self.chance.one_in(4) {
            self.tell_worker(visit, Heard::Broken);
        }
        Ok(())
    }

    pub(super) fn worker_hears(&mut self, visit: VisitId, heard: Heard) -> Checked {
        let Some(asking) = self.callers.visits.get_mut(visit) else {
            return Ok(());
        };
        match heard {
            Heard::Reply(reply) => self.answer(visit, &reply),
            Heard::Broken if !asking.asked_twice && self.chance.one_in(2) => {
                asking.asked_twice = true;
                let place = asking.place;
                self.worker_asks(visit, place);
                Ok(())
            }
            Heard::Broken | Heard::Pending => self.answered(visit, false),
        }
    }

    /// The Worker says that the generation did not answer.
    pub(super) fn worker_gives_up(&mut self, visit: VisitId) -> Checked {
        self.answered(visit, false)
    }

    fn answer(&mut self, visit: VisitId, reply: &Rc<Reply>) -> Checked {
        let place = self.callers.visits.get(visit).map(|visit| visit.place);
        let asked = place.and_then(|place| self.settings.wanted.get(place));
        let Reply::Done(result) = &**reply else {
            return self.answered(visit, true);
        };
        let what_was_asked_for =
            asked.is_some_and(|asked| asked.fingerprint == *result.id.fingerprint());
        let has_links = result.pictures.iter().all(|picture| {
            !matches!(&picture.state, PictureState::Pending { source, .. } if source.is_empty())
        });
        let right = what_was_asked_for && has_links && !result.pictures.is_empty();
        self.promises.checks.hold(Promise::Answered, right, || {
            format!("visit {visit} to object {place:?} was answered with {result:?}")
        })?;
        self.check_links(result)?;
        self.answered(visit, false)
    }

    fn answered(&mut self, visit: VisitId, failed: bool) -> Checked {
        let bound = self.settings.answer_deadline.plus(MARGIN).plus(WAYS);
        let Some(asking) = self.callers.visits.get_mut(visit) else {
            return Ok(());
        };
        if asking.state != VisitState::Waiting {
            return Ok(());
        }
        asking.state = VisitState::Answered;
        let took = self.now.since(asking.asked_at);
        let (client, place, tries) = (asking.client, asking.place, asking.tries);
        self.promises
            .checks
            .hold(Promise::Answered, took <= bound, || {
                format!("visit {visit} was answered after {took:?}")
            })?;
        if failed && tries < TRIES && self.chance.one_in(2) {
            let wait = self.chance.millis(Millis::ZERO, Millis::from_seconds(30));
            let tries = tries + 1;
            let again = Event::CallerAsks {
                client,
                place,
                tries,
            };
            self.after(wait, again);
        }
        Ok(())
    }
}

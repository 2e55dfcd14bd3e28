//! Pictures and results, followed from outside: what was made is not made again while it is good,
//! and every picture that reached the gateway is stored, or its source has died.

use std::collections::{BTreeMap, HashSet};

use super::events::Place;
use super::promises::{Checked, Promise, Promises};
use crate::generation::{GenerationResult, Job, Picture, PictureState, Policy, State};
use crate::ids::{GenerationId, LeaseId};
use crate::ledger::Settlement;
use crate::picture::PictureFormat;
use crate::picture_key::PictureKey;
use crate::time::{Millis, UnixMillis};

/// How long Ideogram's link to a picture lives.
pub(super) const SOURCE_LIFE: Millis = Millis::from_seconds(24 * 60 * 60);

/// What is known of the newest result of one object, or of the refusal in its place.
#[derive(Debug)]
struct Known {
    generation: GenerationId,
    reached_at: UnixMillis,
    /// Until when nothing may be made in its place; none while it is being stored.
    good_until: Option<UnixMillis>,
}

/// The calls of the newest generation of one object.
#[derive(Debug)]
struct Calls {
    generation: GenerationId,
    /// The lease of the last one.
    lease: LeaseId,
    count: u32,
}

#[derive(Debug, Default)]
pub(super) struct GenerationPromises {
    newest: BTreeMap<Place, Known>,
    /// Every picture that reached the gateway.
    pub reached: Vec<PictureKey>,
    /// Those whose source died before they could be stored. Only ever asked for one by one.
    pub died: HashSet<PictureKey>,
    /// Objects for which a call is on its way that somebody waits for.
    calling: BTreeMap<Place, GenerationId>,
    calls: BTreeMap<Place, Calls>,
    /// Generations that were cancelled. Only ever asked for one by one.
    cancelled: HashSet<GenerationId>,
    /// When the newest generation of each object began.
    begun: BTreeMap<Place, (GenerationId, UnixMillis)>,
}

/// The name under which a picture is stored, as the Worker composes it.
pub(super) fn key_of(job: &Job, picture: &Picture) -> PictureKey {
    let seed = picture.seed.or_else(|| job.request().seed()).unwrap_or(0);
    let day = job.created_at().day();
    PictureKey::new(day, *job.secret(), picture.index, seed, PictureFormat::Png)
}

impl GenerationPromises {
    /// When the generation of this object began, if it has been stored.
    pub(super) fn begun_at(&self, place: Place) -> Option<UnixMillis> {
        self.begun.get(&place).map(|(_, at)| *at)
    }

    /// A prompt that Ideogram has refused is not sent again for an hour.
    fn note_rejection(&mut self, now: UnixMillis, place: Place, job: &Job) {
        let noted = self.newest.get(&place);
        let noted = noted.is_some_and(|newest| newest.generation == *job.id());
        if job.rejection().is_some() && !noted {
            let known = Known {
                generation: job.id().clone(),
                reached_at: now,
                good_until: Some(now.plus(Millis::from_seconds(3600))),
            };
            self.newest.insert(place, known);
        }
    }

    fn note_beginning(&mut self, now: UnixMillis, place: Place, job: &Job) {
        let begun = self.begun.get(&place);
        if begun.is_none_or(|(generation, _)| generation != job.id()) {
            self.begun.insert(place, (job.id().clone(), now));
        }
    }
}

impl Promises {
    /// A generation is about to call Ideogram.
    pub(super) fn generation_calls(
        &mut self,
        now: UnixMillis,
        place: Place,
        job: &Job,
        policy: &Policy,
    ) -> Checked {
        self.calls_as_often_as_allowed(place, job, policy)?;
        let known = &self.generations;
        let wanted = !known.cancelled.contains(job.id());
        self.checks.hold(Promise::LeftAlone, wanted, || {
            format!("object {place} calls for {}, which was cancelled", job.id())
        })?;
        let earlier = known.calling.get(&place);
        self.checks.hold(Promise::Once, earlier.is_none(), || {
            format!(
                "object {place} calls for {}, and {earlier:?} has a call on its way",
                job.id()
            )
        })?;
        if let Some(newest) = known.newest.get(&place) {
            let good = newest.good_until.is_none_or(|until| now < until);
            let excused = self.clock_jumped_at >= Some(newest.reached_at);
            self.checks.hold(Promise::Once, !good || excused, || {
                format!(
                    "object {place} calls for {}, and {newest:?} is good",
                    job.id()
                )
            })?;
        }
        self.generations.calling.insert(place, job.id().clone());
        Ok(())
    }

    /// Within the operator's policy: so many attempts, and nothing is paid for twice unless it
    /// may be.
    fn calls_as_often_as_allowed(&mut self, place: Place, job: &Job, policy: &Policy) -> Checked {
        let before = self.generations.calls.get(&place);
        let before = before.filter(|calls| calls.generation == *job.id());
        let count = before.map_or(0, |calls| calls.count) + 1;
        let paid_already = before.is_some_and(|calls| {
            let record = self.leases.records.get(&calls.lease);
            record.is_some_and(|record| record.owed == Some(Settlement::Unconfirmed))
        });
        let may = policy.retry_unconfirmed || !paid_already;
        self.checks.hold(Promise::Money, may, || {
            format!("{} may be paid for twice: {before:?}", job.id())
        })?;
        let allowed = count <= policy.max_attempts;
        self.checks.hold(Promise::LeftAlone, allowed, || {
            format!("{} calls {count} times", job.id())
        })?;
        let calls = Calls {
            generation: job.id().clone(),
            lease: job.lease_id(),
            count,
        };
        self.generations.calls.insert(place, calls);
        Ok(())
    }

    /// A call was answered, or nobody waits for it any more.
    pub(super) fn call_is_over(&mut self, place: Place) {
        self.generations.calling.remove(&place);
    }

    /// A generation has been stored in a new state. `clock` is what the object takes for now.
    pub(super) fn generation_written(
        &mut self,
        now: UnixMillis,
        clock: UnixMillis,
        life: Millis,
        place: Place,
        job: &Job,
    ) -> Checked {
        self.generations.note_beginning(now, place, job);
        for owed in job.owed() {
            self.owes(owed)?;
        }
        if job.state() == State::Cancelled {
            self.generations.cancelled.insert(job.id().clone());
        }
        if matches!(job.state(), State::Done | State::Failed | State::Cancelled) {
            self.ended(&job.lease_id())?;
        }
        self.generations.note_rejection(now, place, job);
        self.leases.note_progress(job);
        let Some(result) = job.result() else {
            return Ok(());
        };
        let known = &mut self.generations;
        let newest = known.newest.get(&place);
        if newest.is_none_or(|newest| newest.generation != result.id) {
            let reached = result
                .pictures
                .iter()
                .filter(|picture| picture.is_pending());
            known
                .reached
                .extend(reached.map(|picture| key_of(job, picture)));
            let newest = Known {
                generation: result.id.clone(),
                reached_at: now,
                good_until: None,
            };
            known.newest.insert(place, newest);
        }
        self.lost_pictures_are_dead(now, clock, job, result)?;
        if job.state() == State::Done
            && let Some(newest) = self.generations.newest.get_mut(&place)
            && newest.good_until.is_none()
        {
            let lost = |picture: &Picture| !picture.is_stored() && !picture.is_withheld();
            let hour = Millis::from_seconds(3600);
            newest.good_until = Some(if result.pictures.iter().any(lost) {
                now
            } else if result.pictures.iter().any(Picture::is_withheld) {
                now.plus(life.min(hour))
            } else {
                now.plus(life)
            });
        }
        Ok(())
    }

    fn lost_pictures_are_dead(
        &mut self,
        now: UnixMillis,
        clock: UnixMillis,
        job: &Job,
        result: &GenerationResult,
    ) -> Checked {
        for picture in &result.pictures {
            let PictureState::Lost { reason, .. } = &picture.state else {
                continue;
            };
            let known = &mut self.generations;
            if !known.died.insert(key_of(job, picture)) {
                continue;
            }
            // A clock that is ahead sees links die that live.
            let aged = clock > now || now.since(job.created_at()) >= SOURCE_LIFE;
            let gone = reason == super::storage::SOURCE_IS_GONE;
            self.checks.hold(Promise::Kept, aged || gone, || {
                format!("{picture:?} of {} was given up", job.id())
            })?;
        }
        Ok(())
    }

    /// An object has forgotten its generation.
    pub(super) fn generation_forgotten(&mut self, place: Place, job: &Job) -> Checked {
        let ended = matches!(job.state(), State::Done | State::Failed | State::Cancelled);
        let settled = job.owed().is_empty();
        self.checks.hold(Promise::AtRest, ended && settled, || {
            format!("object {place} forgot {} with work left: {job:?}", job.id())
        })
    }
}

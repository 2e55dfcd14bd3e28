//! What callers are told of a generation while it is under way. Each event is noted with the job in
//! the moment its cause is stored, and numbered by its place; so one who comes back with the last
//! number it has heard misses nothing, whatever was restarted meanwhile.
//! Holds true: numbers have no gaps; the last event of a generation is the only one of its kind, and
//! comes when there is something to reply.

use serde::{Deserialize, Serialize};

use super::job::{Job, Phase};
use super::pictures::Picture;
use super::words::{GenerationResult, Reply};
use crate::failure::{Failure, FailureCode};
use crate::ids::LeaseId;

/// An event as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// Its place among the events of its generation, from 1.
    pub number: u32,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// It waits for money or a place.
    Queued {
        /// The lease it waits for.
        lease: LeaseId,
    },
    /// A call to Ideogram leaves.
    Generating {
        /// Its number, from 1.
        attempt: u32,
    },
    /// A picture is kept.
    Stored(Picture),
    /// There is a result.
    Done(GenerationResult),
    /// There is none.
    Failed(Failure),
    /// Whoever asked for it wants it no longer.
    Cancelled,
}

/// The events after a certain one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Events {
    /// In their order.
    pub events: Vec<Event>,
    /// Whether none will follow.
    pub ended: bool,
}

/// An event as it is stored: the job has the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Noted {
    Queued,
    Generating { attempt: u32 },
    Stored { index: u32 },
    Done,
    Failed,
    Cancelled,
}

/// The events of one generation, the first one first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct EventLog(Vec<Noted>);

impl EventLog {
    /// Of a generation that has just been asked for.
    pub(super) fn begun() -> Self {
        Self(vec![Noted::Queued])
    }

    /// Notes an event, unless the last one is noted or this is where things stand already.
    pub(super) fn note(&mut self, noted: Noted) {
        if !self.is_ended() && self.0.last() != Some(&noted) {
            self.0.push(noted);
        }
    }

    fn is_ended(&self) -> bool {
        matches!(
            self.0.last(),
            Some(Noted::Done | Noted::Failed | Noted::Cancelled)
        )
    }
}

impl Job {
    /// The number of its latest event.
    #[must_use]
    pub fn latest_event(&self) -> u32 {
        u32::try_from(self.events.0.len()).unwrap_or(u32::MAX)
    }

    /// The events after the one of this number; all of them if there is none of this number.
    #[must_use]
    pub fn events_after(&self, number: u32) -> Events {
        let known = number <= self.latest_event();
        let after = if known { number } else { 0 };
        let numbered = (1..).zip(&self.events.0);
        let events = numbered.filter(|(number, _)| *number > after);
        let events = events.filter_map(|(number, noted)| {
            let kind = self.told(*noted)?;
            Some(Event { number, kind })
        });
        Events {
            events: events.collect(),
            ended: self.events.is_ended(),
        }
    }

    fn told(&self, noted: Noted) -> Option<EventKind> {
        let failure = match &self.phase {
            Phase::Failed(failure) => Some(failure),
            _ => None,
        };
        let pictures = self.result().map(|result| &result.pictures);
        match noted {
            Noted::Queued => {
                let lease = self.lease_id();
                Some(EventKind::Queued { lease })
            }
            Noted::Generating { attempt } => Some(EventKind::Generating { attempt }),
            Noted::Stored { index } => {
                let picture = pictures?.iter().find(|picture| picture.index == index)?;
                Some(EventKind::Stored(picture.clone()))
            }
            Noted::Done => self.result().cloned().map(EventKind::Done),
            Noted::Failed => failure.cloned().map(EventKind::Failed),
            Noted::Cancelled => Some(EventKind::Cancelled),
        }
    }

    /// Notes the last event, once there is something to reply.
    pub(super) fn note_end(&mut self) {
        let last = match self.reply() {
            None => return,
            Some(Reply::Done(_)) => Noted::Done,
            Some(Reply::Failed(failure)) if failure.code == FailureCode::Cancelled => {
                Noted::Cancelled
            }
            Some(Reply::Failed(_)) => Noted::Failed,
        };
        self.events.note(last);
    }

    /// Gives a job that was stored by a version without events those that its state shows.
    pub(super) fn note_the_past(&mut self) {
        if !self.events.0.is_empty() {
            return;
        }
        self.events = EventLog::begun();
        if self.calls > 0 {
            let attempt = self.calls;
            self.events.note(Noted::Generating { attempt });
        }
        let pictures = self.result().map(|result| result.pictures.clone());
        for picture in pictures.iter().flatten().filter(|one| one.is_stored()) {
            let index = picture.index;
            self.events.note(Noted::Stored { index });
        }
        self.note_end();
    }
}

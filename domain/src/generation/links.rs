//! Links of Ideogram's that have died before their pictures were kept. Where Ideogram can be asked
//! for the generation again, its pictures are given up only once it has nothing better to offer:
//! whether another poll gives another link is not documented, so both are provided for.

use serde::{Deserialize, Serialize};

use super::job::{Job, Phase, Storing};
use super::pictures::PictureState;
use super::words::Step;
use crate::answer::Answer;
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};
use crate::upstream::{Polled, Upstream, UpstreamId, read_poll};

/// How often one generation is asked for new links.
const MOST_RENEWALS: u32 = 3;
/// Counted from the request; for so long Ideogram is asked for new links where it does not answer.
const PATIENCE: Millis = Millis::from_seconds(48 * 60 * 60);

/// Where links come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Links {
    /// What Ideogram calls the generation.
    pub(super) id: UpstreamId,
    /// When the newest ones were given: the latest moment seen by then, since a clock may go back.
    pub(super) given_at: UnixMillis,
    /// How often new ones were asked for.
    pub(super) renewals: u32,
}

impl Links {
    pub(super) const fn new(id: UpstreamId, given_at: UnixMillis) -> Self {
        Self {
            id,
            given_at,
            renewals: 0,
        }
    }

    pub(super) const fn may_be_renewed(&self) -> bool {
        self.renewals < MOST_RENEWALS
    }
}

impl Storing {
    /// Asks for new links, if a picture needs one.
    pub(super) fn renewal(&self) -> Option<Step> {
        let links = self.links.as_ref()?;
        let mut pictures = self.result.pictures.iter();
        let needs_one = pictures.any(|picture| picture.state.is_dead());
        needs_one.then(|| Step::RenewLinks(links.id.clone()))
    }

    /// Dead links give way to those of this answer; what has none is lost.
    fn take_links(&mut self, answer: Option<&Answer>) {
        for picture in &mut self.result.pictures {
            let PictureState::Pending {
                source,
                dead: Some(reason),
            } = &picture.state
            else {
                continue;
            };
            let mut items = answer.into_iter().flat_map(Answer::items);
            let item = items.find(|item| item.index() == picture.index);
            let link = item.and_then(|item| item.url().map(str::to_owned));
            picture.state = match link.filter(|link| link != source) {
                Some(source) => PictureState::Pending { source, dead: None },
                None => PictureState::Lost {
                    source: source.clone(),
                    reason: reason.clone(),
                },
            };
        }
    }
}

impl Job {
    /// Ideogram was asked for new links.
    pub fn links_renewed(&mut self, now: UnixMillis, outcome: CallOutcome) {
        self.touch(now);
        let polled = read_poll(outcome, now);
        let impatient = now.since(self.created_at) >= PATIENCE;
        let given_at = self.updated_at;
        let (answer, wait) = match polled {
            Polled::Completed { answer, .. } => (self.answer_of(Upstream::V2, answer), None),
            Polled::Unanswered { wait, .. } if !impatient => (None, Some(wait)),
            _ => (None, None),
        };
        let Phase::Storing(storing) = &mut self.phase else {
            return;
        };
        match (wait, &mut storing.links) {
            (Some(wait), _) => storing.wait_a_round(now, wait),
            (None, Some(links)) => {
                links.given_at = given_at;
                links.renewals = links.renewals.saturating_add(1);
                storing.take_links(answer.as_ref());
            }
            (None, None) => storing.take_links(None),
        }
        self.note_end();
    }
}

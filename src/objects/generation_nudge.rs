//! What a generation hears of Ideogram's webhooks: no more than that there is something to ask for.

use domain::generation::State;
use domain::ids::GenerationId;
use domain::time::Millis;
use domain::upstream::UpstreamId;
use serde::{Deserialize, Serialize};

use super::call::{self, CallFailed};
use super::generation::{GenerationClient, GenerationObject, MARGIN};
use super::generation_driver;
use super::sql::StorageError;
use crate::clock::now;
use crate::deadline::within;

/// A webhook may overtake the answer that brings Ideogram's id. It is waited for so long.
const OVERTAKEN: Millis = Millis::from_seconds(3);

/// Tells that Ideogram has news.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Nudge {
    /// The generation.
    pub id: GenerationId,
    /// Ideogram's name for it.
    pub upstream_id: UpstreamId,
}

/// What came of a nudge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nudged {
    /// Ideogram is asked at once.
    Polls,
    /// There is nothing to ask: it has ended, or goes by another name at Ideogram.
    Idle,
    /// There is no such generation here.
    NotHere,
}

impl Nudged {
    /// As the log has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Polls => "polls",
            Self::Idle => "idle",
            Self::NotHere => "not_here",
        }
    }
}

impl GenerationObject {
    /// Ideogram has news of a generation.
    pub(super) async fn nudge(&self, nudge: &Nudge) -> Result<Nudged, StorageError> {
        let until = now().plus(OVERTAKEN);
        loop {
            let here = self.driver.with_job(|job| {
                let job = job.as_ref().filter(|job| job.id() == &nudge.id);
                Ok(job.map(|job| job.state() == State::Generating))
            })?;
            let Some(is_generating) = here else {
                return Ok(Nudged::NotHere);
            };
            if self.driver.nudge(&nudge.upstream_id)? {
                generation_driver::start(&self.driver);
                return Ok(Nudged::Polls);
            }
            let left = until.since(now());
            let changed = match self.watching.join() {
                Some(receiver) if is_generating => within(left, receiver).await,
                _ => None,
            };
            if changed.is_none() {
                return Ok(Nudged::Idle);
            }
        }
    }
}

impl GenerationClient<'_> {
    /// Tells a generation that Ideogram has news of it.
    ///
    /// # Errors
    /// The object did not answer, or its storage failed.
    pub async fn nudge(&self, nudge: &Nudge) -> Result<Nudged, CallFailed> {
        let stub = || self.stub(nudge.id.fingerprint());
        call::call(&stub, "/nudge", nudge, OVERTAKEN.plus(MARGIN)).await
    }
}

//! What those who asked for a generation may do while it is under way: watch what happens to it, and
//! cancel it. `/watch` is a long poll, so that nothing has to be kept for one who has gone.

use domain::generation::{Cancellation, Events};
use domain::ids::{ClientId, GenerationId};
use domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::call::{self, CallFailed};
use super::generation::{GenerationClient, GenerationObject, MARGIN};
use super::generation_driver;
use super::sql::StorageError;
use crate::clock::now;
use crate::deadline::within;

/// The longest one watches before it has to ask again.
const LONGEST_WATCH: Millis = Millis::from_seconds(15);

/// Asks what happens to a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchRequest {
    /// Who asks.
    pub client: ClientId,
    /// The generation.
    pub id: GenerationId,
    /// The number of the last event it knows.
    pub after: u32,
    /// How long it waits for the next one.
    pub wait: Millis,
}

/// Asks that a generation be cancelled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelRequest {
    /// Who asks.
    pub client: ClientId,
    /// The generation.
    pub id: GenerationId,
}

impl GenerationObject {
    /// The events after one that is known, or the next ones that come. None for a client that has not
    /// asked for the generation.
    pub(super) async fn watch(&self, asked: &WatchRequest) -> Result<Option<Events>, StorageError> {
        let events = self.events(asked)?;
        if events.as_ref().is_none_or(|one| one.ended) {
            return Ok(events);
        }
        // After a restart nobody may drive it yet.
        generation_driver::start(&self.driver);
        let waits_on = events.as_ref().is_some_and(|one| one.events.is_empty());
        if !waits_on || asked.wait == Millis::ZERO {
            return Ok(events);
        }
        let until = now().plus(asked.wait.min(LONGEST_WATCH));
        loop {
            let Some(receiver) = self.watching.join() else {
                return Err(StorageError("too many watch this generation".into()));
            };
            let changed = within(until.since(now()), receiver).await;
            let events = self.events(asked)?;
            let waits_on = events.as_ref().is_some_and(|one| one.events.is_empty());
            if changed.is_none() || !waits_on {
                return Ok(events);
            }
        }
    }

    fn events(&self, asked: &WatchRequest) -> Result<Option<Events>, StorageError> {
        self.driver.with_job(|job| {
            let job = job.as_ref().filter(|job| job.id() == &asked.id);
            let job = job.filter(|job| job.was_asked_for_by(&asked.client));
            Ok(job.map(|job| job.events_after(asked.after)))
        })
    }

    /// None for a client that has not asked for the generation.
    pub(super) async fn cancel(
        &self,
        asked: &CancelRequest,
    ) -> Result<Option<Cancellation>, StorageError> {
        let theirs = self.driver.with_job(|job| {
            let job = job.as_ref().filter(|job| job.id() == &asked.id);
            Ok(job.is_some_and(|job| job.was_asked_for_by(&asked.client)))
        })?;
        if !theirs {
            return Ok(None);
        }
        self.driver.cancel().await.map(Some)
    }
}

impl GenerationClient<'_> {
    /// What happens to a generation after an event that is known; waits for it. None for a client that
    /// has not asked for it.
    ///
    /// # Errors
    /// The object did not answer, or too many watch.
    pub async fn watch(&self, asked: &WatchRequest) -> Result<Option<Events>, CallFailed> {
        let deadline = asked.wait.plus(MARGIN);
        call::call(
            &|| self.stub(asked.id.fingerprint()),
            "/watch",
            asked,
            deadline,
        )
        .await
    }

    /// Cancels a generation, if that can be done. None for a client that has not asked for it.
    ///
    /// # Errors
    /// The object did not answer; it may have cancelled all the same.
    pub async fn cancel(&self, asked: &CancelRequest) -> Result<Option<Cancellation>, CallFailed> {
        let stub = || self.stub(asked.id.fingerprint());
        call::call(&stub, "/cancel", asked, MARGIN.plus(MARGIN)).await
    }
}

//! A generation that is wanted no longer: it can be cancelled for as long as it waits and nothing has
//! been asked of Ideogram for it. Its lease is given back as void, heard or unheard.

use super::job::{Job, Phase};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, FailureCode};
use crate::ids::ClientId;
use crate::ledger::Settlement;
use crate::time::UnixMillis;

/// What came of the wish to cancel a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancellation {
    /// It is cancelled. To be stored, and the ledger told, before anybody hears of it.
    Cancelled,
    /// It had ended before.
    Ended,
    /// Ideogram is or was at work on it.
    Running,
    /// Another client waits for it too.
    Shared,
}

impl Job {
    /// Whether this client has asked for it, and so may look at it.
    #[must_use]
    pub fn was_asked_for_by(&self, client: &ClientId) -> bool {
        self.client() == client || self.joined().contains(client)
    }

    /// One of those who asked for it wants it no longer.
    pub fn cancel(&mut self, now: UnixMillis) -> Cancellation {
        match self.phase {
            Phase::Done(_) | Phase::Failed(_) => Cancellation::Ended,
            Phase::Queued if self.calls == 0 && !self.joined().is_empty() => Cancellation::Shared,
            Phase::Queued if self.calls == 0 => {
                // The ledger may have granted it, and the word be on its way.
                self.owe(Settlement::Void, None);
                let message = "the generation was cancelled before anything was spent; \
                    send the same request again to have it made";
                self.fail(now, Failure::new(FailureCode::Cancelled, message));
                Cancellation::Cancelled
            }
            _ => Cancellation::Running,
        }
    }
}

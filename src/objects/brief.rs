//! A value in an object of its own, kept for a while and then forgotten with the whole object.
//! Nothing of it is in memory: it is asked for a few times at most.

use domain::time::{Millis, UnixMillis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::State;

use super::brief_store::BriefStore;
use super::sql::{ObjectSql, StorageError};
use crate::clock::now;
use crate::log;

/// The wait before something is tried again that the storage refused.
const AGAIN: Millis = Millis::from_seconds(60);

/// The value of the object with this state.
pub struct Brief<'state>(pub &'state State);

impl Brief<'_> {
    fn store(&self) -> BriefStore<ObjectSql> {
        BriefStore(ObjectSql::of(self.0))
    }

    /// The value, if there is one.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load<T: DeserializeOwned>(&self) -> Result<Option<T>, StorageError> {
        self.store().load(now())
    }

    /// Keeps a value for so long from now, in place of the one before. It is written before anything
    /// is awaited, so what was decided on the value before still holds.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn keep(&self, value: &impl Serialize, life: Millis) -> Result<(), StorageError> {
        self.store().save(value, now().plus(life))?;
        self.set_alarm(life).await
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn forget(&self) -> Result<(), StorageError> {
        let deleted = self.0.storage().delete_all().await;
        deleted.map_err(|error| StorageError(error.to_string()))
    }

    /// The alarm: forgets the value if its time is over. The look and the deletion are one: nothing
    /// is awaited between them, and while the storage deletes, nobody else is let in.
    pub async fn alarm_rings(&self) {
        let outcome = match self.store().until() {
            Ok(Some(until)) if until > now() => self.set_alarm(rest(until)).await,
            Ok(_) => self.forget().await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            log::fault("brief", &error.0);
            if let Err(error) = self.set_alarm(AGAIN).await {
                log::fault("brief", &error.0);
            }
        }
    }

    async fn set_alarm(&self, wait: Millis) -> Result<(), StorageError> {
        let wait = i64::try_from(wait.get()).unwrap_or(i64::MAX);
        let set = self.0.storage().set_alarm(wait).await;
        set.map_err(|error| StorageError(error.to_string()))
    }
}

fn rest(until: UnixMillis) -> Millis {
    until.since(now())
}

//! The one row of an object that holds one value for a while: the value as JSON, and until when.

use domain::time::UnixMillis;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sql::{Sql, StorageError, migrate, number, text, unsigned};

const VERSIONS: &[&[&str]] = &[&[
    "CREATE TABLE brief (only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL, until INTEGER NOT NULL)",
]];

/// The storage of one value.
pub struct BriefStore<S>(pub S);

impl<S: Sql> BriefStore<S> {
    /// Reads the value, unless its time is over.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load<T: DeserializeOwned>(&self, now: UnixMillis) -> Result<Option<T>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let rows = self.0.run("SELECT value, until FROM brief", vec![])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        if UnixMillis::new(unsigned(row, 1)?) <= now {
            return Ok(None);
        }
        serde_json::from_str(text(row, 0)?)
            .map(Some)
            .map_err(|error| StorageError(format!("the stored value cannot be read: {error}")))
    }

    /// Until when there is a value; none if there is none.
    ///
    /// # Errors
    /// The storage failed.
    pub fn until(&self) -> Result<Option<UnixMillis>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let rows = self.0.run("SELECT until FROM brief", vec![])?;
        let until = rows.first().map(|row| unsigned(row, 0)).transpose()?;
        Ok(until.map(UnixMillis::new))
    }

    /// Writes the value in place of the one before. The table may be gone: an object that has nothing
    /// to keep deletes its whole storage, and may be asked again before it is evicted.
    ///
    /// # Errors
    /// The storage failed.
    pub fn save(&self, value: &impl Serialize, until: UnixMillis) -> Result<(), StorageError> {
        migrate(&self.0, VERSIONS)?;
        let json = serde_json::to_string(value).map_err(|error| StorageError(error.to_string()))?;
        self.0.run(
            "INSERT OR REPLACE INTO brief (only, value, until) VALUES (1, ?, ?)",
            vec![json.into(), number(until.get())?],
        )?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "brief_store_tests.rs"]
mod tests;

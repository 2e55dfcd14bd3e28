//! Single values, as JSON under a name.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LedgerStore;
use super::schema::VERSIONS;
use crate::objects::sql::{Sql, StorageError, migrate, text};

const PREFLIGHT: &str = "preflight";

impl<S: Sql> LedgerStore<S> {
    /// The value under a name, if there is one.
    ///
    /// # Errors
    /// The storage failed, or holds what this version cannot read.
    pub fn fact<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StorageError> {
        let rows = self
            .0
            .run("SELECT value FROM facts WHERE name = ?", vec![name.into()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        serde_json::from_str(text(row, 0)?)
            .map(Some)
            .map_err(|error| StorageError(format!("{name}: {error}")))
    }

    /// The value under a name, if there is one that this version can read.
    ///
    /// # Errors
    /// The storage failed.
    pub(super) fn readable_fact<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StorageError> {
        let value: Option<serde_json::Value> = self.fact(name)?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// Writes a value, reads it back and deletes it: whether the storage works.
    ///
    /// # Errors
    /// The storage failed.
    pub fn preflight(&self, value: &str) -> Result<Option<String>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        write_fact(&self.0, PREFLIGHT, &value)?;
        let read = self.fact(PREFLIGHT);
        let statement = "DELETE FROM facts WHERE name = ?";
        self.0.run(statement, vec![PREFLIGHT.into()])?;
        read
    }
}

/// Stores a value under a name.
pub(super) fn write_fact<T: Serialize>(
    sql: &impl Sql,
    name: &str,
    value: &T,
) -> Result<(), StorageError> {
    sql.run(
        "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)",
        vec![name.into(), json(value)?.into()],
    )?;
    Ok(())
}

/// A value as it is stored.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError(error.to_string()))
}

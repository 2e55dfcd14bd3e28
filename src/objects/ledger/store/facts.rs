//! Single values, as JSON under a name.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::LedgerStore;
use crate::objects::sql::{Sql, StorageError, text};

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

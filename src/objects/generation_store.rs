//! The one row of a Generation object: its job, as JSON.

use domain::generation::Job;

use super::sql::{Sql, StorageError, migrate, text};

const VERSIONS: &[&[&str]] =
    &[&["CREATE TABLE job (only INTEGER PRIMARY KEY CHECK (only = 1), job TEXT NOT NULL)"]];

/// A generation's storage.
pub struct GenerationStore<S>(pub S);

impl<S: Sql> GenerationStore<S> {
    /// Reads the job, if there is one.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load(&self) -> Result<Option<Job>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let rows = self.0.run("SELECT job FROM job", vec![])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        serde_json::from_str(text(row, 0)?)
            .map(Some)
            .map_err(|error| StorageError(format!("the stored job cannot be read: {error}")))
    }

    /// Writes a value in a job's place, reads it back and deletes it: whether the storage works.
    ///
    /// # Errors
    /// The storage failed.
    pub fn preflight(&self, value: &str) -> Result<Option<String>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let insert = "INSERT INTO job (only, job) VALUES (1, ?)";
        self.0.run(insert, vec![value.into()])?;
        let rows = self.0.run("SELECT job FROM job", vec![])?;
        self.0.run("DELETE FROM job", vec![])?;
        let read = rows.first().map(|row| text(row, 0)).transpose()?;
        Ok(read.map(str::to_owned))
    }

    /// Writes the job in place of the one before. The table may be gone: an object that has nothing
    /// to keep deletes its whole storage, and may be asked again before it is evicted.
    ///
    /// # Errors
    /// The storage failed.
    pub fn save(&self, job: &Job) -> Result<(), StorageError> {
        migrate(&self.0, VERSIONS)?;
        let json = serde_json::to_string(job).map_err(|error| StorageError(error.to_string()))?;
        self.0.run(
            "INSERT OR REPLACE INTO job (only, job) VALUES (1, ?)",
            vec![json.into()],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::native_sql::NativeSql;
    use super::*;

    #[test]
    fn a_preflight_reads_back_what_it_wrote_and_leaves_no_row() {
        let store = GenerationStore(NativeSql::new());
        assert_eq!(store.preflight("first"), Ok(Some("first".to_owned())));
        assert_eq!(store.preflight("second"), Ok(Some("second".to_owned())));
        assert!(store.load().unwrap().is_none());
    }
}

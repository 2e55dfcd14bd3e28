//! Generations that the history is told of by their pictures, after it was lost. What it knows stays
//! as it is; of what it was told so before, pictures that are new to it are added.

use std::cell::Cell;
use std::rc::Rc;

use domain::generation::Remembered;
use domain::picture_key::PictureKey;
use domain::restoring::Told;
use worker::SqlStorageValue;

use super::LedgerStore;
use super::facts::json;
use crate::objects::sql::{Sql, StorageError, integer, number, text};

impl<S: Sql> LedgerStore<S> {
    /// Adds to the history the generations that it does not know: all of these or none.
    ///
    /// # Errors
    /// The storage failed.
    pub fn restore(&self, generations: Vec<Remembered>) -> Result<Told, StorageError> {
        let told = Rc::new(Cell::new(Told::default()));
        let counted = Rc::clone(&told);
        self.0.atomically(move |sql| {
            for generation in &generations {
                let mut told = counted.get();
                if restore_one(sql, generation)? {
                    told.restored += 1;
                } else {
                    told.known += 1;
                }
                counted.set(told);
            }
            Ok(())
        })?;
        Ok(told.get())
    }
}

/// Says whether it was not known.
fn restore_one(sql: &impl Sql, generation: &Remembered) -> Result<bool, StorageError> {
    let id = generation.record.id.to_string();
    let known = sql.run(
        "SELECT restored, keys FROM generations WHERE id = ?",
        vec![id.clone().into()],
    )?;
    let Some(row) = known.first() else {
        insert(sql, generation)?;
        return Ok(true);
    };
    if integer(row, 0)? == 1 {
        let keys = serde_json::from_str(text(row, 1)?);
        let mut keys: Vec<PictureKey> = keys.map_err(|error| StorageError(error.to_string()))?;
        keys.extend_from_slice(generation.keys());
        keys.sort_by_key(PictureKey::index);
        keys.dedup();
        sql.run(
            "UPDATE generations SET keys = ? WHERE id = ? AND erased = 0",
            vec![json(&keys)?.into(), id.into()],
        )?;
    }
    Ok(false)
}

fn insert(sql: &impl Sql, generation: &Remembered) -> Result<(), StorageError> {
    let record = &generation.record;
    let folder = record.pictures.as_ref();
    sql.run(
        "INSERT INTO generations (id, created_at, client, model, images, prompt, options, seeds,
         cost, outcome, latency_ms, pictures, endpoint, keys, restored)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        vec![
            record.id.to_string().into(),
            number(record.created_at.get())?,
            generation.client.as_str().into(),
            generation.model.as_str().into(),
            number(generation.images.into())?,
            record.prompt.as_str().into(),
            json(&record.options)?.into(),
            json(&record.seeds)?.into(),
            number(generation.cost.get())?,
            record.outcome.as_str().into(),
            number(record.latency.get())?,
            folder.map_or(SqlStorageValue::Null, |folder| folder.as_str().into()),
            generation.endpoint.as_str().into(),
            json(&generation.keys())?.into(),
        ],
    )?;
    Ok(())
}

#[cfg(test)]
#[path = "restored_tests.rs"]
mod tests;

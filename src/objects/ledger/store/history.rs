//! The history: what each generation came to, written with its settlement and once more when its
//! pictures are kept. What was erased stays erased.

use std::collections::BTreeMap;

use domain::failure::FailureCode;
use domain::generation::Owed;
use domain::ids::{ClientId, GenerationId};
use domain::ledger::Settlement;
use domain::money::MicroDollars;
use domain::picture_key::PictureFolder;
use domain::time::Day;
use serde::{Deserialize, Serialize};
use worker::SqlStorageValue;

use super::LedgerStore;
use super::facts::json;
use super::schema::VERSIONS;
use crate::objects::sql::{Sql, StorageError, migrate, number, text, unsigned};

/// A generation that the history knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Where its pictures are, unless it was recorded before that was.
    #[serde(default)]
    pub pictures: Option<PictureFolder>,
}

impl<S: Sql> LedgerStore<S> {
    /// How many prompts of each client Ideogram's safety check has refused since a day began.
    ///
    /// # Errors
    /// The storage failed.
    pub fn rejected_prompts(&self, since: Day) -> Result<BTreeMap<ClientId, u64>, StorageError> {
        let rows = self.0.run(
            "SELECT client, COUNT(*) FROM generations
             WHERE created_at >= ? AND outcome = ? GROUP BY client",
            vec![
                number(since.begins_at().get())?,
                FailureCode::PromptRejected.as_str().into(),
            ],
        )?;
        let counts = rows.iter().map(|row| {
            let client = ClientId::new(text(row, 0)?.to_owned());
            Ok((client, unsigned(row, 1)?))
        });
        counts.collect()
    }

    /// What the history knows of where a generation's pictures are; none if it does not know it.
    ///
    /// # Errors
    /// The storage failed.
    pub fn recorded(&self, id: &GenerationId) -> Result<Option<Recorded>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let select = "SELECT pictures FROM generations WHERE id = ?";
        let rows = self.0.run(select, vec![id.to_string().into()])?;
        Ok(rows.first().map(|row| Recorded {
            pictures: match row.first() {
                Some(SqlStorageValue::String(text)) => {
                    Some(PictureFolder::from_stored(text.clone()))
                }
                _ => None,
            },
        }))
    }

    /// Erases what was asked for and what came of it; the cost stays.
    ///
    /// # Errors
    /// The storage failed.
    pub fn erase(&self, id: &GenerationId) -> Result<(), StorageError> {
        migrate(&self.0, VERSIONS)?;
        self.0.run(
            "UPDATE generations SET prompt = '', options = '{}', seeds = '[]', keys = '[]', erased = 1
             WHERE id = ?",
            vec![id.to_string().into()],
        )?;
        Ok(())
    }
}

/// Adds a generation to the history, or writes it again; what was erased stays erased.
pub(super) fn write_history(sql: &impl Sql, owed: &Owed) -> Result<(), StorageError> {
    let (Some(record), terms) = (&owed.record, &owed.terms) else {
        return Ok(());
    };
    let pictures = record.pictures.as_ref();
    let cost = match owed.settlement {
        Settlement::Billed { cost, .. } => cost,
        Settlement::Void => MicroDollars::ZERO,
        Settlement::Unconfirmed => terms.cost,
    };
    let keys = record
        .storing
        .as_ref()
        .map(|storing| storing.keys.as_slice());
    // What is told without the pictures' keys does not take back what was told with them.
    sql.run(
        "INSERT INTO generations (id, created_at, client, model, images, prompt, options, seeds,
         cost, outcome, latency_ms, pictures, endpoint, keys)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
            seeds = excluded.seeds, cost = excluded.cost, outcome = excluded.outcome,
            latency_ms = excluded.latency_ms, pictures = excluded.pictures,
            keys = CASE excluded.keys WHEN '[]' THEN keys ELSE excluded.keys END
         WHERE erased = 0",
        vec![
            record.id.to_string().into(),
            number(record.created_at.get())?,
            terms.client.as_str().into(),
            terms.model.as_str().into(),
            number(terms.images.into())?,
            record.prompt.as_str().into(),
            json(&record.options)?.into(),
            json(&record.seeds)?.into(),
            number(cost.get())?,
            record.outcome.as_str().into(),
            number(record.latency.get())?,
            pictures.map_or(SqlStorageValue::Null, |folder| folder.as_str().into()),
            terms.endpoint.as_str().into(),
            json(&keys.unwrap_or_default())?.into(),
        ],
    )?;
    Ok(())
}

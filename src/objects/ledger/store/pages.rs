//! Pages of the history, the newest first. A page begins where the one before it ended, by moment and
//! id, so nothing is skipped by counting; one filter leads through its own index.

use domain::ids::ClientId;
use domain::money::MicroDollars;
use domain::report::{HistoryEntry, HistoryQuery};
use domain::time::{Day, Millis, UnixMillis};
use serde::de::DeserializeOwned;
use worker::SqlStorageValue;

use super::LedgerStore;
use crate::objects::sql::{Row, Sql, StorageError, count, integer, number, text, unsigned};

const COLUMNS: &str =
    "id, created_at, client, model, endpoint, images, prompt, options, seeds, keys,
     cost, outcome, latency_ms, erased";

impl<S: Sql> LedgerStore<S> {
    /// What the history has for a page: one entry more than the page takes if another page follows.
    ///
    /// # Errors
    /// The storage failed, or holds what this version cannot read.
    pub fn page(&self, query: &HistoryQuery) -> Result<Vec<HistoryEntry>, StorageError> {
        let (statement, values) = statement(query)?;
        let rows = self.0.run(&statement, values)?;
        rows.iter().map(entry).collect()
    }
}

/// The statement for a page, with its values.
fn statement(query: &HistoryQuery) -> Result<(String, Vec<SqlStorageValue>), StorageError> {
    // The first that is asked for leads: the others are of less use, which a plus tells SQLite.
    let filters = [
        ("client", query.client.as_ref().map(ClientId::as_str)),
        ("outcome", query.outcome.as_deref()),
        ("model", query.model.map(|model| model.name())),
    ];
    let mut conditions = vec![];
    let mut values: Vec<SqlStorageValue> = vec![];
    for (column, value) in filters {
        let Some(value) = value else { continue };
        let plus = if conditions.is_empty() { "" } else { "+" };
        conditions.push(format!("{plus}{column} = ?"));
        values.push(value.into());
    }
    if let Some(from) = query.from {
        conditions.push("created_at >= ?".to_owned());
        values.push(number(from.begins_at().get())?);
    }
    if let Some(to) = query.to {
        let next = Day::new(to.get().saturating_add(1));
        conditions.push("created_at < ?".to_owned());
        values.push(number(next.begins_at().get())?);
    }
    if let Some(before) = &query.before {
        conditions.push("(created_at, id) < (?, ?)".to_owned());
        values.push(number(before.created_at.get())?);
        values.push(before.id.to_string().into());
    }
    let filter = match conditions.as_slice() {
        [] => String::new(),
        all => format!("WHERE {}", all.join(" AND ")),
    };
    values.push(number(u64::from(query.limit) + 1)?);
    let statement = format!(
        "SELECT {COLUMNS} FROM generations {filter} ORDER BY created_at DESC, id DESC LIMIT ?"
    );
    Ok((statement, values))
}

fn entry(row: &Row) -> Result<HistoryEntry, StorageError> {
    let id = text(row, 0)?.parse();
    Ok(HistoryEntry {
        id: id.map_err(|_| StorageError("the history has an id that is none".into()))?,
        created_at: UnixMillis::new(unsigned(row, 1)?),
        client: ClientId::new(text(row, 2)?.to_owned()),
        model: text(row, 3)?.to_owned(),
        endpoint: text(row, 4)?.to_owned(),
        images: count(row, 5)?,
        prompt: text(row, 6)?.to_owned(),
        options: stored(row, 7)?,
        seeds: stored(row, 8)?,
        keys: stored(row, 9)?,
        cost: MicroDollars::new(unsigned(row, 10)?),
        outcome: text(row, 11)?.to_owned(),
        latency: Millis::new(unsigned(row, 12)?),
        erased: integer(row, 13)? != 0,
    })
}

/// Reads what is stored as JSON.
fn stored<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, StorageError> {
    let value = serde_json::from_str(text(row, column)?);
    value.map_err(|error| StorageError(format!("column {column}: {error}")))
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;

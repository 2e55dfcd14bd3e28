//! What the alerts start from and what they write: what is remembered for the rules, a fact; the rules
//! that have ever fired; what has still to be told.
//! Holds true: money does not stand still for them. What another version wrote and this one cannot
//! read is left where it is, and out.

use domain::alert::{AlertWrite, OutboxWrite, Queued, StoredAlerts};
use domain::ids::GenerationId;
use domain::money::MicroDollars;
use domain::time::{Day, UnixMillis};
use serde::de::DeserializeOwned;

use super::LedgerStore;
use super::facts::{json, write_fact};
use crate::objects::sql::{Row, Sql, StorageError, count, number, text, unsigned};

const WATCH: &str = "watch";

impl<S: Sql> LedgerStore<S> {
    /// Reads what the alerts start from, with what is booked since a day, if one is given.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load_alerts(&self, booked_since: Option<Day>) -> Result<StoredAlerts, StorageError> {
        let select = "SELECT value FROM facts WHERE name = ?";
        let watch = self.0.run(select, vec![WATCH.into()])?;
        let alerts = self.0.run("SELECT alert FROM alerts", vec![])?;
        let select = "SELECT id, notice, tries, next_at FROM outbox ORDER BY id";
        let queued = self.0.run(select, vec![])?;
        Ok(StoredAlerts {
            watch: watch
                .first()
                .and_then(|row| parsed(row, 0))
                .unwrap_or_default(),
            alerts: alerts.iter().filter_map(|row| parsed(row, 0)).collect(),
            queued: queued.iter().filter_map(queued_of).collect(),
            booked_since: booked_since
                .map_or(Ok(MicroDollars::ZERO), |day| self.booked_from(day))?,
        })
    }

    /// What is booked from this day on, billed and unconfirmed.
    fn booked_from(&self, day: Day) -> Result<MicroDollars, StorageError> {
        let sum = "SELECT COALESCE(SUM(billed + unconfirmed), 0) FROM totals WHERE day >= ?";
        let rows = self.0.run(sum, vec![number(day.get())?])?;
        let booked = rows.first().map_or(Ok(0), |row| unsigned(row, 0))?;
        Ok(MicroDollars::new(booked))
    }

    /// Whether the history has a generation's outcome.
    ///
    /// # Errors
    /// The storage failed.
    pub fn knows_outcome(&self, id: &GenerationId) -> Result<bool, StorageError> {
        let select = "SELECT 1 FROM generations WHERE id = ?";
        let rows = self.0.run(select, vec![id.to_string().into()])?;
        Ok(!rows.is_empty())
    }
}

fn queued_of(row: &Row) -> Option<Queued> {
    Some(Queued {
        number: unsigned(row, 0).ok()?,
        notice: parsed(row, 1)?,
        tries: count(row, 2).ok()?,
        next_at: UnixMillis::new(unsigned(row, 3).ok()?),
    })
}

fn parsed<T: DeserializeOwned>(row: &Row, column: usize) -> Option<T> {
    serde_json::from_str(text(row, column).ok()?).ok()
}

/// Stores something of the alerts.
pub(super) fn write_alert(sql: &impl Sql, write: &AlertWrite) -> Result<(), StorageError> {
    let (statement, values) = match write {
        AlertWrite::Watch(watch) => return write_fact(sql, WATCH, watch),
        AlertWrite::Alert(alert) => (
            "INSERT OR REPLACE INTO alerts (rule, alert) VALUES (?, ?)",
            vec![alert.rule.as_str().into(), json(alert)?.into()],
        ),
        AlertWrite::Outbox(OutboxWrite::Put(queued)) => (
            "INSERT OR REPLACE INTO outbox (id, notice, tries, next_at) VALUES (?, ?, ?, ?)",
            vec![
                number(queued.number)?,
                json(&queued.notice)?.into(),
                number(queued.tries.into())?,
                number(queued.next_at.get())?,
            ],
        ),
        AlertWrite::Outbox(OutboxWrite::Delete(id)) => {
            ("DELETE FROM outbox WHERE id = ?", vec![number(*id)?])
        }
    };
    sql.run(statement, values)?;
    Ok(())
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;

//! What is booked, by day, client, model and endpoint.

use domain::gathered::{Batch, Saving};
use domain::ids::ClientId;
use domain::ledger::{Booked, DayTotals, TotalsChange};
use domain::money::MicroDollars;
use domain::time::Day;

use super::LedgerStore;
use crate::objects::sql::{Sql, StorageError, number, signed_number, text, unsigned};

const TOTALS_BY_CLIENT: &str = "SELECT day, client, SUM(billed), SUM(unconfirmed)
     FROM totals WHERE day >= ? GROUP BY day, client";
/// The same from the leases: the ledger compares the two before it spends anything.
const LEASES_BY_CLIENT: &str =
    "SELECT day, client, SUM(billed), SUM(CASE state WHEN 'unconfirmed' THEN cost ELSE 0 END)
     FROM leases WHERE day >= ? GROUP BY day, client";

impl<S: Sql> LedgerStore<S> {
    /// What is booked from this day on.
    pub(super) fn totals(&self, from: Day) -> Result<Booked, StorageError> {
        self.booked(TOTALS_BY_CLIENT, from)
    }

    /// The same, summed over the leases.
    pub(super) fn audit(&self, from: Day) -> Result<Booked, StorageError> {
        self.booked(LEASES_BY_CLIENT, from)
    }

    fn booked(&self, query: &str, from: Day) -> Result<Booked, StorageError> {
        let rows = self.0.run(query, vec![number(from.get())?])?;
        let totals = rows.iter().map(|row| {
            let client = ClientId::new(text(row, 1)?.to_owned());
            let totals = DayTotals {
                billed: MicroDollars::new(unsigned(row, 2)?),
                unconfirmed: MicroDollars::new(unsigned(row, 3)?),
            };
            Ok(((Day::new(unsigned(row, 0)?), client), totals))
        });
        totals.collect()
    }
}

/// Adds to a row of totals.
pub(super) fn write_totals(sql: &impl Sql, change: &TotalsChange) -> Result<(), StorageError> {
    sql.run(
        "INSERT INTO totals (day, client, model, endpoint, requests, images, billed, unconfirmed,
            refused)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (day, client, model, endpoint) DO UPDATE SET
            requests = requests + excluded.requests, images = images + excluded.images,
            billed = billed + excluded.billed, unconfirmed = unconfirmed + excluded.unconfirmed,
            refused = refused + excluded.refused",
        vec![
            number(change.day.get())?,
            change.client.as_str().into(),
            change.model.as_str().into(),
            change.endpoint.as_str().into(),
            signed_number(change.requests)?,
            signed_number(change.images)?,
            signed_number(change.billed)?,
            signed_number(change.unconfirmed)?,
            signed_number(change.refused)?,
        ],
    )?;
    Ok(())
}

/// Adds what hits and joins have saved; what is booked stays as it is.
pub(super) fn write_saved(sql: &impl Sql, batch: &Batch) -> Result<(), StorageError> {
    for (saved_for, saved) in &batch.saved {
        let (requests, images, cost) = match saved_for.saving {
            Saving::Hit => ("hits", "hit_images", "hit_saved"),
            Saving::Joined => ("joins", "join_images", "join_saved"),
        };
        let statement = format!(
            "INSERT INTO totals (day, client, model, endpoint, {requests}, {images}, {cost})
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (day, client, model, endpoint) DO UPDATE SET
                {requests} = {requests} + excluded.{requests},
                {images} = {images} + excluded.{images}, {cost} = {cost} + excluded.{cost}"
        );
        let values = vec![
            number(saved_for.day.get())?,
            saved_for.client.as_str().into(),
            saved_for.model.as_ref().into(),
            saved_for.endpoint.as_ref().into(),
            number(saved.requests)?,
            number(saved.images)?,
            number(saved.cost.get())?,
        ];
        sql.run(&statement, values)?;
    }
    Ok(())
}

//! What the cost report is made of, summed up by SQL: however many requests there were, only the rows
//! of the report leave it.

use domain::money::MicroDollars;
use domain::report::{CostQuery, CostReport, CostRow, Costs, Days, Dimension, KindRow, Sums};
use domain::time::{Day, UnixMillis};
use worker::SqlStorageValue;

use super::LedgerStore;
use super::leases;
use crate::objects::sql::{Row, Sql, StorageError, number, text, unsigned};

/// The one sum that comes from the leases that are open now; all others are in the totals.
const RESERVED: &str = "reserved";

impl<S: Sql> LedgerStore<S> {
    /// What a cost report is made of, as of `now`.
    ///
    /// # Errors
    /// The storage failed.
    pub fn costs(&self, query: &CostQuery, now: UnixMillis) -> Result<Costs, StorageError> {
        let rows = self.0.run(&grouped(&query.by), values(query.days)?)?;
        let rows = rows.iter().map(|row| cost_row(row, &query.by));
        let today = now.day();
        let first = today.first_of_month();
        Ok(Costs {
            rows: rows.collect::<Result<_, _>>()?,
            kinds: self.kinds(query.days)?,
            this_month: self.billed(first, today)?,
            today: self.billed(today, today)?,
        })
    }

    /// What was billed by model and endpoint: as few rows as there are of those.
    fn kinds(&self, days: Days) -> Result<Vec<KindRow>, StorageError> {
        let rows = self.0.run(
            "SELECT model, endpoint, SUM(images), SUM(billed) FROM totals
             WHERE day BETWEEN ? AND ? GROUP BY model, endpoint",
            values(days)?,
        )?;
        let kinds = rows.iter().map(|row| {
            Ok(KindRow {
                model: text(row, 0)?.to_owned(),
                endpoint: text(row, 1)?.to_owned(),
                images: unsigned(row, 2)?,
                billed: MicroDollars::new(unsigned(row, 3)?),
            })
        });
        kinds.collect()
    }

    fn billed(&self, first: Day, last: Day) -> Result<MicroDollars, StorageError> {
        let rows = self.0.run(
            "SELECT COALESCE(SUM(billed), 0) FROM totals WHERE day BETWEEN ? AND ?",
            values(Days { first, last })?,
        )?;
        let sums = rows
            .iter()
            .map(|row| unsigned(row, 0).map(MicroDollars::new));
        sums.sum()
    }
}

/// The statement that sums up everything that counts, by these dimensions and in their order. One row
/// more than a report may have shows that there are too many.
fn grouped(by: &[Dimension]) -> String {
    let columns = |value: fn(&str) -> String| Sums::COLUMNS.map(value).join(", ");
    let sums = columns(|name| format!("COALESCE(SUM({name}), 0)"));
    let of_totals = columns(|name| match name {
        RESERVED => format!("0 AS {RESERVED}"),
        booked => booked.to_owned(),
    });
    let of_leases = columns(|name| if name == RESERVED { "cost" } else { "0" }.to_owned());
    let mut names: Vec<_> = by.iter().map(|dimension| dimension.name()).collect();
    let keys = names.join(", ");
    let order = match by {
        [] => String::new(),
        _ => format!("GROUP BY {keys} ORDER BY {keys}"),
    };
    names.push(&sums);
    let selected = names.join(", ");
    let open = leases::RESERVED;
    let most = CostReport::MOST_ROWS + 1;
    format!(
        "SELECT {selected} FROM (
            SELECT day, client, model, endpoint, {of_totals} FROM totals
            WHERE day BETWEEN ?1 AND ?2
            UNION ALL
            SELECT day, client, model, endpoint, {of_leases} FROM leases
            WHERE until IS NOT NULL AND state = '{open}' AND day BETWEEN ?1 AND ?2
         ) {order} LIMIT {most}"
    )
}

fn values(days: Days) -> Result<Vec<SqlStorageValue>, StorageError> {
    Ok(vec![number(days.first.get())?, number(days.last.get())?])
}

fn cost_row(row: &Row, by: &[Dimension]) -> Result<CostRow, StorageError> {
    let of = by.iter().enumerate().map(|(column, dimension)| {
        Ok(match dimension {
            Dimension::Day => Day::new(unsigned(row, column)?).to_string(),
            Dimension::Model | Dimension::Client | Dimension::Endpoint => {
                text(row, column)?.to_owned()
            }
        })
    });
    let mut sums = [0; Sums::COLUMNS.len()];
    for (place, sum) in sums.iter_mut().enumerate() {
        *sum = unsigned(row, by.len() + place)?;
    }
    Ok(CostRow {
        of: of.collect::<Result<_, _>>()?,
        sums: Sums::from_columns(sums),
    })
}

#[cfg(test)]
#[path = "costs_tests.rs"]
mod tests;

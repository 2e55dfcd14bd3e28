//! Counters, and what else metrics are read off. A counter is added to in the write that it counts, so
//! it survives whatever that survives.

use domain::ledger::{Status, Write};
use domain::metrics::{AlertFigure, CounterRow, Figures, counts};
use serde::de::DeserializeOwned;

use super::LedgerStore;
use super::facts::json;
use crate::objects::sql::{Row, Sql, StorageError, number, text, unsigned};

impl<S: Sql> LedgerStore<S> {
    /// What metrics say, where everything stands so.
    ///
    /// # Errors
    /// The storage failed, or holds what this version cannot read.
    pub fn figures(&self, status: Status) -> Result<Figures, StorageError> {
        let counters = self
            .0
            .run("SELECT name, labels, value FROM counters", vec![])?;
        let alerts = self
            .0
            .run("SELECT alert FROM alerts ORDER BY rule", vec![])?;
        let undelivered = self.0.run("SELECT COUNT(*) FROM outbox", vec![])?;
        Ok(Figures {
            status,
            counters: counters.iter().map(counter).collect::<Result<_, _>>()?,
            alerts: alerts
                .iter()
                .map(parsed::<AlertFigure>)
                .collect::<Result<_, _>>()?,
            undelivered: undelivered.first().map_or(Ok(0), |row| unsigned(row, 0))?,
        })
    }
}

/// Adds what a write counts for.
pub(super) fn count(sql: &impl Sql, write: &Write) -> Result<(), StorageError> {
    for count in counts(write) {
        sql.run(
            "INSERT INTO counters (name, labels, value) VALUES (?, ?, ?)
             ON CONFLICT (name, labels) DO UPDATE SET value = value + excluded.value",
            vec![
                count.counter.name().into(),
                json(&count.labels)?.into(),
                number(count.value)?,
            ],
        )?;
    }
    Ok(())
}

fn counter(row: &Row) -> Result<CounterRow, StorageError> {
    let labels = serde_json::from_str(text(row, 1)?);
    Ok(CounterRow {
        name: text(row, 0)?.to_owned(),
        labels: labels.map_err(|error| StorageError(format!("counters: {error}")))?,
        value: unsigned(row, 2)?,
    })
}

fn parsed<T: DeserializeOwned>(row: &Row) -> Result<T, StorageError> {
    serde_json::from_str(text(row, 0)?).map_err(|error| StorageError(format!("metrics: {error}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::gathered::{Batch, Saved, SavedFor, Saving};
    use domain::ids::ClientId;
    use domain::ledger::{CallReport, Wait, WaitEnd};
    use domain::money::MicroDollars;
    use domain::retry::Health;
    use domain::time::Millis;
    use serde_json::json;

    use super::super::tests::{NOON, lived, restored};
    use super::*;
    use crate::objects::native_sql::NativeSql;

    fn call() -> Write {
        Write::LastCall(CallReport {
            health: Health::Working,
            latency: Millis::new(900),
            ended_at: NOON,
            polled: false,
            pending_for: Millis::ZERO,
        })
    }

    /// A hit of two pictures, by a client that has booked something too.
    fn saved(saving: Saving) -> Write {
        let saved_for = SavedFor {
            day: NOON.day(),
            client: ClientId::new("client".into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            saving,
        };
        let saved = Saved {
            requests: 1,
            images: 2,
            cost: MicroDollars::new(160_000),
        };
        Write::Gathered(Batch {
            saved: vec![(saved_for, saved)],
            ..Batch::default()
        })
    }

    fn values(store: &LedgerStore<NativeSql>) -> BTreeMap<(String, Vec<String>), u64> {
        let status = restored(store, NOON).status();
        let counters = store.figures(status).unwrap().counters.into_iter();
        counters
            .map(|row| ((row.name, row.labels), row.value))
            .collect()
    }

    fn value(store: &LedgerStore<NativeSql>, name: &str, labels: &[&str]) -> u64 {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let values = values(store);
        values.get(&(name.to_owned(), labels)).copied().unwrap_or(0)
    }

    #[test]
    fn counters_add_up_and_survive_a_restart() {
        let store = LedgerStore(NativeSql::new());
        lived(&store);
        let before = value(&store, "upstream_calls", &["working"]);
        assert_eq!(before, 3);
        assert_eq!(value(&store, "queue_wait", &["granted", "100"]), 4);
        assert_eq!(value(&store, "billed", &["V_2"]), 80_000);
        assert_eq!(value(&store, "unconfirmed", &["V_2"]), 80_000);
        store.write(vec![call(), call()], None).unwrap();
        assert_eq!(value(&store, "upstream_calls", &["working"]), before + 2);
        assert_eq!(value(&store, "upstream_latency", &["1000"]), before + 2);
        assert_eq!(
            value(&store, "upstream_latency", &["sum"]),
            (before + 2) * 900
        );
    }

    #[test]
    fn a_write_that_fails_counts_for_nothing() {
        let store = LedgerStore(NativeSql::new());
        lived(&store);
        let before = values(&store);
        let wait = |millis| {
            Write::Waited(Wait {
                length: Millis::new(millis),
                end: WaitEnd::Refused,
            })
        };
        // A number that the storage cannot hold.
        let writes = vec![call(), saved(Saving::Hit), wait(u64::MAX)];
        assert!(store.write(writes, None).is_err());
        assert_eq!(values(&store), before);
    }

    #[test]
    fn what_was_saved_goes_into_the_totals_and_leaves_the_books_as_they_are() {
        let store = LedgerStore(NativeSql::new());
        let before = lived(&store).status();
        for saving in [Saving::Hit, Saving::Joined, Saving::Joined] {
            store.write(vec![saved(saving)], None).unwrap();
        }
        let select = "SELECT hits, hit_images, hit_saved, joins, join_images, join_saved,
            requests, billed, unconfirmed FROM totals";
        let rows = store.0.run(select, vec![]).unwrap();
        let [row] = &rows[..] else {
            panic!("{rows:?}");
        };
        let columns: Vec<_> = (0..9)
            .map(|column| unsigned(row, column).unwrap())
            .collect();
        assert_eq!(columns, [1, 2, 160_000, 2, 4, 320_000, 3, 80_000, 80_000]);
        assert_eq!(restored(&store, NOON).status(), before);
        assert_eq!(value(&store, "saved", &["joined", "V_2"]), 320_000);
    }

    #[test]
    fn what_a_client_saves_that_has_booked_nothing_freezes_nothing() {
        let store = LedgerStore(NativeSql::new());
        restored(&store, NOON);
        store.write(vec![saved(Saving::Hit)], None).unwrap();
        assert_eq!(restored(&store, NOON).status().frozen, None);
    }

    #[test]
    fn alerts_and_notices_are_read_off_their_tables() {
        let store = LedgerStore(NativeSql::new());
        let status = restored(&store, NOON).status();
        let alert = json!({"rule": "slow", "state": "firing", "since": 1, "summary": "…"});
        for statement in [
            format!("INSERT INTO alerts VALUES ('slow', '{alert}')"),
            "INSERT INTO outbox (notice, tries, next_at) VALUES ('{}', 0, 0)".to_owned(),
        ] {
            store.0.run(&statement, vec![]).unwrap();
        }
        let figures = store.figures(status).unwrap();
        assert_eq!(figures.alerts[0].rule, "slow");
        assert_eq!(figures.undelivered, 1);
    }
}

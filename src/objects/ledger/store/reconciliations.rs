//! Each day by Ideogram's account and by the ledger's, one row a day, and what the ledger has of a day to
//! compare.

use domain::money::MicroDollars;
use domain::reconciliation::{Reconciliation, Usage};
use domain::report::Days;
use domain::time::{Day, Millis, UnixMillis};

use super::LedgerStore;
use super::facts::json;
use crate::objects::sql::{Sql, StorageError, number, text, unsigned};

/// No generation is under way for longer.
const LONGEST: Millis = Millis::from_seconds(2 * 60 * 60);

impl<S: Sql> LedgerStore<S> {
    /// Holds what Ideogram says of a day against what is booked on it.
    ///
    /// # Errors
    /// The storage failed.
    pub fn reconcile(
        &self,
        now: UnixMillis,
        day: Day,
        usage: Usage,
    ) -> Result<Reconciliation, StorageError> {
        let sums = "SELECT COALESCE(SUM(billed), 0), COALESCE(SUM(unconfirmed), 0)
             FROM totals WHERE day = ?";
        let rows = self.0.run(sums, vec![number(day.get())?])?;
        let sum = |column| rows.first().map_or(Ok(0), |row| unsigned(row, column));
        let next = Day::new(day.get().saturating_add(1));
        let at_midnight = [day, next].map(|day| self.under_way_at(day.begins_at()));
        let at_midnight = at_midnight.into_iter().sum::<Result<_, _>>()?;
        Ok(Reconciliation {
            day,
            at: now,
            billed: MicroDollars::new(sum(0)?),
            unconfirmed: MicroDollars::new(sum(1)?),
            at_midnight,
            usage,
        })
    }

    /// What the generations cost that had begun by a moment and ended after it.
    fn under_way_at(&self, moment: UnixMillis) -> Result<MicroDollars, StorageError> {
        let rows = self.0.run(
            "SELECT COALESCE(SUM(cost), 0) FROM generations
             WHERE created_at BETWEEN ?1 AND ?2 AND created_at + latency_ms >= ?2",
            vec![number(moment.minus(LONGEST).get())?, number(moment.get())?],
        )?;
        let cost = rows.first().map_or(Ok(0), |row| unsigned(row, 0))?;
        Ok(MicroDollars::new(cost))
    }

    /// The reconciliations of these days, the newest first; those that this version cannot read are left
    /// out.
    ///
    /// # Errors
    /// The storage failed.
    pub fn reconciliations(&self, days: Days) -> Result<Vec<Reconciliation>, StorageError> {
        let rows = self.0.run(
            "SELECT reconciliation FROM reconciliations
             WHERE day BETWEEN ? AND ? ORDER BY day DESC",
            vec![number(days.first.get())?, number(days.last.get())?],
        )?;
        let mut reconciliations = vec![];
        for row in &rows {
            reconciliations.extend(serde_json::from_str::<Reconciliation>(text(row, 0)?));
        }
        Ok(reconciliations)
    }
}

/// Keeps what a day came to, in place of what it came to before, and forgets days that are too long ago.
pub(super) fn write_reconciliation(
    sql: &impl Sql,
    reconciliation: &Reconciliation,
) -> Result<(), StorageError> {
    sql.run(
        "INSERT OR REPLACE INTO reconciliations (day, reconciliation) VALUES (?, ?)",
        vec![
            number(reconciliation.day.get())?,
            json(reconciliation)?.into(),
        ],
    )?;
    let first = Reconciliation::first_day_kept(reconciliation.at.day());
    sql.run(
        "DELETE FROM reconciliations WHERE day < ?",
        vec![number(first.get())?],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::ids::ClientId;
    use domain::ledger::{TotalsChange, Write};
    use domain::reconciliation::Verdict;

    use super::*;
    use crate::objects::native_sql::NativeSql;

    const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
    const HOUR: u64 = 60 * 60 * 1000;

    type Store = LedgerStore<NativeSql>;

    fn new_store() -> Store {
        let store = LedgerStore(NativeSql::new());
        store.load(NOON).unwrap();
        store
    }

    fn day(days_ago: u64) -> Day {
        Day::new(NOON.day().get() - days_ago)
    }

    fn book(store: &Store, days_ago: u64, client: &str, billed: i64, unconfirmed: i64) {
        let change = TotalsChange {
            day: day(days_ago),
            client: ClientId::new(client.into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            requests: 1,
            images: 1,
            billed,
            unconfirmed,
            refused: 0,
        };
        store.write(vec![Write::Totals(change)], None).unwrap();
    }

    /// A generation of a cent for each length, created so long before or after the midnight that began
    /// yesterday.
    fn make(store: &Store, created: i64, latency: u64) {
        let midnight = i64::try_from(day(1).begins_at().get()).unwrap();
        let rows = store.0.run("SELECT COUNT(*) FROM generations", vec![]);
        let number = unsigned(&rows.unwrap()[0], 0).unwrap();
        store.0.batch(&format!(
            "INSERT INTO generations (id, created_at, client, model, images, prompt, options, seeds,
             cost, outcome, latency_ms)
             VALUES ('{number}', {}, 'client', 'V_2', 1, '', '{{}}', '[]', 10000, 'done', {latency})",
            midnight + created
        ));
    }

    fn charged(micro_dollars: u64) -> Usage {
        Usage::Total(MicroDollars::new(micro_dollars))
    }

    fn keep(store: &Store, days_ago: u64, at: UnixMillis) -> Reconciliation {
        let reconciliation = store.reconcile(at, day(days_ago), charged(1)).unwrap();
        let write = Write::Reconciliation(reconciliation);
        store.write(vec![write], None).unwrap();
        reconciliation
    }

    fn all(store: &Store) -> Vec<Reconciliation> {
        let days = Days {
            first: Day::new(0),
            last: day(0),
        };
        store.reconciliations(days).unwrap()
    }

    #[test]
    fn a_day_is_the_sum_of_all_clients_and_of_no_other_day() {
        let store = new_store();
        book(&store, 1, "one", 80_000, 0);
        book(&store, 1, "two", 160_000, 60_000);
        book(&store, 0, "one", 1, 2);
        book(&store, 2, "one", 4, 8);
        let compared = store.reconcile(NOON, day(1), charged(300_000)).unwrap();
        assert_eq!(compared.billed, MicroDollars::new(240_000));
        assert_eq!(compared.unconfirmed, MicroDollars::new(60_000));
        assert_eq!((compared.day, compared.at), (day(1), NOON));
        assert_eq!(compared.verdict(), Verdict::Agrees);
        let nothing = store.reconcile(NOON, day(9), charged(0)).unwrap();
        assert_eq!(nothing.verdict(), Verdict::Agrees);
    }

    #[test]
    fn what_was_under_way_at_either_midnight_is_known() {
        let store = new_store();
        for (created, latency) in [
            // Over before, begun after, and long over.
            (-20_000, 10_000),
            (1, 10_000),
            (-3 * HOUR.cast_signed(), HOUR),
        ] {
            make(&store, created, latency);
        }
        let at_midnight = |days_ago| {
            let compared = store.reconcile(NOON, day(days_ago), charged(0));
            compared.unwrap().at_midnight.get()
        };
        assert_eq!((at_midnight(1), at_midnight(2)), (0, 0));
        make(&store, -5000, 10_000);
        make(&store, -600_000, 600_000);
        assert_eq!((at_midnight(1), at_midnight(2)), (20_000, 20_000));
        assert_eq!((at_midnight(0), at_midnight(3)), (0, 0));
    }

    #[test]
    fn a_day_has_one_row_and_rows_are_kept_for_400_days() {
        let store = new_store();
        let older = [401, 400, 1].map(|days_ago| keep(&store, days_ago, NOON));
        assert_eq!(all(&store), [older[2], older[1]]);
        let later = UnixMillis::new(NOON.get() + HOUR);
        let again = keep(&store, 1, later);
        assert_eq!(all(&store), [again, older[1]]);
        let days = Days {
            first: day(2),
            last: day(0),
        };
        assert_eq!(store.reconciliations(days).unwrap(), [again]);
        store
            .0
            .batch("UPDATE reconciliations SET reconciliation = '{}'");
        assert_eq!(all(&store), []);
    }
}

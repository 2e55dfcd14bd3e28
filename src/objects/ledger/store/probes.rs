//! What was found of Ideogram: how it is, one row for each look, what it charges, and how long it takes.

use domain::health::Probe;
use domain::quote::PriceWatch;
use domain::report::ProbeQuery;
use domain::time::UnixMillis;

use super::facts::{json, write_fact};
use super::{LAST_PROBE, LedgerStore, QUOTES};
use crate::objects::sql::{Sql, StorageError, number, text};

/// Later than any probe; storage takes no more.
const LATEST: UnixMillis = UnixMillis::new(1 << 53);

impl<S: Sql> LedgerStore<S> {
    /// The probes asked for, the newest first; those that this version cannot read are left out.
    ///
    /// # Errors
    /// The storage failed.
    pub fn probes(&self, query: ProbeQuery) -> Result<Vec<Probe>, StorageError> {
        let before = query.before.unwrap_or(LATEST);
        let rows = self.0.run(
            "SELECT probe FROM probes WHERE at < ? ORDER BY at DESC LIMIT ?",
            vec![number(before.get())?, number(query.limit as u64)?],
        )?;
        let mut probes = vec![];
        for row in &rows {
            probes.extend(serde_json::from_str::<Probe>(text(row, 0)?));
        }
        Ok(probes)
    }

    /// The last look at Ideogram's prices, if there is one that this version can read.
    ///
    /// # Errors
    /// The storage failed.
    pub fn price_watch(&self) -> Result<Option<PriceWatch>, StorageError> {
        self.readable_fact(QUOTES)
    }
}

/// Keeps a probe, and forgets those that are too old.
pub(super) fn write_probe(sql: &impl Sql, probe: &Probe) -> Result<(), StorageError> {
    write_fact(sql, LAST_PROBE, probe)?;
    sql.run(
        "INSERT OR REPLACE INTO probes (at, probe) VALUES (?, ?)",
        vec![number(probe.at.get())?, json(probe)?.into()],
    )?;
    let kept_since = Probe::kept_since(probe.at).get();
    sql.run("DELETE FROM probes WHERE at < ?", vec![number(kept_since)?])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::ledger::Write;
    use domain::money::MicroDollars;
    use domain::pace::Times;
    use domain::price::{PriceTable, Rate};
    use domain::time::Millis;

    use super::*;
    use crate::objects::native_sql::NativeSql;

    const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
    const DAY: Millis = Millis::from_seconds(24 * 60 * 60);
    const ALL: ProbeQuery = ProbeQuery {
        limit: 1000,
        before: None,
    };

    fn probe(at: UnixMillis) -> Probe {
        Probe::of_generation(at, Millis::new(700), Ok(()))
    }

    fn with_probes(days: impl IntoIterator<Item = u64>) -> LedgerStore<NativeSql> {
        let store = LedgerStore(NativeSql::new());
        store.load(NOON).unwrap();
        for day in days {
            let write = Write::Probe(probe(NOON.plus(DAY.times(day))));
            store.write(vec![write], None).unwrap();
        }
        store
    }

    fn days(probes: &[Probe]) -> Vec<u64> {
        let since = probes.iter().map(|probe| probe.at.since(NOON).get());
        since.map(|millis| millis / DAY.get()).collect()
    }

    #[test]
    fn probes_are_read_from_the_newest_on_and_from_before_a_moment() {
        let store = with_probes([0, 1, 2, 3]);
        assert_eq!(days(&store.probes(ALL).unwrap()), [3, 2, 1, 0]);
        let asked = ProbeQuery {
            limit: 2,
            before: Some(NOON.plus(DAY.times(3))),
        };
        assert_eq!(days(&store.probes(asked).unwrap()), [2, 1]);
        let last = store.load(NOON).unwrap().last_probe;
        assert_eq!(last, Some(probe(NOON.plus(DAY.times(3)))));
    }

    #[test]
    fn probes_are_kept_for_thirty_days() {
        let store = with_probes([0, 1, 30, 31]);
        assert_eq!(days(&store.probes(ALL).unwrap()), [31, 30, 1]);
    }

    #[test]
    fn the_last_look_at_prices_is_kept_and_one_that_cannot_be_read_is_none() {
        let store = with_probes([]);
        assert_eq!(store.price_watch().unwrap(), None);
        let rate: Rate = "V_2".parse().unwrap();
        let answered = [(rate, Some(MicroDollars::new(90_000)))];
        let watch = PriceWatch::new(NOON, &answered, None, &PriceTable::standard());
        let write = Write::PriceWatch(watch.clone());
        store.write(vec![write], None).unwrap();
        assert_eq!(store.price_watch().unwrap(), Some(watch));
        store
            .0
            .batch("UPDATE facts SET value = '{}' WHERE name = 'quotes'");
        assert_eq!(store.price_watch().unwrap(), None);
    }

    #[test]
    fn how_long_models_take_is_known_after_a_restart_and_what_cannot_be_read_holds_nothing_up() {
        let store = with_probes([]);
        assert_eq!(store.load(NOON).unwrap().times, Times::default());
        let mut times = Times::default();
        for seconds in 5..20 {
            let latency = Millis::from_seconds(seconds);
            times.heard("V_3", Millis::ZERO, latency);
            store
                .write(vec![Write::Times(times.clone())], None)
                .unwrap();
        }
        assert_eq!(store.load(NOON).unwrap().times, times);
        store
            .0
            .batch("UPDATE facts SET value = '[1]' WHERE name = 'times'");
        assert_eq!(store.load(NOON).unwrap().times, Times::default());
    }
}

//! Cost reports on real SQL: every grouping comes to the same, to the micro-dollar.

use std::collections::BTreeMap;

use domain::ids::{ClientId, LeaseId};
use domain::ledger::{Allowance, LeaseTerms, Ledger, Limits};
use domain::time::Millis;

use super::*;
use crate::objects::native_sql::NativeSql;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(1_000_000),
    max_in_flight: 8,
    queue_limit: 100,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(300),
    unconfirmed_hold: Millis::from_seconds(205),
};
const MODELS: [&str; 3] = ["V_2", "V_2_TURBO", "V_3_QUALITY"];
const ENDPOINTS: [&str; 3] = ["", "/generate", "/generations/{id}/finalize"];

/// One row of totals: day, client, model, endpoint, and its sums in the order of their names.
type Booked = ([String; 4], [u64; Sums::COLUMNS.len()]);

fn days(first: u64, last: u64) -> Days {
    let day = |before: u64| Day::new(NOON.day().get() - before);
    Days {
        first: day(first),
        last: day(last),
    }
}

/// Rows of forty days, every figure another one.
fn fill(store: &LedgerStore<NativeSql>) -> Vec<Booked> {
    store.load(NOON).unwrap();
    let mut rows = vec![];
    for number in 0..900_u64 {
        let day = Day::new(NOON.day().get() - number % 40);
        let client = format!("client-{}", number / 40 % 7);
        let model = MODELS[(number / 7 % 3) as usize];
        let endpoint = ENDPOINTS[(number / 300) as usize];
        let mut sums = [0; Sums::COLUMNS.len()];
        let mut booked = vec![];
        for (place, name) in Sums::COLUMNS.iter().enumerate() {
            if *name != RESERVED {
                sums[place] = number * 7919 + place as u64 * 104_729;
                booked.push((*name, sums[place].to_string()));
            }
        }
        let (names, values): (Vec<_>, Vec<_>) = booked.into_iter().unzip();
        store.0.batch(&format!(
            "INSERT INTO totals (day, client, model, endpoint, {})
             VALUES ({}, '{client}', '{model}', '{endpoint}', {})",
            names.join(", "),
            day.get(),
            values.join(", "),
        ));
        rows.push((
            [day.to_string(), model.into(), client, endpoint.into()],
            sums,
        ));
    }
    rows
}

/// Every way to tell rows apart: each set of dimensions, in their order and in the other one.
fn groupings() -> Vec<Vec<Dimension>> {
    let sets = (0..1_u32 << Dimension::ALL.len()).map(|set| {
        let all = Dimension::ALL.iter().enumerate();
        let chosen = all.filter(|(place, _)| set & (1 << place) != 0);
        chosen.map(|(_, dimension)| *dimension).collect::<Vec<_>>()
    });
    let both = sets.flat_map(|set| [set.iter().rev().copied().collect(), set]);
    both.collect()
}

/// The same sums without SQL.
fn summed(rows: &[Booked], by: &[Dimension]) -> BTreeMap<Vec<String>, Sums> {
    let mut sums: BTreeMap<Vec<String>, [u64; Sums::COLUMNS.len()]> = BTreeMap::new();
    for (of, booked) in rows {
        let place = |dimension: &Dimension| {
            let mut all = Dimension::ALL.iter();
            all.position(|other| other == dimension).unwrap()
        };
        let key = by.iter().map(|dimension| of[place(dimension)].clone());
        let sum = sums.entry(key.collect()).or_default();
        for (sum, figure) in sum.iter_mut().zip(booked) {
            *sum += figure;
        }
    }
    let sums = sums.into_iter();
    sums.map(|(of, sums)| (of, Sums::from_columns(sums)))
        .collect()
}

#[test]
fn every_grouping_of_the_same_days_comes_to_the_same_and_is_in_order() {
    let store = LedgerStore(NativeSql::new());
    let rows = fill(&store);
    for asked in [days(39, 0), days(20, 3), days(0, 0)] {
        let (first, last) = (asked.first.to_string(), asked.last.to_string());
        let mut rows = rows.clone();
        rows.retain(|(of, _)| (&first..=&last).contains(&&of[0]));
        let total: Sums = summed(&rows, &[]).into_values().sum();
        for by in groupings() {
            let query = CostQuery { days: asked, by };
            let found = store.costs(&query, NOON).unwrap();
            let sum: Sums = found.rows.iter().map(|row| row.sums).sum();
            assert_eq!(sum, total, "{query:?}");
            let found: Vec<_> = found
                .rows
                .into_iter()
                .map(|row| (row.of, row.sums))
                .collect();
            let expected: Vec<_> = summed(&rows, &query.by).into_iter().collect();
            assert_eq!(found, expected, "{query:?}");
        }
    }
}

#[test]
fn the_kinds_and_the_month_are_sums_of_the_same_rows() {
    let store = LedgerStore(NativeSql::new());
    let rows = fill(&store);
    let query = CostQuery {
        days: days(39, 0),
        by: vec![],
    };
    let costs = store.costs(&query, NOON).unwrap();
    let billed = |rows: &[Booked]| -> u64 { rows.iter().map(|(_, sums)| sums[2]).sum() };
    let kinds: MicroDollars = costs.kinds.iter().map(|kind| kind.billed).sum();
    assert_eq!(kinds.get(), billed(&rows));
    assert!(costs.kinds.len() <= MODELS.len() * ENDPOINTS.len());
    let since = |first: &str| {
        let mut rows = rows.clone();
        rows.retain(|(of, _)| of[0].as_str() >= first);
        billed(&rows)
    };
    assert_eq!(costs.this_month.get(), since("2026-11-01"));
    assert_eq!(costs.today.get(), since("2026-11-21"));
}

#[test]
fn nothing_booked_is_a_report_of_nothing() {
    let store = LedgerStore(NativeSql::new());
    store.load(NOON).unwrap();
    for by in groupings() {
        let query = CostQuery {
            days: days(365, 0),
            by,
        };
        let costs = store.costs(&query, NOON).unwrap();
        let total: Sums = costs.rows.iter().map(|row| row.sums).sum();
        assert_eq!(total, Sums::default());
        assert_eq!(costs.rows.len(), usize::from(query.by.is_empty()));
    }
}

#[test]
fn more_rows_than_a_report_may_have_are_not_all_read() {
    let store = LedgerStore(NativeSql::new());
    store.load(NOON).unwrap();
    store.0.batch(&format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 12000)
         INSERT INTO totals (day, client, model, endpoint) SELECT {}, n, 'V_2', '' FROM numbers",
        NOON.day().get()
    ));
    let query = CostQuery {
        days: days(0, 0),
        by: vec![Dimension::Client],
    };
    let costs = store.costs(&query, NOON).unwrap();
    assert_eq!(costs.rows.len(), CostReport::MOST_ROWS + 1);
}

#[test]
fn what_is_reserved_is_told_while_it_is_and_what_was_refused_costs_nothing() {
    let store = LedgerStore(NativeSql::new());
    let mut ledger = Ledger::restore(LIMITS, store.load(NOON).unwrap(), NOON);
    let mut ask = |images: u32| {
        let terms = LeaseTerms {
            lease: LeaseId::new(format!("lease-{images}")),
            client: ClientId::new("shop".into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            images,
            cost: MicroDollars::new(80_000).times(images),
            allowance: Allowance::default(),
        };
        let (_, effects) = ledger.acquire(NOON, terms, None);
        store.write(effects.writes, None).unwrap();
    };
    ask(3);
    ask(100);
    let query = CostQuery {
        days: days(0, 0),
        by: vec![Dimension::Endpoint, Dimension::Client],
    };
    let costs = store.costs(&query, NOON).unwrap();
    let sums = Sums {
        reserved: MicroDollars::new(240_000),
        refused: 1,
        ..Sums::default()
    };
    let of = vec!["/generate".to_owned(), "shop".to_owned()];
    assert_eq!(costs.rows, [CostRow { of, sums }]);
    assert_eq!(
        Ledger::restore(LIMITS, store.load(NOON).unwrap(), NOON)
            .status()
            .frozen,
        None
    );
}

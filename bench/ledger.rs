//! What the ledger's rules and its SQL cost, natively, on one core. Figures are for comparison
//! within one run: the same commands with ten and with ten thousand waiting, with ten thousand and
//! with a million rows; and what the operator asks of a million.
//!
//! `cargo bench --bench ledger`

#![expect(
    clippy::unwrap_used,
    reason = "a bench that panics says so, and there is nobody to hurt"
)]
#![expect(
    dead_code,
    unused_imports,
    reason = "the objects' modules are used in part, their tests not at all"
)]

#[path = "../src/objects"]
mod objects {
    pub mod ledger {
        pub mod store;
    }
    pub mod native_sql;
    pub mod sql;
}

use std::time::{Duration, Instant};

use domain::generation::{Owed, Record};
use domain::ids::{ClientId, GenerationId, LeaseId};
use domain::ledger::{Allowance, LeaseTerms, Ledger, Limits, Settlement, Stored};
use domain::money::MicroDollars;
use domain::report::{CostQuery, Cursor, Days, Dimension, HistoryQuery};
use domain::request::Model;
use domain::time::{Day, Millis, UnixMillis};

use objects::ledger::store::LedgerStore;
use objects::native_sql::NativeSql;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(1_000_000_000_000),
    max_in_flight: 8,
    queue_limit: 100_000,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(300),
    unconfirmed_hold: Millis::from_seconds(205),
};

fn main() {
    println!("| the state machine alone, waiting | commands a second |");
    println!("|---|---|");
    for waiting in [10, 1_000, 10_000] {
        println!("| {waiting} | {:.0} |", commands_a_second(waiting));
    }
    println!();
    println!("| with its SQL: leases and generations stored | acquire + settle |");
    println!("|---|---|");
    let mut largest = None;
    for rows in [10_000, 1_000_000] {
        let (mut ledger, store) = filled(rows);
        let pair = microseconds_a_pair(&mut ledger, &store, rows);
        println!("| {rows} | {pair:.1} µs |");
        largest = Some(store);
    }
    println!();
    println!("| what the operator asks of the largest | rows | each |");
    println!("|---|---|---|");
    questions(&largest.unwrap());
}

fn terms(number: u64) -> LeaseTerms {
    LeaseTerms {
        lease: LeaseId::new(format!("lease-{number:020}")),
        client: ClientId::new(format!("client-{}", number % 100)),
        model: "V_2".into(),
        endpoint: "/generate".into(),
        images: 1,
        cost: MicroDollars::new(80_000),
        allowance: Allowance::default(),
    }
}

fn billed() -> Settlement {
    Settlement::Billed {
        images: 1,
        cost: MicroDollars::new(80_000),
    }
}

/// All places are taken and the queue is kept at its length: each settlement lets one in, each
/// acquisition lines up behind.
fn commands_a_second(waiting: u64) -> f64 {
    let mut ledger = Ledger::restore(LIMITS, Stored::default(), NOON);
    let places = u64::from(LIMITS.max_in_flight);
    for number in 0..places + waiting {
        ledger.acquire(NOON, terms(number), None);
    }
    let mut order = std::collections::VecDeque::from_iter(0..places);
    let mut next = places + waiting;
    let mut commands = 0_u64;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(2) {
        for _ in 0..1_000 {
            let oldest = order.pop_front().unwrap();
            let effects = ledger.settle(NOON, &terms(oldest), billed(), None, None);
            for wake in effects.wakes {
                let number = wake.lease.as_str().trim_start_matches("lease-");
                order.push_back(number.parse().unwrap());
            }
            ledger.acquire(NOON, terms(next), None);
            next += 1;
            commands += 2;
        }
    }
    commands as f64 / started.elapsed().as_secs_f64()
}

/// A ledger with so many leases and generations stored.
fn filled(rows: u64) -> (Ledger, LedgerStore<NativeSql>) {
    let store = LedgerStore(NativeSql::new());
    let mut ledger = Ledger::restore(LIMITS, store.load(NOON).unwrap(), NOON);
    store.0.batch("BEGIN");
    for number in 0..rows {
        pair(&mut ledger, &store, number);
    }
    store.0.batch("COMMIT");
    (ledger, store)
}

/// One pair as the object runs it: look up, decide, write, in one transaction each.
fn microseconds_a_pair(ledger: &mut Ledger, store: &LedgerStore<NativeSql>, rows: u64) -> f64 {
    const PAIRS: u64 = 5_000;
    let started = Instant::now();
    for number in rows..rows + PAIRS {
        pair(ledger, store, number);
    }
    started.elapsed().as_secs_f64() * 1e6 / PAIRS as f64
}

/// Cost reports of a month of 100 clients, 3 models and 3 endpoints, and pages of the history.
fn questions(store: &LedgerStore<NativeSql>) {
    let today = NOON.day();
    let first = Day::new(today.get() - 29);
    store.0.batch(&format!(
        "WITH RECURSIVE days (day) AS (SELECT {} UNION ALL SELECT day + 1 FROM days WHERE day < {}),
            models (model) AS (VALUES ('V_1'), ('V_2'), ('V_3_TURBO')),
            endpoints (endpoint) AS (VALUES ('/generate'), ('/v1/images/generations'), ('')),
            numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 99)
         INSERT OR IGNORE INTO totals (day, client, model, endpoint, requests, images, billed)
         SELECT day, 'client-' || n, model, endpoint, 9, 9, 720000
         FROM days, models, endpoints, numbers",
        first.get(),
        today.get(),
    ));
    let days = Days { first, last: today };
    for by in [
        vec![Dimension::Day],
        vec![Dimension::Model, Dimension::Endpoint],
        vec![Dimension::Day, Dimension::Client, Dimension::Model],
    ] {
        let query = CostQuery { days, by };
        let names: Vec<_> = query.by.iter().map(|dimension| dimension.name()).collect();
        time(&format!("costs by {}", names.join(", ")), || {
            store.costs(&query, NOON).unwrap().rows.len()
        });
    }
    let newest = HistoryQuery::parse(&[]).unwrap();
    let client = Some(ClientId::new("client-7".into()));
    let middle = Cursor {
        created_at: NOON.plus(Millis::new(500_000)),
        id: record(500_000).id,
    };
    let pages = [
        ("the newest", newest.clone()),
        (
            "in the middle",
            HistoryQuery {
                before: Some(middle),
                ..newest.clone()
            },
        ),
        (
            "of one client",
            HistoryQuery {
                client: client.clone(),
                ..newest.clone()
            },
        ),
        (
            "of one client, on a model it never used",
            HistoryQuery {
                client,
                model: Some(Model::V1),
                ..newest
            },
        ),
    ];
    for (name, query) in pages {
        time(&format!("a page, {name}"), || {
            store.page(&query).unwrap().len()
        });
    }
}

fn time(name: &str, mut ask: impl FnMut() -> usize) {
    const TIMES: u32 = 20;
    let rows = ask();
    let started = Instant::now();
    for _ in 0..TIMES {
        ask();
    }
    let each = started.elapsed().as_secs_f64() * 1e3 / f64::from(TIMES);
    println!("| {name} | {rows} | {each:.2} ms |");
}

fn pair(ledger: &mut Ledger, store: &LedgerStore<NativeSql>, number: u64) {
    let owed = Owed {
        terms: terms(number),
        settlement: billed(),
        call: None,
        record: Some(record(number)),
    };
    let known = store.lease(&owed.terms.lease).unwrap();
    let (_, effects) = ledger.acquire(NOON, owed.terms.clone(), known.as_ref());
    store.write(effects.writes, None).unwrap();
    let known = store.lease(&owed.terms.lease).unwrap();
    let effects = ledger.settle(NOON, &owed.terms, billed(), None, known);
    store.write(effects.writes, Some(owed)).unwrap();
}

fn record(number: u64) -> Record {
    let fingerprint = format!("{number:064x}").parse().unwrap();
    Record {
        id: GenerationId::new(fingerprint, [0; 8]),
        prompt: "a red fox in the snow, in the style of a woodcut".into(),
        options: [("aspect_ratio".to_owned(), "ASPECT_1_1".into())].into(),
        seeds: vec![number],
        pictures: None,
        storing: None,
        outcome: "done".into(),
        latency: Millis::from_seconds(9),
        created_at: NOON.plus(Millis::new(number)),
    }
}

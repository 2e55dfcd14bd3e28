//! What the ledger's rules and its SQL cost, natively, on one core. Figures are for comparison
//! within one run: the same commands with ten and with ten thousand waiting, with ten thousand and
//! with a million rows.
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
use domain::time::{Millis, UnixMillis};

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
    for rows in [10_000, 1_000_000] {
        println!("| {rows} | {:.1} µs |", microseconds_a_pair(rows));
    }
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

/// One pair as the object runs it: look up, decide, write, in one transaction each.
fn microseconds_a_pair(rows: u64) -> f64 {
    const PAIRS: u64 = 5_000;
    let store = LedgerStore(NativeSql::new());
    let mut ledger = Ledger::restore(LIMITS, store.load(NOON).unwrap(), NOON);
    store.0.batch("BEGIN");
    for number in 0..rows {
        pair(&mut ledger, &store, number);
    }
    store.0.batch("COMMIT");
    let started = Instant::now();
    for number in rows..rows + PAIRS {
        pair(&mut ledger, &store, number);
    }
    started.elapsed().as_secs_f64() * 1e6 / PAIRS as f64
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

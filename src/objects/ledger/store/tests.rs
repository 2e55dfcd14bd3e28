//! The ledger on real SQL: what is written is read back, a restart goes on from the rows, a failure
//! between two writes leaves none of them, and every earlier schema is brought up to date.

use domain::generation::{Record, StoringReport};
use domain::ledger::{
    Acquired, Acquisition, Allowance, CallReport, Effects, Frozen, LeaseTerms, Ledger, Limits,
    RefusalReason, Settlement, TokenAllowance,
};
use domain::retry::Health;
use domain::time::Millis;

use std::collections::BTreeMap;

use domain::ids::{ClientId, LeaseId, TokenId};
use domain::ledger::BreakerState;
use domain::money::MicroDollars;
use domain::picture_key::{PictureFolder, PictureKey};

use super::*;
use crate::objects::native_sql::NativeSql;
use crate::objects::sql::{Row, unsigned};

const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(10_000_000),
    max_in_flight: 8,
    queue_limit: 100,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(300),
    unconfirmed_hold: Millis::from_seconds(205),
};
const KEYS: &str = r#"["images/2026/11/21/abababababababababababababababab/0-seed-7.png"]"#;
pub(super) const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

fn terms(number: u32) -> LeaseTerms {
    LeaseTerms {
        lease: LeaseId::new(format!("lease-{number}")),
        client: ClientId::new("client".into()),
        model: "V_2".into(),
        endpoint: "/generate".into(),
        images: 1,
        cost: MicroDollars::new(80_000),
        allowance: Allowance {
            daily_budget: Some(MicroDollars::new(2_000_000)),
            token: Some(TokenAllowance {
                id: TokenId::new("token".into()),
                images: 5,
                counted_until: NOON.plus(Millis::from_seconds(900)),
            }),
        },
    }
}

fn billed() -> Settlement {
    Settlement::Billed {
        images: 1,
        cost: MicroDollars::new(80_000),
    }
}

fn call(health: Health) -> CallReport {
    CallReport {
        health,
        latency: Millis::new(900),
        ended_at: NOON,
        polled: false,
        pending_for: Millis::ZERO,
    }
}

pub(super) fn restored(store: &LedgerStore<NativeSql>, now: UnixMillis) -> Ledger {
    Ledger::restore(LIMITS, store.load(now).unwrap(), now)
}

fn acquire(ledger: &mut Ledger, store: &LedgerStore<NativeSql>, number: u32) -> Acquisition {
    let known = store.lease(&terms(number).lease).unwrap();
    let (answer, effects) = ledger.acquire(NOON, terms(number), known.as_ref());
    store.write(effects.writes, None).unwrap();
    answer
}

fn settle(
    ledger: &mut Ledger,
    store: &LedgerStore<NativeSql>,
    number: u32,
    settlement: Settlement,
    health: Health,
) -> Effects {
    let known = store.lease(&terms(number).lease).unwrap();
    ledger.settle(NOON, &terms(number), settlement, Some(call(health)), known)
}

/// A ledger with one lease in each state.
pub(super) fn lived(store: &LedgerStore<NativeSql>) -> Ledger {
    let mut ledger = restored(store, NOON);
    let ends = [
        Some(billed()),
        Some(Settlement::Void),
        Some(Settlement::Unconfirmed),
        None,
    ];
    for (number, end) in (0..).zip(ends) {
        assert_eq!(
            acquire(&mut ledger, store, number),
            Acquisition::Now(Acquired::Granted)
        );
        if let Some(end) = end {
            let effects = settle(&mut ledger, store, number, end, Health::Working);
            store.write(effects.writes, None).unwrap();
        }
    }
    ledger
}

#[test]
fn a_restart_goes_on_from_the_rows() {
    let store = LedgerStore(NativeSql::new());
    let before = lived(&store).status();
    assert_eq!(before.in_flight_images, 2);
    assert_eq!(before.billed, MicroDollars::new(80_000));
    assert_eq!(before.unconfirmed, MicroDollars::new(80_000));
    assert_eq!(before.reserved, MicroDollars::new(80_000));
    assert_eq!(restored(&store, NOON).status(), before);
}

#[test]
fn a_lease_that_was_closed_before_the_restart_stays_closed() {
    let store = LedgerStore(NativeSql::new());
    lived(&store);
    let mut ledger = restored(&store, NOON);
    for (number, answer) in [
        (0, Acquired::Closed),
        (1, Acquired::Closed),
        (3, Acquired::Granted),
    ] {
        assert_eq!(
            acquire(&mut ledger, &store, number),
            Acquisition::Now(answer)
        );
    }
    let before = ledger.status();
    let effects = settle(&mut ledger, &store, 0, Settlement::Void, Health::Working);
    assert_eq!(effects, Effects::default(), "settled is settled, once");
    assert_eq!(ledger.status(), before);
}

#[test]
fn an_open_breaker_survives_a_restart() {
    let store = LedgerStore(NativeSql::new());
    let mut ledger = restored(&store, NOON);
    acquire(&mut ledger, &store, 0);
    let effects = settle(&mut ledger, &store, 0, Settlement::Void, Health::KeyRefused);
    store.write(effects.writes, None).unwrap();
    let status = restored(&store, NOON).status();
    assert!(matches!(status.breaker, BreakerState::Open { .. }));
    assert_eq!(status.last_call, Some(call(Health::KeyRefused)));
}

#[test]
fn a_failure_between_two_writes_leaves_none_of_them() {
    let mut failures = 0;
    for statements in 0.. {
        let store = LedgerStore(NativeSql::new());
        let mut ledger = lived(&store);
        let before = restored(&store, NOON).status();
        let effects = settle(&mut ledger, &store, 3, billed(), Health::Failing);
        let written = store
            .0
            .failing_after(statements, || store.write(effects.writes, None));
        let after = restored(&store, NOON).status();
        if written.is_ok() {
            assert_eq!(after.billed, before.billed.plus(MicroDollars::new(80_000)));
            assert_eq!(after.reserved, MicroDollars::ZERO);
            assert_eq!(after.last_call, Some(call(Health::Failing)));
            break;
        }
        assert_eq!(after, before, "after {statements} statements");
        failures += 1;
    }
    assert!(failures >= 3, "{failures} places to fail at");
}

#[test]
fn totals_that_are_not_the_sum_of_the_leases_freeze_spending() {
    let store = LedgerStore(NativeSql::new());
    lived(&store);
    store.0.batch("UPDATE totals SET billed = billed - 1");
    let frozen = restored(&store, NOON).status().frozen;
    assert_eq!(frozen, Some(Frozen::TotalsAreNotTheSumOfLeases));
}

#[test]
fn loading_twice_changes_nothing_and_every_earlier_schema_is_brought_up_to_date() {
    for version in 0..=VERSIONS.len() {
        let sql = NativeSql::new();
        let earlier = VERSIONS.iter().take(version).copied().collect::<Vec<_>>();
        migrate(&sql, &earlier).unwrap();
        let store = LedgerStore(sql);
        lived(&store);
        let before = restored(&store, NOON).status();
        assert_eq!(restored(&store, NOON).status(), before);
    }
}

#[test]
fn closed_leases_of_long_ago_are_pruned_at_the_start_and_totals_stay() {
    let store = LedgerStore(NativeSql::new());
    lived(&store);
    let later = NOON.plus(Millis::from_seconds(10 * 24 * 60 * 60));
    store.load(later).unwrap();
    assert_eq!(
        store.lease(&terms(0).lease).unwrap(),
        None,
        "billed long ago"
    );
    assert!(
        store.lease(&terms(3).lease).unwrap().is_some(),
        "still open"
    );
    let rows = store
        .0
        .run("SELECT SUM(billed) FROM totals", vec![])
        .unwrap();
    assert_eq!(unsigned(&rows[0], 0), Ok(80_000));
}

#[test]
fn a_generation_is_in_the_history_once_until_it_is_erased_however_often_it_is_told() {
    let store = LedgerStore(NativeSql::new());
    lived(&store);
    let record = Record {
        id: format!("{}-0000000000000001", "ab".repeat(32))
            .parse()
            .unwrap(),
        prompt: "a fox".into(),
        options: BTreeMap::new(),
        seeds: vec![7],
        pictures: Some(PictureFolder::from_stored("images/2026/11/21/ab/".into())),
        storing: None,
        outcome: "done".into(),
        latency: Millis::new(900),
        created_at: NOON,
    };
    let owed = Owed {
        terms: terms(0),
        settlement: billed(),
        call: None,
        record: Some(record),
    };
    for _ in 0..2 {
        store.write(vec![], Some(owed.clone())).unwrap();
    }
    let rows = store
        .0
        .run(
            "SELECT prompt, seeds, cost, outcome FROM generations",
            vec![],
        )
        .unwrap();
    let expected: Row = vec![
        "a fox".into(),
        "[7]".into(),
        80_000_i64.into(),
        "done".into(),
    ];
    assert_eq!(rows, [expected]);

    let mut kept = owed.clone();
    let keys: Vec<PictureKey> = serde_json::from_str(KEYS).unwrap();
    let pending = 0;
    let lost = 0;
    let storing = StoringReport {
        keys,
        pending,
        lost,
    };
    kept.record.as_mut().unwrap().storing = Some(storing);
    for told in [&kept, &owed] {
        store.write(vec![], Some(told.clone())).unwrap();
        let rows = store.0.run("SELECT keys FROM generations", vec![]);
        assert_eq!(
            rows.unwrap(),
            [vec![KEYS.into()]],
            "what is late takes nothing back"
        );
    }

    let id = owed.record.clone().unwrap().id;
    let recorded = store.recorded(&id).unwrap().unwrap();
    assert!(recorded.pictures.is_some());
    store.erase(&id).unwrap();
    store.write(vec![], Some(owed)).unwrap();
    let rows = store.0.run("SELECT prompt, cost FROM generations", vec![]);
    let erased: Row = vec!["".into(), 80_000_i64.into()];
    assert_eq!(rows.unwrap(), [erased], "what is told again stays erased");
}

#[test]
fn what_a_token_was_used_for_is_known_after_a_restart() {
    let store = LedgerStore(NativeSql::new());
    // One billed, one unconfirmed, one reserved, one void: three of five are gone.
    lived(&store);
    let mut ledger = restored(&store, NOON);
    for number in [10, 11] {
        let granted = acquire(&mut ledger, &store, number);
        assert_eq!(granted, Acquisition::Now(Acquired::Granted));
    }
    let refused = acquire(&mut restored(&store, NOON), &store, 12);
    let Acquisition::Now(Acquired::Refused(refusal)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refusal.reason, RefusalReason::TokenSpent);
}

#[test]
fn a_preflight_reads_back_what_it_wrote_and_leaves_no_row() {
    let store = LedgerStore(NativeSql::new());
    assert_eq!(store.preflight("first"), Ok(Some("first".to_owned())));
    assert_eq!(store.preflight("second"), Ok(Some("second".to_owned())));
    let left = store.0.run("SELECT name FROM facts", vec![]).unwrap();
    assert!(left.is_empty(), "{left:?}");
    let failed = store.0.failing_after(4, || store.preflight("third"));
    assert!(failed.is_err(), "{failed:?}");
}

//! The alerts on real SQL: a restart goes on from the rows, what a command and its alerts write is
//! written as one, and what cannot be read holds nothing up.

use domain::alert::{Alerting, Delivery, Rule, Thresholds};
use domain::ledger::{CallReport, Effects, Ledger, Limits, Status, TotalsChange, Write};
use domain::retry::Health;
use domain::time::Millis;

use super::*;
use crate::objects::native_sql::NativeSql;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(10_000_000),
    max_in_flight: 8,
    queue_limit: 100,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(300),
    unconfirmed_hold: Millis::from_seconds(205),
};
const THRESHOLDS: Thresholds = Thresholds {
    slow_seconds: 30,
    budget_percent: 80,
    credits: None,
    credits_least: MicroDollars::ZERO,
};

type Store = LedgerStore<NativeSql>;

fn new_store() -> (Store, Status) {
    let store = LedgerStore(NativeSql::new());
    let stored = store.load(NOON).unwrap();
    let status = Ledger::restore(LIMITS, stored, NOON).status();
    (store, status)
}

fn restored(store: &Store) -> Alerting {
    let stored = store.load_alerts(None).unwrap();
    Alerting::restore(THRESHOLDS, true, stored, NOON)
}

/// What a call leads to, and what the alerts make of it.
fn refused_key(alerting: &mut Alerting, status: &Status, health: Health) -> Vec<Write> {
    let call = CallReport {
        health,
        latency: Millis::ZERO,
        ended_at: NOON,
        polled: false,
        pending_for: Millis::ZERO,
    };
    let mut effects = Effects {
        writes: vec![Write::LastCall(call)],
        wakes: vec![],
    };
    alerting.hear(NOON, &effects, status);
    let judged = alerting.judge(NOON, status);
    effects
        .writes
        .extend(judged.writes.into_iter().map(Write::Alert));
    effects.writes
}

/// What is known, for comparison.
fn known(alerting: &Alerting) -> String {
    let (watch, due) = (&alerting.watch, alerting.due(NOON));
    format!(
        "{watch:?} {:?} {due:?} {}",
        alerting.alerts(),
        alerting.undelivered()
    )
}

#[test]
fn a_restart_goes_on_from_the_rows() {
    let (store, status) = new_store();
    let mut alerting = restored(&store);
    for health in [Health::KeyRefused, Health::Working, Health::KeyRefused] {
        let writes = refused_key(&mut alerting, &status, health);
        store.write(writes, None).unwrap();
        assert_eq!(known(&restored(&store)), known(&alerting));
    }
    assert_eq!(alerting.undelivered(), 3);
    for delivery in [Delivery::Failed, Delivery::Taken] {
        let id = restored(&store)
            .due(NOON.plus(Millis::from_seconds(5)))
            .unwrap()
            .notice
            .id();
        let write = alerting.tried(NOON, &id, delivery).unwrap();
        store.write(vec![Write::Alert(write)], None).unwrap();
        assert_eq!(known(&restored(&store)), known(&alerting));
    }
    assert_eq!(alerting.undelivered(), 2);
}

#[test]
fn a_failure_between_two_writes_leaves_none_of_them() {
    let mut failures = 0;
    for statements in 0.. {
        let (store, status) = new_store();
        let mut alerting = restored(&store);
        let before = known(&alerting);
        let writes = refused_key(&mut alerting, &status, Health::KeyRefused);
        let written = store
            .0
            .failing_after(statements, || store.write(writes, None));
        let call = store.load(NOON).unwrap().last_call;
        if written.is_ok() {
            assert_eq!(known(&restored(&store)), known(&alerting));
            assert!(call.is_some());
            break;
        }
        assert_eq!((known(&restored(&store)), call), (before, None));
        failures += 1;
    }
    assert!(
        failures > 4,
        "the call and its counts, the watch, the alert, the notice"
    );
}

#[test]
fn what_is_booked_since_a_day_is_the_sum_of_the_totals_from_it_on() {
    let (store, status) = new_store();
    for (day, billed, unconfirmed) in [(0, 1, 2), (1, 10, 20), (2, 100, 200)] {
        let total = TotalsChange {
            day: Day::new(status.day.get() + day),
            client: domain::ids::ClientId::new("client".into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            requests: 1,
            images: 1,
            billed,
            unconfirmed,
            refused: 0,
        };
        store.write(vec![Write::Totals(total)], None).unwrap();
    }
    let since = |day| {
        let day = Day::new(status.day.get() + day);
        store.load_alerts(Some(day)).unwrap().booked_since.get()
    };
    assert_eq!([since(0), since(1), since(2), since(3)], [333, 330, 300, 0]);
}

#[test]
fn what_another_version_wrote_holds_nothing_up() {
    let (store, status) = new_store();
    store.0.batch(
        r#"INSERT INTO alerts (rule, alert) VALUES ('of_later', '{"rule": "of_later"}');
           INSERT INTO facts (name, value) VALUES ('watch', '[]');
           INSERT INTO outbox (notice, tries, next_at) VALUES ('{}', 0, 0)"#,
    );
    let mut alerting = restored(&store);
    let writes = refused_key(&mut alerting, &status, Health::KeyRefused);
    store.write(writes, None).unwrap();
    let restored = restored(&store);
    let rules: Vec<_> = restored.alerts().iter().map(|alert| alert.rule).collect();
    assert_eq!(rules, [Rule::UpstreamAuth]);
}

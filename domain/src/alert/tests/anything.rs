//! Whatever happens, in whatever order, with restarts and a receiver that takes what it likes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::ledger::Frozen;

/// Something that happens.
#[derive(Debug, Clone)]
enum Happening {
    Call(Health, u64),
    Paid(u64),
    Unconfirmed(u64),
    Probe(bool),
    Refused,
    Kept(u32),
    Drift(bool),
    Reconciled(bool),
    Frozen(bool),
    Prompts(bool),
    Wait(u64),
    /// The receiver is tried, and takes what it is sent or not.
    Try(bool),
    /// The ledger starts again from what is stored.
    Restart,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let health = prop_oneof![
        Just(Health::Working),
        Just(Health::RateLimited),
        Just(Health::Failing),
        Just(Health::KeyRefused),
        Just(Health::NoCredits),
    ];
    prop_oneof![
        4 => (health, 0_u64..60).prop_map(|(health, length)| Call(health, length)),
        1 => (0_u64..30 * DOLLAR).prop_map(Paid),
        1 => (0_u64..5 * DOLLAR).prop_map(Unconfirmed),
        2 => any::<bool>().prop_map(Probe),
        1 => Just(Refused),
        2 => (0_u32..2).prop_map(Kept),
        2 => any::<bool>().prop_map(Drift),
        1 => any::<bool>().prop_map(Reconciled),
        2 => any::<bool>().prop_map(Frozen),
        1 => any::<bool>().prop_map(Prompts),
        2 => (0_u64..40_000).prop_map(Wait),
        4 => any::<bool>().prop_map(Try),
        1 => Just(Restart),
    ]
}

/// The rows, and what became known of the notices.
#[derive(Default)]
struct Rows {
    watch: Watch,
    alerts: BTreeMap<Rule, Alert>,
    queued: BTreeMap<u64, Queued>,
    changed: Vec<Alert>,
    delivered: Vec<Notice>,
}

impl Rows {
    fn write(&mut self, write: AlertWrite) {
        match write {
            AlertWrite::Watch(watch) => self.watch = watch,
            AlertWrite::Alert(alert) => {
                self.alerts.insert(alert.rule, alert);
            }
            AlertWrite::Outbox(OutboxWrite::Put(queued)) => {
                self.queued.insert(queued.number, queued);
            }
            AlertWrite::Outbox(OutboxWrite::Delete(number)) => {
                self.queued.remove(&number);
            }
        }
    }
}

fn happens(bench: &mut Bench, rows: &mut Rows, happening: Happening) {
    match happening {
        Happening::Call(health, length) => drop(bench.call(health, seconds(length))),
        Happening::Paid(cost) => drop(bench.paid(cost)),
        Happening::Unconfirmed(cost) => drop(bench.unconfirmed(cost)),
        Happening::Probe(well) => bench.probe(Some(if well {
            Health::Working
        } else {
            Health::Failing
        })),
        Happening::Refused => bench.refuse(RefusalReason::DailyBudget),
        Happening::Kept(lost) => bench.alerting.watch.kept(Kept { pending: 0, lost }),
        Happening::Drift(drifts) => bench.dearer(if drifts { &["V_2"] } else { &[] }),
        Happening::Reconciled(agrees) => {
            bench.reconcile(1, Usage::Total(dollars(if agrees { 1 } else { 2 })));
        }
        Happening::Frozen(frozen) => {
            bench.status.frozen = frozen.then_some(Frozen::TotalsBelowZero);
        }
        Happening::Prompts(rejected) => {
            bench.end(if rejected { "prompt_rejected" } else { "done" }, 20);
        }
        Happening::Wait(length) => drop(bench.wait(seconds(length))),
        Happening::Try(taken) => try_one(bench, rows, taken),
        Happening::Restart => {
            let stored = StoredAlerts {
                watch: rows.watch.clone(),
                alerts: rows.alerts.values().cloned().collect(),
                queued: rows.queued.values().cloned().collect(),
                booked_since: MicroDollars::ZERO,
            };
            bench.alerting = Alerting::restore(thresholds(), true, stored, bench.now);
        }
    }
    let judged = bench.alerting.judge(bench.now, &bench.status);
    judged
        .writes
        .into_iter()
        .for_each(|write| rows.write(write));
    rows.changed.extend(judged.changed);
}

fn try_one(bench: &mut Bench, rows: &mut Rows, taken: bool) {
    let Some(due) = bench.alerting.due(bench.now) else {
        return;
    };
    let (notice, now) = (due.notice.clone(), bench.now);
    let delivery = if taken {
        Delivery::Taken
    } else {
        Delivery::Failed
    };
    let write = bench.alerting.tried(now, &notice.id(), delivery);
    rows.write(write.expect("what is tried is there"));
    if taken {
        rows.delivered.push(notice);
    } else {
        assert!(
            bench
                .alerting
                .tell_at()
                .is_some_and(|at| { at <= now.plus(seconds(600)) })
        );
    }
}

proptest! {
    #[test]
    fn whatever_happens_alerts_fire_and_resolve_by_turns_and_each_change_is_told_once_in_order(
        happenings in proptest::collection::vec(happening(), 1..300),
    ) {
        let (mut bench, mut rows) = (Bench::new(), Rows::default());
        for happening in happenings {
            happens(&mut bench, &mut rows, happening);
        }
        // In the end the receiver takes everything.
        while bench.alerting.undelivered() > 0 {
            bench.wait(seconds(600));
            while bench.alerting.due(bench.now).is_some() {
                try_one(&mut bench, &mut rows, true);
            }
        }
        prop_assert!(rows.queued.is_empty());
        let ids: BTreeSet<_> = rows.delivered.iter().map(Notice::id).collect();
        prop_assert_eq!(ids.len(), rows.delivered.len());
        for rule in Rule::ALL {
            let changed: Vec<_> = rows.changed.iter().filter(|one| one.rule == *rule).collect();
            for (index, alert) in changed.iter().enumerate() {
                let fires = index % 2 == 0;
                prop_assert_eq!(alert.state == AlertState::Firing, fires, "{:?}", alert);
            }
            let told = rows.delivered.iter().filter(|one| one.alert.rule == *rule);
            let told: Vec<_> = told.collect();
            let mut changes = 0;
            for (index, notice) in told.iter().enumerate() {
                changes += notice.skipped + 1;
                prop_assert_eq!(notice.alert.changes, changes);
                prop_assert_eq!(notice.alert.state == AlertState::Firing, index % 2 == 0);
                prop_assert_eq!(&notice.alert, changed[usize::try_from(changes).unwrap() - 1]);
            }
            prop_assert_eq!(changes, changed.len() as u64);
        }
    }
}

#[test]
fn a_receiver_that_takes_nothing_is_tried_ever_less_often_and_little_waits_for_it() {
    let mut bench = Bench::new();
    let mut rows = Rows::default();
    for change in 0..101 {
        happens(&mut bench, &mut rows, Happening::Frozen(change % 2 == 0));
    }
    assert_eq!(rows.changed.len(), 101);
    assert!(rows.queued.len() <= 16, "{}", rows.queued.len());
    let mut waits = vec![];
    for _ in 0..9 {
        try_one(&mut bench, &mut rows, false);
        let wait = bench.alerting.tell_at().unwrap().since(bench.now);
        bench.wait(wait);
        waits.push(wait.seconds_rounded_up());
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
    while bench.alerting.undelivered() > 0 {
        try_one(&mut bench, &mut rows, true);
    }
    let told: u64 = rows.delivered.iter().map(|notice| notice.skipped + 1).sum();
    assert_eq!(told, 101);
    assert_eq!(rows.delivered.first().unwrap().alert.changes, 1);
    assert_eq!(rows.delivered.last().unwrap().alert.changes, 101);
}

//! What probes, looks at prices and the time that calls take change in the ledger, and what they do not.

use super::*;
use crate::quote::PriceWatch;
use crate::reconciliation::{Reconciliation, Usage};

fn refused(stand: &mut Stand, lease: &str) -> Option<RefusalReason> {
    refused_as(stand.acquire(lease, 1))
}

#[test]
fn a_probe_whose_key_is_accepted_ends_the_time_without_requests_at_once() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.settle("a1", 1, Settlement::Void, Some(Health::KeyRefused));
    assert_eq!(refused(&mut stand, "a2"), Some(RefusalReason::UpstreamAuth));
    stand.probe(Err(FailureCode::UpstreamAuth));
    assert_eq!(refused(&mut stand, "a3"), Some(RefusalReason::UpstreamAuth));
    stand.probe(Ok(()));
    stand.restart();
    assert_eq!(stand.acquire("a4", 1), granted());
    stand.check();
}

#[test]
fn a_probe_closes_nothing_that_is_open_for_another_reason_and_opens_nothing() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.settle("a1", 1, Settlement::Void, Some(Health::NoCredits));
    stand.probe(Ok(()));
    assert_eq!(refused(&mut stand, "a2"), Some(RefusalReason::NoCredits));

    let mut stand = Stand::new(LIMITS);
    for _ in 0..9 {
        stand.probe(Err(FailureCode::UpstreamAuth));
        stand.probe(Err(FailureCode::UpstreamTimeout));
    }
    assert_eq!(stand.acquire("a1", 1), granted());
}

#[test]
fn the_last_probe_is_known_after_a_restart_and_counts_as_no_call() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.ledger.status().last_probe, None);
    let effects = stand.probe(Ok(()));
    assert!(
        matches!(&effects.writes[..], [Write::Probe(_)]),
        "{effects:?}"
    );
    stand.restart();
    let status = stand.ledger.status();
    assert_eq!(status.last_probe.map(|probe| probe.at), Some(NOON));
    assert_eq!(status.last_call, None);
}

#[test]
fn a_look_at_prices_is_stored() {
    let mut stand = Stand::new(LIMITS);
    let watch = PriceWatch::default();
    let effects = stand.ledger.quoted(NOON, watch.clone());
    assert_eq!(effects.writes, [Write::PriceWatch(watch)]);
}

#[test]
fn a_reconciliation_is_stored() {
    let mut stand = Stand::new(LIMITS);
    let reconciliation = Reconciliation {
        day: NOON.day(),
        at: NOON,
        billed: MicroDollars::ZERO,
        unconfirmed: MicroDollars::ZERO,
        at_midnight: MicroDollars::ZERO,
        usage: Usage::NotAllowed,
    };
    let effects = stand.ledger.reconciled(NOON, reconciliation);
    assert_eq!(effects.writes, [Write::Reconciliation(reconciliation)]);
}

/// Eight pictures one after another, whose calls are like this one.
fn settle_eight(stand: &mut Stand, like: CallReport) {
    for number in 0..8 {
        let terms = Stand::terms(&format!("t{number}"), 1);
        stand.acquire(terms.lease.as_str(), 1);
        for _ in 0..2 {
            let known = stand.leases.get(&terms.lease).cloned();
            let (void, call) = (Settlement::Void, Some(like));
            let effects = stand.ledger.settle(stand.now, &terms, void, call, known);
            stand.apply(effects);
        }
    }
}

#[test]
fn calls_that_were_polled_and_worked_teach_how_long_a_model_takes_and_no_others_do() {
    let seconds = Millis::from_seconds;
    let polled = CallReport {
        health: Health::Working,
        latency: seconds(10),
        ended_at: NOON,
        polled: true,
        pending_for: seconds(9),
    };
    let answered_on_the_call = CallReport {
        polled: false,
        ..polled
    };
    let failed = CallReport {
        health: Health::RateLimited,
        ..polled
    };
    for teaches_nothing in [answered_on_the_call, failed] {
        let mut stand = Stand::new(LIMITS);
        settle_eight(&mut stand, teaches_nothing);
        assert_eq!(stand.times, Times::default());
    }
    let mut stand = Stand::new(LIMITS);
    settle_eight(&mut stand, polled);
    stand.restart();
    let paces = stand.ledger.paces();
    assert!(paces.of("V_2").is_some(), "{paces:?}");
    assert_eq!(paces.of("V_3"), None);
    let mut once = Times::default();
    for _ in 0..8 {
        once.heard("V_2", polled.pending_for, polled.latency);
    }
    assert_eq!(stand.times, once, "what is told again is learned once");
}

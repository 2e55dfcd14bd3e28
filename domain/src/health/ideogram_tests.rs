//! How Ideogram is by probe, breaker and calls, and what weighs more.

use super::*;
use crate::failure::FailureCode;
use crate::health::tests::status;
use crate::ids::LeaseId;
use crate::ledger::CallReport;

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);
const OPEN: BreakerState = BreakerState::Open {
    reason: BreakerReason::UpstreamAuth,
    until: NOW,
    openings: 1,
};

fn probe(minutes_ago: u64, outcome: Result<(), FailureCode>) -> Probe {
    let at = NOW.minus(Millis::from_seconds(minutes_ago * 60));
    Probe::of_generation(at, Millis::new(700), outcome)
}

fn probed(probe: Option<Probe>, change: impl FnOnce(&mut Status)) -> IdeogramHealth {
    let mut status = status();
    status.last_probe = probe;
    change(&mut status);
    IdeogramHealth::of(Some(&status), true, NOW)
}

fn call(seconds_ago: u64, health: Health) -> Option<CallReport> {
    Some(CallReport {
        health,
        latency: Millis::new(900),
        ended_at: NOW.minus(Millis::from_seconds(seconds_ago)),
        polled: false,
        pending_for: Millis::ZERO,
    })
}

#[test]
fn it_is_as_the_last_probe_found_it() {
    for (outcome, condition) in [
        (Ok(()), Condition::Healthy),
        (Err(FailureCode::Busy), Condition::Degraded),
        (Err(FailureCode::NoCredits), Condition::Down),
    ] {
        let probe = probe(15, outcome);
        let health = probed(Some(probe.clone()), |_| {});
        assert_eq!(health.condition, condition);
        assert_eq!(health.details, probe.details);
        assert_eq!(health.latency, Some(probe.latency));
        assert_eq!(health.checked_at, Some(probe.at));
    }
}

#[test]
fn never_probed_is_told_and_not_held_against_it() {
    let health = probed(None, |status| status.last_call = call(9, Health::Working));
    assert_eq!(health.condition, Condition::Healthy);
    assert_eq!(health.details, "not probed yet");
    assert_eq!(health.latency, Some(Millis::new(900)));
    let silent = IdeogramHealth::of(None, true, NOW);
    assert_eq!(silent.condition, Condition::Unknown);
}

#[test]
fn a_probe_older_than_fifteen_minutes_is_stale_whatever_it_found() {
    for outcome in [Ok(()), Err(FailureCode::NoCredits)] {
        let health = probed(Some(probe(16, outcome)), |_| {});
        assert_eq!(health.condition, Condition::Degraded);
        assert!(health.details.contains("stopped"), "{}", health.details);
    }
    let mut status = status();
    status.last_probe = Some(probe(16, Err(FailureCode::NoCredits)));
    let off = IdeogramHealth::of(Some(&status), false, NOW);
    assert_eq!(off.condition, Condition::Healthy);
    assert_eq!(off.details, "not probed: HEALTH_PROBE is off");
    assert_eq!(off.checked_at, None);
}

#[test]
fn a_call_that_went_well_since_outweighs_the_probe_and_no_other_does() {
    let refused = probe(5, Err(FailureCode::UpstreamAuth));
    let with_call = |call| probed(Some(refused.clone()), |status| status.last_call = call);
    let since = with_call(call(60, Health::Working));
    assert_eq!(since.condition, Condition::Healthy);
    assert!(since.details.contains("went well"), "{}", since.details);
    for call in [call(301, Health::Working), call(60, Health::Failing)] {
        assert_eq!(with_call(call).condition, Condition::Down);
    }
}

#[test]
fn the_breaker_counts_whatever_the_probe_found() {
    let half_open = BreakerState::HalfOpen {
        reason: BreakerReason::Failing,
        probe: LeaseId::new("1".into()),
        openings: 1,
    };
    for (breaker, condition) in [(OPEN, Condition::Down), (half_open, Condition::Degraded)] {
        let health = probed(Some(probe(1, Ok(()))), |status| status.breaker = breaker);
        assert_eq!(health.condition, condition);
        assert!(health.details.contains("since"), "{}", health.details);
    }
}

#[test]
fn switched_off_is_told_first() {
    let health = probed(Some(probe(1, Err(FailureCode::NoCredits))), |status| {
        status.enabled = false;
    });
    assert_eq!(health.condition, Condition::Disabled);
    assert!(health.details.starts_with("generation is switched off; "));
}

//! How Ideogram is: what the last probe found, what the breaker makes of real calls, and whether a
//! call has gone well since. It is judged from what is known; nobody is asked for it.

use super::{Condition, Probe};
use crate::ledger::{BreakerReason, BreakerState, Status};
use crate::retry::Health;
use crate::time::{Millis, UnixMillis};

/// Probes come every 5 minutes; after three that did not come something is amiss.
const STALE: Millis = Millis::from_seconds(15 * 60);

/// How Ideogram is, and since when that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeogramHealth {
    /// In a word.
    pub condition: Condition,
    /// In words, a sentence for each thing that is known.
    pub details: String,
    /// How long the last probe took; without one the last call.
    pub latency: Option<Millis>,
    /// When that was.
    pub checked_at: Option<UnixMillis>,
}

impl IdeogramHealth {
    /// By the ledger's word, if there is one. `probing` is whether the operator wants probes.
    #[must_use]
    pub fn of(status: Option<&Status>, probing: bool, now: UnixMillis) -> Self {
        let Some(status) = status else {
            return Self {
                condition: Condition::Unknown,
                details: "the ledger did not answer".to_owned(),
                latency: None,
                checked_at: None,
            };
        };
        let probe = status.last_probe.as_ref().filter(|_| probing);
        let (probed, found) = match probe {
            Some(probe) => by_probe(probe, status, now),
            None if probing => (Condition::Healthy, "not probed yet".to_owned()),
            None => (
                Condition::Healthy,
                "not probed: HEALTH_PROBE is off".to_owned(),
            ),
        };
        let (breaker, left_alone) = by_breaker(&status.breaker);
        let mut details = vec![found];
        details.extend(left_alone);
        let condition = if status.enabled {
            worse(probed, breaker)
        } else {
            details.insert(0, "generation is switched off".to_owned());
            Condition::Disabled
        };
        let last_call = status.last_call;
        Self {
            condition,
            details: details.join("; "),
            latency: probe
                .map(|probe| probe.latency)
                .or(last_call.map(|call| call.latency)),
            checked_at: probe
                .map(|probe| probe.at)
                .or(last_call.map(|call| call.ended_at)),
        }
    }
}

fn by_probe(probe: &Probe, status: &Status, now: UnixMillis) -> (Condition, String) {
    let found = &probe.details;
    let well_since = status.last_call.filter(|call| {
        call.health == Health::Working && call.ended_at > probe.at.plus(probe.latency)
    });
    if probe.condition != Condition::Healthy
        && let Some(call) = well_since
    {
        let at = call.ended_at.to_rfc3339();
        let details = format!("a call went well at {at}, after the last probe: {found}");
        return (Condition::Healthy, details);
    }
    if now.since(probe.at) > STALE {
        let at = probe.at.to_rfc3339();
        let details = format!("probes have stopped coming; the last one was at {at}: {found}");
        return (Condition::Degraded, details);
    }
    (probe.condition, found.clone())
}

fn by_breaker(breaker: &BreakerState) -> (Condition, Option<String>) {
    match breaker {
        BreakerState::Closed => (Condition::Healthy, None),
        BreakerState::HalfOpen { reason, .. } => {
            let details = format!("tried again with one request, since {}", because(*reason));
            (Condition::Degraded, Some(details))
        }
        BreakerState::Open { reason, until, .. } => {
            let (reason, until) = (because(*reason), until.to_rfc3339());
            let details = format!("left alone until {until}, since {reason}");
            (Condition::Down, Some(details))
        }
    }
}

const fn because(reason: BreakerReason) -> &'static str {
    match reason {
        BreakerReason::Failing => "calls kept failing",
        BreakerReason::UpstreamAuth => "it refused the gateway's key",
        BreakerReason::NoCredits => "the account has no credit left",
    }
}

const fn worse(one: Condition, other: Condition) -> Condition {
    match (one, other) {
        (Condition::Down, _) | (_, Condition::Down) => Condition::Down,
        (Condition::Healthy, Condition::Healthy) => Condition::Healthy,
        _ => Condition::Degraded,
    }
}

#[cfg(test)]
#[path = "ideogram_tests.rs"]
mod tests;

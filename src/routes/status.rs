//! `GET /admin/status`: money, places, queue, breaker and the last probe, as the ledger has them now.

use domain::failure::FailureCode;
use domain::health::Probe;
use domain::ledger::{CallReport, Status};
use serde_json::{Value, json};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::health::breaker;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::log;
use crate::objects::{CallFailed, LedgerClient};

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let allowed = visit.config()?.limits.enabled;
    let status = LedgerClient(visit.env).status().await.map_err(no_answer)?;
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&render(&status, allowed))?)
}

/// What the operator is told when the ledger cannot be asked.
pub fn no_answer(error: CallFailed) -> Refused {
    log::fault("ledger", &error.0);
    let sentence = "the ledger did not answer; try again";
    Refused::new(FailureCode::Busy, sentence).with_header("retry-after", "5")
}

fn render(status: &Status, allowed: bool) -> Value {
    let committed = status.billed.plus(status.reserved).plus(status.unconfirmed);
    json!({
        "day": status.day.to_string(),
        "enabled": status.enabled,
        "mode": status.mode.to_json(allowed),
        "frozen": status.frozen,
        "budget_usd": status.budget.to_dollars_json(),
        "spent_usd": status.billed.to_dollars_json(),
        "reserved_usd": status.reserved.to_dollars_json(),
        "unconfirmed_usd": status.unconfirmed.to_dollars_json(),
        "remaining_usd": status.budget.minus(committed).to_dollars_json(),
        "in_flight_images": status.in_flight_images,
        "in_flight_limit": status.in_flight_limit,
        "queued": status.queued,
        "breaker": breaker(&status.breaker),
        "last_call": status.last_call.map(call),
        "last_probe": status.last_probe.as_ref().map(Probe::to_json),
    })
}

fn call(call: CallReport) -> Value {
    json!({
        "outcome": call.health,
        "latency_ms": call.latency,
        "ended_at": call.ended_at.to_rfc3339(),
    })
}

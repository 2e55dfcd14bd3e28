//! `GET /health`: whether the gateway and what it stands on are well. Open to all, costs nothing,
//! never calls Ideogram; the parts are asked at most every 5 s an isolate.

use std::cell::RefCell;

use domain::ledger::{BreakerState, Status};
use domain::time::{Millis, UnixMillis};
use futures_util::future::join3;
use serde_json::{Value, json};
use worker::{Env, Response, ResponseBuilder};

use super::Visit;
use crate::clock::now;
use crate::config::WrongSetting;
use crate::deadline::within;
use crate::error::Refused;
use crate::objects::LedgerClient;
use crate::storage::{images, results};

const FRESH: Millis = Millis::from_seconds(5);
/// A part that takes longer than this is not well.
const PATIENCE: Millis = Millis::from_seconds(3);
/// Never written; only whether it can be asked for matters.
const PROBE_KEY: &str = "health";

thread_local! {
    static LAST: RefCell<Option<Parts>> = const { RefCell::new(None) };
}

/// What was found out, and when.
#[derive(Clone)]
struct Parts {
    checked_at: UnixMillis,
    ledger: Option<Status>,
    cache: bool,
    images: bool,
}

pub async fn get(visit: &mut Visit<'_>) -> Result<Response, Refused> {
    let no_errors = vec![];
    let errors = visit.config.as_ref().err().unwrap_or(&no_errors);
    let parts = parts(visit.env).await;
    let ideogram = ideogram(parts.ledger.as_ref());
    let spending = parts
        .ledger
        .as_ref()
        .is_some_and(|status| status.frozen.is_none());
    let down = !errors.is_empty() || !spending || ideogram == "down";
    let degraded = ideogram != "healthy" || !parts.cache || !parts.images;
    let status = match (down, degraded) {
        (true, _) => "down",
        (false, true) => "degraded",
        (false, false) => "healthy",
    };
    Ok(ResponseBuilder::new()
        .with_status(if down { 503 } else { 200 })
        .with_header("cache-control", "no-store")?
        .from_json(&render(status, ideogram, &parts, errors))?)
}

async fn parts(env: &Env) -> Parts {
    let fresh = LAST.with_borrow(|last| {
        let last = last.as_ref()?;
        (now().since(last.checked_at) < FRESH).then(|| last.clone())
    });
    if let Some(parts) = fresh {
        return parts;
    }
    let cache = async {
        results(env)?
            .get(PROBE_KEY)
            .text()
            .await
            .map_err(worker::Error::from)
    };
    let images = async { images(env)?.head(PROBE_KEY).await };
    let (ledger, cache, images) = join3(
        within(PATIENCE, LedgerClient(env).status()),
        within(PATIENCE, cache),
        within(PATIENCE, images),
    )
    .await;
    let parts = Parts {
        checked_at: now(),
        ledger: ledger.and_then(Result::ok),
        cache: cache.is_some_and(|answer| answer.is_ok()),
        images: images.is_some_and(|answer| answer.is_ok()),
    };
    LAST.set(Some(parts.clone()));
    parts
}

/// How Ideogram is, by what the ledger knows of it.
fn ideogram(ledger: Option<&Status>) -> &'static str {
    match ledger.map(|status| (status.enabled, &status.breaker)) {
        None => "unknown",
        Some((false, _)) => "disabled",
        Some((true, BreakerState::Closed)) => "healthy",
        Some((true, BreakerState::HalfOpen { .. })) => "degraded",
        Some((true, BreakerState::Open { .. })) => "down",
    }
}

fn breaker(state: &BreakerState) -> Value {
    match state {
        BreakerState::Closed => json!({"state": "closed"}),
        BreakerState::Open { reason, until, .. } => {
            json!({"state": "open", "reason": reason, "until": until.to_rfc3339()})
        }
        BreakerState::HalfOpen { reason, .. } => json!({"state": "half_open", "reason": reason}),
    }
}

fn render(status: &str, ideogram: &str, parts: &Parts, errors: &[WrongSetting]) -> Value {
    let well = |well: bool| json!({"status": if well { "healthy" } else { "down" }});
    let ledger = parts.ledger.as_ref();
    let last_call = ledger.and_then(|status| status.last_call);
    json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "checked_at": parts.checked_at.to_rfc3339(),
        "services": {
            "ideogram": {
                "status": ideogram,
                "enabled": ledger.map(|status| status.enabled),
                "breaker": ledger.map(|status| breaker(&status.breaker)),
                "last_outcome": last_call.map(|call| call.health),
                "latency_ms": last_call.map(|call| call.latency),
                "checked_at": last_call.map(|call| call.ended_at.to_rfc3339()),
            },
            "ledger": {
                "status": match ledger {
                    None => "down",
                    Some(status) if status.frozen.is_some() => "frozen",
                    Some(_) => "healthy",
                },
                "frozen": ledger.and_then(|status| status.frozen),
            },
            "cache": well(parts.cache),
            "images": well(parts.images),
            "config": {
                "status": if errors.is_empty() { "healthy" } else { "down" },
                "errors": errors,
            },
        },
    })
}

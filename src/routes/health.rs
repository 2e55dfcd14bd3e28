//! `GET /health`: whether the gateway and what it stands on are well. Open to all, costs nothing,
//! never calls Ideogram; the parts are asked at most every 5 s an isolate.

use std::cell::RefCell;

use domain::health::{Condition, IdeogramHealth, Parts};
use domain::ledger::{BreakerState, Mode, Status};
use domain::time::{Millis, UnixMillis};
use futures_util::future::join3;
use serde_json::{Value, json};
use worker::{Env, Response, ResponseBuilder};

use super::Visit;
use crate::clock::now;
use crate::config::{HealthProbe, WrongSetting};
use crate::deadline::within;
use crate::error::Refused;
use crate::objects::LedgerClient;
use crate::screening;
use crate::storage::{images, results};

const FRESH: Millis = Millis::from_seconds(5);
/// A part that takes longer than this is not well.
const PATIENCE: Millis = Millis::from_seconds(3);
/// Never written; only whether it can be asked for matters.
const PROBE_KEY: &str = "health";

thread_local! {
    static LAST: RefCell<Option<Found>> = const { RefCell::new(None) };
}

/// What was found out, and when.
#[derive(Clone)]
struct Found {
    checked_at: UnixMillis,
    ledger: Option<Status>,
    cache: bool,
    images: bool,
}

pub async fn get(visit: &mut Visit<'_>) -> Result<Response, Refused> {
    let mut errors = visit.config.err().unwrap_or_default().to_vec();
    if let Ok(config) = visit.config
        && let Some(Some(problem)) = within(PATIENCE, screening::problem(visit.env, config)).await
    {
        errors.push(WrongSetting::content_policy(problem));
    }
    let found = found(visit.env).await;
    let probing = visit
        .config
        .is_ok_and(|config| config.health_probe != HealthProbe::Off);
    let parts = Parts {
        settings: errors.is_empty(),
        ledger: found.ledger.as_ref(),
        ideogram: IdeogramHealth::of(found.ledger.as_ref(), probing, now()),
        cache: found.cache,
        images: found.images,
    };
    let status = if parts.overall() == Condition::Down {
        503
    } else {
        200
    };
    Ok(ResponseBuilder::new()
        .with_status(status)
        .with_header("cache-control", "no-store")?
        .from_json(&render(&parts, found.checked_at, &errors))?)
}

async fn found(env: &Env) -> Found {
    let fresh = LAST.with_borrow(|last| {
        let last = last.as_ref()?;
        (now().since(last.checked_at) < FRESH).then(|| last.clone())
    });
    if let Some(found) = fresh {
        return found;
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
    let found = Found {
        checked_at: now(),
        ledger: ledger.and_then(Result::ok),
        cache: cache.is_some_and(|answer| answer.is_ok()),
        images: images.is_some_and(|answer| answer.is_ok()),
    };
    LAST.set(Some(found.clone()));
    found
}

/// The breaker, as it is told.
pub fn breaker(state: &BreakerState) -> Value {
    match state {
        BreakerState::Closed => json!({"state": "closed"}),
        BreakerState::Open { reason, until, .. } => {
            json!({"state": "open", "reason": reason, "until": until.to_rfc3339()})
        }
        BreakerState::HalfOpen { reason, .. } => json!({"state": "half_open", "reason": reason}),
    }
}

/// The operator's word; why, and whose, is nobody else's business.
fn mode(mode: &Mode) -> Value {
    json!({"enabled": mode.enabled, "since": mode.since.map(UnixMillis::to_rfc3339)})
}

fn render(parts: &Parts<'_>, checked_at: UnixMillis, errors: &[WrongSetting]) -> Value {
    let well = |well| {
        if well {
            Condition::Healthy
        } else {
            Condition::Down
        }
    };
    let ledger = parts.ledger;
    let last_call = ledger.and_then(|status| status.last_call);
    let ideogram = &parts.ideogram;
    json!({
        "status": parts.overall(),
        "version": env!("CARGO_PKG_VERSION"),
        "checked_at": checked_at.to_rfc3339(),
        "services": {
            "ideogram": {
                "status": ideogram.condition,
                "details": ideogram.details,
                "enabled": ledger.map(|status| status.enabled),
                "mode": ledger.map(|status| mode(&status.mode)),
                "breaker": ledger.map(|status| breaker(&status.breaker)),
                "last_outcome": last_call.map(|call| call.health),
                "latency_ms": ideogram.latency,
                "checked_at": ideogram.checked_at.map(UnixMillis::to_rfc3339),
            },
            "ledger": {
                "status": parts.ledger(),
                "frozen": ledger.and_then(|status| status.frozen),
            },
            "cache": {"status": well(parts.cache)},
            "images": {"status": well(parts.images)},
            "config": {"status": well(parts.settings), "errors": errors},
        },
    })
}

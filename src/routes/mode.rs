//! `GET` and `PUT /admin/mode`: whether pictures may be made at all. The operator switches at once,
//! without a deploy; the ledger remembers, and the setting `IDEOGRAM_ENABLED` has to allow it as well.

use domain::failure::FailureCode;
use domain::ledger::{Mode, ModeChange};
use domain::time::UnixMillis;
use serde_json::json;
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use crate::access::authenticate_operator;
use crate::config::Config;
use crate::error::Refused;
use crate::log;
use crate::objects::{CallFailed, LedgerClient};

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    authenticate_operator(visit.env, config, request).await?;
    let mode = LedgerClient(visit.env).mode().await;
    render(config, &mode.map_err(no_answer)?)
}

pub async fn put(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    authenticate_operator(visit.env, config, request).await?;
    let change = ModeChange::parse(&read_json(request).await?)?;
    let mode = LedgerClient(visit.env).set_mode(&change).await;
    render(config, &mode.map_err(no_answer)?)
}

fn render(config: &Config, mode: &Mode) -> Result<Response, Refused> {
    let body = json!({
        "enabled": mode.enabled,
        "reason": mode.reason,
        "by": mode.by,
        "since": mode.since.map(UnixMillis::to_rfc3339),
        "ideogram_enabled": config.limits.enabled,
    });
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&body)?)
}

fn no_answer(error: CallFailed) -> Refused {
    log::fault("ledger", &error.0);
    let sentence = "the ledger did not answer; send the same request again";
    Refused::new(FailureCode::Busy, sentence).with_header("retry-after", "1")
}

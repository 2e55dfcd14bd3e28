//! `GET` and `PUT /admin/mode`: whether pictures may be made at all. The operator switches at once,
//! without a deploy; the ledger remembers, and the setting `IDEOGRAM_ENABLED` has to allow it as well.

use domain::ledger::{Mode, ModeChange};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use super::status::no_answer;
use crate::access::authenticate_operator;
use crate::config::Config;
use crate::error::Refused;
use crate::objects::LedgerClient;

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
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&mode.to_json(config.limits.enabled))?)
}

//! `GET /admin/alerts`: what somebody should hear of, and what is over.

use domain::failure::FailureCode;
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::log;
use crate::objects::LedgerClient;

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let alerts = LedgerClient(visit.env).alerts().await.map_err(|error| {
        log::fault("ledger", &error.0);
        let sentence = "the ledger did not answer; try again shortly";
        Refused::new(FailureCode::Busy, sentence).with_header("retry-after", "5")
    })?;
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&alerts)?)
}

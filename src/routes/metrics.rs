//! `GET /metrics`: what Prometheus reads, as OpenMetrics text. For the operator; Prometheus sends the
//! key as a bearer token. What this isolate has gathered goes along with the question, so that the
//! answer has it.

use domain::failure::FailureCode;
use domain::metrics::{CONTENT_TYPE, render};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::objects::LedgerClient;
use crate::{gathered, log};

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let figures = LedgerClient(visit.env).metrics(&gathered::take()).await;
    let figures = figures.map_err(|error| {
        log::fault("ledger", &error.0);
        Refused::new(
            FailureCode::Busy,
            "the ledger, which counts, did not answer",
        )
        .with_header("retry-after", "5")
    })?;
    let text = render(figures, env!("CARGO_PKG_VERSION"));
    let text = text.map_err(|error| worker::Error::from(error.to_string()))?;
    Ok(ResponseBuilder::new()
        .with_header("content-type", CONTENT_TYPE)?
        .with_header("cache-control", "no-store")?
        .fixed(text.into_bytes()))
}

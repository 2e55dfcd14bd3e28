//! `GET` and `POST /admin/reconciliations`: what each day came to by Ideogram's account and by the
//! ledger's, and the same of one day now.

use domain::failure::FailureCode;
use domain::reconciliation::Reconciliation;
use domain::report::Days;
use serde_json::{Value, json};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use super::query::parameters;
use super::status::no_answer;
use crate::access::authenticate_operator;
use crate::clock::now;
use crate::error::Refused;
use crate::objects::LedgerClient;
use crate::watch::{NotReconciled, reconcile};

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let days = Days::parse(&parameters(request)?, now().day())?;
    let reconciliations = LedgerClient(visit.env).reconciliations(days).await;
    let reconciliations = reconciliations.map_err(no_answer)?;
    let shown: Vec<_> = reconciliations
        .iter()
        .map(Reconciliation::to_json)
        .collect();
    render(&json!({ "reconciliations": shown }))
}

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    authenticate_operator(visit.env, config, request).await?;
    let day = Reconciliation::day_asked(&read_json(request).await?, now().day())?;
    let reconciled = reconcile(visit.env, config, day).await;
    let reconciled = reconciled.map_err(|problem| match problem {
        NotReconciled::ByIdeogram(why) => Refused::new(FailureCode::UpstreamError, why),
        NotReconciled::ByLedger(error) => no_answer(error),
    })?;
    render(&reconciled.to_json())
}

fn render(answer: &Value) -> Result<Response, Refused> {
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(answer)?)
}

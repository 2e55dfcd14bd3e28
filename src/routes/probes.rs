//! `GET /admin/probes`: what was found of Ideogram's health in the last 30 days, the newest first.

use domain::report::ProbeQuery;
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::query::parameters;
use super::status::no_answer;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::objects::LedgerClient;

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let query = ProbeQuery::parse(&parameters(request)?)?;
    let probes = LedgerClient(visit.env).probes(query).await;
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&query.page(&probes.map_err(no_answer)?))?)
}

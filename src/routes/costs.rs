//! `GET /admin/costs`: what was spent and saved, by day, model, client and endpoint, in JSON or CSV.

use domain::report::{CostQuery, CostReport, Format};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::query::parameters;
use super::status::no_answer;
use crate::access::authenticate_operator;
use crate::clock::now;
use crate::error::Refused;
use crate::objects::LedgerClient;

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    authenticate_operator(visit.env, config, request).await?;
    let (query, format) = CostQuery::parse(&parameters(request)?, now().day())?;
    let accept = request.headers().get("accept")?.unwrap_or_default();
    let costs = LedgerClient(visit.env).costs(&query).await;
    let costs = costs.map_err(no_answer)?;
    let budget = config.limits.daily_budget;
    let report = CostReport::new(query, costs, &config.prices, budget, now())?;
    let answer = ResponseBuilder::new().with_header("cache-control", "no-store")?;
    Ok(match format.unwrap_or_else(|| Format::accepted(&accept)) {
        Format::Json => answer.from_json(&report.to_json())?,
        Format::Csv => answer
            .with_header("content-type", "text/csv; charset=utf-8; header=present")?
            .fixed(report.to_csv().into_bytes()),
    })
}

//! `GET /admin/generations`: the history, page by page, the newest first.

use domain::report::{HistoryPage, HistoryQuery};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::query::parameters;
use super::status::no_answer;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::objects::LedgerClient;

pub async fn get(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let query = HistoryQuery::parse(&parameters(request)?)?;
    let found = LedgerClient(visit.env).history(&query).await;
    let page = HistoryPage::new(found.map_err(no_answer)?, query.limit);
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&page.to_json())?)
}

//! `POST /admin/restore`: after the ledger's storage was lost, the history is made again from the
//! labels of the kept pictures, a page of them a call: `{"cursor"?}` → `{"restored", "known",
//! "skipped", "next"?}`. Whatever the history knows stays as it is, so it can be called at any time.

use domain::failure::FailureCode;
use domain::restoring::{by_generation, parse_cursor};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::log;
use crate::objects::LedgerClient;
use crate::storage::list_pictures;

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let cursor = parse_cursor(&read_json(request).await?)?;
    let page = list_pictures(visit.env, cursor).await;
    let page = page.map_err(|error| failed(&error.to_string()))?;
    let generations = by_generation(page.remembered);
    let told = LedgerClient(visit.env).restore(&generations).await;
    let told = told.map_err(|error| failed(&error.0))?;
    let body = told.to_json(page.skipped, page.next);
    visit.log.set("restored", told.restored);
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&body)?)
}

fn failed(problem: &str) -> Refused {
    log::fault("restore", problem);
    let sentence = "this page could not be restored; send the same request again";
    Refused::new(FailureCode::Busy, sentence).with_header("retry-after", "5")
}

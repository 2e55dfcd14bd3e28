//! `GET /generations/{id}`: where a generation stands, for the client that asked for it.

use domain::failure::FailureCode;
use domain::generation::Reply;
use domain::ids::GenerationId;
use serde_json::{Value, json};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::result::{body, origin};
use crate::access::authenticate;
use crate::error::Refused;
use crate::log;
use crate::objects::{GenerationClient, LedgerClient, Snapshot};

pub async fn get(visit: &mut Visit<'_>, request: &Request, id: &str) -> Result<Response, Refused> {
    let caller = authenticate(visit.env, visit.config()?, request).await?;
    let nothing = || Refused::new(FailureCode::NotFound, "there is no such generation");
    let id: GenerationId = id.parse().map_err(|_| nothing())?;
    visit.log.set("generation_id", id.to_string());
    let shown = GenerationClient(visit.env).show(&id).await;
    let shown = shown.map_err(|error| {
        log::fault("generation", &error.0);
        Refused::new(
            FailureCode::Busy,
            "the generation did not answer, try again",
        )
    })?;
    let snapshot = shown.filter(|snapshot| {
        let asks = caller.id();
        snapshot.client == *asks || snapshot.joined.contains(asks)
    });
    let snapshot = snapshot.ok_or_else(nothing)?;
    let position = match &snapshot.lease {
        // It may have been served meanwhile, or the ledger be busy; the state says enough.
        Some(lease) => LedgerClient(visit.env).position(lease).await.ok().flatten(),
        None => None,
    };
    let json = render(&id, &snapshot, position, &origin(request)?);
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&json)?)
}

fn render(id: &GenerationId, snapshot: &Snapshot, position: Option<usize>, origin: &str) -> Value {
    let (result, error) = match &snapshot.reply {
        Some(Reply::Done(result)) => (Some(body(origin, result)), None),
        Some(Reply::Failed(failure)) => {
            let error = json!({"error": failure.message, "code": failure.code});
            (None, Some(error))
        }
        None => (None, None),
    };
    let mut json = json!({
        "id": id,
        "state": snapshot.state,
        "attempt": snapshot.attempt,
        "created_at": snapshot.created_at.to_rfc3339(),
        "updated_at": snapshot.updated_at.to_rfc3339(),
    });
    if let Some(fields) = json.as_object_mut() {
        fields.extend(position.map(|position| ("position".to_owned(), json!(position))));
        fields.extend(result.map(|result| ("result".to_owned(), result)));
        fields.extend(error.map(|error| ("error".to_owned(), error)));
    }
    json
}

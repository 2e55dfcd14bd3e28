//! `GET` and `DELETE /generations/{id}`: where a generation stands, and the end of one that waits; for
//! the clients that asked for it.

use domain::access::Caller;
use domain::failure::FailureCode;
use domain::generation::{Cancellation, Reply, State};
use domain::ids::GenerationId;
use serde_json::{Value, json};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::fallback::StandIn;
use super::result::{body, origin};
use crate::access::authenticate;
use crate::error::Refused;
use crate::log;
use crate::objects::{CallFailed, CancelRequest, GenerationClient, LedgerClient, Snapshot};

/// After so many seconds it is worth looking again.
pub const LOOK_AGAIN_SECONDS: &str = "5";

pub async fn get(visit: &mut Visit<'_>, request: &Request, id: &str) -> Result<Response, Refused> {
    let (caller, id) = whose(visit, request, id).await?;
    let snapshot = theirs(visit, &caller, &id).await?;
    show(visit, request, &id, &snapshot).await
}

pub async fn delete(
    visit: &mut Visit<'_>,
    request: &Request,
    id: &str,
) -> Result<Response, Refused> {
    let (caller, id) = whose(visit, request, id).await?;
    let asked = CancelRequest {
        client: caller.id().clone(),
        id: id.clone(),
    };
    let cancelled = GenerationClient(visit.env).cancel(&asked).await;
    let sentence = match cancelled.map_err(no_answer)? {
        None => return Err(nothing()),
        Some(Cancellation::Cancelled | Cancellation::Ended) => {
            let snapshot = theirs(visit, &caller, &id).await?;
            return show(visit, request, &id, &snapshot).await;
        }
        Some(Cancellation::Running) => {
            "Ideogram is at work on it, and what it makes is paid for; only what waits can be cancelled"
        }
        Some(Cancellation::Shared) => "others wait for it too, so it goes on",
    };
    Err(Refused::new(FailureCode::GenerationRunning, sentence).about(Some(id)))
}

/// The answer to a request whose caller does not wait: where to look.
pub async fn accepted(
    visit: &Visit<'_>,
    request: &Request,
    id: &GenerationId,
) -> Result<Response, Refused> {
    let snapshot = look(visit, id).await?.ok_or_else(nothing)?;
    let response = show(visit, request, id, &snapshot).await?;
    let headers = response.headers();
    headers.set("location", &format!("/generations/{id}"))?;
    headers.set("preference-applied", "respond-async")?;
    headers.set("x-generation-id", &id.to_string())?;
    Ok(response.with_status(202))
}

/// Who asks for which generation.
pub async fn whose(
    visit: &mut Visit<'_>,
    request: &Request,
    id: &str,
) -> Result<(Caller, GenerationId), Refused> {
    let caller = authenticate(visit.env, visit.config()?, request).await?;
    visit.log.set("client", caller.id().as_str());
    let id: GenerationId = id.parse().map_err(|_| nothing())?;
    visit.log.set("generation_id", id.to_string());
    Ok((caller, id))
}

/// The generation, if this caller has asked for it.
pub async fn theirs(
    visit: &Visit<'_>,
    caller: &Caller,
    id: &GenerationId,
) -> Result<Snapshot, Refused> {
    let snapshot = look(visit, id).await?;
    let snapshot = snapshot.filter(|snapshot| asks(snapshot, caller));
    snapshot.ok_or_else(nothing)
}

/// Whether this caller is among those who asked for it.
pub fn asks(snapshot: &Snapshot, caller: &Caller) -> bool {
    let client = caller.id();
    snapshot.client == *client || snapshot.joined.contains(client)
}

/// The generation, whoever has asked for it.
pub async fn look(visit: &Visit<'_>, id: &GenerationId) -> Result<Option<Snapshot>, Refused> {
    let shown = GenerationClient(visit.env).show(id).await;
    shown.map_err(no_answer)
}

/// There is no such generation, or not for this caller: the answer is the same for both.
pub fn nothing() -> Refused {
    Refused::new(FailureCode::NotFound, "there is no such generation")
}

pub fn no_answer(error: CallFailed) -> Refused {
    log::fault("generation", &error.0);
    Refused::new(
        FailureCode::Busy,
        "the generation did not answer, try again",
    )
}

async fn show(
    visit: &Visit<'_>,
    request: &Request,
    id: &GenerationId,
    snapshot: &Snapshot,
) -> Result<Response, Refused> {
    let position = match &snapshot.lease {
        // It may have been served meanwhile, or the ledger be busy; the state says enough.
        Some(lease) => LedgerClient(visit.env).position(lease).await.ok().flatten(),
        None => None,
    };
    let asked = snapshot.request.as_ref();
    let stand_in = StandIn::shown(visit.config()?, request, asked, snapshot.created_at)?;
    let json = render(id, snapshot, position, &origin(request)?, stand_in.as_ref());
    let mut response = ResponseBuilder::new().with_header("cache-control", "no-store")?;
    if let State::Queued | State::Generating | State::Storing = snapshot.state {
        response = response.with_header("retry-after", LOOK_AGAIN_SECONDS)?;
    }
    Ok(response.from_json(&json)?)
}

fn render(
    id: &GenerationId,
    snapshot: &Snapshot,
    position: Option<usize>,
    origin: &str,
    stand_in: Option<&StandIn>,
) -> Value {
    let instead = |failure| stand_in.and_then(|stand_in| stand_in.body(failure, id));
    let (state, result, error) = match &snapshot.reply {
        Some(Reply::Done(result)) => (snapshot.state, Some(body(origin, result)), None),
        Some(Reply::Failed(failure)) => match instead(failure) {
            Some(placeholders) => (State::Done, Some(placeholders), None),
            None => {
                let error = json!({"error": failure.message, "code": failure.code});
                (snapshot.state, None, Some(error))
            }
        },
        None => (snapshot.state, None, None),
    };
    let mut json = json!({
        "id": id,
        "state": state,
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

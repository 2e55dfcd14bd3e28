//! `DELETE /admin/generations/{id}`: the operator has a generation forgotten: its pictures, its cached
//! result, what its idempotency keys lead to, its prompt wherever it is kept. Its cost stays in the books. The history, which finds the
//! pictures, comes last, so that what fails half way can be done again.

use domain::failure::FailureCode;
use domain::ids::GenerationId;
use serde_json::json;
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use crate::access::authenticate_operator;
use crate::error::Refused;
use crate::log;
use crate::objects::{CallFailed, Erased, GenerationClient, LedgerClient, ReplyClient};
use crate::storage::{delete_pictures, delete_result_of};

pub async fn delete(
    visit: &mut Visit<'_>,
    request: &Request,
    id: &str,
) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let nothing = || Refused::new(FailureCode::NotFound, "there is no such generation");
    let id: GenerationId = id.parse().map_err(|_| nothing())?;
    visit.log.set("generation_id", id.to_string());
    let ledger = LedgerClient(visit.env);
    let recorded = ledger.recorded(&id).await.map_err(failed)?;
    let of_object = match GenerationClient(visit.env)
        .erase(&id)
        .await
        .map_err(failed)?
    {
        Erased::Running => return Err(running(id)),
        Erased::NotHere => None,
        Erased::Done { pictures } => Some(pictures),
    };
    let of_history = recorded.as_ref().and_then(|known| known.pictures.as_ref());
    let pictures = match of_object.as_ref().or(of_history) {
        Some(folder) => delete_pictures(visit.env, folder).await?,
        None => 0,
    };
    let cached = delete_result_of(visit.env, &id).await?;
    ReplyClient(visit.env).forget(&id).await.map_err(failed)?;
    if recorded.is_none() && of_object.is_none() && !cached {
        return Err(nothing());
    }
    ledger.erase(&id).await.map_err(failed)?;
    let body = json!({"id": id, "erased": true, "pictures": pictures});
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&body)?)
}

fn running(id: GenerationId) -> Refused {
    let sentence = "the generation is still under way; erase it when it has ended";
    Refused::new(FailureCode::GenerationRunning, sentence)
        .about(Some(id))
        .with_header("retry-after", "60")
}

fn failed(error: CallFailed) -> Refused {
    log::fault("erase", &error.0);
    let sentence = "not everything could be erased; send the same request again";
    Refused::new(FailureCode::Busy, sentence).with_header("retry-after", "5")
}

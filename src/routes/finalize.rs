//! `POST /generations/{id}/finalize`: the final picture for a draft. For whoever asked for the draft,
//! and whoever would be given it from the cache.

use domain::failure::FailureCode;
use domain::finalize::FinalChoice;
use domain::generation::Reply;
use worker::{Request, Response};

use super::body::read_json;
use super::generate::{limits, permit};
use super::generations::{asks, look, nothing, whose};
use super::{Visit, making};
use crate::error::Refused;
use crate::storage::prices_in_force;

pub async fn post(
    visit: &mut Visit<'_>,
    request: &mut Request,
    id: &str,
) -> Result<Response, Refused> {
    let config = visit.config()?;
    let (caller, id) = whose(visit, request, id).await?;
    let choice = FinalChoice::parse(&read_json(request).await?)?;
    let snapshot = look(visit, &id).await?.ok_or_else(nothing)?;
    let draft = snapshot.request.as_ref().ok_or_else(nothing)?;
    if !asks(&snapshot, &caller) && !caller.shares(&id, draft) {
        return Err(nothing());
    }
    let result = match &snapshot.reply {
        Some(Reply::Done(result)) => result,
        Some(Reply::Failed(_)) => {
            let sentence = "the draft has failed, so there is nothing to finish";
            return Err(Refused::new(FailureCode::InvalidRequest, sentence).about(Some(id)));
        }
        None => {
            let sentence = "the draft is still under way; look at it first";
            return Err(Refused::new(FailureCode::GenerationRunning, sentence).about(Some(id)));
        }
    };
    let prices = prices_in_force(visit.env, config).await;
    let finished = choice.finalize(draft, result, &limits(config), &prices)?;
    let asked = permit(visit, config, &caller, finished.asked).await?;
    visit.log.stage("parse");
    making::answer(visit, config, request, &caller, asked, Some(finished.costs)).await
}

//! What Ideogram's v2 API has besides requests for pictures: `GET /v2/generations/{id}`, the answer to a
//! request that does not wait, and the price of one that is not made. Shapes are `domain::v2`'s.

use domain::generation::Reply;
use domain::ids::GenerationId;
use domain::money::MicroDollars;
use domain::request::ImageRequest;
use domain::v2::{self, Standing, price_told, stands};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::fallback::StandIn;
use super::generations::{LOOK_AGAIN_SECONDS, asks, look, nothing, whose};
use super::result::{body, origin};
use crate::clock::now;
use crate::config::Config;
use crate::error::Refused;
use crate::ideogram::dry_run;
use crate::objects::Snapshot;

/// For whoever asked for it, and whoever would be given it from the cache: one that did not wait may
/// have been told a generation of another client's.
pub async fn get(visit: &mut Visit<'_>, request: &Request, id: &str) -> Result<Response, Refused> {
    let (caller, id) = whose(visit, request, id).await?;
    let snapshot = look(visit, &id).await?.ok_or_else(nothing)?;
    let asked = snapshot.request.as_ref();
    let shares = || asked.is_some_and(|asked| caller.shares(&id, asked));
    if !asks(&snapshot, &caller) && !shares() {
        return Err(nothing());
    }
    let created_at = snapshot.created_at;
    let stand_in = StandIn::shown(visit.config()?, request, asked, created_at)?;
    let standing = standing(&id, &snapshot, &origin(request)?, stand_in.as_ref());
    let mut response = ResponseBuilder::new().with_header("cache-control", "no-store")?;
    if standing == Standing::Pending {
        response = response.with_header("retry-after", LOOK_AGAIN_SECONDS)?;
    }
    Ok(response.from_json(&stands(&id, created_at, standing))?)
}

fn standing<'snapshot>(
    id: &GenerationId,
    snapshot: &'snapshot Snapshot,
    origin: &str,
    stand_in: Option<&StandIn>,
) -> Standing<'snapshot> {
    let instead = |failure| stand_in.and_then(|stand_in| stand_in.body(failure, id));
    match &snapshot.reply {
        None => Standing::Pending,
        Some(Reply::Done(result)) => Standing::Completed {
            answer: body(origin, result),
            cost: result.cost,
        },
        Some(Reply::Failed(failure)) => match instead(failure) {
            Some(answer) => Standing::Completed {
                answer,
                cost: MicroDollars::ZERO,
            },
            None => Standing::Failed(failure),
        },
    }
}

/// The answer to a request that does not wait: the generation to come back for.
pub fn submitted(id: &GenerationId, seed: Option<u64>) -> Result<Response, Refused> {
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .with_header("x-generation-id", &id.to_string())?
        .from_json(&v2::submitted(id, seed))?)
}

/// What a request would cost, in Ideogram's own words. Nothing is made, reserved or booked; the pictures
/// that came with it are deleted with the visit.
pub async fn quote(
    visit: &mut Visit<'_>,
    config: &Config,
    asked: &ImageRequest,
) -> Result<Response, Refused> {
    let outcome = dry_run(visit.env, config, asked).await;
    visit.log.stage("quote");
    let quote = price_told(outcome, now())?;
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .with_header("x-cost-usd", &MicroDollars::ZERO.to_string())?
        .from_json(&quote)?)
}

//! A request for pictures, once it is known what is asked for: found in the cache, in a generation of
//! the same thing, or made; and answered in the way its caller wants to wait. For every endpoint that
//! makes pictures.

use domain::access::Caller;
use domain::failure::{Failure, FailureCode};
use domain::finalize::FinalCosts;
use domain::fingerprint::{Fingerprint, PromptFingerprint};
use domain::gathered::{Saved, SavedFor, Saving, Seen};
use domain::generation::{GenerationResult, Reply};
use domain::ids::GenerationId;
use domain::request::{Asked, ImageRequest, Model};
use worker::{Request, Response};

use super::fallback::{self, StandIn};
use super::idempotency::Way;
use super::result::{Cache, Share, render};
use super::waiting::Waiting;
use super::{Visit, events, generations, v2};
use crate::clock::now;
use crate::config::Config;
use crate::error::Refused;
use crate::log::{self, RejectedBy};
use crate::objects::{GenerationClient, Met, Outcome, Ran, RunRequest};
use crate::screening;
use crate::storage::{get_rejection, get_result, prices_in_force};

/// What is there for a request.
enum Found {
    /// The result.
    Result(Box<GenerationResult>),
    /// A generation that goes on.
    UnderWay(GenerationId),
}

/// Answers a request for pictures, in Ideogram's words. `finals` is what a final picture saves.
pub async fn answer(
    visit: &mut Visit<'_>,
    config: &Config,
    request: &Request,
    caller: &Caller,
    asked: Asked,
    finals: Option<FinalCosts>,
) -> Result<Response, Refused> {
    let waiting = Waiting::of(request, asked.asynchronous)?;
    let model = asked.request.model();
    let seed = asked.request.seed();
    let stand_in = StandIn::new(config, request, &asked.request, now())?;
    let share = Share {
        finals,
        ..Share::new(Cache::Miss, asked.redactions)
    };
    let (found, cache) = match obtain(visit, config, request, caller, asked.request, waiting).await
    {
        Ok(obtained) => obtained,
        Err(refused) => return fallback::instead_of(visit, stand_in, waiting, refused, &share),
    };
    let share = Share { cache, ..share };
    match (found, waiting) {
        (Found::Result(result), Waiting::Events) => events::only(request, &result, &share),
        (Found::Result(result), _) => render(request, &result, &share),
        (Found::UnderWay(id), Waiting::ForAnswer(_)) => Err(pending(id)),
        (Found::UnderWay(id), Waiting::Async(_) | Waiting::Submitted) => {
            match fallback::off_already(visit, caller, &id, stand_in.as_ref()).await {
                Some(refused) => fallback::instead_of(visit, stand_in, waiting, refused, &share),
                None if waiting == Waiting::Submitted => v2::submitted(&id, seed),
                None => generations::accepted(visit, request, &id).await,
            }
        }
        (Found::UnderWay(id), Waiting::Events) => {
            let saving = Saving::of(cache);
            let saved_for = saving.map(|saving| saved_for(visit, caller, model, saving));
            events::of_request(visit, request, caller, id, share, saved_for, stand_in).await
        }
    }
}

/// The result of a request that waits for it, for an answer in other words.
pub async fn result(
    visit: &mut Visit<'_>,
    config: &Config,
    request: &Request,
    caller: &Caller,
    asked: ImageRequest,
) -> Result<(GenerationResult, Cache), Refused> {
    let waiting = Waiting::ForAnswer(None);
    match obtain(visit, config, request, caller, asked, waiting).await? {
        (Found::Result(result), cache) => Ok((*result, cache)),
        (Found::UnderWay(id), _) => Err(pending(id)),
    }
}

/// What is there for a request once it has waited as long as it wants to.
async fn obtain(
    visit: &mut Visit<'_>,
    config: &Config,
    request: &Request,
    caller: &Caller,
    asked: ImageRequest,
    waiting: Waiting,
) -> Result<(Found, Cache), Refused> {
    let way = Way::of(visit.env, caller, request, &asked).await?;
    let model = asked.model();
    let (found, cache) = match way.replay(visit.env).await? {
        Some((result, cache)) => (Found::Result(Box::new(result)), cache),
        None => {
            let came = find_or_make(visit, config, caller, asked, waiting, &way).await;
            match &came {
                Ok((Found::Result(result), _)) => way.bind(visit.env, Ok(result)).await,
                // The generation itself remembers the key.
                Ok((Found::UnderWay(_), _)) => {}
                Err(refused) => way.bind(visit.env, Err(refused)).await,
            }
            came?
        }
    };
    visit.log.set("cache", cache.as_str());
    visit.gatherer.count(Seen::Cache(cache));
    if let Some(saving) = Saving::of(cache) {
        let saved_for = saved_for(visit, caller, model, saving);
        let saved = match &found {
            Found::Result(result) => Saved::REQUEST.plus(Saved::pictures(result)),
            Found::UnderWay(_) => Saved::REQUEST,
        };
        visit.gatherer.count(Seen::Saved(saved_for, saved));
    }
    match &found {
        Found::Result(result) => {
            visit.log.set("generation_id", result.id.to_string());
            visit.log.set("images", result.pictures.len());
            visit.log.set_cost(cache.cost(result));
        }
        Found::UnderWay(id) => visit.log.set("generation_id", id.to_string()),
    }
    Ok((found, cache))
}

/// Who is saved something by this request.
fn saved_for(visit: &Visit<'_>, caller: &Caller, model: Model, saving: Saving) -> SavedFor {
    SavedFor {
        day: now().day(),
        client: caller.id().clone(),
        model: model.name().into(),
        endpoint: visit.route.into(),
        saving,
    }
}

fn pending(id: GenerationId) -> Refused {
    Refused::new(
        FailureCode::GenerationPending,
        "the picture takes longer than this call may; it goes on, and GET /generations/{id} has it",
    )
    .about(Some(id))
}

/// From the cache, from a generation of the same thing, or made now.
async fn find_or_make(
    visit: &mut Visit<'_>,
    config: &Config,
    caller: &Caller,
    asked: ImageRequest,
    waiting: Waiting,
    way: &Way,
) -> Result<(Found, Cache), Refused> {
    let fingerprint = way.place();
    if way.cache().reads() {
        let cached = cached(visit, &fingerprint).await;
        visit.log.stage("cache");
        if let Some(result) = cached {
            return Ok((Found::Result(Box::new(result)), Cache::Hit));
        }
    }
    if let Some(failure) = rejected(visit, &asked).await {
        return Err(visit.rejected(RejectedBy::Memory, &asked, failure.into()));
    }
    if let Some(said) = asked.said() {
        let moderated = screening::moderate(config, &said).await;
        moderated.map_err(|refused| visit.rejected(RejectedBy::Moderation, &asked, refused))?;
    }
    visit.log.stage("screening");
    let prices = prices_in_force(visit.env, config).await;
    let asked = RunRequest {
        client: caller.id().clone(),
        allowance: caller.allowance(config.latest_acquire),
        scope: caller.scope(),
        cache: way.cache(),
        key: way.key.clone(),
        price: prices.of(asked.rate()),
        quoted: prices.quoted(asked.rate()),
        endpoint: visit.route.to_owned(),
        request: asked,
        wait: Some(waiting.patience(config)),
    };
    let ran = run(visit, config, &fingerprint, &asked).await;
    // A generation that did not answer may have them.
    if ran.as_ref().map_or(true, |ran| !ran.leaves_references) {
        visit.brought.hand_over();
    }
    let ran = ran?;
    visit.log.stage("generation");
    let cache = match ran.met {
        Met::Started if !way.cache().writes() => Cache::Bypass,
        Met::Started => Cache::Miss,
        Met::Joined => Cache::Joined,
        Met::Found => Cache::Hit,
    };
    match (ran.outcome, ran.id) {
        (Outcome::Reply(Reply::Done(result)), _) => Ok((Found::Result(Box::new(result)), cache)),
        (Outcome::Reply(Reply::Failed(failure)), id) => Err(Refused::from(failure).about(id)),
        (Outcome::Pending, Some(id)) => Ok((Found::UnderWay(id), cache)),
        (Outcome::Pending, None) => Err(no_answer()),
    }
}

/// A cache that fails is a cache that misses.
async fn cached(visit: &Visit<'_>, fingerprint: &Fingerprint) -> Option<GenerationResult> {
    let result = get_result(visit.env, fingerprint).await;
    result.unwrap_or_else(|error| {
        log::fault("cache", &error.to_string());
        None
    })
}

/// Whether Ideogram has refused the prompt lately; a memory that fails remembers nothing.
async fn rejected(visit: &Visit<'_>, asked: &ImageRequest) -> Option<Failure> {
    let said = get_rejection(visit.env, &PromptFingerprint::of(asked)).await;
    said.unwrap_or_else(|error| {
        log::fault("cache", &error.to_string());
        None
    })
}

async fn run(
    visit: &Visit<'_>,
    config: &Config,
    fingerprint: &Fingerprint,
    asked: &RunRequest,
) -> Result<Ran, Refused> {
    let ran = GenerationClient(visit.env)
        .run(fingerprint, asked, config)
        .await;
    ran.map_err(|error| {
        log::fault("generation", &error.0);
        no_answer()
    })
}

fn no_answer() -> Refused {
    Refused::new(
        FailureCode::Busy,
        "the generation did not answer; what it had begun goes on, so the same request may be sent again",
    )
}

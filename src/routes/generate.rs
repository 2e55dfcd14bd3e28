//! Ideogram's own endpoints: its requests and its answers. A hit is answered from KV without touching
//! an object; a miss is the Generation object's.

use domain::access::Caller;
use domain::failure::{Failure, FailureCode};
use domain::fingerprint::{Fingerprint, PromptFingerprint};
use domain::generation::{GenerationResult, Reply};
use domain::money::MicroDollars;
use domain::redaction::Findings;
use domain::request::{Asked, Endpoint, ImageCount, ImageRequest, Limits};
use worker::{Request, Response};

use super::Visit;
use super::body::read_json;
use super::result::{Cache, render};
use crate::access::authenticate;
use crate::config::Config;
use crate::error::Refused;
use crate::log;
use crate::objects::{GenerationClient, Met, Outcome, Ran, RunRequest};
use crate::screening;
use crate::storage::{get_rejection, get_result};

pub async fn post(
    visit: &mut Visit<'_>,
    request: &mut Request,
    endpoint: Endpoint,
) -> Result<Response, Refused> {
    let config = visit.config()?;
    let caller = authenticate(visit.env, config, request).await?;
    visit.log.set("client", caller.id().as_str());
    let asked = take(visit, config, &caller, request, endpoint).await?;
    visit.log.stage("parse");
    let (result, cache) = find_or_make(visit, config, &caller, asked.request).await?;
    let cost = match cache {
        Cache::Miss => result.cost,
        Cache::Hit | Cache::Joined => MicroDollars::ZERO,
    };
    visit.log.set("generation_id", result.id.to_string());
    visit.log.set("cache", cache.as_str());
    visit.log.set("images", result.pictures.len());
    visit.log.set_cost(cost);
    render(request, &result, cache, cost, &asked.redactions)
}

/// What is asked for, if this caller may ask for it.
async fn take(
    visit: &mut Visit<'_>,
    config: &Config,
    caller: &Caller,
    request: &mut Request,
    endpoint: Endpoint,
) -> Result<Asked, Refused> {
    let body = read_json(request).await?;
    let limits = Limits {
        default_model: config.default_model,
        prompt_max_chars: config.prompt_max_chars,
        pii: config.pii,
        max_images: ImageCount::at_most(config.limits.max_in_flight),
    };
    let asked = ImageRequest::parse(endpoint, &body, &limits)?;
    if !asked.redactions.is_empty() {
        visit.log.set("redactions", asked.redactions.to_json());
    }
    let asked = asked.unless_refused_by(config.pii).map_err(personal)?;
    caller.may_ask(&asked.request)?;
    if let Some(said) = asked.request.said() {
        screening::check(visit.env, config, &said).await?;
    }
    Ok(asked)
}

fn personal(found: Findings) -> Refused {
    let sentence = "the prompt holds personal or secret data, which this gateway does not pass on; \
        take it out and send the request again";
    let found = found.to_json();
    Refused::new(FailureCode::PromptRejected, sentence).with_detail("redactions", found)
}

/// The result: from the cache, from a generation of the same thing, or made now.
async fn find_or_make(
    visit: &mut Visit<'_>,
    config: &Config,
    caller: &Caller,
    asked: ImageRequest,
) -> Result<(GenerationResult, Cache), Refused> {
    let scope = caller.scope();
    let fingerprint = Fingerprint::of(&asked, &scope);
    let cached = cached(visit, &fingerprint).await;
    visit.log.stage("cache");
    if let Some(result) = cached {
        return Ok((result, Cache::Hit));
    }
    if let Some(failure) = rejected(visit, &asked).await {
        return Err(failure.into());
    }
    if let Some(said) = asked.said() {
        screening::moderate(config, &said).await?;
    }
    visit.log.stage("screening");
    let asked = RunRequest {
        client: caller.id().clone(),
        allowance: caller.allowance(config.latest_acquire),
        scope,
        request: asked,
    };
    let ran = run(visit, config, &fingerprint, &asked).await?;
    visit.log.stage("generation");
    let cache = match ran.met {
        Met::Started => Cache::Miss,
        Met::Joined => Cache::Joined,
        Met::Found => Cache::Hit,
    };
    match ran.outcome {
        Outcome::Reply(Reply::Done(result)) => Ok((result, cache)),
        Outcome::Reply(Reply::Failed(failure)) => Err(Refused::from(failure).about(ran.id)),
        Outcome::Pending => Err(Refused::new(
            FailureCode::GenerationPending,
            "the picture takes longer than this call may; it goes on, and GET /generations/{id} has it",
        )
        .about(ran.id)),
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
        Refused::new(
            FailureCode::Busy,
            "the generation did not answer; what it had begun goes on, so the same request may be sent again",
        )
    })
}

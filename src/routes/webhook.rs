//! `POST /ideogram/webhook?generation={id}`: Ideogram tells that a generation has ended. Open to all,
//! for its signature says whose it is; and what it says is not believed, only asked about.

use domain::failure::FailureCode;
use domain::ids::GenerationId;
use domain::upstream::UpstreamId;
use domain::webhook::{Delivery, DeliveryHead, DeliveryRefused, GENERATION, Judgement};
use worker::{Env, Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_bytes;
use super::generations::no_answer;
use super::query::parameters;
use crate::clock::now;
use crate::config::Config;
use crate::error::Refused;
use crate::ideogram;
use crate::log;
use crate::objects::{GenerationClient, Nudge, Nudged};
use crate::storage::{keep_webhook_keys, recall_webhook_keys, with_webhook_keys};

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    if config.public_url.is_none() {
        let sentence = "Ideogram is not asked to tell anything: PUBLIC_URL is not set";
        return Err(Refused::new(FailureCode::NotFound, sentence));
    }
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let head = DeliveryHead::parse(header, now())?;
    let id = generation(request)?;
    let delivery = head.with_body(&read_bytes(request).await?);
    let upstream_id = verify(visit.env, config, &delivery).await?;
    visit.log.set("generation_id", id.to_string());
    let nudge = Nudge { id, upstream_id };
    let nudged = GenerationClient(visit.env).nudge(&nudge).await;
    let nudged = nudged.map_err(no_answer)?;
    visit.log.set("webhook", nudged.name());
    if nudged == Nudged::NotHere {
        return Err(DeliveryRefused::UnknownGeneration.into());
    }
    let answer = ResponseBuilder::new().with_header("cache-control", "no-store")?;
    Ok(answer.empty())
}

/// The generation that the address names; that it is Ideogram's own is looked at by its object.
fn generation(request: &Request) -> Result<GenerationId, Refused> {
    let parameters = parameters(request)?;
    let mut named = parameters.iter().filter(|(name, _)| name == GENERATION);
    let id = named.next().and_then(|(_, id)| id.parse().ok());
    id.ok_or_else(|| DeliveryRefused::UnknownGeneration.into())
}

/// Whose word it is, by the keys that are known here, else by those in KV, else by those that
/// Ideogram publishes now.
async fn verify(env: &Env, config: &Config, delivery: &Delivery) -> Result<UpstreamId, Refused> {
    let judge = || with_webhook_keys(|known| known.judge(delivery, now()));
    let mut judgement = judge();
    if judgement == Judgement::NeedsKeys {
        noted(recall_webhook_keys(env).await);
        judgement = judge();
    }
    if judgement == Judgement::NeedsKeys {
        ask_ideogram(env, config).await;
        judgement = judge();
    }
    match judgement {
        Judgement::Genuine(id) => Ok(id),
        Judgement::Refused(refused) => Err(refused.into()),
        Judgement::NeedsKeys => Err(DeliveryRefused::KeysUnknown.into()),
    }
}

async fn ask_ideogram(env: &Env, config: &Config) {
    let asked_at = now();
    with_webhook_keys(|known| known.ask(asked_at));
    match ideogram::webhook_keys(config).await {
        Ok(keys) => noted(keep_webhook_keys(env, keys, asked_at).await),
        Err(why) => log::fault(PART, &why),
    }
}

const PART: &str = "webhook keys";

fn noted(done: worker::Result<()>) {
    if let Err(error) = done {
        log::fault(PART, &error.to_string());
    }
}

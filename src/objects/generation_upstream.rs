//! What a generation asks of Ideogram: to make something, what came of it, where its pictures are.
//! Holds true: what Ideogram says is stored before anything else is done.

use std::pin::pin;

use domain::fingerprint::PromptFingerprint;
use domain::generation::{Awaits, Way};
use domain::pace::Pace;
use domain::request::Model;
use domain::retry::CallOutcome;
use domain::upstream::{Polled, UpstreamId, read_poll};
use domain::webhook::webhook_url;
use futures_util::future::{Either, select};
use worker::Env;

use super::generation_driver::Driver;
use super::sql::StorageError;
use crate::clock::{now, random};
use crate::config::Config;
use crate::ideogram;
use crate::log;
use crate::storage;

/// Makes the call that the job wants, and stores what came of it at once.
///
/// # Errors
/// The storage failed.
pub async fn call(driver: &Driver, config: &Config) -> Result<(), StorageError> {
    let call = driver.with_job(|job| {
        let public_url = config.public_url.as_ref();
        Ok(job.as_ref().map(|job| {
            let webhook = public_url.map(|url| webhook_url(url, job.id()));
            let request = job.request();
            let call = request.upstream_call(config.upstream, webhook.as_deref());
            (call, request.model())
        }))
    })?;
    let Some((call, model)) = call else {
        return Ok(());
    };
    let way = Way::of(&call);
    driver.change(|job| job.call_begins(now(), way))?;
    let (outcome, pace) = {
        let env = driver.env();
        let call = pin!(ideogram::generate(env, config, call));
        let pace = pin!(pace_of(env, model, way));
        match select(call, pace).await {
            // Ideogram's answer is stored at once, whatever is known of its pace.
            Either::Left((outcome, _)) => (outcome, None),
            Either::Right((pace, call)) => (call.await, pace),
        }
    };
    let random = chance();
    driver.change(|job| {
        job.takes(pace);
        job.call_ended(now(), outcome, random, &config.policy);
    })?;
    remember_rejection(driver).await
}

async fn pace_of(env: &Env, model: Model, way: Way) -> Option<Pace> {
    match way.awaits {
        Awaits::Answer => None,
        Awaits::Polls | Awaits::Webhook => storage::pace_of(env, model.name()).await,
    }
}

/// Asks what came of what Ideogram has taken.
///
/// # Errors
/// The storage failed.
pub async fn poll(driver: &Driver, config: &Config, id: &UpstreamId) -> Result<(), StorageError> {
    let outcome = ask(config, id).await;
    let random = chance();
    driver.change(|job| job.polled(now(), outcome, random, &config.policy))?;
    remember_rejection(driver).await
}

/// Asks for new links to pictures.
///
/// # Errors
/// The storage failed.
pub async fn renew_links(
    driver: &Driver,
    config: &Config,
    id: &UpstreamId,
) -> Result<(), StorageError> {
    let outcome = ask(config, id).await;
    driver.change(|job| job.links_renewed(now(), outcome))
}

/// What is no answer is asked for again without anybody hearing of it, so it is logged.
async fn ask(config: &Config, id: &UpstreamId) -> CallOutcome {
    let outcome = ideogram::poll(config, id).await;
    if let Polled::Unanswered { why, .. } = read_poll(outcome.clone(), now()) {
        log::fault("polls", &format!("{id}: {why}"));
    }
    outcome
}

/// Without random bytes a retry comes at once, within all other bounds.
fn chance() -> u64 {
    random().map(u64::from_le_bytes).unwrap_or(0)
}

/// Ideogram's refusal of a prompt is logged for review, and remembered for all who send it again.
async fn remember_rejection(driver: &Driver) -> Result<(), StorageError> {
    let rejected = driver.with_job(|job| {
        let job = job.as_ref();
        Ok(job.and_then(|job| Some((job.clone(), job.rejection()?.clone()))))
    })?;
    if let Some((job, said)) = rejected {
        log::rejected_prompt(&job, &said);
        if !job.is_for_others() {
            return Ok(());
        }
        let prompt = PromptFingerprint::of(job.request());
        if let Err(error) = storage::put_rejection(driver.env(), &prompt, &said).await {
            log::fault("cache", &error.to_string());
        }
    }
    Ok(())
}

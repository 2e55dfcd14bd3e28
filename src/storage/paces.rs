//! How long each model takes, as the ledger has learned it, in KV under `paces:v1`, JSON. Whoever polls
//! reads it, at most once a minute an isolate; without it polls go by what is usual.

use std::cell::RefCell;

use domain::pace::{Pace, Paces};
use domain::time::{Millis, UnixMillis};
use worker::Env;

use super::clients::config_store;
use crate::clock::now;
use crate::deadline::within;
use crate::log;

const KEY: &str = "paces:v1";
const FRESH: Millis = Millis::from_seconds(60);
/// A generation is not kept waiting for its pace for longer.
const PATIENCE: Millis = Millis::from_seconds(2);

thread_local! {
    static SEEN: RefCell<Option<(UnixMillis, Paces)>> = const { RefCell::new(None) };
}

/// How long a model takes, if that is known.
pub async fn pace_of(env: &Env, model: &str) -> Option<Pace> {
    let fresh = SEEN.with_borrow(|seen| {
        let (at, paces) = seen.as_ref()?;
        (now().since(*at) < FRESH).then(|| paces.of(model))
    });
    if let Some(pace) = fresh {
        return pace;
    }
    let paces = match within(PATIENCE, get_paces(env)).await {
        Some(Ok(paces)) => paces,
        Some(Err(error)) => unknown(&error.to_string()),
        None => unknown("KV did not answer in time"),
    };
    let pace = paces.of(model);
    remember(paces);
    pace
}

/// Keeps what was learned.
///
/// # Errors
/// KV failed.
pub async fn put_paces(env: &Env, paces: &Paces) -> worker::Result<()> {
    let json = serde_json::to_string(paces)?;
    config_store(env)?.put(KEY, json)?.execute().await?;
    remember(paces.clone());
    Ok(())
}

/// What was kept. What this version cannot read is as good as nothing.
///
/// # Errors
/// KV failed.
pub async fn get_paces(env: &Env) -> worker::Result<Paces> {
    let text = config_store(env)?.get(KEY).text().await?;
    let paces = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(paces.unwrap_or_default())
}

/// What was seen before is better than nothing.
fn unknown(why: &str) -> Paces {
    log::fault("paces", why);
    SEEN.with_borrow(|seen| {
        let paces = seen.as_ref().map(|(_, paces)| paces.clone());
        paces.unwrap_or_default()
    })
}

fn remember(paces: Paces) {
    SEEN.set(Some((now(), paces)));
}

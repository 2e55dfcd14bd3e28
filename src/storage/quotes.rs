//! What Ideogram last quoted, in KV under `quotes:v1`, JSON. Whoever prices a picture reads it, at most
//! once a minute an isolate; without it the table of prices stands alone.

use std::cell::RefCell;

use domain::price::PriceTable;
use domain::quote::Quoted;
use domain::time::{Millis, UnixMillis};
use worker::Env;

use super::clients::config_store;
use crate::clock::now;
use crate::config::Config;
use crate::deadline::within;
use crate::log;

const KEY: &str = "quotes:v1";
const FRESH: Millis = Millis::from_seconds(60);
/// A picture is not kept waiting for its price for longer.
const PATIENCE: Millis = Millis::from_seconds(2);

thread_local! {
    static SEEN: RefCell<Option<(UnixMillis, Vec<Quoted>)>> = const { RefCell::new(None) };
}

/// What pictures cost now: by the table, or by Ideogram's last quotes where these are higher.
pub async fn prices_in_force(env: &Env, config: &Config) -> PriceTable {
    let fresh = SEEN.with_borrow(|seen| {
        let (at, quotes) = seen.as_ref()?;
        (now().since(*at) < FRESH).then(|| config.prices.with_quotes(quotes))
    });
    if let Some(prices) = fresh {
        return prices;
    }
    let quotes = match within(PATIENCE, get(env)).await {
        Some(Ok(quotes)) => quotes,
        Some(Err(error)) => unknown(&error.to_string()),
        None => unknown("KV did not answer in time"),
    };
    remember(quotes.clone());
    config.prices.with_quotes(&quotes)
}

/// Keeps what was quoted.
///
/// # Errors
/// KV failed.
pub async fn put_quotes(env: &Env, quotes: &[Quoted]) -> worker::Result<()> {
    let json = serde_json::to_string(quotes)?;
    config_store(env)?.put(KEY, json)?.execute().await?;
    remember(quotes.to_vec());
    Ok(())
}

/// What this version cannot read is as good as nothing.
async fn get(env: &Env) -> worker::Result<Vec<Quoted>> {
    let text = config_store(env)?.get(KEY).text().await?;
    let quotes = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(quotes.unwrap_or_default())
}

/// What was seen before is better than nothing.
fn unknown(why: &str) -> Vec<Quoted> {
    log::fault("prices", why);
    SEEN.with_borrow(|seen| {
        let quotes = seen.as_ref().map(|(_, quotes)| quotes.clone());
        quotes.unwrap_or_default()
    })
}

fn remember(quotes: Vec<Quoted>) {
    SEEN.set(Some((now(), quotes)));
}

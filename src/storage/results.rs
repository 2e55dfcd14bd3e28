//! Results in KV: `result:v1:{fingerprint}`, JSON, for `CACHE_TTL_SECONDS`. KV may be a minute
//! stale and forgets nothing early; a miss only means that the Generation object is asked.

use domain::fingerprint::Fingerprint;
use domain::generation::GenerationResult;
use domain::ids::GenerationId;
use worker::Env;
use worker::kv::{KvError, KvStore};

use crate::config::Config;

const BINDING: &str = "RESULTS";

/// The KV namespace.
///
/// # Errors
/// There is no such binding.
pub fn results(env: &Env) -> worker::Result<KvStore> {
    env.kv(BINDING)
}

fn key(fingerprint: &Fingerprint) -> String {
    format!("result:v1:{fingerprint}")
}

/// The cached result, if there is one that this version can read.
///
/// # Errors
/// KV failed.
pub async fn get_result(
    env: &Env,
    fingerprint: &Fingerprint,
) -> Result<Option<GenerationResult>, worker::Error> {
    let text = results(env)?.get(&key(fingerprint)).text().await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Deletes the cached result of this generation. Another one of the same fingerprint stays.
///
/// # Errors
/// KV failed.
pub async fn delete_result_of(env: &Env, id: &GenerationId) -> worker::Result<bool> {
    let fingerprint = id.fingerprint();
    let cached = get_result(env, fingerprint).await?;
    let is_it = cached.is_some_and(|result| result.id == *id);
    if is_it {
        results(env)?.delete(&key(fingerprint)).await?;
    }
    Ok(is_it)
}

/// Caches a result.
///
/// # Errors
/// KV failed.
pub async fn put_result(
    env: &Env,
    config: &Config,
    result: &GenerationResult,
) -> Result<(), worker::Error> {
    let json = serde_json::to_string(result)?;
    let put = results(env)?.put(&key(result.id.fingerprint()), json)?;
    let life = config.cache_life.seconds_rounded_up();
    put.expiration_ttl(life)
        .execute()
        .await
        .map_err(|error: KvError| error.into())
}

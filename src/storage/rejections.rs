//! Prompts that Ideogram's safety check refused, in KV: `rejected:v1:{prompt fingerprint}`, with what
//! the caller was told, for an hour. The prompt itself is not in it.

use domain::failure::Failure;
use domain::fingerprint::PromptFingerprint;
use domain::generation::REJECTION_LIFE;
use worker::Env;
use worker::kv::KvError;

use super::results::results;

fn key(prompt: &PromptFingerprint) -> String {
    format!("rejected:v1:{prompt}")
}

/// What was said of this prompt lately, if it was refused.
///
/// # Errors
/// KV failed.
pub async fn get_rejection(
    env: &Env,
    prompt: &PromptFingerprint,
) -> worker::Result<Option<Failure>> {
    let text = results(env)?.get(&key(prompt)).text().await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Remembers that a prompt was refused.
///
/// # Errors
/// KV failed.
pub async fn put_rejection(
    env: &Env,
    prompt: &PromptFingerprint,
    said: &Failure,
) -> worker::Result<()> {
    let put = results(env)?.put(&key(prompt), serde_json::to_string(said)?)?;
    put.expiration_ttl(REJECTION_LIFE.seconds_rounded_up())
        .execute()
        .await
        .map_err(|error: KvError| error.into())
}

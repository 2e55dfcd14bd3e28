//! Whether the stores work: something is written into each, read back and deleted, however reading
//! went. What is left if the gateway dies on the way goes by itself: from KV after a minute, from R2
//! as a picture that came with a request would.

use domain::preflight::{Finding, read_back};
use domain::request::REFERENCES_PREFIX;
use worker::kv::KvStore;
use worker::{Data, Env};

use super::clients::config_store;
use super::pictures::images;
use super::results::results;
use crate::clock::random;

/// KV's shortest life, in seconds (Cloudflare's documentation).
const SHORTEST_LIFE: u64 = 60;
/// As much as is written into R2.
const BYTES: usize = 4096;

/// Tries the namespace of results.
///
/// # Errors
/// KV failed.
pub async fn try_results(env: &Env) -> worker::Result<Finding> {
    try_kv(&results(env)?).await
}

/// Tries the namespace of what the operator sets while the gateway runs.
///
/// # Errors
/// KV failed.
pub async fn try_config_store(env: &Env) -> worker::Result<Finding> {
    try_kv(&config_store(env)?).await
}

async fn try_kv(store: &KvStore) -> worker::Result<Finding> {
    let value = hex::encode(drawn::<16>()?);
    let key = format!("preflight:{value}");
    let put = store.put(&key, &value)?;
    let put = put.expiration_ttl(SHORTEST_LIFE).execute().await;
    let read = store.get(&key).text().await;
    store.delete(&key).await?;
    put?;
    let read = read?;
    Ok(read_back(value.as_str(), read.as_deref()))
}

fn drawn<const LENGTH: usize>() -> worker::Result<[u8; LENGTH]> {
    random().map_err(|failure| worker::Error::RustError(failure.message))
}

/// Tries the bucket.
///
/// # Errors
/// R2 failed.
pub async fn try_bucket(env: &Env) -> worker::Result<Finding> {
    let bucket = images(env)?;
    let bytes = drawn::<BYTES>()?.to_vec();
    let key = format!(
        "{REFERENCES_PREFIX}preflight-{}",
        hex::encode(drawn::<16>()?)
    );
    let put = bucket.put(&key, Data::Bytes(bytes.clone())).execute().await;
    let read = async {
        let found = bucket.get(&key).execute().await?;
        match found.as_ref().and_then(worker::Object::body) {
            Some(body) => body.bytes().await.map(Some),
            None => Ok(None),
        }
    };
    let read = read.await;
    bucket.delete(&key).await?;
    put?;
    Ok(read_back(bytes.as_slice(), read?.as_deref()))
}

//! What the operator sets while the gateway runs, in KV: clients under `client:v1:{id}`, JSON, and the
//! text of the content policy under `content-policy`. KV may be a
//! minute stale, so a new key can take a minute to be known everywhere and a revoked one to be gone.

use domain::access::Client;
use domain::ids::ClientId;
use futures_util::stream;
use futures_util::{StreamExt, TryStreamExt};
use worker::Env;
use worker::kv::{KvError, KvStore};

const BINDING: &str = "CONFIG";
const POLICY: &str = "content-policy";
const PREFIX: &str = "client:v1:";
/// An invocation has six connections (Cloudflare's documentation of limits).
const READS_AT_ONCE: usize = 5;

/// The KV namespace of what the operator sets while the gateway runs.
///
/// # Errors
/// There is no such binding.
pub(super) fn config_store(env: &Env) -> worker::Result<KvStore> {
    env.kv(BINDING)
}

fn key(id: &ClientId) -> String {
    format!("{PREFIX}{}", id.as_str())
}

/// The operator's content policy, as text.
///
/// # Errors
/// KV failed.
pub async fn get_policy_text(env: &Env) -> worker::Result<Option<String>> {
    Ok(config_store(env)?.get(POLICY).text().await?)
}

/// The client of this id, if there is one that this version can read.
///
/// # Errors
/// KV failed.
pub async fn get_client(env: &Env, id: &ClientId) -> worker::Result<Option<Client>> {
    let text = config_store(env)?.get(&key(id)).text().await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps a client.
///
/// # Errors
/// KV failed.
pub async fn put_client(env: &Env, client: &Client) -> worker::Result<()> {
    let json = serde_json::to_string(client)?;
    let put = config_store(env)?.put(&key(&client.id), json)?;
    put.execute().await.map_err(|error: KvError| error.into())
}

/// Deletes a client; its key is worth nothing from then on.
///
/// # Errors
/// KV failed.
pub async fn delete_client(env: &Env, id: &ClientId) -> worker::Result<()> {
    config_store(env)?.delete(&key(id)).await?;
    Ok(())
}

/// All clients, in the order of their ids.
///
/// # Errors
/// KV failed.
pub async fn list_clients(env: &Env) -> worker::Result<Vec<Client>> {
    let store = config_store(env)?;
    let mut ids = vec![];
    let mut cursor = None;
    loop {
        let mut list = store.list().prefix(PREFIX.to_owned());
        if let Some(cursor) = cursor {
            list = list.cursor(cursor);
        }
        let page = list.execute().await?;
        let names = page.keys.iter().map(|key| key.name.as_str());
        ids.extend(names.filter_map(|name| Some(ClientId::new(name.strip_prefix(PREFIX)?.into()))));
        cursor = page.cursor;
        if page.list_complete || cursor.is_none() {
            break;
        }
    }
    let found = stream::iter(&ids).map(|id| get_client(env, id));
    let found: Vec<_> = found.buffered(READS_AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

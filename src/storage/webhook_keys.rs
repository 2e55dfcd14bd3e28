//! The keys that Ideogram signs webhooks with: in the isolate, and for a day in KV under
//! `webhook-keys:v1`, JSON, so that not every isolate asks Ideogram for them. How long they are good
//! for and when they are asked for anew is `domain::webhook`'s.

use std::cell::RefCell;

use domain::time::{Millis, UnixMillis};
use domain::webhook::{FetchedKeys, KeySet, KnownKeys};
use worker::Env;
use worker::kv::KvError;

use super::clients::config_store;
use crate::deadline::within;

const KEY: &str = "webhook-keys:v1";
/// KV keeps them no longer than they are good for, in seconds.
const LIFE: u64 = 24 * 60 * 60;
/// A delivery is not kept waiting for KV for longer: Ideogram can be asked.
const PATIENCE: Millis = Millis::from_seconds(2);

thread_local! {
    static KNOWN: RefCell<KnownKeys> = const { RefCell::new(KnownKeys::NONE) };
}

/// Looks at what this isolate knows.
pub fn with_webhook_keys<T>(look: impl FnOnce(&mut KnownKeys) -> T) -> T {
    KNOWN.with_borrow_mut(look)
}

/// Learns the keys that KV has, if it has any that this version can read.
///
/// # Errors
/// KV failed.
pub async fn recall_webhook_keys(env: &Env) -> worker::Result<()> {
    let read = async {
        config_store(env)?
            .get(KEY)
            .text()
            .await
            .map_err(worker::Error::from)
    };
    let text = within(PATIENCE, read).await.transpose()?.flatten();
    let fetched = text.and_then(|text| serde_json::from_str(&text).ok());
    if let Some(fetched) = fetched {
        with_webhook_keys(|known| known.learn(fetched));
    }
    Ok(())
}

/// Learns the keys that Ideogram had at this moment, and keeps them for other isolates.
///
/// # Errors
/// KV failed; they are known here all the same.
pub async fn keep_webhook_keys(
    env: &Env,
    keys: KeySet,
    fetched_at: UnixMillis,
) -> worker::Result<()> {
    let fetched = FetchedKeys { keys, fetched_at };
    let json = serde_json::to_string(&fetched)?;
    with_webhook_keys(|known| known.learn(fetched));
    let put = config_store(env)?.put(KEY, json)?.expiration_ttl(LIFE);
    put.execute().await.map_err(|error: KvError| error.into())
}

//! The clients this isolate has seen lately. A client that was revoked may be taken for one until its
//! minute here is over, and KV's own minute.

use std::cell::RefCell;
use std::collections::HashMap;

use domain::access::Client;
use domain::ids::ClientId;
use domain::time::{Millis, UnixMillis};
use worker::Env;

use crate::clock::now;
use crate::error::Refused;
use crate::storage::get_client;

const FRESH: Millis = Millis::from_seconds(60);
/// So many are remembered; then all are looked up anew.
const MOST: usize = 1000;

thread_local! {
    static SEEN: RefCell<HashMap<ClientId, (UnixMillis, Client)>> = RefCell::default();
}

/// The client of this id, if there is one.
///
/// # Errors
/// KV failed.
pub async fn find(env: &Env, id: &ClientId) -> Result<Option<Client>, Refused> {
    let seen = SEEN.with_borrow(|seen| {
        let (at, client) = seen.get(id)?;
        (now().since(*at) < FRESH).then(|| client.clone())
    });
    if seen.is_some() {
        return Ok(seen);
    }
    let found = get_client(env, id).await?;
    SEEN.with_borrow_mut(|seen| {
        if seen.len() >= MOST {
            seen.clear();
        }
        match &found {
            Some(client) => seen.insert(id.clone(), (now(), client.clone())),
            None => seen.remove(id),
        };
    });
    Ok(found)
}

/// Looks this client up anew next time.
pub fn forget(id: &ClientId) {
    SEEN.with_borrow_mut(|seen| seen.remove(id));
}

//! Tells those who poll how long models take, as the ledger has learned it: through KV, which is read
//! often and written only when there is something new to tell.

use worker::Env;

use crate::objects::LedgerClient;
use crate::storage::{get_paces, put_paces};

/// Tells what is new, if anything is.
///
/// # Errors
/// The ledger did not answer, or KV failed.
pub async fn tell(env: &Env) -> Result<(), String> {
    let learned = LedgerClient(env).paces().await.map_err(|error| error.0)?;
    let in_words = |error: worker::Error| error.to_string();
    if learned.differ_from(&get_paces(env).await.map_err(in_words)?) {
        put_paces(env, &learned).await.map_err(in_words)?;
    }
    Ok(())
}

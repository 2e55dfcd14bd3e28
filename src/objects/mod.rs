//! The Durable Objects around the rules of `domain`: their storage, their commands, and how they are
//! called. `generation` runs jobs and is where callers of the same thing meet; `ledger` holds money,
//! places in flight, the queue and the breaker, and never calls Ideogram. `idempotency_key` knows what
//! a key names, `reply` what came of it; both hold one value for about a day (`brief_store`).

mod bell;
mod brief;
mod brief_store;
mod call;
mod generation;
mod generation_driver;
mod generation_nudge;
mod generation_store;
mod generation_upstream;
mod generation_watch;
mod idempotency_key;
mod ledger;
#[cfg(test)]
mod native_sql;
mod reply;
mod sql;
mod waiters;

pub use self::call::CallFailed;
pub use self::generation::{
    Erased, GenerationClient, Met, Outcome, Ran, RunRequest, Snapshot, settings_are_wrong,
};
pub use self::generation_nudge::{Nudge, Nudged};
pub use self::generation_watch::{CancelRequest, WatchRequest};
pub use self::idempotency_key::IdempotencyKeyClient;
pub use self::ledger::LedgerClient;
pub use self::reply::ReplyClient;

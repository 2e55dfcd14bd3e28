//! The two Durable Objects around the state machines of `domain`: their storage, their commands,
//! and how they are called. `generation` runs jobs and is where callers of the same thing meet;
//! `ledger` holds money, places in flight, the queue and the breaker, and never calls Ideogram.

mod call;
mod generation;
mod generation_driver;
mod generation_store;
mod generation_watch;
mod ledger;
mod ledger_store;
#[cfg(test)]
mod native_sql;
mod sql;
mod waiters;

pub use self::call::CallFailed;
pub use self::generation::{
    Erased, GenerationClient, Met, Outcome, Ran, RunRequest, Snapshot, settings_are_wrong,
};
pub use self::generation_watch::{CancelRequest, WatchRequest};
pub use self::ledger::LedgerClient;

//! The ledger: one state machine for money, places in flight, the queue, retries and the breaker.
//!
//! At every instant, per day: billed + reserved + unconfirmed ≤ daily budget, where reserved
//! counts the waiting too. Places held by reserved and by still-held unconfirmed leases never
//! exceed the in-flight limit. The same for each client with a budget of its own, and for the pictures
//! of a browser token. A lease is booked once; an unconfirmed one may be corrected later.
//! Commands are idempotent by lease id and carry no moments of their own: the clock is an argument,
//! and a clock that goes back is taken to stand still.
//!
//! A command changes the machine and says what to write (`Write`) and whom to wake (`Wake`). The
//! caller writes it all at once before it answers anybody; if writing fails it throws the machine
//! away and restores it from what is stored. Time-driven changes happen in `tick`.
//!
//! `machine` is the whole; `mode` is whether the operator lets anything be made; `admission` says who
//! is let in, `books` count money and places, `queue` says whose turn it is, `allowance` is what clients
//! and tokens may take at most; `breaker`, `in_flight` and `retry_budget` are one policy each. `watching`
//! is what is heard from those who watch Ideogram.

mod admission;
mod allowance;
mod books;
mod breaker;
mod commands;
mod in_flight;
mod lease;
mod machine;
mod mode;
mod queue;
mod refusal;
mod retry_budget;
mod watching;

#[cfg(test)]
mod tests;

pub use self::allowance::{Allowance, TokenAllowance, TokenUse};
pub use self::breaker::{BreakerReason, BreakerState};
pub use self::commands::{
    Acquired, Acquisition, Booked, CallReport, ClientDay, DayTotals, Effects, Frozen, Limits,
    RetryAnswer, Status, Stored, TotalsChange, Wait, WaitEnd, Wake, Write,
};
pub use self::lease::{Lease, LeaseState, LeaseTerms, Settlement};
pub use self::machine::Ledger;
pub use self::mode::{Mode, ModeChange};
pub use self::refusal::{Refusal, RefusalReason};

use crate::time::Millis;

/// When to ask again after what only the operator ends.
const A_WHILE: Millis = Millis::from_seconds(60);

//! Alerts: what somebody should hear of, once when it begins and once when it is over.
//!
//! `rule` is the table of rules, `watch` what the ledger remembers for them (`latencies` and `slots`
//! over time), `judge` what each says of it, `board` which of them fire, `outbox` what has still to be
//! told, `message` and `signature` how it is told; `alerting` is all of it, beside the ledger.

mod alerting;
mod board;
mod judge;
mod latencies;
mod message;
mod outbox;
mod rule;
mod signature;
mod slots;
#[cfg(test)]
mod tests;
mod watch;

pub use self::alerting::{AlertWrite, Alerting, Judged, StoredAlerts};
pub use self::board::{Alert, AlertState, Board};
pub use self::judge::{Credits, Facts, Judgement, Thresholds};
pub use self::latencies::{Latencies, Slowest};
pub use self::message::{DELIVERY_HEADER, Message, SIGNATURE_HEADER, Shape};
pub use self::outbox::{Delivery, Notice, Outbox, OutboxWrite, Queued};
pub use self::rule::{Rule, Severity};
pub use self::signature::SigningSecret;
pub use self::slots::Slots;
pub use self::watch::{Kept, Prompts, Reach, Watch, Word};

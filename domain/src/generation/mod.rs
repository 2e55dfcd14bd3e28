//! The life of one generation: one state machine.
//!
//! ```text
//! queued ─ granted ─▶ ready ─ call ─▶ generating ───── answered ────▶ storing ─ all kept ─▶ done
//!    │                                 │  └ named ─▶ polling ─ completed ─┘
//!    └ refused ─▶ failed ◀─ denied ─ asking ◀── failed ──┘
//!                              └ allowed ─▶ ready, or queued under a new lease
//! ```
//!
//! `next` derives what to do from the state alone, so a restart goes on where the stored state
//! stands. The state is stored before each step that costs or cannot be asked again: `generating`
//! before the call leaves, `storing` with Ideogram's whole answer the moment it is in. Under one
//! lease at most one call can have been billed. What a lease cost is owed to the ledger (`owed`)
//! from the moment it is known until the ledger has confirmed it. A call that was on its way when
//! the object restarted is booked as unconfirmed, and the generation fails as interrupted; what
//! Ideogram had taken and named by then is asked for on, and is had.
//! Once no call can leave any more, the pictures that came with the request are deleted.
//!
//! A caller that wants it no longer may cancel it while it is queued and no call was made.
//!
//! `job` is the state and what follows from it, `transitions` are the events that change it,
//! `polling` what becomes of a submission, `pictures` what becomes of each picture, `links` where
//! another link for one comes from, `references` of those that came with the request,
//! `label` what lies beside a kept picture, `cancellation` the end that a caller asks for, `event` what callers are told on the way, `reuse`
//! whom it answers.

mod cancellation;
mod event;
mod job;
mod label;
mod links;
mod pictures;
mod polling;
mod references;
mod reuse;
mod transitions;
mod words;

#[cfg(test)]
mod tests;

pub use self::cancellation::Cancellation;
pub use self::event::{Event, EventKind, Events};
pub use self::job::Job;
pub use self::label::{Label, Remembered};
pub use self::pictures::{Picture, PictureState, StoreOutcome};
pub use self::polling::{Awaits, Way};
pub use self::words::{
    GenerationResult, NewJob, Owed, Policy, REJECTION_LIFE, Record, Reply, State, Step,
    StoringReport,
};

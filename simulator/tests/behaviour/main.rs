//! The simulator's behaviour as its callers see it.
//! Holds true: every test has a simulator of its own on a free port, so all run in parallel.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod billing;
mod caller;
mod control;
mod documented;
mod endpoints;
mod form_records;
mod forms;
mod generation;
mod generation_faults;
mod generations;
mod image_faults;
mod images;
mod limits;
mod polls;
mod prices;
mod program;
mod quotes;
mod rules;
mod schema;
mod shapes;
mod sizes;
mod usage;
mod v2_endpoints;
mod v2_fields;
mod webhooks;

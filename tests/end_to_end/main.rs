//! The gateway as its callers see it: the built Worker in real workerd, with the simulator as
//! Ideogram and its bill as the judge.
//! Holds true: every gateway has storage, a simulator and ports of its own; nothing leaves this
//! machine; no process outlives the tests, however they end, and no file a test that fails.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

// Tests begin in the order of their names: the longest ones first.
mod a_storm;
mod access;
mod alerts;
mod breaker;
mod browser_tokens;
mod budget;
mod cache_control;
mod callers_that_leave;
mod cancel;
mod client_keys;
mod clients;
mod compressed;
mod costs;
mod documented;
mod erasure;
mod events;
mod failures;
mod fallback;
mod finalize;
mod forms;
mod gateway;
mod health;
mod history;
mod hostile_answers;
mod hostile_bodies;
mod hostile_pictures;
mod hostile_requests;
mod idempotency;
mod in_flight;
mod javascript_client;
mod links;
mod logs;
mod metrics;
mod midnight;
mod mode;
mod moderator;
mod once;
mod openai;
mod pages;
mod picture_faults;
mod pictures_kept_later;
mod polling;
mod preflight;
mod price_watch;
mod privacy;
mod probe;
mod prometheus;
mod queue;
mod reconciliation;
mod references;
mod rejections;
mod respond_async;
mod restarts;
mod restoring;
mod results;
mod retention;
mod routes;
mod runbook;
mod schemathesis;
mod screening;
mod switched_off;
mod v2_generations;
mod v2_prices;
mod v2_shape;
mod validation;
mod versions;
mod webhooks;

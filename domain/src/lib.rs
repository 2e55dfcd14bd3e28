//! The gateway's rules. Nothing here does I/O, awaits, or reads a clock: time and randomness come
//! in as arguments, so every rule can be tested, and later simulated, without a Worker around it.
//!
//! `access` says who may call. A request is parsed (`request`), its prompt sanitised (`prompt`),
//! personal data taken out of it (`redaction`), and held against the operator's rules (`policy`); its
//! cache key is computed (`fingerprint`) and its price looked up (`price`). `cache_control` and
//! `idempotency` are what a caller may want of either. `generation` is the life
//! of one generation, `ledger` is money and places in flight; `retry` says what an answer of Ideogram
//! means for both, `upstream` which of its APIs a request goes to, and `pace` how often Ideogram is
//! asked whether something is done. `openai` is the same in the words of OpenAI's API, `v2` in those of
//! Ideogram's own v2 API. `fallback` is what callers get while generation is off, and `placeholder` the
//! picture in it. `report` is what the operator asks about money and the past, `reconciliation` holds
//! Ideogram's account against the ledger's, `alert` what somebody should hear of. `webhook` is what
//! Ideogram tells unasked.

pub mod access;
pub mod alert;
pub mod answer;
pub mod base64_stream;
mod body_fields;
pub mod byte_range;
pub mod cache;
pub mod cache_control;
pub mod entity_tag;
pub mod failure;
pub mod fallback;
pub mod finalize;
pub mod fingerprint;
pub mod gathered;
pub mod generation;
pub mod health;
pub mod idempotency;
pub mod ids;
pub mod ledger;
pub mod metrics;
pub mod moderation;
pub mod money;
pub mod openai;
pub mod pace;
pub mod picture;
pub mod picture_key;
pub mod placeholder;
pub mod places;
pub mod policy;
pub mod preflight;
pub mod price;
pub mod prompt;
pub mod quote;
pub mod reconciliation;
pub mod redaction;
pub mod report;
pub mod request;
pub mod restoring;
pub mod retry;
pub mod route;
pub mod sampling;
#[cfg(any(test, feature = "simulation"))]
pub mod simulation;
mod size;
pub mod source;
pub mod time;
pub mod upstream;
pub mod v2;
mod visible_text;
pub mod webhook;

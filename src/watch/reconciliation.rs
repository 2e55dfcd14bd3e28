//! Holds what Ideogram says a day cost against what the ledger has booked on it: once a day for the day
//! before, and whenever the operator asks. Ideogram's account lags by minutes (its OpenAPI document,
//! 2026-10), so hours after midnight it is complete.

use domain::reconciliation::Reconciliation;
use domain::time::Day;
use worker::Env;

use crate::clock::now;
use crate::config::Config;
use crate::ideogram::usage;
use crate::log;
use crate::objects::{CallFailed, LedgerClient};

/// Why a day could not be reconciled.
#[derive(Debug)]
pub enum NotReconciled {
    /// Ideogram does not tell what it cost; says why.
    ByIdeogram(String),
    /// The ledger did not answer.
    ByLedger(CallFailed),
}

/// Reconciles the day before this one.
///
/// # Errors
/// Says what failed.
pub async fn look(env: &Env, config: &Config) -> Result<(), String> {
    let yesterday = Day::new(now().day().get().saturating_sub(1));
    let reconciled = reconcile(env, config, yesterday).await;
    reconciled.map(drop).map_err(|problem| match problem {
        NotReconciled::ByIdeogram(why) | NotReconciled::ByLedger(CallFailed(why)) => why,
    })
}

/// Reconciles a day, and keeps what it comes to.
///
/// # Errors
/// Says what failed; then what was kept of that day stays.
pub async fn reconcile(
    env: &Env,
    config: &Config,
    day: Day,
) -> Result<Reconciliation, NotReconciled> {
    let usage = usage(config, day).await;
    let usage = usage.map_err(NotReconciled::ByIdeogram)?;
    let reconciled = LedgerClient(env).reconcile(day, usage).await;
    let reconciled = reconciled.map_err(NotReconciled::ByLedger)?;
    log::reconciled(&reconciled);
    Ok(reconciled)
}

//! What the clock strikes for: how Ideogram is (`probe`), how long it takes (`paces`), what it charges
//! (`prices`), what it has charged
//! (`reconciliation`), and what nobody has deleted. Each is known by the words of its cron in wrangler.toml.

mod paces;
mod prices;
mod probe;
mod reconciliation;

pub use self::reconciliation::{NotReconciled, reconcile};

use worker::Env;

use crate::config::Config;
use crate::log;
use crate::storage::sweep_references;

/// Every 5 minutes.
const PROBE: &str = "*/5 * * * *";
/// Once an hour.
const SWEEP: &str = "17 * * * *";
/// Once a day.
const DAILY: &str = "23 4 * * *";

/// Does what this cron is for. What fails is logged, and done again when the clock next strikes.
pub async fn strike(cron: &str, env: &Env) {
    let outcome = match (cron, Config::of(env)) {
        (SWEEP, _) => sweep(env).await.map_err(|error| error.to_string()),
        (PROBE, Ok(config)) => look(env, config).await,
        (DAILY, Ok(config)) => look_at_money(env, config).await,
        (PROBE | DAILY, Err(_)) => Err("the settings are wrong; see /health".to_owned()),
        (other, _) => Err(format!("there is nothing to do for {other}")),
    };
    if let Err(error) = outcome {
        log::fault("cron", &format!("{cron}: {error}"));
    }
}

/// Looks at Ideogram, and tells how long it takes.
async fn look(env: &Env, config: &Config) -> Result<(), String> {
    let looked = probe::look(env, config).await;
    both(looked.map_err(|error| error.0), paces::tell(env).await)
}

/// Looks at what Ideogram charges, and at what it has charged.
async fn look_at_money(env: &Env, config: &Config) -> Result<(), String> {
    let looked = prices::look(env, config).await;
    both(looked, reconciliation::look(env, config).await)
}

/// What came of two things, of which neither keeps the other from being done.
fn both(one: Result<(), String>, other: Result<(), String>) -> Result<(), String> {
    match (one, other) {
        (Err(one), Err(other)) => Err(format!("{one}; {other}")),
        (one, other) => one.and(other),
    }
}

/// Deletes pictures that came with requests and that nobody has deleted.
async fn sweep(env: &Env) -> worker::Result<()> {
    log::swept(sweep_references(env).await?);
    Ok(())
}

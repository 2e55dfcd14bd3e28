//! Looks at Ideogram: asks for a quote, or has a picture made if the operator pays for that, and tells
//! the ledger what it found. A picture goes the way of every other one, through the ledger with a
//! budget of its own, so a breaker that is due to be tried is tried by it; where Ideogram was not asked
//! in the end, a quote asks it.

use domain::cache_control::{CacheUse, Nonce};
use domain::failure::FailureCode;
use domain::fingerprint::{CacheScope, Fingerprint};
use domain::generation::Reply;
use domain::health::{Probe, picture_asked};
use domain::ids::ClientId;
use domain::ledger::Allowance;
use domain::money::MicroDollars;
use domain::quote::PROBE;
use domain::request::{Endpoint, ImageRequest};
use worker::Env;

use crate::clock::{now, random};
use crate::config::{Config, HealthProbe};
use crate::ideogram::quote;
use crate::log;
use crate::objects::{CallFailed, GenerationClient, LedgerClient, Outcome, Ran, RunRequest};
use crate::routes::limits;
use crate::storage::prices_in_force;

/// Whose money a probe's pictures cost, and where they are booked.
const CLIENT: &str = "health";
const ENDPOINT: &str = "/health";

/// Looks once.
///
/// # Errors
/// The ledger did not answer.
pub async fn look(env: &Env, config: &Config) -> Result<(), CallFailed> {
    let made = match config.health_probe {
        HealthProbe::Off => return Ok(()),
        HealthProbe::Quote => None,
        HealthProbe::Generate { daily_budget } => by_picture(env, config, daily_budget).await,
    };
    let probe = match made {
        Some(probe) => probe,
        None => by_quote(config).await,
    };
    log::probed(&probe);
    LedgerClient(env).probed(&probe).await
}

async fn by_quote(config: &Config) -> Probe {
    let at = now();
    Probe::of_quote(at, &quote(config, &PROBE).await)
}

/// None if Ideogram was not asked, whatever it was for: the budget is spent, generation is switched
/// off, the breaker is open, or something in the gateway failed.
async fn by_picture(env: &Env, config: &Config, daily_budget: MicroDollars) -> Option<Probe> {
    let asked = picture(env, config, daily_budget).await?;
    let fingerprint = asked
        .cache
        .place(Fingerprint::of(&asked.request, &asked.scope));
    let at = now();
    let client = GenerationClient(env);
    let ran = match client.run(&fingerprint, &asked, config).await {
        Ok(ran) => ran,
        Err(error) => return not_asked(&error.0),
    };
    let latency = now().since(at);
    let outcome = match &ran {
        Ran {
            outcome: Outcome::Reply(Reply::Done(_)),
            ..
        } => Ok(()),
        Ran {
            outcome: Outcome::Reply(Reply::Failed(failure)),
            id: Some(id),
            ..
        } => match client.show(id).await {
            Ok(Some(snapshot)) if snapshot.attempt > 0 => Err(failure.code),
            Ok(_) => return None,
            Err(error) => return not_asked(&error.0),
        },
        Ran {
            outcome: Outcome::Pending,
            ..
        } => Err(FailureCode::GenerationPending),
        Ran { .. } => return None,
    };
    Some(Probe::of_generation(at, latency, outcome))
}

async fn picture(env: &Env, config: &Config, daily_budget: MicroDollars) -> Option<RunRequest> {
    let prices = prices_in_force(env, config).await;
    let asked = ImageRequest::parse(Endpoint::GENERATE, &picture_asked(&prices), &limits(config));
    let request = match asked {
        Ok(asked) => asked.request,
        Err(error) => return not_asked(&error.message),
    };
    Some(RunRequest {
        client: ClientId::new(CLIENT.to_owned()),
        allowance: Allowance {
            daily_budget: Some(daily_budget),
            token: None,
        },
        endpoint: ENDPOINT.to_owned(),
        scope: CacheScope::Shared,
        cache: CacheUse::Bypass(Nonce::new(random().ok()?)),
        key: None,
        price: prices.of(request.rate()),
        quoted: prices.quoted(request.rate()),
        request,
        wait: None,
    })
}

fn not_asked<T>(why: &str) -> Option<T> {
    log::fault("probe", why);
    None
}

//! How often one may call, before anything costs: the platform's `ratelimits` bindings, one for each
//! class of client and one for wrong keys. Their limits are fixed in wrangler.toml and count by
//! location, so they keep load away; money is kept by the ledger. A limit that fails lets everybody in.

use domain::access::{Client, RateClass, network_of};
use domain::failure::FailureCode;
use worker::{Env, Request};

use crate::error::Refused;
use crate::log;

/// All limits of wrangler.toml count by the minute.
const PERIOD_SECONDS: &str = "60";
const WRONG_KEYS: &str = "RATE_WRONG_KEYS";

const fn binding(class: RateClass) -> &'static str {
    match class {
        RateClass::Low => "RATE_LOW",
        RateClass::Standard => "RATE_STANDARD",
        RateClass::High => "RATE_HIGH",
    }
}

/// Counts a call of this client.
///
/// # Errors
/// It calls too often.
pub async fn admit(env: &Env, client: &Client) -> Result<(), Refused> {
    let Some(class) = client.rate else {
        return Ok(());
    };
    if within(env, binding(class), client.id.as_str()).await {
        return Ok(());
    }
    Err(too_often("this key is used too often; wait a minute"))
}

/// Counts a call without a key that is known; what it is told.
pub async fn refuse_stranger(env: &Env, request: &Request) -> Refused {
    let address = request.headers().get("cf-connecting-ip").ok().flatten();
    let network = network_of(&address.unwrap_or_default());
    if !within(env, WRONG_KEYS, &network).await {
        return too_often("too many calls without a valid key from this address; wait a minute");
    }
    Refused::new(
        FailureCode::Unauthorized,
        "a valid key is needed, as Authorization: Bearer KEY or Api-Key: KEY",
    )
    .with_header("www-authenticate", "Bearer")
}

async fn within(env: &Env, binding: &str, key: &str) -> bool {
    let asked = async { env.rate_limiter(binding)?.limit(key.to_owned()).await };
    match asked.await {
        Ok(outcome) => outcome.success,
        Err(error) => {
            log::fault("rate limit", &format!("{binding}: {error}"));
            true
        }
    }
}

fn too_often(sentence: &str) -> Refused {
    Refused::new(FailureCode::RateLimited, sentence).with_header("retry-after", PERIOD_SECONDS)
}

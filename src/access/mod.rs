//! Who is calling. Callers without a key are let in only where the settings allow it, which they do
//! on the developer's own machine alone; the operator's key is taken everywhere.

use domain::failure::FailureCode;
use domain::ids::ClientId;
use sha2::{Digest, Sha256};
use worker::{Headers, Request};

use crate::config::Config;
use crate::error::Refused;

/// The client that everybody is where no key is needed.
const LOCAL: &str = "local";
/// The client that the operator's key stands for.
const ADMIN: &str = "admin";

/// Finds out who is calling.
///
/// # Errors
/// There is no key, or not one that is known; the answer is the same for both.
pub fn authenticate(request: &Request, config: &Config) -> Result<ClientId, Refused> {
    let key = presented_key(request.headers());
    if let (Some(key), Some(admin_key)) = (&key, &config.admin_key)
        && same(key, admin_key)
    {
        return Ok(ClientId::new(ADMIN.to_owned()));
    }
    if !config.require_auth {
        return Ok(ClientId::new(LOCAL.to_owned()));
    }
    Err(Refused::new(
        FailureCode::Unauthorized,
        "a valid key is needed, as Authorization: Bearer KEY or Api-Key: KEY",
    )
    .with_header("www-authenticate", "Bearer"))
}

/// The key of a request, from either of the two headers.
fn presented_key(headers: &Headers) -> Option<String> {
    let header = |name| headers.get(name).ok().flatten();
    let bearer = header("authorization").and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        is_bearer.then(|| key.trim().to_owned())
    });
    bearer.or_else(|| header("api-key"))
}

/// Compares digests, so that the time it takes says nothing about the key.
fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

//! Who is calling, and from where. The rules are `domain::access`; here they meet headers, KV and the
//! platform's rate limits. Callers without a key are let in only where the settings allow it, which
//! they do on the developer's own machine alone.
//!
//! `clients` remembers clients for a minute, `rate` bounds how often one calls, `page` answers browsers.

mod clients;
mod page;
mod rate;

use domain::access::{Caller, Client, PresentedKey, Token, same_secret};
use domain::failure::FailureCode;
use domain::ids::ClientId;
use worker::{Env, Headers, Method, Request};

pub use self::clients::forget as forget_client;
pub use self::page::{Openness, Page};
use crate::clock::{now, random};
use crate::config::Config;
use crate::error::Refused;

/// The client that everybody is where no key is needed.
const LOCAL: &str = "local";
/// The client that the operator's key stands for.
const OPERATOR: &str = "admin";

/// Finds out who is calling, and counts the call.
///
/// # Errors
/// There is no key, or not one that is known: the answer is the same for both. Or it calls too often.
pub async fn authenticate(
    env: &Env,
    config: &Config,
    request: &Request,
) -> Result<Caller, Refused> {
    let presented = presented(request.headers());
    match identify(env, config, request, presented.as_deref()).await? {
        Some(caller) => {
            rate::admit(env, &caller.client).await?;
            Ok(caller)
        }
        None => Err(rate::refuse_stranger(env, request).await),
    }
}

/// Lets the operator in, and nobody else. Without `ADMIN_KEY` there is no operator.
///
/// # Errors
/// It is not the operator; a client is told so, all others that a key is needed.
pub async fn authenticate_operator(
    env: &Env,
    config: &Config,
    request: &Request,
) -> Result<(), Refused> {
    admit_operator(env, config.admin_key.as_deref(), request).await
}

/// The same with the operator's key alone, for where other settings may be wrong.
///
/// # Errors
/// It is not the operator.
pub async fn admit_operator(
    env: &Env,
    admin_key: Option<&str>,
    request: &Request,
) -> Result<(), Refused> {
    if admin_key.is_none() {
        return Err(Refused::new(
            FailureCode::Forbidden,
            "there is no operator: the secret ADMIN_KEY is not set",
        ));
    }
    let presented = presented(request.headers());
    if is_operator(admin_key, presented.as_deref()) {
        return Ok(());
    }
    let stranger = match presented {
        Some(key) => identify_key(env, &key).await?.is_none(),
        None => true,
    };
    if stranger {
        return Err(rate::refuse_stranger(env, request).await);
    }
    Err(Refused::new(
        FailureCode::Forbidden,
        "this takes the operator's key",
    ))
}

/// The key or token of a request, from either of the two headers.
fn presented(headers: &Headers) -> Option<String> {
    let header = |name| headers.get(name).ok().flatten();
    let bearer = header("authorization").and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        is_bearer.then(|| key.trim().to_owned())
    });
    bearer.or_else(|| header("api-key"))
}

fn is_operator(admin_key: Option<&str>, presented: Option<&str>) -> bool {
    match (presented, admin_key) {
        (Some(presented), Some(key)) => same_secret(presented, key),
        _ => false,
    }
}

async fn identify(
    env: &Env,
    config: &Config,
    request: &Request,
    presented: Option<&str>,
) -> Result<Option<Caller>, Refused> {
    let client = |client| {
        Ok(Some(Caller {
            client,
            token: None,
        }))
    };
    if is_operator(config.admin_key.as_deref(), presented) {
        return client(Client::built_in(OPERATOR));
    }
    if let Some(token) = presented.and_then(|text| token(config, text)) {
        return identify_page(env, request, token).await;
    }
    if presented.is_some() || config.require_auth {
        let key = presented.unwrap_or_default();
        if let Some(found) = identify_key(env, key).await? {
            return client(found);
        }
    }
    if config.require_auth {
        return Ok(None);
    }
    client(Client::built_in(LOCAL))
}

/// A key that cannot be one, or is wrong for a client that this isolate remembers, costs a look into
/// KV all the same, so that the time says nothing.
async fn identify_key(env: &Env, key: &str) -> Result<Option<Client>, Refused> {
    if let Some(presented) = PresentedKey::parse(key) {
        match clients::find(env, &presented.client).await? {
            Some(client) if client.key.is_some_and(|digest| presented.fits(&digest)) => {
                return Ok(Some(client));
            }
            Some(_) => {}
            None => return Ok(None),
        }
    }
    let nobody = ClientId::new(hex::encode(random::<8>()?));
    clients::find(env, &nobody).await?;
    Ok(None)
}

fn token(config: &Config, text: &str) -> Option<Token> {
    Token::verify(text, config.token_secret.as_ref()?, now())
}

/// A page calls for the client that got its token, if that client is still one.
async fn identify_page(
    env: &Env,
    request: &Request,
    token: Token,
) -> Result<Option<Caller>, Refused> {
    let origin = page::origin_header(request);
    let changes_nothing = matches!(request.method(), Method::Get | Method::Head);
    if !token.may_be_used_from(origin.as_deref(), changes_nothing) {
        return Err(Refused::new(
            FailureCode::Forbidden,
            "this token is for pages of another origin",
        ));
    }
    let client = match token.client.as_str() {
        LOCAL => Some(Client::built_in(LOCAL)),
        OPERATOR => Some(Client::built_in(OPERATOR)),
        _ => clients::find(env, &token.client).await?,
    };
    Ok(client.map(|client| Caller {
        client,
        token: Some(token),
    }))
}

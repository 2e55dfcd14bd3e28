//! `POST /tokens`: a client gets a short-lived token for a page of its own.

use domain::access::NewToken;
use domain::failure::FailureCode;
use domain::ids::TokenId;
use serde_json::json;
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use crate::access::authenticate;
use crate::clock::{now, random};
use crate::error::Refused;

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    let caller = authenticate(visit.env, config, request).await?;
    visit.log.set("client", caller.id().as_str());
    if caller.token.is_some() {
        let sentence = "a token gets no tokens; this takes a client's key";
        return Err(Refused::new(FailureCode::Forbidden, sentence));
    }
    let Some(secret) = &config.token_secret else {
        let sentence = "there are no browser tokens: the secret TOKEN_SECRET is not set";
        return Err(Refused::new(FailureCode::Forbidden, sentence));
    };
    let new = NewToken::parse(&read_json(request).await?, &config.allowed_origins)?;
    let id = TokenId::new(hex::encode(random::<16>()?));
    let token = new.issue(id, caller.id().clone(), now());
    let signed = token.sign(secret).ok_or_else(|| {
        Refused::new(
            FailureCode::InternalError,
            "the token could not be signed; try again",
        )
    })?;
    let body = json!({
        "token": signed,
        "expires_at": token.expires_at.to_rfc3339(),
        "max_images": token.images,
        "origin": token.origin,
    });
    Ok(ResponseBuilder::new()
        .with_status(201)
        .with_header("cache-control", "no-store")?
        .from_json(&body)?)
}

//! A result as callers get it: Ideogram's own answer with lasting links, and what the gateway adds.

pub use domain::cache::Cache;
use domain::finalize::FinalCosts;
use domain::generation::{GenerationResult, Picture, PictureState};
use domain::redaction::Findings;
use domain::v2::bring_into_shape;
use serde_json::{Value, json};
use worker::{Headers, Request, Response, ResponseBuilder};

use crate::error::Refused;

/// What a result is to one request.
#[derive(Debug, Clone)]
pub struct Share {
    /// Where the result came from.
    pub cache: Cache,
    /// What was taken out of the request's texts; none where that is not known any more.
    pub redactions: Option<Findings>,
    /// What was saved, if it is the final picture for a draft.
    pub finals: Option<FinalCosts>,
}

impl Share {
    /// Of a request that was for nothing else.
    pub const fn new(cache: Cache, redactions: Findings) -> Self {
        Self {
            cache,
            redactions: Some(redactions),
            finals: None,
        }
    }
}

/// The answer to a request for pictures.
pub fn render(
    request: &Request,
    result: &GenerationResult,
    share: &Share,
) -> Result<Response, Refused> {
    Ok(ResponseBuilder::new()
        .with_headers(headers(result, share.cache)?)
        .from_json(&body_for(&origin(request)?, result, share))?)
}

/// The headers that every answer with a result has.
pub fn headers(result: &GenerationResult, cache: Cache) -> worker::Result<Headers> {
    let headers = Headers::new();
    headers.set("x-generation-id", &result.id.to_string())?;
    headers.set("x-cache", cache.as_str())?;
    headers.set("x-cost-usd", &cache.cost(result).to_string())?;
    headers.set("cache-control", "no-store")?;
    Ok(headers)
}

/// The result as the answer to one request.
pub fn body_for(origin: &str, result: &GenerationResult, share: &Share) -> Value {
    let mut body = body(origin, result);
    add_share(&mut body, share);
    if let Some(gateway) = body.get_mut("gateway") {
        let cost = share.cache.cost(result);
        json_set(gateway, "cost_usd", cost.to_dollars_json());
    }
    body
}

/// Adds what an answer is to one request.
pub fn add_share(body: &mut Value, share: &Share) {
    if let Some(gateway) = body.get_mut("gateway") {
        json_set(gateway, "cache", share.cache.as_str().into());
        if let Some(redactions) = &share.redactions {
            json_set(gateway, "redactions", redactions.to_json());
        }
        if let Some(finals) = &share.finals {
            json_set(gateway, "finalize", finals.to_json());
        }
    }
}

/// The result itself, the same for whoever looks at it.
pub fn body(origin: &str, result: &GenerationResult) -> Value {
    let links: Vec<_> = result
        .pictures
        .iter()
        .map(|picture| link(origin, picture))
        .collect();
    let mut body = result.answer.render(&links);
    bring_into_shape(&mut body, &result.id);
    let images: Vec<_> = result
        .pictures
        .iter()
        .zip(links)
        .map(|(picture, link)| image(picture, link))
        .collect();
    let gateway = json!({
        "id": result.id,
        "cost_usd": result.cost.to_dollars_json(),
        "images": images,
    });
    json_set(&mut body, "gateway", gateway);
    body
}

/// Sets a field of an object.
pub fn json_set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// One picture, as it is told when it is kept.
pub fn kept(origin: &str, picture: &Picture) -> Value {
    image(picture, link(origin, picture))
}

fn image(picture: &Picture, link: Option<String>) -> Value {
    let key = match &picture.state {
        PictureState::Stored { key } => Some(key),
        _ => None,
    };
    json!({
        "index": picture.index,
        "seed": picture.seed,
        "url": link,
        "key": key,
        "persisted": key.is_some(),
    })
}

/// The lasting link; Ideogram's own while the picture is not kept; none for one that was withheld.
pub fn link(origin: &str, picture: &Picture) -> Option<String> {
    match &picture.state {
        PictureState::Stored { key } => Some(format!("{origin}/{key}")),
        PictureState::Pending { source, .. } | PictureState::Lost { source, .. } => {
            Some(source.clone())
        }
        PictureState::Withheld => None,
    }
}

/// Scheme, host and port that the caller reached the gateway by.
pub fn origin(request: &Request) -> Result<String, Refused> {
    Ok(request.url()?.origin().ascii_serialization())
}

//! While generation is off, requests for pictures in Ideogram's words are answered with placeholders,
//! if the operator wants that: whoever waits for the answer, follows the events or comes back for the
//! result. What the rules of it are is `domain::fallback`'s.
//! Holds true: nothing of it is cached, kept, bound to a key or booked.

use domain::access::Caller;
use domain::failure::Failure;
use domain::fallback::{Fallback, answer};
use domain::generation::EventKind;
use domain::ids::GenerationId;
use domain::money::MicroDollars;
use domain::placeholder::Placeholder;
use domain::request::ImageRequest;
use domain::time::{Millis, UnixMillis};
use domain::v2::turn_into_shape;
use serde_json::{Value, json};
use worker::{Headers, Request, Response, ResponseBuilder};

use super::result::{Share, add_share, json_set, origin};
use super::waiting::Waiting;
use super::{Visit, events};
use crate::config::Config;
use crate::error::Refused;
use crate::log;
use crate::objects::{GenerationClient, WatchRequest};

/// How long a caller that does not wait is kept for the ledger's word on whether generation is on.
const GLANCE: Millis = Millis::new(500);
/// The number of a generation's first event, which says that it waits for the ledger.
const FIRST_EVENT: u32 = 1;

/// What stands in for the pictures of one request.
pub struct StandIn {
    asked: ImageRequest,
    origin: String,
    at: UnixMillis,
}

impl StandIn {
    /// For this request; none if the operator wants errors to be told.
    pub fn new(
        config: &Config,
        request: &Request,
        asked: &ImageRequest,
        at: UnixMillis,
    ) -> Result<Option<Self>, Refused> {
        if config.fallback == Fallback::Error {
            return Ok(None);
        }
        Ok(Some(Self {
            asked: asked.clone(),
            origin: origin(request)?,
            at,
        }))
    }

    /// For a generation that is looked at later, if it is known what was asked for.
    pub fn shown(
        config: &Config,
        request: &Request,
        asked: Option<&ImageRequest>,
        at: UnixMillis,
    ) -> Result<Option<Self>, Refused> {
        asked.map_or(Ok(None), |asked| Self::new(config, request, asked, at))
    }

    /// What is told instead of this failure; nothing if it is to be told itself.
    pub fn body(&self, failure: &Failure, id: &GenerationId) -> Option<Value> {
        let placeholder = Placeholder::instead_of(&self.asked, failure)?;
        let link = format!("{}/placeholders/{placeholder}", self.origin);
        let mut body = answer(&self.asked, placeholder, &link, self.at);
        if self.asked.endpoint().is_v2() {
            turn_into_shape(&mut body, id);
        }
        let gateway = json!({
            "id": id,
            "cost_usd": MicroDollars::ZERO.to_dollars_json(),
            "images": [],
            "fallback": failure.code,
        });
        json_set(&mut body, "gateway", gateway);
        Some(body)
    }
}

/// The answer to a request that was refused: with placeholders if those stand in, else the refusal. A
/// refusal without a generation never came as far as the ledger.
pub fn instead_of(
    visit: &mut Visit<'_>,
    stand_in: Option<StandIn>,
    waiting: Waiting,
    refused: Refused,
    share: &Share,
) -> Result<Response, Refused> {
    let body = match (&stand_in, refused.generation()) {
        (Some(stand_in), Some(id)) => stand_in.body(refused.failure(), id),
        _ => None,
    };
    let Some(mut body) = body else {
        return Err(refused);
    };
    add_share(&mut body, share);
    visit
        .log
        .set(log::FALLBACK, refused.failure().code.as_str());
    visit.log.set_cost(MicroDollars::ZERO);
    let headers = headers(&refused, share)?;
    if waiting == Waiting::Events {
        return events::done(&body, headers);
    }
    Ok(ResponseBuilder::new()
        .with_headers(headers)
        .from_json(&body)?)
}

fn headers(refused: &Refused, share: &Share) -> worker::Result<Headers> {
    let headers = Headers::new();
    let failure = refused.failure();
    if let Some(id) = refused.generation() {
        headers.set("x-generation-id", &id.to_string())?;
    }
    if let Some(wait) = failure.retry_after {
        headers.set("retry-after", &wait.seconds_rounded_up().to_string())?;
    }
    headers.set("x-fallback", failure.code.as_str())?;
    headers.set("x-cache", share.cache.as_str())?;
    headers.set("x-cost-usd", &MicroDollars::ZERO.to_string())?;
    headers.set("cache-control", "no-store")?;
    Ok(headers)
}

/// Why a generation that has just begun has ended already, if placeholders stand in for that: then
/// they are the answer, and nobody has to come back for it.
pub async fn off_already(
    visit: &Visit<'_>,
    caller: &Caller,
    id: &GenerationId,
    stand_in: Option<&StandIn>,
) -> Option<Refused> {
    let stand_in = stand_in?;
    let asked = WatchRequest {
        client: caller.id().clone(),
        id: id.clone(),
        after: FIRST_EVENT,
        wait: GLANCE,
    };
    let watched = GenerationClient(visit.env).watch(&asked).await;
    let events = watched.unwrap_or_else(|error| {
        log::fault("events", &error.0);
        None
    });
    let last = events?.events.pop()?;
    match last.kind {
        EventKind::Failed(failure) if stand_in.body(&failure, id).is_some() => {
            Some(Refused::from(failure).about(Some(id.clone())))
        }
        _ => None,
    }
}

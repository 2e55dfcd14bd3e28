//! `GET /generations/{id}/events`: what happens to a generation, as server-sent events, for the clients
//! that asked for it; and the same for a request that takes its answer so.
//!
//! The object has the events and their numbers, and is asked for the next ones again and again; so a
//! stream that breaks loses nothing, whichever end it broke at. Between events there are comments, and
//! while a generation waits its position, told anew whenever it changes.

use domain::access::Caller;
use domain::failure::Failure;
use domain::gathered::{Saved, SavedFor, Seen};
use domain::generation::{Event, EventKind, Events, GenerationResult};
use domain::ids::{GenerationId, LeaseId};
use domain::time::Millis;
use futures_util::stream;
use serde_json::{Value, json};
use worker::{Env, Headers, Request, Response, ResponseBuilder};

use super::Visit;
use super::fallback::StandIn;
use super::generations::{no_answer, nothing, theirs, whose};
use super::result::{self, Cache, Share, add_share, body_for, kept, origin};
use super::waiting::EVENT_STREAM;
use crate::error::Refused;
use crate::gathered::Gatherer;
use crate::log;
use crate::objects::{GenerationClient, LedgerClient, WatchRequest};

/// How often one that waits is told its position, if it has changed.
const POSITION_EVERY: Millis = Millis::from_seconds(2);
/// How long a stream may be silent: proxies end those that are for longer.
const KEEP_ALIVE_EVERY: Millis = Millis::from_seconds(15);
const KEEP_ALIVE: &str = ": keep-alive\n\n";

pub async fn get(visit: &mut Visit<'_>, request: &Request, id: &str) -> Result<Response, Refused> {
    let (caller, id) = whose(visit, request, id).await?;
    let snapshot = theirs(visit, &caller, &id).await?;
    let first = snapshot.client == *caller.id();
    let share = Share {
        cache: if first { Cache::Miss } else { Cache::Joined },
        redactions: None,
        finals: None,
    };
    let last = request.headers().get("last-event-id")?;
    // A number that is none, or not one of this generation, is answered from the beginning.
    let after = last.and_then(|number| number.trim().parse().ok());
    let asked = snapshot.request.as_ref();
    let watching = Watching {
        stand_in: StandIn::shown(visit.config()?, request, asked, snapshot.created_at)?,
        queue: snapshot.lease.map(InQueue::new),
        ..Watching::new(visit.env, request, &caller, id, share)?
    };
    watching.after(after.unwrap_or(0)).await
}

/// The events of the generation that a request has started or joined, from the first one on; `saves`
/// is who is saved its pictures.
pub async fn of_request(
    visit: &Visit<'_>,
    request: &Request,
    caller: &Caller,
    id: GenerationId,
    share: Share,
    saves: Option<SavedFor>,
    stand_in: Option<StandIn>,
) -> Result<Response, Refused> {
    let cache = share.cache;
    let watching = Watching {
        saves: saves.map(|saves| (visit.gatherer.clone(), saves)),
        stand_in,
        ..Watching::new(visit.env, request, caller, id, share)?
    };
    let response = watching.after(0).await?;
    response.headers().set("x-cache", cache.as_str())?;
    Ok(response)
}

/// The one event of a request whose result was there. It has no number: there is nothing to come back
/// for.
pub fn only(
    request: &Request,
    result: &GenerationResult,
    share: &Share,
) -> Result<Response, Refused> {
    let data = body_for(&origin(request)?, result, share);
    done(&data, result::headers(result, share.cache)?)
}

/// The one event of a request that is answered with this at once.
pub fn done(data: &Value, headers: Headers) -> Result<Response, Refused> {
    headers.set("content-type", EVENT_STREAM)?;
    Ok(ResponseBuilder::new()
        .with_headers(headers)
        .fixed(written("done", data, None).into_bytes()))
}

fn headers(id: &GenerationId) -> Result<Headers, Refused> {
    let headers = Headers::new();
    headers.set("content-type", EVENT_STREAM)?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-generation-id", &id.to_string())?;
    Ok(headers)
}

/// An event as it goes over the wire. JSON has no line ends of its own.
fn written(name: &str, data: &Value, number: Option<u32>) -> String {
    let id = number.map(|number| format!("id: {number}\n"));
    format!("event: {name}\ndata: {data}\n{}\n", id.unwrap_or_default())
}

/// One who follows a generation.
struct Watching {
    env: Env,
    asked: WatchRequest,
    origin: String,
    share: Share,
    /// Who is saved the pictures, until they are counted.
    saves: Option<(Gatherer, SavedFor)>,
    /// What it is told instead of a failure while generation is off.
    stand_in: Option<StandIn>,
    /// What is there already.
    found: Option<Events>,
    /// Where it waits, if its latest event says that it does.
    queue: Option<InQueue>,
    ended: bool,
}

struct InQueue {
    lease: LeaseId,
    /// As it was told last.
    position: Option<usize>,
}

impl InQueue {
    const fn new(lease: LeaseId) -> Self {
        let position = None;
        Self { lease, position }
    }
}

impl Watching {
    fn new(
        env: &Env,
        request: &Request,
        caller: &Caller,
        id: GenerationId,
        share: Share,
    ) -> Result<Self, Refused> {
        Ok(Self {
            env: env.clone(),
            asked: WatchRequest {
                client: caller.id().clone(),
                id,
                after: 0,
                wait: Millis::ZERO,
            },
            origin: origin(request)?,
            share,
            saves: None,
            stand_in: None,
            found: None,
            queue: None,
            ended: false,
        })
    }

    /// Answers with the events after this one. Where none will come the answer is empty, and tells
    /// browsers to come back no more.
    async fn after(mut self, number: u32) -> Result<Response, Refused> {
        self.asked.after = number;
        let found = GenerationClient(&self.env).watch(&self.asked).await;
        let found = found.map_err(no_answer)?.ok_or_else(nothing)?;
        let response = ResponseBuilder::new().with_headers(headers(&self.asked.id)?);
        if found.ended && found.events.is_empty() {
            return Ok(response.with_status(204).empty());
        }
        self.found = Some(found);
        let chunks = stream::unfold(self, async |mut watching| {
            let chunk = watching.next().await?;
            Some((Ok::<_, worker::Error>(chunk.into_bytes()), watching))
        });
        Ok(response.from_stream(chunks)?)
    }

    /// What is sent next; none at the end. A stream that ends without its last event is one to come
    /// back to.
    async fn next(&mut self) -> Option<String> {
        if self.ended {
            return None;
        }
        let Events { events, ended } = match self.found.take() {
            Some(found) => found,
            None => self.watch().await?,
        };
        self.ended = ended;
        if let Some(last) = events.last() {
            self.asked.after = last.number;
            self.queue = match &last.kind {
                EventKind::Queued { lease } => Some(InQueue::new(lease.clone())),
                _ => None,
            };
        }
        if let Some(EventKind::Done(result)) = events.last().map(|last| &last.kind)
            && let Some((gatherer, saved_for)) = self.saves.take()
        {
            gatherer.count(Seen::Saved(saved_for, Saved::pictures(result)));
        }
        let moved = self.moved().await;
        let told: String = events.iter().map(|event| self.event(event)).collect();
        Some(match (told.is_empty(), moved) {
            (false, _) => told,
            (true, true) => self.queued(self.asked.after),
            (true, false) => KEEP_ALIVE.to_owned(),
        })
    }

    async fn watch(&mut self) -> Option<Events> {
        self.asked.wait = match self.queue {
            Some(_) => POSITION_EVERY,
            None => KEEP_ALIVE_EVERY,
        };
        let events = GenerationClient(&self.env).watch(&self.asked).await;
        events.unwrap_or_else(|error| {
            log::fault("events", &error.0);
            None
        })
    }

    /// Asks for the position of one that waits; says whether it has one, and another than before.
    async fn moved(&mut self) -> bool {
        let Some(queue) = &mut self.queue else {
            return false;
        };
        let position = LedgerClient(&self.env).position(&queue.lease).await;
        // It may have been served meanwhile, or the ledger be busy.
        let position = position.ok().flatten();
        let moved = position.is_some() && position != queue.position;
        queue.position = position.or(queue.position);
        moved
    }

    fn event(&self, event: &Event) -> String {
        let number = Some(event.number);
        match &event.kind {
            EventKind::Queued { .. } => self.queued(event.number),
            EventKind::Generating { attempt } => {
                written("generating", &json!({"attempt": attempt}), number)
            }
            EventKind::Stored(picture) => written("stored", &kept(&self.origin, picture), number),
            EventKind::Done(result) => {
                let data = body_for(&self.origin, result, &self.share);
                written("done", &data, number)
            }
            EventKind::Failed(failure) => match self.instead_of(failure) {
                Some(data) => written("done", &data, number),
                None => written("failed", &failed(failure), number),
            },
            EventKind::Cancelled => written("cancelled", &json!({}), number),
        }
    }

    fn instead_of(&self, failure: &Failure) -> Option<Value> {
        let stand_in = self.stand_in.as_ref()?;
        let mut body = stand_in.body(failure, &self.asked.id)?;
        add_share(&mut body, &self.share);
        Some(body)
    }

    /// That it waits, and behind how many, where that is known.
    fn queued(&self, number: u32) -> String {
        let position = self.queue.as_ref().and_then(|queue| queue.position);
        let data = match position {
            Some(position) => json!({"id": self.asked.id, "position": position}),
            None => json!({"id": self.asked.id}),
        };
        written("queued", &data, Some(number))
    }
}

fn failed(failure: &Failure) -> Value {
    let Failure {
        code,
        message,
        retry_after,
        cost: _,
    } = failure;
    match retry_after.map(Millis::seconds_rounded_up) {
        Some(seconds) => json!({"error": message, "code": code, "retry_after_seconds": seconds}),
        None => json!({"error": message, "code": code}),
    }
}

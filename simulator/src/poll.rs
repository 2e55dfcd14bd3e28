//! Polling: what has become of a generation.
//! Holds true: every poll is counted first; too many in a short time are turned down, whatever
//! they are about.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::Instant;

use crate::generate::half_body;
use crate::later_fault::PollFault;
use crate::lock::lock;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::v2_values::is_url_safe_base64;
use crate::validate::{check_key, invalid};
use crate::wire;

/// What the limit is about (Ideogram's rate limits page, 2026-11).
const WINDOW: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Polls {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    by_id: BTreeMap<String, u64>,
    /// When those of the last 10 seconds came, and whether each was within the limit.
    recent: VecDeque<(Instant, bool)>,
    most_recent: usize,
}

impl Polls {
    /// Counts a poll. Tells after how many seconds there will be room, if there is none.
    fn count(&self, id: &str, limit: usize) -> Result<(), u64> {
        let mut counts = lock(&self.counts);
        let Counts {
            by_id,
            recent,
            most_recent,
        } = &mut *counts;
        *by_id.entry(id.to_owned()).or_default() += 1;
        let now = Instant::now();
        while let Some((came, _)) = recent.front()
            && now.duration_since(*came) >= WINDOW
        {
            recent.pop_front();
        }
        let mut answered = recent.iter().filter(|(_, answered)| *answered);
        let oldest = answered.next().map(|(came, _)| *came);
        let has_room = answered.count() + usize::from(oldest.is_some()) < limit;
        recent.push_back((now, has_room));
        *most_recent = recent.len().max(*most_recent);
        if has_room {
            return Ok(());
        }
        let waited = oldest.map_or(Duration::ZERO, |oldest| now.duration_since(oldest));
        Err((WINDOW - waited).as_millis().div_ceil(1_000).max(1) as u64)
    }

    pub(crate) fn by_id(&self) -> BTreeMap<String, u64> {
        lock(&self.counts).by_id.clone()
    }

    pub(crate) fn most_in_10_s(&self) -> usize {
        lock(&self.counts).most_recent
    }

    pub(crate) fn forget_all(&self) {
        *lock(&self.counts) = Counts::default();
    }
}

pub(crate) async fn poll(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let room = state.polls.count(&id, state.settings.max_polls_in_10_s);
    state.generations.polled(&id);
    let unauthorized = StatusCode::UNAUTHORIZED;
    if let Err(refusal) = check_key(request.headers(), &state.settings.api_key, unauthorized) {
        return refusal.into_response();
    }
    if !is_url_safe_base64(&id) {
        return invalid("The id is not URL-safe base64").into_response();
    }
    if let Err(seconds) = room {
        let body = json!({ "error": "Too many requests" });
        let head = [(RETRY_AFTER, seconds.to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, head, Json(body)).into_response();
    }
    let fault = state.script.next_poll_fault();
    struck(&state, &id, fault).await
}

async fn struck(state: &State, id: &str, fault: Option<PollFault>) -> Response {
    let answer = match fault {
        Some(PollFault::Answer {
            status,
            headers,
            body,
        }) => return scripted(status, &headers, body, "application/json"),
        Some(PollFault::Hang) => return pending().await,
        Some(PollFault::Reset) => return wire::reset(),
        Some(PollFault::Unknown) => None,
        // What is not heard to its end is not told.
        Some(PollFault::HalfBody) => match state.generations.look(state, id) {
            Some(answer) => return half_body(&answer),
            None => None,
        },
        Some(PollFault::Pending) => state.generations.pending(id),
        Some(PollFault::Delay { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            state.generations.answer(state, id)
        }
        None => state.generations.answer(state, id),
    };
    match answer {
        Some(answer) => Json(answer).into_response(),
        None => Refusal::GenerationNotFound.into_response(),
    }
}

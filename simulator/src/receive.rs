//! Takes a request in and writes it down.
//! Holds true: every call but image fetches and control calls comes through here, whatever
//! becomes of it.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;

use crate::refusal::Refusal;
use crate::state::State;

/// Largest request in bytes (Ideogram's OpenAPI document, 2026-10: below 50 MB).
const LARGEST_REQUEST: usize = 50_000_000;

pub(crate) async fn receive(state: &State, request: Request) -> Result<(Parts, Bytes), Refusal> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_REQUEST).await;
    state
        .records
        .call(&parts, body.as_deref().unwrap_or_default());
    match body {
        Ok(body) => Ok((parts, body)),
        Err(_) => Err(Refusal::TooLarge),
    }
}

/// Answers whatever is not simulated, and keeps a record of it.
pub(crate) async fn anything_else(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request,
) -> Refusal {
    match receive(&state, request).await {
        Ok(_) => Refusal::NotFound,
        Err(refusal) => refusal,
    }
}

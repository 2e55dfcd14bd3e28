//! Takes a request in and writes it down.
//! Holds true: every call but fetches of images and keys, polls and control calls comes through
//! here, whatever becomes of it.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;

use crate::form::{Broken, FormPart, is_form, read_form};
use crate::refusal::Refusal;
use crate::state::State;

/// Largest request in bytes (Ideogram's OpenAPI document, 2026-10: below 50 MB).
const LARGEST_REQUEST: usize = 50_000_000;

/// A body that was received whole.
pub(crate) enum Received {
    Bytes(Bytes),
    Form(Vec<FormPart>),
    /// It says that it is a form, but is none, for this reason.
    MalformedForm(String),
}

pub(crate) async fn receive(state: &State, request: Request) -> Result<(Parts, Received), Refusal> {
    let (parts, body) = request.into_parts();
    let content_type = parts.headers.get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok());
    if let Some(content_type) = content_type.filter(|kind| is_form(kind)) {
        let form = read_form(content_type, body, LARGEST_REQUEST as u64).await;
        state.records.form_call(&parts, &form.parts);
        return match form.broken {
            None => Ok((parts, Received::Form(form.parts))),
            Some(Broken::Malformed(reason)) => Ok((parts, Received::MalformedForm(reason))),
            Some(Broken::TooLarge) => Err(Refusal::TooLarge),
        };
    }
    let body = to_bytes(body, LARGEST_REQUEST).await;
    state
        .records
        .call(&parts, body.as_deref().unwrap_or_default());
    match body {
        Ok(body) => Ok((parts, Received::Bytes(body))),
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

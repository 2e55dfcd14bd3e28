//! `POST /generate`: from the request to the answer, or to what a fault makes of it.
//! Holds true: a request is refused, struck by one fault, or answered; the bill depends on
//! its work alone, never on whether the answer arrives.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::time::{sleep, timeout};

use crate::bill::Reservation;
use crate::fault::GenerationFault;
use crate::receive::receive;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::validate::{Order, check_key, json_object, order};
use crate::wire;
use crate::work::{Generation, start_work};

pub(crate) async fn generate(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request,
) -> Response {
    let (order, reservation) = match accept(&state, request).await {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal.into_response(),
    };
    let fault = state.script.next_generation_fault();
    if matches!(fault, Some(GenerationFault::Hang { .. })) {
        return run(&state, order, reservation, fault).await;
    }
    let limit = Duration::from_millis(state.settings.answer_limit_ms);
    let answer = timeout(limit, run(&state, order, reservation, fault)).await;
    // Ideogram's production integration page, 2026-11: 503, while the work goes on.
    answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

async fn accept(state: &Arc<State>, request: Request) -> Result<(Order, Reservation), Refusal> {
    let (parts, body) = receive(state, request).await?;
    check_key(&parts.headers, &state.settings.api_key)?;
    let order = order(json_object(&parts.headers, &body)?)?;
    let reservation = state.ledger.reserve(
        order.images,
        order.model.micro_dollars_per_image() * u64::from(order.images),
        state.settings.max_images_in_progress,
    )?;
    Ok((order, reservation))
}

async fn run(
    state: &Arc<State>,
    order: Order,
    reservation: Reservation,
    fault: Option<GenerationFault>,
) -> Response {
    let mut generation = None;
    if fault.as_ref().is_none_or(GenerationFault::is_billed) {
        match start_work(state, order, reservation, fault.clone()).await {
            Ok(done) => generation = Some(done),
            // The work was dropped by a reset of the simulator.
            Err(_) => return wire::reset(),
        }
    } else {
        drop(reservation);
    }
    match fault {
        Some(GenerationFault::Answer {
            status,
            headers,
            body,
            ..
        }) => scripted(status, &headers, body, "application/json"),
        Some(GenerationFault::Hang { .. }) => pending().await,
        Some(GenerationFault::Reset { .. }) => wire::reset(),
        Some(GenerationFault::HalfBody) => half_body(generation),
        Some(GenerationFault::Raw { answer, .. }) => wire::raw(answer),
        Some(GenerationFault::Delay { after_work_ms, .. }) => {
            sleep(Duration::from_millis(after_work_ms)).await;
            Json(generation).into_response()
        }
        _ => Json(generation).into_response(),
    }
}

fn half_body(generation: Option<Generation>) -> Response {
    match serde_json::to_vec(&generation) {
        Ok(body) => wire::half("application/json", &body),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

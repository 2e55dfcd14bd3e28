//! Every endpoint that generates: from the request to the answer, or to what a fault makes of it.
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
use crate::endpoint::Endpoint;
use crate::fault::GenerationFault;
use crate::given::Given;
use crate::order::Order;
use crate::receive::receive;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::validate::check_key;
use crate::wire;
use crate::work::{Outcome, start_work};

pub(crate) async fn generate(
    endpoint: &'static Endpoint,
    state: Arc<State>,
    request: Request,
) -> Response {
    let (order, reservation) = match accept(endpoint, &state, request).await {
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

async fn accept(
    endpoint: &'static Endpoint,
    state: &Arc<State>,
    request: Request,
) -> Result<(Order, Reservation), Refusal> {
    let (parts, body) = receive(state, request).await?;
    check_key(
        &parts.headers,
        &state.settings.api_key,
        endpoint.unknown_key,
    )?;
    let given = Given::read(endpoint, &parts.headers, body)?;
    let order = Order::new(endpoint, &given)?;
    let order = Order {
        purchase: order.purchase.repriced(|published| state.price(published)),
        ..order
    };
    let reservation = state.ledger.reserve(
        order.images,
        order.purchase.micro_dollars(order.images),
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
    let mut outcome = None;
    if fault.as_ref().is_none_or(GenerationFault::is_billed) {
        match start_work(state, order, reservation, fault.clone()).await {
            Ok(done) => outcome = Some(done),
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
        Some(GenerationFault::HalfBody) => half_body(outcome),
        Some(GenerationFault::Raw { answer, .. }) => wire::raw(answer),
        Some(GenerationFault::Delay { after_work_ms, .. }) => {
            sleep(Duration::from_millis(after_work_ms)).await;
            Json(outcome).into_response()
        }
        _ => Json(outcome).into_response(),
    }
}

fn half_body(outcome: Option<Outcome>) -> Response {
    match serde_json::to_vec(&outcome) {
        Ok(body) => wire::half("application/json", &body),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

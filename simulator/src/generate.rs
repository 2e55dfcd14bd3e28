//! Every endpoint that generates: from the request to the answer, or to what a fault makes of it.
//! Holds true: a request is refused, struck by one fault, or answered; the bill depends on
//! its work alone, never on whether the answer arrives.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};

use crate::bill::Reservation;
use crate::endpoint::Endpoint;
use crate::fault::GenerationFault;
use crate::given::Given;
use crate::order::Order;
use crate::quote::quote;
use crate::receive::receive;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::v2_answer::submitted;
use crate::validate::{check_key, invalid};
use crate::wire;
use crate::work::{Outcome, start_work};

#[derive(Deserialize)]
struct DryRun {
    #[serde(default)]
    dry_run: bool,
}

pub(crate) async fn generate(
    endpoint: &'static Endpoint,
    state: Arc<State>,
    request: Request,
) -> Response {
    let (order, is_dry_run) = match read(endpoint, &state, request).await {
        Ok(read) => read,
        Err(refusal) => return refusal.into_response(),
    };
    if is_dry_run {
        return quote(&state, &order).await;
    }
    let reservation = state.ledger.reserve(
        order.images,
        order.purchase.micro_dollars(order.images),
        state.settings.max_images_in_progress,
    );
    let reservation = match reservation {
        Ok(reservation) => reservation,
        Err(refusal) => return refusal.into_response(),
    };
    let fault = state.script.next_generation_fault();
    let later = order.envelope.as_ref().is_some_and(|known| known.later);
    if later || matches!(fault, Some(GenerationFault::Hang { .. })) {
        return run(&state, order, reservation, fault).await;
    }
    let limit = Duration::from_millis(state.settings.answer_limit_ms);
    let answer = timeout(limit, run(&state, order, reservation, fault)).await;
    // Ideogram's production integration page, 2026-11: 503, while the work goes on.
    answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// The order, and whether only its price is asked for.
async fn read(
    endpoint: &'static Endpoint,
    state: &Arc<State>,
    request: Request,
) -> Result<(Order, bool), Refusal> {
    let (parts, body) = receive(state, request).await?;
    check_key(
        &parts.headers,
        &state.settings.api_key,
        endpoint.unknown_key,
    )?;
    let is_dry_run = endpoint.v2.is_some() && is_dry_run(&parts.uri)?;
    let given = Given::read(endpoint, &parts.headers, body)?;
    let order = Order::new(endpoint, &given)?;
    let order = Order {
        purchase: order.purchase.repriced(|published| state.price(published)),
        ..order
    };
    Ok((order, is_dry_run))
}

fn is_dry_run(uri: &Uri) -> Result<bool, Refusal> {
    let query = Query::<DryRun>::try_from_uri(uri);
    query
        .map(|query| query.dry_run)
        .map_err(|_| invalid("'dry_run' is neither true nor false"))
}

async fn run(
    state: &Arc<State>,
    order: Order,
    reservation: Reservation,
    fault: Option<GenerationFault>,
) -> Response {
    let begins = fault.as_ref().is_none_or(GenerationFault::begins_work);
    let before = match &order.envelope {
        Some(envelope) if envelope.later => Some(submitted(envelope)),
        _ => None,
    };
    if !begins {
        drop(reservation);
        return struck(fault, &()).await;
    }
    let work = start_work(state, order, reservation, fault.clone());
    if let Some(answer) = before {
        return struck(fault, &answer).await;
    }
    match work.await {
        Ok(failed @ Outcome::Failed { .. }) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(failed)).into_response()
        }
        Ok(outcome) => struck(fault, &outcome).await,
        // The work was dropped by a reset of the simulator.
        Err(_) => wire::reset(),
    }
}

/// This answer, or what a fault makes of it.
async fn struck(fault: Option<GenerationFault>, answer: &impl Serialize) -> Response {
    match fault {
        Some(GenerationFault::Answer {
            status,
            headers,
            body,
            ..
        }) => scripted(status, &headers, body, "application/json"),
        Some(GenerationFault::Hang { .. }) => pending().await,
        Some(GenerationFault::Reset { .. }) => wire::reset(),
        Some(GenerationFault::HalfBody) => half_body(answer),
        Some(GenerationFault::Raw { answer, .. }) => wire::raw(answer),
        Some(GenerationFault::Delay { after_work_ms, .. }) => {
            sleep(Duration::from_millis(after_work_ms)).await;
            Json(answer).into_response()
        }
        _ => Json(answer).into_response(),
    }
}

pub(crate) fn half_body(answer: &impl Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => wire::half("application/json", &body),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

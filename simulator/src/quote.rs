//! Price quotes: what v2 answers to `?dry_run=true`.
//! Holds true: a quote checks the key and the request as the real call does, is free, and looks at
//! neither balance nor images in progress (Ideogram's price quotes page, 2026-11).

use std::future::pending;
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::sleep;

use crate::fault::QuoteFault;
use crate::order::Order;
use crate::scripted::scripted;
use crate::state::State;
use crate::wire;

pub(crate) async fn quote(state: &State, order: &Order) -> Response {
    let envelope = order.envelope.as_ref();
    let usd_micros = order.purchase.micro_dollars(order.images);
    let quote = Json(json!({
        "object": "price_quote",
        "billing_identifier": envelope.map(|envelope| envelope.row.billing_identifier),
        "quantity": order.images,
        "usd_micros": usd_micros,
        "credit_millis": usd_micros / 10,
        "qualifier": "exact"
    }));
    match state.script.next_quote_fault() {
        None => quote.into_response(),
        Some(QuoteFault::Answer { status, body }) => {
            scripted(status, &[], body, "application/json")
        }
        Some(QuoteFault::Delay { millis }) => {
            sleep(Duration::from_millis(millis)).await;
            quote.into_response()
        }
        Some(QuoteFault::Hang) => pending().await,
        Some(QuoteFault::Reset) => wire::reset(),
    }
}

//! Price quotes: `POST /v2/image/generate/{model}?dry_run=true`.
//! Holds true: a quote checks the key and the request, is free, and looks at neither balance
//! nor images in progress (Ideogram's price quotes page, 2026-11).

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::sleep;

use crate::fault::QuoteFault;
use crate::receive::receive;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::tariff::LARGER_FACTOR;
use crate::validate::{check_key, invalid, json_object, text, whole_number};
use crate::wire;

/// Longest prompt of the v2 endpoints in characters (Ideogram's OpenAPI document, 2026-10).
const LONGEST_PROMPT: usize = 10_000;

#[derive(Deserialize)]
pub(crate) struct QuoteQuery {
    #[serde(default)]
    dry_run: String,
}

pub(crate) async fn quote(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    Path(model): Path<String>,
    Query(query): Query<QuoteQuery>,
    request: Request,
) -> Response {
    let result = async {
        let (parts, body) = receive(&state, request).await?;
        check_key(
            &parts.headers,
            &state.settings.api_key,
            StatusCode::UNAUTHORIZED,
        )?;
        if query.dry_run != "true" {
            return Err(Refusal::NotSimulated);
        }
        price_quote(&state, &model, &json_object(&parts.headers, &body)?)
    };
    let quote = match result.await {
        Ok(quote) => Json(quote),
        Err(refusal) => return refusal.into_response(),
    };
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

fn price_quote(state: &State, model: &str, fields: &Map<String, Value>) -> Result<Value, Refusal> {
    let prompt_length = text(fields, "prompt")?.map_or(0, |prompt| prompt.chars().count());
    if !(1..=LONGEST_PROMPT).contains(&prompt_length) {
        return Err(invalid("'prompt' must have 1 to 10000 characters"));
    }
    let quantity = whole_number(fields, "num_images", 1, 8)?.unwrap_or(1);
    let speed = text(fields, "rendering_speed")?.unwrap_or("default");
    let quality = text(fields, "quality")?.unwrap_or("high");
    let larger = match text(fields, "upscale_factor")? {
        Some("x2" | "x4") => LARGER_FACTOR,
        _ => 0,
    };
    let (billing_identifier, each) = price(model, speed, quality).ok_or(Refusal::NotFound)?;
    let usd_micros = state.price(each + larger) * u64::from(quantity);
    Ok(json!({
        "object": "price_quote",
        "billing_identifier": billing_identifier,
        "quantity": quantity,
        "usd_micros": usd_micros,
        "credit_millis": usd_micros / 10,
        "qualifier": "exact"
    }))
}

/// Billing identifier, and micro-dollars per image: Ideogram's pricing page, 2026-11, and
/// quotes seen in 2026-10. The identifiers of the character and transparent models, and of
/// ideogram-4, were not seen; they follow the pattern of those that were.
fn price(model: &str, speed: &str, quality: &str) -> Option<(&'static str, u64)> {
    let by_speed = |turbo, default, quality| match speed {
        "turbo" => turbo,
        "quality" => quality,
        _ => default,
    };
    let price = match model {
        "ideogram-2" => ("ideogram_v2_generation", by_speed(50_000, 80_000, 80_000)),
        "ideogram-2a" => ("ideogram_v2a_generation", by_speed(25_000, 40_000, 40_000)),
        "ideogram-3" => ("ideogram_v3_generation", by_speed(30_000, 60_000, 90_000)),
        "ideogram-3-character" => (
            "ideogram_v3_character_generation",
            by_speed(100_000, 150_000, 200_000),
        ),
        "ideogram-3-transparent" => (
            "ideogram_v3_transparent_generation",
            by_speed(40_000, 70_000, 100_000),
        ),
        "ideogram-4" => ("ideogram_4_generate", by_speed(30_000, 60_000, 100_000)),
        "ideogram-4-transparent" => ("ideogram_4_transparent_generate", 60_000),
        "ideogram-4-5" => (
            "ideogram_4_5_generate",
            match quality {
                "very_low" | "low" => 30_000,
                "medium" => 60_000,
                _ => 100_000,
            },
        ),
        _ => return None,
    };
    Some(price)
}

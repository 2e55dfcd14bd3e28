//! Control over HTTP, for tests that are not written in Rust and for people.
//! Holds true: each endpoint does what the method of the same name on `Simulator` does, with
//! the same types as JSON.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::bill::Bill;
use crate::calls::CallReport;
use crate::generations::GenerationReport;
use crate::script::ScriptedFault;
use crate::settings::{CurrentSettings, SettingsChange};
use crate::state::State;
use crate::usage::ForeignUsage;

type Simulation = Shared<Arc<State>>;

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/control/faults", post(script).delete(clear_faults))
        .route("/control/bill", get(bill))
        .route("/control/calls", get(calls))
        .route("/control/generations", get(generations))
        .route("/control/settings", post(settings))
        .route("/control/forget-images", post(forget_images))
        .route("/control/rotate-webhook-key", post(rotate_webhook_key))
        .route(
            "/control/withdraw-older-webhook-keys",
            post(withdraw_older_webhook_keys),
        )
        .route("/control/usage", post(add_usage))
        .route("/control/reset", post(reset))
}

async fn script(Shared(state): Simulation, Json(scripted): Json<ScriptedFault>) -> StatusCode {
    state.script.add(scripted.fault, scripted.times);
    StatusCode::NO_CONTENT
}

async fn clear_faults(Shared(state): Simulation) -> StatusCode {
    state.script.clear();
    StatusCode::NO_CONTENT
}

async fn bill(Shared(state): Simulation) -> Json<Bill> {
    Json(state.ledger.bill())
}

async fn calls(Shared(state): Simulation) -> Json<CallReport> {
    Json(state.call_report())
}

async fn generations(Shared(state): Simulation) -> Json<GenerationReport> {
    Json(state.generation_report())
}

async fn settings(
    Shared(state): Simulation,
    Json(change): Json<SettingsChange>,
) -> Json<CurrentSettings> {
    Json(state.change_settings(&change))
}

async fn forget_images(Shared(state): Simulation) -> StatusCode {
    state.images.forget_all();
    StatusCode::NO_CONTENT
}

async fn rotate_webhook_key(Shared(state): Simulation) -> StatusCode {
    state.keys.rotate();
    StatusCode::NO_CONTENT
}

async fn withdraw_older_webhook_keys(Shared(state): Simulation) -> StatusCode {
    state.keys.withdraw_older();
    StatusCode::NO_CONTENT
}

async fn add_usage(Shared(state): Simulation, Json(usage): Json<ForeignUsage>) -> StatusCode {
    state.foreign_lines.add(usage);
    StatusCode::NO_CONTENT
}

async fn reset(Shared(state): Simulation) -> StatusCode {
    state.reset().await;
    StatusCode::NO_CONTENT
}

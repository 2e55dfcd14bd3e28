//! The operations on Ideogram's paths, one for each row of the table of endpoints.

use domain::failure::FailureCode as Code;
use domain::request::{Endpoint, Product};
use domain::route::Route;
use serde_json::json;

use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation};
use crate::{forms, requests, schema, v2, waiting};

/// Everything that can become of a request for pictures.
pub const FAILURES: &[Code] = &[
    Code::InvalidRequest,
    Code::Unauthorized,
    Code::Forbidden,
    Code::TokenSpent,
    Code::RequestTimeout,
    Code::Cancelled,
    Code::IdempotencyConflict,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
    Code::PromptRejected,
    Code::DailyBudgetExceeded,
    Code::ClientBudgetExceeded,
    Code::RateLimited,
    Code::InternalError,
    Code::UpstreamError,
    Code::UpstreamAuth,
    Code::Interrupted,
    Code::Busy,
    Code::GenerationDisabled,
    Code::NoCredits,
    Code::BreakerOpen,
    Code::UpstreamTimeout,
    Code::GenerationPending,
];

pub fn operations() -> Vec<Operation> {
    Endpoint::all().map(operation).collect()
}

fn operation(endpoint: Endpoint) -> Operation {
    let mut bodies = vec![];
    if endpoint.takes_json() {
        let media = json!({"schema": schema(&requests::json_name(endpoint))});
        bodies.push(("application/json", media));
    }
    if endpoint.takes_forms() {
        bodies.push(("multipart/form-data", forms::media(endpoint)));
    }
    let answer = match (endpoint.product(), endpoint.is_v2()) {
        (Product::Pictures, false) => result(
            "Ideogram's answer with lasting links; with placeholders while generation is off",
            "AnsweredImages",
        ),
        (Product::Pictures, true) => v2::result(),
        (Product::Descriptions, _) => result("Ideogram's answer", "AnsweredDescriptions"),
    };
    let mut parameters = waiting::parameters_of_requests();
    if endpoint.is_quoted() {
        parameters.push(v2::dry_run());
    }
    Operation {
        id: endpoint.name().to_owned(),
        methods: Route::Make(endpoint).methods().to_vec(),
        path: endpoint.path().to_owned(),
        tag: "Ideogram",
        summary: endpoint.summary().to_owned(),
        key: Key::Client,
        parameters,
        bodies,
        answers: vec![answer, waiting::accepted()],
        failures: FAILURES.to_vec(),
        errors: ErrorShape::Own,
    }
}

/// The answer to a request for pictures that waits for it, or follows it.
pub fn result(says: &'static str, name: &str) -> Answer {
    let mut answer = Answer {
        headers: &["x-generation-id", "cache-control"],
        // Events come before it is known.
        may_have: &["x-cache", "x-cost-usd", "x-fallback", "retry-after"],
        links: waiting::links(),
        ..Answer::json(200, says, schema(name))
    };
    answer.content.push(waiting::stream());
    answer
}

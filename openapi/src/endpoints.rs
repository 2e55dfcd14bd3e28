//! The operations on Ideogram's paths, one for each row of the table of endpoints.

use domain::failure::FailureCode as Code;
use domain::request::{Endpoint, Product};
use serde_json::json;

use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation};
use crate::{forms, requests, schema, waiting};

/// Everything that can become of a request for pictures.
pub const FAILURES: &[Code] = &[
    Code::InvalidRequest,
    Code::Unauthorized,
    Code::Forbidden,
    Code::TokenSpent,
    Code::RequestTimeout,
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
    Operation {
        id: endpoint.name().to_owned(),
        methods: &["POST"],
        path: endpoint.path().to_owned(),
        tag: "Ideogram",
        summary: endpoint.summary().to_owned(),
        key: Key::Client,
        parameters: waiting::references(),
        bodies,
        answers: vec![result(endpoint), waiting::accepted()],
        failures: [FAILURES, &waiting::failures()].concat(),
        errors: ErrorShape::Own,
    }
}

fn result(endpoint: Endpoint) -> Answer {
    let (says, name) = match endpoint.product() {
        Product::Pictures => ("Ideogram's answer with lasting links", "AnsweredImages"),
        Product::Descriptions => ("Ideogram's answer", "AnsweredDescriptions"),
    };
    let link = |operation, says| {
        json!({
            "operationId": operation,
            "parameters": {"id": "$response.body#/gateway/id"},
            "description": says,
        })
    };
    let mut answer = Answer {
        headers: &["x-generation-id", "cache-control"],
        // Events come before it is known.
        may_have: &["x-cache", "x-cost-usd"],
        links: vec![
            (
                "generation",
                link("generation", "Where it stands, and its result again."),
            ),
            ("erase", link("erase_generation", "Erases it.")),
        ],
        ..Answer::json(200, says, schema(name))
    };
    answer.content.push(waiting::stream());
    answer
}

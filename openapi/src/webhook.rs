//! The operation that Ideogram calls: its webhook. What a delivery says is not read, only verified.

use domain::failure::FailureCode as Code;
use domain::route::Place;
use domain::webhook::GENERATION;
use serde_json::{Map, Value, json};

use crate::example::{Example, Given};
use crate::examples::asks;
use crate::operation::{Answer, Operation};
use crate::places::at;
use crate::schema;

/// The headers that are signed, with their patterns and what they say.
#[rustfmt::skip]
const HEADERS: [(&str, &str, &str); 4] = [
    ("X-Ideogram-Webhook-Generation-Id", "^[A-Za-z0-9_=-]{1,128}$", "Ideogram's name for the generation."),
    ("X-Ideogram-Webhook-User-Id", "^[!-~]{1,256}$", "Whose generation it is, at Ideogram."),
    ("X-Ideogram-Webhook-Timestamp", "^[0-9]{1,19}$", "When it was signed, in seconds since 1970; taken for 5 minutes."),
    ("X-Ideogram-Webhook-Signature", "^[0-9a-f]{128}$", "Ed25519, of these headers and the body's SHA-256."),
];

pub fn operation() -> Operation {
    let parameter = |place: &str, name: &str, says: &str, schema: Value| json!({"name": name, "in": place, "required": true, "description": says, "schema": schema});
    let headers = HEADERS.iter().map(|(name, pattern, says)| {
        let schema = json!({"type": "string", "pattern": pattern});
        parameter("header", name, says, schema)
    });
    let generation = parameter(
        "query",
        GENERATION,
        "The gateway's own name for the generation.",
        schema("GenerationId"),
    );
    let says = "It was taken; one that was taken before changes nothing";
    Operation {
        tag: "Generations",
        key: crate::Key::None,
        parameters: std::iter::once(generation).chain(headers).collect(),
        bodies: vec![("application/json", json!({"schema": schema("Delivery")}))],
        answers: vec![Answer {
            headers: &["cache-control"],
            ..Answer::empty(200, says)
        }],
        failures: vec![
            Code::InvalidRequest,
            Code::Unauthorized,
            Code::Forbidden,
            Code::NotFound,
            Code::RequestTimeout,
            Code::PayloadTooLarge,
            Code::InternalError,
            Code::Busy,
            Code::GenerationDisabled,
        ],
        ..at(
            Place::Webhook,
            "webhook",
            "Where Ideogram tells that a generation has ended",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let says =
        "Ideogram's own words, which are verified and not read: it is asked what came of it.";
    let delivery = json!({"type": "object", "description": says});
    Map::from_iter([("Delivery".to_owned(), delivery)])
}

pub fn examples() -> Vec<Example> {
    let generation = Given::Text(
        "00000000000000000000000000000000000000000000000000000000000000ff-00000000000000ff",
    );
    let signature = concat!(
        "00000000000000000000000000000000000000000000000000000000000000ff",
        "00000000000000000000000000000000000000000000000000000000000000ff",
    );
    let old = asks(
        "webhook",
        "webhook_of_another_day",
        "One that was signed too long ago",
        json!({"generation_id": "aB3_"}),
    );
    let old = old
        .asking(&[(GENERATION, generation)])
        .with_header("X-Ideogram-Webhook-Generation-Id", "aB3_")
        .with_header("X-Ideogram-Webhook-User-Id", "user")
        .with_header("X-Ideogram-Webhook-Timestamp", "1700000000")
        .with_header("X-Ideogram-Webhook-Signature", signature);
    vec![old.answered(401)]
}

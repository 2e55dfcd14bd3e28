//! What Ideogram's v2 API has of its own: answers that name their generation, requests that do not wait,
//! prices that are asked for, and the operation that tells where a generation stands.

use domain::failure::FailureCode as Code;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::example::Key;
use crate::operation::{Answer, Operation, in_query};
use crate::places::{OF_CALLERS, at, generation_parameter, no_store};
use crate::{schema, waiting};

/// Asks for the price of a request alone.
pub fn dry_run() -> Value {
    in_query(
        "dry_run",
        "true: nothing is made and nothing is spent; the request is checked, and the answer is what \
         Ideogram says it would cost.",
        json!({"type": "boolean", "default": false}),
    )
}

/// The answer to a request for pictures.
pub fn result() -> Answer {
    let says = "Ideogram's answer with lasting links, with placeholders while generation is off; with \
        async the generation alone, unless its result is there already; with dry_run its price";
    let mut answer = Answer {
        headers: &["cache-control"],
        // A price has none of them, and events come before they are known.
        may_have: &[
            "x-generation-id",
            "x-cache",
            "x-cost-usd",
            "x-fallback",
            "retry-after",
        ],
        links: waiting::links(),
        ..Answer::json(200, says, schema("V2Answer"))
    };
    answer.content.push(waiting::stream());
    answer
}

pub fn operation() -> Operation {
    let answer = Answer {
        may_have: &["retry-after"],
        ..no_store(
            200,
            "Where it stands, and its pictures",
            schema("V2Generation"),
        )
    };
    Operation {
        tag: "Ideogram",
        key: Key::Client,
        parameters: vec![generation_parameter()],
        answers: vec![answer],
        failures: [OF_CALLERS, &[Code::NotFound, Code::Busy]].concat(),
        ..at(
            Place::V2Generation,
            "v2_generation",
            "Where a generation stands, in the words of Ideogram's v2 API",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("V2Answer", answer()),
        ("V2Generation", generation()),
        ("PriceQuote", quote()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn seed() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn answer() -> Value {
    let named = |required: &[&str]| {
        json!({
            "type": "object", "required": required,
            "properties": {"generation_id": schema("GenerationId"), "seed": seed()},
        })
    };
    json!({"anyOf": [
        {"allOf": [schema("AnsweredImages"), named(&["generation_id"])]},
        {"allOf": [named(&["generation_id"]), {"not": {"required": ["data"]}}]},
        schema("PriceQuote"),
    ]})
}

/// What it says depends on where it stands.
fn generation() -> Value {
    let is = |status: &str, required: &[&str]| {
        json!({
            "if": {"properties": {"status": {"const": status}}},
            "then": {"required": required},
        })
    };
    json!({
        "type": "object", "required": ["generation_id", "created", "status"],
        "properties": {
            "generation_id": schema("GenerationId"),
            "created": {"type": "string", "format": "date-time"},
            "status": {"enum": ["pending", "completed", "failed"]},
            "response_type": {"const": "url"},
            "usage_cost_usd_micros": {"type": "integer", "minimum": 0,
                "description": "What it has cost, in millionths of a dollar."},
            "failure_reason": {"type": "string", "description": "The code of the error."},
            "error": {"type": "string", "description": "The error in a sentence."},
        },
        "allOf": [
            is("completed", &["response_type", "usage_cost_usd_micros", "gateway"]),
            is("failed", &["failure_reason", "error"]),
            {"if": {"required": ["data"]}, "then": schema("ImageResult")},
        ],
    })
}

fn quote() -> Value {
    let amount = json!({"type": "integer", "minimum": 0});
    json!({
        "type": "object", "required": ["object", "usd_micros"],
        "description": "Ideogram's own word on what a request would cost.",
        "properties": {
            "object": {"const": "price_quote"},
            "billing_identifier": {"type": "string"},
            "quantity": amount,
            "usd_micros": amount,
            "credit_millis": amount,
            "qualifier": {"type": "string", "examples": ["exact", "estimate"]},
            "upper_bound_usd_micros": amount,
        },
    })
}

//! What a caller can do besides waiting for its answer: come back for it, follow it, call it off, ask
//! past the cache, and send the same request twice.

use domain::failure::FailureCode;
use serde_json::{Map, Value, json};

use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation, in_header};
use crate::places::generation_parameter;
use crate::schema;

const PARAMETERS: &[&str] = &["prefer", "cache-control", "idempotency-key"];

/// The headers that a request for pictures may have, for the document's components. Preferences and
/// directives that are not known are ignored (RFC 7240, RFC 9111), so there are no wrong ones.
pub fn parameters() -> Map<String, Value> {
    let words = |words: &[&str]| json!({"type": "string", "examples": words});
    let parameters = [
        in_header(
            "Prefer",
            "Not to wait: the answer is 202 with the generation, unless its result is there already.",
            words(&["respond-async"]),
        ),
        in_header(
            "Cache-Control",
            "no-cache makes a new generation and replaces the cached one; no-store neither reads nor writes the cache.",
            words(&["no-cache", "no-store"]),
        ),
        in_header(
            "Idempotency-Key",
            "Names the generation: the same key with the same request gets the same one, with another request 409.",
            words(&["order-2026-11-21-0001"]),
        ),
    ];
    let names = PARAMETERS.iter().map(|name| (*name).to_owned());
    names.zip(parameters).collect()
}

/// The same, for an operation.
pub fn references() -> Vec<Value> {
    let names = PARAMETERS.iter();
    let reference = |name| json!({ "$ref": format!("#/components/parameters/{name}") });
    names.map(reference).collect()
}

/// The answer to a caller that does not wait.
pub fn accepted() -> Answer {
    let says = "The generation is under way; asked for with Prefer: respond-async";
    Answer {
        headers: &["x-generation-id", "location", "preference-applied"],
        may_have: &["retry-after"],
        ..Answer::json(202, says, schema("Generation"))
    }
}

/// The answer to a caller that follows the generation, asked for with Accept.
pub fn stream() -> (&'static str, Value) {
    ("text/event-stream", schema("Events"))
}

/// What can only become of a request with one of these headers, as far as the gateway knows it.
pub fn failures() -> Vec<FailureCode> {
    let all = FailureCode::ALL.iter().copied();
    all.filter(|code| code.as_str() == "idempotency_conflict")
        .collect()
}

/// Where a generation may stand.
pub const fn states() -> [&'static str; 6] {
    [
        "queued",
        "generating",
        "storing",
        "done",
        "failed",
        "cancelled",
    ]
}

pub fn schemas() -> Map<String, Value> {
    let events = json!({
        "type": "string",
        "description": "Server-sent events, each with an id: queued {position}, generating {attempt}, \
            stored {index, seed, url, key}, done {the result}, failed {error, code}, cancelled {}.",
    });
    [("Events".to_owned(), events)].into_iter().collect()
}

const FAILURES: &[FailureCode] = &[
    FailureCode::Unauthorized,
    FailureCode::Forbidden,
    FailureCode::NotFound,
    FailureCode::RateLimited,
    FailureCode::InternalError,
    FailureCode::Busy,
    FailureCode::GenerationDisabled,
];

pub fn operations() -> Vec<Operation> {
    vec![events(), cancel()]
}

fn about_a_generation(id: &str, method: &'static [&'static str], summary: &str) -> Operation {
    Operation {
        id: id.to_owned(),
        methods: method,
        path: "/generations/{id}".to_owned(),
        tag: "Generations",
        summary: summary.to_owned(),
        key: Key::Client,
        parameters: vec![generation_parameter()],
        bodies: vec![],
        answers: vec![],
        failures: FAILURES.to_vec(),
        errors: ErrorShape::Own,
    }
}

fn events() -> Operation {
    let last = in_header(
        "Last-Event-ID",
        "The last event that was seen: those after it follow.",
        json!({"type": "string", "pattern": "^[0-9]{1,9}$"}),
    );
    let stream = Answer {
        content: vec![stream()],
        headers: &["cache-control"],
        ..Answer::empty(200, "Its events until it ends")
    };
    Operation {
        path: "/generations/{id}/events".to_owned(),
        parameters: vec![generation_parameter(), last],
        answers: vec![stream],
        ..about_a_generation("generation_events", &["GET"], "Follows a generation")
    }
}

fn cancel() -> Operation {
    let cancelled = Answer {
        headers: &["cache-control"],
        ..Answer::json(
            200,
            "It is called off, and nothing was spent",
            schema("Generation"),
        )
    };
    Operation {
        answers: vec![cancelled],
        failures: [FAILURES, &[FailureCode::GenerationRunning]].concat(),
        ..about_a_generation(
            "cancel_generation",
            &["DELETE"],
            "Calls off a generation that is queued",
        )
    }
}

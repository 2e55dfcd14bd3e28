//! What a caller can do besides waiting for its answer: come back for it, follow it, call it off, ask
//! past the cache, and send the same request twice.

use domain::failure::FailureCode;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::example::Key;
use crate::operation::{Answer, Operation, in_header};
use crate::places::{OF_CALLERS, at, generation_parameter, no_store};
use crate::schema;

/// The headers of every request for pictures, and that of those that need not wait.
const OF_PICTURES: &[&str] = &["cache-control", "idempotency-key"];
const OF_WAITING: &str = "prefer";

/// The headers that a request for pictures may have, for the document's components. Preferences and
/// directives that are not known are ignored (RFC 7240, RFC 9111), so there are no wrong ones.
pub fn parameters() -> Map<String, Value> {
    let words = |words: &[&str]| json!({"type": "string", "examples": words});
    let parameters = [
        (
            OF_WAITING,
            in_header(
                "Prefer",
                "respond-async: not to wait, the answer is 202 with the generation unless its result is \
                 there already. wait=N: to wait N seconds at most; with respond-async before the 202, \
                 alone before 504 generation_pending.",
                words(&["respond-async", "respond-async, wait=10", "wait=10"]),
            ),
        ),
        (
            "cache-control",
            in_header(
                "Cache-Control",
                "no-cache or max-age=0: a new generation, which replaces the cached one. no-store: a \
                 generation apart, the cache is neither read nor written.",
                words(&["no-cache", "no-store"]),
            ),
        ),
        (
            "idempotency-key",
            in_header(
                "Idempotency-Key",
                "Names the request for 24 hours: sent again with the same key it gets the same result; \
                 another one with the key is 409 idempotency_conflict.",
                json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$",
                    "examples": ["order-2026-11-21-0001"]}),
            ),
        ),
    ];
    let parameters = parameters.into_iter();
    parameters
        .map(|(name, parameter)| (name.to_owned(), parameter))
        .collect()
}

/// The headers of a request for pictures that need not wait for them.
pub fn parameters_of_requests() -> Vec<Value> {
    let mut parameters = vec![reference(OF_WAITING)];
    parameters.extend(parameters_of_pictures());
    parameters
}

/// The headers of any request for pictures.
pub fn parameters_of_pictures() -> Vec<Value> {
    OF_PICTURES.iter().copied().map(reference).collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// The answer to a caller that does not wait.
pub fn accepted() -> Answer {
    let says = "The generation is under way; asked for with Prefer: respond-async";
    Answer {
        headers: &[
            "x-generation-id",
            "location",
            "preference-applied",
            "cache-control",
        ],
        may_have: &["retry-after"],
        links: links(),
        ..Answer::json(202, says, schema("Generation"))
    }
}

/// The operations that can be asked for about the generation of an answer, and what each does.
const LINKS: &[(&str, &str)] = &[
    ("generation", "Where it stands, and its result again."),
    ("generation_events", "Its events."),
    ("cancel_generation", "Calls it off."),
    ("finalize", "Makes the final picture, if it is a draft."),
    ("erase_generation", "Erases it."),
];

/// The links to them, for the document's components.
pub fn link_objects() -> Map<String, Value> {
    let link = |(operation, says): &(&str, &str)| {
        let link = json!({
            "operationId": operation,
            "parameters": {"id": "$response.header.x-generation-id"},
            "description": says,
        });
        ((*operation).to_owned(), link)
    };
    LINKS.iter().map(link).collect()
}

/// The same, for an answer.
pub fn links() -> Vec<(&'static str, Value)> {
    let reference = |name: &str| json!({ "$ref": format!("#/components/links/{name}") });
    let links = LINKS.iter();
    links.map(|(name, _)| (*name, reference(name))).collect()
}

/// The answer to a caller that follows the generation, asked for with Accept.
pub fn stream() -> (&'static str, Value) {
    ("text/event-stream", schema("Events"))
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
    [("Events".to_owned(), event_schemas())]
        .into_iter()
        .collect()
}

/// What one event of a stream may be. The schema of an event stream is that of each of its events.
fn event_schemas() -> Value {
    let position = json!({"type": "integer", "minimum": 0,
        "description": "How many are before it in the queue, if that is known."});
    let failure = json!({
        "error": {"type": "string"}, "code": {"type": "string"},
        "retry_after_seconds": {"type": "integer", "minimum": 0},
    });
    let result = json!({"anyOf": [schema("ImageResult"), schema("DescriptionResult")]});
    json!({
        "description": "One event of the stream. queued comes again whenever the position changes; \
            done, failed or cancelled is the last one. The event of a result that was there already \
            has no id.",
        "oneOf": [
            event("queued", &of_fields(&["id"], &json!({"id": schema("GenerationId"), "position": position}))),
            event("generating", &of_fields(&["attempt"], &json!({"attempt": {"type": "integer", "minimum": 1}}))),
            event("stored", &schema("GatewayImage")),
            event("done", &result),
            event("failed", &of_fields(&["error", "code"], &failure)),
            event("cancelled", &json!({"type": "object", "maxProperties": 0})),
        ],
    })
}

fn of_fields(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

/// An event of this name, whose data is such JSON.
fn event(name: &str, data: &Value) -> Value {
    json!({
        "type": "object", "required": ["event", "data"],
        "properties": {
            "event": {"const": name},
            "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": data},
            "id": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        },
    })
}

pub fn operations() -> Vec<Operation> {
    vec![events(), cancel()]
}

fn about_a_generation(place: Place, id: &str, summary: &str) -> Operation {
    Operation {
        tag: "Generations",
        key: Key::Client,
        parameters: vec![generation_parameter()],
        failures: [OF_CALLERS, &[FailureCode::NotFound, FailureCode::Busy]].concat(),
        ..at(place, id, summary)
    }
}

fn events() -> Operation {
    let last = in_header(
        "Last-Event-ID",
        "The number of the last event that was seen: those after it follow. All of them if it is none.",
        json!({"type": "string", "examples": ["2"]}),
    );
    let headers = &["cache-control", "x-generation-id"];
    let stream = Answer {
        content: vec![stream()],
        headers,
        ..Answer::empty(200, "Its events until it ends")
    };
    let nothing_follows = Answer {
        headers,
        ..Answer::empty(204, "It has ended, and no event follows the last one seen")
    };
    Operation {
        parameters: vec![generation_parameter(), last],
        answers: vec![stream, nothing_follows],
        ..about_a_generation(Place::Events, "generation_events", "Follows a generation")
    }
}

fn cancel() -> Operation {
    let says = "It is called off and nothing was spent, or it had ended before";
    let operation = about_a_generation(
        Place::Generation,
        "cancel_generation",
        "Calls off a generation that waits, unless other clients wait for it too",
    );
    Operation {
        answers: vec![no_store(200, says, schema("Generation"))],
        failures: [&*operation.failures, &[FailureCode::GenerationRunning]].concat(),
        ..operation
    }
    .asked_with(&["DELETE"])
}

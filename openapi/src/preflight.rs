//! The operation that has the gateway check itself.

use domain::failure::FailureCode as Code;
use domain::preflight::Check;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::places::{OF_BODIES, at, no_store};
use crate::{requests, schema};

/// Wrong settings are what it finds, so they never stop it.
const FAILURES: &[Code] = &[
    Code::Unauthorized,
    Code::Forbidden,
    Code::RateLimited,
    Code::InternalError,
];

pub fn operation() -> Operation {
    let says = "What was checked, and whether all is well";
    Operation {
        bodies: vec![("application/json", json!({"schema": schema("Preflight")}))],
        answers: vec![no_store(200, says, schema("Preflighted"))],
        failures: [FAILURES, OF_BODIES].concat(),
        ..at(
            Place::Preflight,
            "preflight",
            "Has the gateway check itself, with its own bindings and secrets",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let schemas = [("Preflight", asked()), ("Preflighted", answered())];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn asked() -> Value {
    let generate = json!({"type": ["boolean", "null"],
        "description": "One real picture of the cheapest model too, which is billed."});
    requests::closed([("generate", generate)], vec![], vec![])
}

fn answered() -> Value {
    let check = json!({
        "type": "object", "required": ["name", "ok", "ms", "details"],
        "properties": {
            "name": {"enum": Check::ALL},
            "ok": {"type": "boolean"},
            "ms": {"type": "integer", "minimum": 0},
            "details": {"type": "string"},
            "link": {"type": "string", "format": "uri", "description": "Where the picture is."},
        },
    });
    json!({
        "type": "object", "required": ["ok", "version", "version_id", "checks"],
        "properties": {
            "ok": {"type": "boolean", "description": "Whether every check is well."},
            "version": {"type": "string"},
            "version_id": {"type": ["string", "null"],
                "description": "The deployed version, by Cloudflare's name for it."},
            "checks": {"type": "array", "items": check},
        },
    })
}

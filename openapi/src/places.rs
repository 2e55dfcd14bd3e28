//! The operations on the gateway's own paths.

use domain::failure::FailureCode as Code;
use domain::metrics::CONTENT_TYPE;
use domain::picture::PictureFormat;
use domain::placeholder;
use domain::route::Place;
use serde_json::{Value, json};

use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation, in_header, in_path, in_query};
use crate::schema;

/// What a key is made of: OpenAPI's parameters have no slashes.
const KEY: &str = "{year}/{month}/{day}/{folder}/{name}";

/// An id that no generation has.
const NO_GENERATION: &str =
    "00000000000000000000000000000000000000000000000000000000000000ff-00000000000000ff";

/// What every caller with a key may be told.
pub const OF_CALLERS: &[Code] = &[
    Code::Unauthorized,
    Code::Forbidden,
    Code::RateLimited,
    Code::InternalError,
    Code::GenerationDisabled,
];
pub const OF_BODIES: &[Code] = &[
    Code::InvalidRequest,
    Code::RequestTimeout,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
];

/// A path of the table's as the document has it.
pub fn path(of: &str) -> String {
    of.replace("{key}", KEY)
}

pub fn operations() -> Vec<Operation> {
    vec![
        generation(),
        image(),
        placeholder(),
        tokens(),
        health(),
        mode(),
        set_mode(),
        list_keys(),
        make_key(),
        revoke_key(),
        erase(),
        probes(),
        metrics(),
        alerts(),
    ]
}

/// The same for all: an operation on a place, with all methods that it takes.
pub fn at(place: Place, id: &str, summary: &str) -> Operation {
    Operation {
        id: id.to_owned(),
        methods: place.methods().to_vec(),
        path: path(place.path()),
        tag: "Operator",
        summary: summary.to_owned(),
        key: Key::Operator,
        parameters: vec![],
        bodies: vec![],
        answers: vec![],
        failures: OF_CALLERS.to_vec(),
        errors: ErrorShape::Own,
    }
}

/// The parameter that a generation is named by.
pub fn generation_parameter() -> Value {
    in_path("id", schema("GenerationId"), NO_GENERATION)
}

pub fn no_store(status: u16, says: &'static str, schema: Value) -> Answer {
    Answer {
        headers: &["cache-control"],
        ..Answer::json(status, says, schema)
    }
}

fn generation() -> Operation {
    let says = "Where it stands, and what came of it";
    let answer = Answer {
        may_have: &["retry-after"],
        ..no_store(200, says, schema("Generation"))
    };
    Operation {
        tag: "Generations",
        key: Key::Client,
        parameters: vec![generation_parameter()],
        answers: vec![answer],
        failures: [OF_CALLERS, &[Code::NotFound, Code::Busy]].concat(),
        ..at(Place::Generation, "generation", "Where a generation stands")
    }
    .asked_with(&["GET", "HEAD"])
}

fn image() -> Operation {
    let digits = |count: usize| json!({"type": "string", "pattern": format!("^[0-9]{{{count}}}$")});
    let text = || json!({"type": "string"});
    let formats = PictureFormat::ALL;
    let bytes = || {
        let bytes = json!({"type": "string", "contentMediaType": "application/octet-stream"});
        formats
            .map(|format| (format.content_type(), bytes.clone()))
            .to_vec()
    };
    let answer = |status, says, content| Answer {
        content,
        headers: &["etag", "cache-control", "accept-ranges"],
        ..Answer::empty(status, says)
    };
    let part = Answer {
        headers: &["etag", "cache-control", "accept-ranges", "content-range"],
        ..answer(206, "A part of the picture", bytes())
    };
    Operation {
        tag: "Generations",
        key: Key::None,
        parameters: vec![
            in_path("year", digits(4), "2026"),
            in_path("month", digits(2), "11"),
            in_path("day", digits(2), "21"),
            in_path(
                "folder",
                json!({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
                "9ddf1b0cdd15df1464d9879f583183e1",
            ),
            in_path(
                "name",
                json!({"type": "string", "pattern": "^[0-9]+-seed-[0-9]+\\.[a-z]+$"}),
                "0-seed-360142627.png",
            ),
            in_header("Range", "A part of it, in bytes.", text()),
            in_header(
                "If-Range",
                "The part only if it is still the one with this ETag.",
                text(),
            ),
            in_header(
                "If-None-Match",
                "The picture only if it has another ETag.",
                text(),
            ),
        ],
        answers: vec![
            answer(200, "The picture", bytes()),
            part,
            answer(304, "It has this ETag", vec![]),
        ],
        failures: vec![
            Code::Forbidden,
            Code::NotFound,
            Code::RangeNotSatisfiable,
            Code::InternalError,
        ],
        ..at(Place::Image, "image", "A kept picture")
    }
}

fn placeholder() -> Operation {
    let text = json!({"type": "string", "contentMediaType": placeholder::CONTENT_TYPE});
    let name = json!({"type": "string", "pattern": "^[0-9]+x[0-9]+-[a-z_]+\\.svg$"});
    Operation {
        tag: "Generations",
        key: Key::None,
        parameters: vec![in_path("name", name, "1024x1024-no_credits.svg")],
        answers: vec![Answer {
            content: vec![(placeholder::CONTENT_TYPE, text)],
            headers: &["cache-control", "content-security-policy"],
            ..Answer::empty(200, "The placeholder")
        }],
        failures: vec![Code::Forbidden, Code::NotFound, Code::InternalError],
        ..at(
            Place::Placeholder,
            "placeholder",
            "What stands in for a picture while generation is off",
        )
    }
}

fn tokens() -> Operation {
    Operation {
        tag: "Generations",
        key: Key::Client,
        bodies: vec![("application/json", json!({"schema": schema("NewToken")}))],
        answers: vec![no_store(201, "The token", schema("Token"))],
        failures: [OF_CALLERS, OF_BODIES].concat(),
        ..at(Place::Tokens, "make_token", "A token for a page")
    }
}

fn health() -> Operation {
    Operation {
        key: Key::None,
        answers: vec![
            no_store(
                200,
                "It makes pictures, with something amiss or not",
                schema("Health"),
            ),
            no_store(503, "It makes no pictures", schema("Health")),
        ],
        failures: vec![Code::InternalError],
        ..at(
            Place::Health,
            "health",
            "How the gateway and each of its parts are",
        )
    }
}

fn mode() -> Operation {
    Operation {
        answers: vec![no_store(200, "The mode", schema("Mode"))],
        failures: [OF_CALLERS, &[Code::Busy]].concat(),
        ..at(Place::Mode, "mode", "Whether pictures may be made at all")
    }
    .asked_with(&["GET"])
}

fn set_mode() -> Operation {
    Operation {
        bodies: vec![("application/json", json!({"schema": schema("NewMode")}))],
        answers: vec![no_store(200, "The mode from now on", schema("Mode"))],
        failures: [OF_CALLERS, OF_BODIES, &[Code::Busy]].concat(),
        ..at(
            Place::Mode,
            "set_mode",
            "Lets pictures be made, or not, from now on",
        )
    }
    .asked_with(&["PUT"])
}

fn list_keys() -> Operation {
    Operation {
        answers: vec![no_store(200, "All clients", schema("Keys"))],
        ..at(
            Place::Keys,
            "list_keys",
            "Lists clients' keys, with what each has spent today",
        )
    }
    .asked_with(&["GET"])
}

fn make_key() -> Operation {
    let revoke = json!({
        "operationId": "revoke_key",
        "parameters": {"id": "$response.body#/id"},
        "description": "Takes the key back.",
    });
    let made = Answer {
        links: vec![("revoke", revoke)],
        ..no_store(201, "The client, with its key", schema("MadeKey"))
    };
    Operation {
        bodies: vec![("application/json", json!({"schema": schema("NewKey")}))],
        answers: vec![made],
        failures: [OF_CALLERS, OF_BODIES].concat(),
        ..at(Place::Keys, "make_key", "Makes a client's key")
    }
    .asked_with(&["POST"])
}

fn revoke_key() -> Operation {
    Operation {
        parameters: vec![in_path(
            "id",
            json!({"type": "string", "minLength": 1}),
            "00000000000000ff",
        )],
        answers: vec![no_store(
            200,
            "It opens nothing any more",
            schema("RevokedKey"),
        )],
        failures: [OF_CALLERS, &[Code::NotFound]].concat(),
        ..at(Place::Key, "revoke_key", "Revokes a client's key")
    }
}

fn erase() -> Operation {
    Operation {
        parameters: vec![generation_parameter()],
        answers: vec![no_store(
            200,
            "It is forgotten, but for its cost",
            schema("Erased"),
        )],
        failures: [
            OF_CALLERS,
            &[Code::NotFound, Code::GenerationRunning, Code::Busy],
        ]
        .concat(),
        ..at(
            Place::Erase,
            "erase_generation",
            "Erases a generation: pictures, cached result, prompt",
        )
    }
}

fn probes() -> Operation {
    let next = json!({
        "operationId": "probes",
        "parameters": {"before": "$response.body#/next"},
        "description": "The ones before them.",
    });
    let limit = json!({"type": "integer", "minimum": 1, "maximum": 1000, "default": 100});
    Operation {
        parameters: vec![
            in_query("limit", "How many at most.", limit),
            in_query(
                "before",
                "Only those from before this moment.",
                json!({"type": "string", "format": "date-time"}),
            ),
        ],
        answers: vec![Answer {
            links: vec![("next", next)],
            ..no_store(200, "The probes, the newest first", schema("Probes"))
        }],
        failures: [OF_CALLERS, &[Code::InvalidRequest, Code::Busy]].concat(),
        ..at(
            Place::Probes,
            "probes",
            "What was found of Ideogram's health in the last 30 days",
        )
    }
}

fn metrics() -> Operation {
    // Types are documented without their parameters.
    let kind = CONTENT_TYPE.split(';').next().unwrap_or(CONTENT_TYPE);
    let answer = Answer {
        content: vec![(kind, json!({"type": "string"}))],
        headers: &["cache-control"],
        ..Answer::empty(200, "OpenMetrics text")
    };
    Operation {
        answers: vec![answer],
        failures: [OF_CALLERS, &[Code::Busy]].concat(),
        ..at(Place::Metrics, "metrics", "What Prometheus reads")
    }
}

fn alerts() -> Operation {
    Operation {
        answers: vec![no_store(200, "All that have ever fired", schema("Alerts"))],
        failures: [OF_CALLERS, &[Code::Busy]].concat(),
        ..at(
            Place::Alerts,
            "alerts",
            "What somebody should hear of, and what is over",
        )
    }
}

//! The operations that tell the operator how things stand, what was spent and what was made.

use domain::failure::FailureCode as Code;
use domain::report::{Dimension, HistoryQuery};
use domain::request::Model;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::operation::{Answer, Operation, in_query};
use crate::places::{OF_CALLERS, at, no_store};
use crate::schema;

/// What a question to the ledger may be answered with besides.
const OF_QUESTIONS: &[Code] = &[Code::InvalidRequest, Code::Busy];

pub fn operations() -> Vec<Operation> {
    vec![status(), costs(), history()]
}

pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("Status", status_schema()),
        ("Breaker", breaker_schema()),
        ("Costs", costs_schema()),
        ("CostSums", sums_schema()),
        ("CostRow", row_schema()),
        ("History", history_schema()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn status() -> Operation {
    let says = "Where money, places, queue and breaker stand";
    Operation {
        answers: vec![no_store(200, says, schema("Status"))],
        failures: [OF_CALLERS, &[Code::Busy]].concat(),
        ..at(Place::Status, "status", "How money and places stand now")
    }
}

fn costs() -> Operation {
    let dimensions = json!({"type": "array", "uniqueItems": true,
        "items": {"enum": Dimension::ALL}, "default": [Dimension::Day]});
    let mut by = in_query(
        "by",
        "What rows are told apart by, in this order.",
        dimensions,
    );
    by["explode"] = false.into();
    by["style"] = "form".into();
    let format = json!({"enum": ["json", "csv"]});
    let csv = json!({"type": "string"});
    let answer = Answer {
        content: vec![("application/json", schema("Costs")), ("text/csv", csv)],
        ..no_store(200, "The report; as CSV its rows alone", Value::Null)
    };
    Operation {
        parameters: vec![
            in_query(
                "from",
                "The first day; the first of the month if left out.",
                day(),
            ),
            in_query("to", "The last day; today if left out.", day()),
            by,
            in_query("format", "The form, whatever `Accept` says.", format),
        ],
        answers: vec![answer],
        failures: [OF_CALLERS, OF_QUESTIONS].concat(),
        ..at(
            Place::Costs,
            "costs",
            "What was spent and saved, by day, model, client and endpoint",
        )
    }
}

fn history() -> Operation {
    let models: Vec<_> = Model::ALL.iter().map(|model| model.name()).collect();
    let limit = json!({"type": "integer", "minimum": 1, "maximum": HistoryQuery::MOST,
        "default": HistoryQuery::USUAL_LIMIT});
    let client =
        json!({"type": "string", "minLength": 1, "maxLength": HistoryQuery::LONGEST_CLIENT});
    let cursor = json!({"type": "string", "pattern": "^[0-9]+\\.[0-9a-f]{64}-[0-9a-f]{16}$"});
    Operation {
        parameters: vec![
            in_query("limit", "The most entries of the page.", limit),
            in_query(
                "before",
                "What the page before this one had as `next`.",
                cursor,
            ),
            in_query("client", "Of this client only, by its id.", client),
            in_query("model", "On this model only.", json!({"enum": models})),
            in_query(
                "outcome",
                "With this outcome only.",
                json!({"enum": outcomes()}),
            ),
            in_query("from", "Asked for on this day or later.", day()),
            in_query("to", "Asked for on this day or earlier.", day()),
        ],
        answers: vec![no_store(200, "A page, the newest first", schema("History"))],
        failures: [OF_CALLERS, OF_QUESTIONS].concat(),
        ..at(Place::History, "history", "What was made, the newest first")
    }
}

fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn dollars(says: &str) -> Value {
    json!({"type": "number", "minimum": 0, "description": says})
}

fn count(says: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": says})
}

fn outcomes() -> Vec<&'static str> {
    HistoryQuery::outcomes().collect()
}

/// An object of these fields, all of which are there.
fn all_of(fields: Vec<(&str, Value)>) -> Value {
    let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<_, _> = fields
        .iter()
        .map(|(name, field)| ((*name).to_owned(), field.clone()))
        .collect();
    json!({"type": "object", "required": names, "properties": properties})
}

fn status_schema() -> Value {
    let mut call = all_of(vec![
        ("outcome", json!({"type": "string"})),
        ("latency_ms", count("How long it took.")),
        ("ended_at", time()),
    ]);
    call["type"] = json!(["object", "null"]);
    all_of(vec![
        ("day", day()),
        (
            "enabled",
            json!({"type": "boolean", "description": "Whether generation is switched on."}),
        ),
        ("mode", schema("Mode")),
        (
            "frozen",
            json!({"type": ["string", "null"], "description": "What is wrong with the books, if anything is."}),
        ),
        ("budget_usd", dollars("What may be spent today.")),
        ("spent_usd", dollars("Billed today.")),
        ("reserved_usd", dollars("Reserved, for those who wait too.")),
        ("unconfirmed_usd", dollars("Possibly billed today.")),
        ("remaining_usd", dollars("What is left of the budget.")),
        (
            "in_flight_images",
            count("Pictures in progress at Ideogram."),
        ),
        (
            "in_flight_limit",
            count("How many there may be at the moment."),
        ),
        ("queued", count("Requests that wait.")),
        ("breaker", schema("Breaker")),
        ("last_call", call),
        (
            "last_probe",
            json!({"type": ["object", "null"],
            "description": "The last look at Ideogram, as `/admin/probes` has it."}),
        ),
    ])
}

fn breaker_schema() -> Value {
    json!({
        "type": "object", "required": ["state"],
        "properties": {
            "state": {"enum": ["closed", "open", "half_open"]},
            "reason": {"type": "string"},
            "until": time(),
        },
    })
}

fn sums_schema() -> Value {
    all_of(vec![
        (
            "requests",
            count("Generations that were settled, each try that had to be paid by itself."),
        ),
        ("images", count("Pictures billed.")),
        ("spent_usd", dollars("Billed.")),
        ("unconfirmed_usd", dollars("Possibly billed.")),
        ("reserved_usd", dollars("Reserved now.")),
        ("saved_usd", dollars("Saved by hits and joins.")),
        (
            "hits",
            count("Requests that were given a result from the cache."),
        ),
        ("hit_images", count("Pictures in those.")),
        ("saved_by_hits_usd", dollars("What they had cost.")),
        (
            "joins",
            count("Requests that joined a generation under way."),
        ),
        ("join_images", count("Pictures in those.")),
        (
            "saved_by_joins_usd",
            dollars("What they cost whoever was first."),
        ),
        (
            "refused",
            count("Requests refused by a budget, the queue or the breaker."),
        ),
    ])
}

fn row_schema() -> Value {
    let text = || json!({"type": "string"});
    json!({"allOf": [
        schema("CostSums"),
        {"properties": {
            "day": day(), "model": text(), "client": text(),
            "endpoint": {"type": "string", "description": "Empty for what was booked before it was noted."},
        }},
    ]})
}

fn costs_schema() -> Value {
    let drafts = all_of(vec![
        (
            "images",
            count("Pictures billed on models that can be finished on a finer one."),
        ),
        ("spent_usd", dollars("What they cost.")),
    ]);
    let finals = all_of(vec![
        ("images", count("Pictures billed for finishing drafts.")),
        ("spent_usd", dollars("What they cost.")),
        (
            "full_quality_usd",
            dollars(
                "What as many pictures as there were drafts would have cost on the finest models.",
            ),
        ),
    ]);
    all_of(vec![
        ("from", day()),
        ("to", day()),
        (
            "by",
            json!({"type": "array", "items": {"enum": Dimension::ALL}}),
        ),
        ("total", schema("CostSums")),
        ("rows", json!({"type": "array", "items": schema("CostRow")})),
        ("drafts", drafts),
        ("finals", finals),
        ("month_to_date_usd", dollars("Billed in the current month.")),
        (
            "forecast_usd",
            json!({"type": ["number", "null"], "minimum": 0,
            "description": "What today comes to if it goes on as it began, up to the budget; null in its first hour."}),
        ),
    ])
}

fn history_schema() -> Value {
    let text = || json!({"type": "string"});
    let texts = json!({"type": "array", "items": text()});
    let mut entry = all_of(vec![
        ("id", schema("GenerationId")),
        ("created_at", time()),
        ("client", text()),
        ("model", text()),
        ("endpoint", text()),
        ("images", count("Pictures asked for.")),
        (
            "prompt",
            json!({"type": "string", "description": "Without personal data."}),
        ),
        ("options", json!({"type": "object"})),
        (
            "seeds",
            json!({"type": "array", "items": {"type": "integer", "minimum": 0}}),
        ),
        ("keys", texts),
        ("cost_usd", dollars("What was booked for it.")),
        ("outcome", json!({"enum": outcomes()})),
        ("latency_ms", count("From the request to the outcome.")),
    ]);
    entry["properties"]["erased"] = json!({"const": true});
    json!({
        "type": "object", "required": ["generations"],
        "properties": {
            "generations": {"type": "array", "items": entry},
            "next": {"type": "string", "description": "For the next page, if there is one."},
        },
    })
}

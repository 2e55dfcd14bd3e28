//! Each day by Ideogram's account and by the ledger's: the operations, their schemas, their examples.

use domain::failure::FailureCode as Code;
use domain::reconciliation::Verdict;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::example::{Example, Given};
use crate::examples::{asks, looks};
use crate::operation::{Operation, in_query};
use crate::places::{OF_BODIES, OF_CALLERS, at, no_store};
use crate::{requests, schema};

pub fn operations() -> Vec<Operation> {
    vec![list(), reconcile()]
}

fn list() -> Operation {
    let says = "These days, the newest first";
    Operation {
        parameters: vec![
            in_query("from", "The first day; 31 before `to` if left out.", day()),
            in_query("to", "The last day; today if left out.", day()),
        ],
        answers: vec![no_store(200, says, schema("Reconciliations"))],
        failures: [OF_CALLERS, &[Code::InvalidRequest, Code::Busy]].concat(),
        ..at(
            Place::Reconciliations,
            "reconciliations",
            "What each day came to, by Ideogram's account and by the ledger's",
        )
    }
    .asked_with(&["GET"])
}

fn reconcile() -> Operation {
    let says = "What the day comes to";
    Operation {
        bodies: vec![("application/json", json!({"schema": schema("Reconcile")}))],
        answers: vec![no_store(200, says, schema("Reconciliation"))],
        failures: [OF_CALLERS, OF_BODIES, &[Code::Busy, Code::UpstreamError]].concat(),
        ..at(
            Place::Reconciliations,
            "reconcile",
            "Holds Ideogram's account of a day against the ledger's now",
        )
    }
    .asked_with(&["POST"])
}

pub fn schemas() -> Map<String, Value> {
    let asked =
        json!({"type": "string", "format": "date", "description": "A day that is over, UTC."});
    let list = json!({
        "type": "object", "required": ["reconciliations"],
        "properties": {"reconciliations": {"type": "array", "items": schema("Reconciliation")}},
    });
    let schemas = [
        (
            "Reconcile",
            requests::closed([("day", asked)], vec!["day"], vec![]),
        ),
        ("Reconciliation", reconciliation()),
        ("Reconciliations", list),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn reconciliation() -> Value {
    let dollars = |says: &str| json!({"type": "number", "minimum": 0, "description": says});
    json!({
        "type": "object",
        "required": ["day", "at", "verdict", "usage_usd", "billed_usd", "unconfirmed_usd",
            "at_midnight_usd", "differs_by_usd", "details"],
        "properties": {
            "day": day(),
            "at": {"type": "string", "format": "date-time"},
            "verdict": {"enum": Verdict::NAMES,
                "description": "`not_allowed`: the key may not see what days cost."},
            "usage_usd": {"type": ["number", "null"], "minimum": 0,
                "description": "What Ideogram says; null if it does not."},
            "billed_usd": dollars("Billed, by the ledger."),
            "unconfirmed_usd": dollars("Possibly billed, by the ledger."),
            "at_midnight_usd": dollars("What was under way when the day began or ended, and may be on either day's account."),
            "differs_by_usd": dollars("By how much they differ beyond all that."),
            "details": {"type": "string"},
        },
    })
}

fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

pub fn examples() -> Vec<Example> {
    vec![
        asks(
            "reconcile",
            "reconcile",
            "A day that is over",
            json!({"day": "2026-11-20"}),
        ),
        asks(
            "reconcile",
            "reconcile_no_day",
            "One that there is not",
            json!({"day": "2026-02-30"}),
        )
        .answered(400),
        looks("reconciliations", "reconciliations", "The last month"),
        looks(
            "reconciliations",
            "reconciliations_of_no_day",
            "Of a day that there is not",
        )
        .asking(&[("to", Given::Text("2026-02-30"))])
        .answered(400),
    ]
}

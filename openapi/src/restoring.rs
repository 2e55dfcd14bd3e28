//! The history made again from the pictures: its operation, its schemas, its examples.

use domain::failure::FailureCode as Code;
use domain::picture_key::PICTURES_PREFIX;
use domain::restoring::LONGEST_NAME;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::example::Example;
use crate::examples::asks;
use crate::operation::Operation;
use crate::places::{OF_BODIES, OF_CALLERS, at, no_store};
use crate::schema;

pub fn operation() -> Operation {
    Operation {
        bodies: vec![("application/json", json!({"schema": schema("NewRestore")}))],
        answers: vec![no_store(200, "What this page told", schema("Restored"))],
        failures: [OF_CALLERS, OF_BODIES, &[Code::Busy]].concat(),
        ..at(
            Place::Restore,
            "restore_history",
            "Makes the history again from the kept pictures, a page of them a call",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let begins_after = "After which picture the page begins: `next` of the page before it.";
    let count = |says: &str| json!({"type": "integer", "minimum": 0, "description": says});
    let new = json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "cursor": {"type": ["string", "null"], "pattern": format!("^{PICTURES_PREFIX}[!-~]*$"),
                "maxLength": LONGEST_NAME, "description": begins_after},
        },
    });
    let restored = json!({
        "type": "object", "required": ["restored", "known", "skipped"],
        "properties": {
            "restored": count("Generations that the history did not know."),
            "known": count("Generations that it knew; they stay as they are."),
            "skipped": count("Pictures whose metadata says too little."),
            "next": {"type": "string", "description": "The cursor of the next page, if there is one."},
        },
    });
    let schemas = [("NewRestore", new), ("Restored", restored)];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

pub fn examples() -> Vec<Example> {
    vec![
        asks(
            "restore_history",
            "restore_history",
            "From the first picture on",
            json!({}),
        ),
        asks(
            "restore_history",
            "restore_the_rest",
            "After a certain picture",
            json!({"cursor": "images/2026/11/21/9ddf1b0cdd15df1464d9879f583183e1/0-seed-360142627.png"}),
        ),
        asks(
            "restore_history",
            "restore_from_elsewhere",
            "After something that is no picture",
            json!({"cursor": "references/"}),
        )
        .answered(400),
    ]
}

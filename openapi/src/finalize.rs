//! The operation that makes the final picture for a draft.

use domain::failure::FailureCode as Code;
use domain::request::Model;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::endpoints::{self, result};
use crate::example::Key;
use crate::operation::Operation;
use crate::places::{at, generation_parameter};
use crate::{answers, requests, schema, waiting};

pub fn operation() -> Operation {
    let mut parameters = vec![generation_parameter()];
    parameters.extend(waiting::parameters_of_requests());
    let says = "Ideogram's answer with a lasting link, and what was saved";
    Operation {
        tag: "Generations",
        key: Key::Client,
        parameters,
        bodies: vec![("application/json", json!({"schema": schema("FinalChoice")}))],
        answers: vec![result(says, "AnsweredFinal"), waiting::accepted()],
        failures: [
            endpoints::FAILURES,
            &[Code::NotFound, Code::GenerationRunning],
        ]
        .concat(),
        ..at(
            Place::Finalize,
            "finalize",
            "Makes the final picture for a draft",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let answered = answers::with_gateway("AnsweredImages", &["finalize"]);
    let schemas = [
        ("FinalChoice", choice()),
        ("FinalCosts", costs()),
        ("AnsweredFinal", answered),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn choice() -> Value {
    let models = Model::ALL.iter().map(|model| Some(model.name()));
    let models: Vec<_> = models.chain([None]).collect();
    let fields = [
        (
            "image",
            json!({"type": "integer", "minimum": 0, "maximum": u32::MAX,
            "description": "The place of the picture among the draft's, from 0."}),
        ),
        (
            "model",
            json!({"enum": models,
            "description": "A finer one of the draft's family; the finest if left out."}),
        ),
    ];
    requests::closed(fields, vec!["image"], vec![])
}

fn costs() -> Value {
    let dollars = |says: &str| json!({"type": "number", "minimum": 0, "description": says});
    json!({
        "type": "object", "required": ["drafts_usd", "final_usd", "full_quality_usd"],
        "description": "What drafts and a final cost, next to the same work without drafts.",
        "properties": {
            "drafts_usd": dollars("What the drafts cost."),
            "final_usd": dollars("What the final costs, when it is made."),
            "full_quality_usd": dollars("What as many pictures as there were drafts would have cost on the final's model."),
        },
    })
}

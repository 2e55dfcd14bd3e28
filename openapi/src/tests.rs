//! The document against the gateway's tables, against itself, and against the file that is served.

use std::collections::BTreeSet;

use domain::failure::FailureCode;
use domain::route::Route;
use serde_json::Value;

use super::{document, examples, operations, places, text};

/// Method and path of every operation in the document.
fn documented() -> BTreeSet<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| (method.to_ascii_uppercase(), path.clone()))
    });
    operations.collect()
}

fn served() -> BTreeSet<(String, String)> {
    let routes = Route::all().flat_map(|(path, methods)| {
        let methods = methods.iter().copied();
        methods.map(move |method| (method.to_owned(), places::path(path)))
    });
    routes.collect()
}

#[test]
fn every_route_and_method_is_in_the_document_and_the_other_way_round() {
    assert_eq!(documented(), served());
}

#[test]
fn the_file_that_is_served_is_the_document() {
    let served = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/openapi.json");
    let served = std::fs::read_to_string(served).unwrap_or_default();
    assert!(
        served == text(),
        "public/openapi.json is old: run `make openapi`"
    );
}

#[test]
fn every_operation_has_an_example_and_every_example_an_operation() {
    let examples = examples();
    let mut named = BTreeSet::new();
    for example in &examples {
        assert!(named.insert(example.name), "{}", example.name);
    }
    let shown: BTreeSet<_> = examples
        .iter()
        .map(|example| example.operation.to_owned())
        .collect();
    let operations: BTreeSet<_> = operations()
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(shown, operations);
}

#[test]
fn every_code_can_be_the_answer_to_something() {
    let told: BTreeSet<_> = operations()
        .iter()
        .flat_map(|operation| operation.failures.clone())
        .map(FailureCode::as_str)
        .collect();
    for code in FailureCode::ALL {
        // Methods that an operation does not have are none of its own.
        let is_of_none = *code == FailureCode::MethodNotAllowed;
        assert_ne!(told.contains(code.as_str()), is_of_none, "{code:?}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_everything_that_is_shared_is_used() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in &references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    for (kind, shared) in document["components"].as_object().unwrap() {
        if kind == "securitySchemes" || kind == "headers" {
            continue;
        }
        for name in shared.as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(references.contains(&reference), "{reference}");
        }
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                references.insert(reference.clone());
            }
            fields.values().for_each(|field| collect(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

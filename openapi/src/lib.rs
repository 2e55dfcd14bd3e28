//! The gateway's OpenAPI document, version 3.1. What the gateway knows in tables comes from them:
//! paths and methods (`domain::route`), the fields of requests (`domain::request`), errors
//! (`domain::failure`). What it has only in code is written here once: the shapes of its answers.
//!
//! `operation` is what there is to say about one operation and how it is said; `endpoints` are the
//! operations on Ideogram's paths, `v2` what its v2 API has of its own, `places` the gateway's own, `openai` those in OpenAI's shape,
//! `waiting` what comes of a caller that does not wait, `finalize` the final picture for a draft,
//! `restoring` the history made again from the pictures, `preflight` the gateway's check of itself,
//! `webhook` what Ideogram calls.
//! `requests` and `answers` are the schemas, `failures` the errors, `examples` all examples.

#![expect(
    clippy::indexing_slicing,
    reason = "fields are written into objects made just before; a slip stops the making of the \
              document, never the Worker"
)]

mod answers;
mod endpoints;
mod example;
mod examples;
mod failures;
mod finalize;
mod forms;
mod headers;
mod openai;
mod operation;
mod places;
mod preflight;
mod reconciliations;
mod reports;
mod requests;
mod restoring;
#[cfg(test)]
mod tests;
mod v2;
mod waiting;
mod webhook;

use serde_json::{Map, Value, json};

pub use example::{Body, Example, FormPart, Given, Key};
pub use examples::examples;
use operation::Operation;

/// The document, as it is served: indented, its names in order.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let operations = operations();
    let mut paths = Map::new();
    for operation in &operations {
        let path = paths.entry(&operation.path).or_insert_with(|| json!({}));
        for method in &operation.methods {
            path[method.to_ascii_lowercase()] = operation.render(method);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Ideogram gateway",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Ideogram's image API, with each picture paid once, within a budget, at a lasting link.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "headers": headers::all(),
            "parameters": waiting::parameters(),
            "links": waiting::link_objects(),
            "responses": failures::responses(&operations),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer",
                    "description": "A client's key, a page's token or the operator's key."},
                "api_key": {"type": "apiKey", "in": "header", "name": "Api-Key",
                    "description": "The same, as Ideogram takes it."},
            },
        },
    })
}

fn operations() -> Vec<Operation> {
    let mut operations = endpoints::operations();
    operations.extend(places::operations());
    operations.extend(waiting::operations());
    operations.push(v2::operation());
    operations.push(finalize::operation());
    operations.push(restoring::operation());
    operations.push(preflight::operation());
    operations.push(webhook::operation());
    operations.extend(openai::operations());
    operations.extend(reports::operations());
    operations.extend(reconciliations::operations());
    operations
}

fn schemas() -> Map<String, Value> {
    let mut schemas = requests::schemas();
    schemas.extend(answers::schemas());
    schemas.extend(v2::schemas());
    schemas.extend(finalize::schemas());
    schemas.extend(restoring::schemas());
    schemas.extend(preflight::schemas());
    schemas.extend(webhook::schemas());
    schemas.extend(openai::schemas());
    schemas.extend(waiting::schemas());
    schemas.extend(reports::schemas());
    schemas.extend(reconciliations::schemas());
    schemas.extend(failures::schemas());
    schemas
}

fn tags() -> Value {
    json!([
        {"name": "Ideogram", "description": "Ideogram's own requests and answers."},
        {"name": "OpenAI", "description": "The same pictures, asked for as OpenAI's clients do."},
        {"name": "Generations", "description": "What became of a request, and its pictures."},
        {"name": "Operator", "description": "Keys, costs, history, erasure and health."},
    ])
}

/// A schema of the document's, by name.
fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

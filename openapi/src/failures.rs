//! Errors: one schema, and one response for each set of codes that share a status at an operation.
//! Codes, statuses, meanings and headers are the table's (`domain::failure`).

use std::collections::{BTreeMap, BTreeSet};

use domain::failure::FailureCode;
use domain::openai::OpenAiError;
use serde_json::{Map, Value, json};

use crate::headers;
use crate::operation::{ErrorShape, Operation};

/// The statuses of these codes, each with a reference to its response.
pub fn references(codes: &[FailureCode], shape: ErrorShape) -> Map<String, Value> {
    let mut references = Map::new();
    for (status, codes) in by_status(codes, shape) {
        let name = name(&codes, shape);
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        references.insert(status.to_string(), reference);
    }
    references
}

/// The responses that these operations refer to.
pub fn responses(operations: &[Operation]) -> Map<String, Value> {
    let mut responses = Map::new();
    for operation in operations {
        for codes in by_status(&operation.failures, operation.errors).into_values() {
            let name = name(&codes, operation.errors);
            responses.insert(name, response(&codes, operation.errors));
        }
    }
    responses
}

fn by_status(codes: &[FailureCode], shape: ErrorShape) -> BTreeMap<u16, Vec<FailureCode>> {
    let mut statuses = BTreeMap::<u16, Vec<FailureCode>>::new();
    for code in codes {
        let status = match shape {
            ErrorShape::Own => code.status(),
            ErrorShape::OpenAi => OpenAiError::of(*code).status,
        };
        statuses.entry(status).or_default().push(*code);
    }
    statuses
}

fn name(codes: &[FailureCode], shape: ErrorShape) -> String {
    let codes: Vec<_> = codes.iter().copied().map(FailureCode::as_str).collect();
    let suffix = match shape {
        ErrorShape::Own => "",
        ErrorShape::OpenAi => ".openai",
    };
    format!("{}{suffix}", codes.join("."))
}

fn response(codes: &[FailureCode], shape: ErrorShape) -> Value {
    let words: Vec<_> = codes.iter().copied().map(FailureCode::as_str).collect();
    let meanings: Vec<_> = codes.iter().map(|code| line(*code)).collect();
    let told: BTreeSet<_> = codes.iter().filter_map(|code| code.header()).collect();
    let always: Vec<_> = told
        .iter()
        .copied()
        .filter(|name| is_always_there(codes, name))
        .collect();
    let mut sometimes: Vec<_> = told
        .into_iter()
        .filter(|name| !is_always_there(codes, name))
        .collect();
    sometimes.push("x-generation-id");
    if shape == ErrorShape::OpenAi {
        sometimes.extend(of_openais(codes));
    }
    let schema = match shape {
        ErrorShape::Own => json!({"allOf": [
            crate::schema("Error"),
            {"properties": {"code": {"enum": words}}},
        ]}),
        ErrorShape::OpenAi => {
            let errors = codes.iter().copied().map(OpenAiError::of);
            let (kinds, openais): (BTreeSet<_>, BTreeSet<_>) =
                errors.map(|error| (error.kind, error.code)).unzip();
            json!({"allOf": [
                crate::schema("OpenAiError"),
                {"properties": {
                    "error": {"properties": {"type": {"enum": kinds}, "code": {"enum": openais}}},
                    "gateway": {"properties": {"code": {"enum": words}}},
                }},
            ]})
        }
    };
    json!({
        "description": meanings.join("\n"),
        "headers": headers::of(&always, &sometimes),
        "content": {"application/json": {"schema": schema}},
    })
}

fn line(code: FailureCode) -> String {
    format!("`{}`: {}", code.as_str(), code.meaning())
}

/// Waiting does not always help; the other headers always go with their code.
fn is_always_there(codes: &[FailureCode], header: &str) -> bool {
    header != "retry-after" && codes.iter().all(|code| code.header() == Some(header))
}

/// Headers that errors in OpenAI's shape may have besides.
fn of_openais(codes: &[FailureCode]) -> Vec<&'static str> {
    let mut headers = vec![];
    let is_final = |code: &FailureCode| OpenAiError::of(*code).is_final();
    if codes.iter().any(is_final) {
        headers.push("x-should-retry");
    }
    // What was made may have been paid for though it cannot be shown.
    let after_a_result = [
        FailureCode::PromptRejected,
        FailureCode::UpstreamError,
        FailureCode::InternalError,
    ];
    if codes.iter().any(|code| after_a_result.contains(code)) {
        headers.push("x-cost-usd");
    }
    headers
}

/// What every error says, by shape.
pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("Error", error()),
        ("ErrorDetails", details()),
        ("OpenAiError", openai_error()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn error() -> Value {
    json!({"allOf": [
        crate::schema("ErrorDetails"),
        {
            "type": "object", "required": ["error"],
            "properties": {"error": {"type": "string",
                "description": "One sentence for people: what happened and what can be done."}},
        },
    ]})
}

fn details() -> Value {
    let codes: Vec<_> = FailureCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object", "required": ["code", "request_id"],
        "properties": {
            "code": {"type": "string", "enum": codes},
            "request_id": {"type": "string"},
            "field": {"type": "string", "description": "The field that is wrong."},
            "header": {"type": "string", "description": "The header that is wrong."},
            "id": crate::schema("GenerationId"),
            "category": {"type": "string", "description": "What the content policy calls it."},
            "redactions": crate::schema("Redactions"),
        },
    })
}

fn openai_error() -> Value {
    let errors = FailureCode::ALL.iter().copied().map(OpenAiError::of);
    let (kinds, codes): (BTreeSet<_>, BTreeSet<_>) =
        errors.map(|error| (error.kind, error.code)).unzip();
    json!({
        "type": "object", "required": ["error", "gateway"],
        "properties": {
            "error": {
                "type": "object", "required": ["message", "type", "code", "param"],
                "properties": {
                    "message": {"type": "string", "description": "One sentence for people."},
                    "type": {"type": "string", "enum": kinds},
                    "code": {"type": "string", "enum": codes},
                    "param": {"type": ["string", "null"], "description": "The field that is wrong."},
                },
            },
            "gateway": crate::schema("ErrorDetails"),
        },
    })
}

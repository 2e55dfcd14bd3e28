//! The operations in OpenAI's shape, for clients that speak to its images endpoint.

use domain::failure::FailureCode;
use serde_json::{Map, Value, json};

use crate::endpoints;
use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation};
use crate::schema;

pub fn operations() -> Vec<Operation> {
    vec![generations(), models()]
}

fn at(path: &str, id: &str, methods: &'static [&'static str], summary: &str) -> Operation {
    Operation {
        id: id.to_owned(),
        methods,
        path: path.to_owned(),
        tag: "OpenAI",
        summary: summary.to_owned(),
        key: Key::Client,
        parameters: vec![],
        bodies: vec![],
        answers: vec![],
        failures: vec![],
        errors: ErrorShape::OpenAi,
    }
}

fn generations() -> Operation {
    let result = Answer {
        headers: &["x-generation-id", "x-cache", "x-cost-usd"],
        ..Answer::json(200, "The pictures", schema("OpenAiImages"))
    };
    Operation {
        bodies: vec![(
            "application/json",
            json!({"schema": schema("OpenAiImageRequest")}),
        )],
        answers: vec![result],
        failures: endpoints::FAILURES.to_vec(),
        ..at(
            "/v1/images/generations",
            "openai_generate",
            &["POST"],
            "Generates pictures, in OpenAI's shape",
        )
    }
}

fn models() -> Operation {
    Operation {
        answers: vec![Answer::json(
            200,
            "The models there are",
            schema("OpenAiModels"),
        )],
        failures: vec![
            FailureCode::Unauthorized,
            FailureCode::Forbidden,
            FailureCode::RateLimited,
            FailureCode::InternalError,
            FailureCode::GenerationDisabled,
        ],
        ..at(
            "/v1/models",
            "openai_models",
            &["GET"],
            "Lists the models, in OpenAI's shape",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("OpenAiImageRequest", request()),
        ("OpenAiImages", images()),
        ("OpenAiModels", list_of_models()),
        ("OpenAiError", error()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn request() -> Value {
    json!({
        "type": "object", "required": ["prompt"],
        "properties": {
            "prompt": {"type": "string", "minLength": 1},
            "model": {"type": "string", "description": "One of GET /v1/models."},
            "n": {"type": ["integer", "null"], "minimum": 1, "maximum": 8, "default": 1},
            "size": {"type": ["string", "null"], "pattern": "^([0-9]+x[0-9]+|auto)$"},
            "response_format": {"enum": ["url", "b64_json", null], "default": "url"},
            "user": {"type": "string"},
        },
    })
}

fn images() -> Value {
    json!({
        "type": "object", "required": ["created", "data"],
        "properties": {
            "created": {"type": "integer", "description": "In seconds since 1970."},
            "data": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "url": {"type": "string", "format": "uri"},
                    "b64_json": {"type": "string"},
                    "revised_prompt": {"type": "string"},
                },
            }},
        },
    })
}

fn list_of_models() -> Value {
    json!({
        "type": "object", "required": ["object", "data"],
        "properties": {
            "object": {"const": "list"},
            "data": {"type": "array", "items": {
                "type": "object", "required": ["id", "object", "created", "owned_by"],
                "properties": {
                    "id": {"type": "string"},
                    "object": {"const": "model"},
                    "created": {"type": "integer"},
                    "owned_by": {"type": "string"},
                },
            }},
        },
    })
}

fn error() -> Value {
    json!({
        "type": "object", "required": ["error"],
        "properties": {"error": {
            "type": "object", "required": ["message", "type", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "code": {"type": ["string", "null"]},
                "param": {"type": ["string", "null"]},
            },
        }},
    })
}

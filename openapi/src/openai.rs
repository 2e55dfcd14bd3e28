//! The operations in OpenAI's shape, for clients that speak to its images endpoint. Models, words and
//! fields without effect are those of `domain::openai`; Ideogram's own options are taken as its
//! endpoints take them.

use domain::failure::FailureCode as Code;
use domain::openai::{NO_CHOICES, NamedModel, NoChoice, Taken, callers_name, quality_words};
use domain::request::ImageCount;
use domain::route::Place;
use serde_json::{Map, Value, json};

use crate::example::Key;
use crate::operation::{Answer, ErrorShape, Operation, in_path};
use crate::places::{self, OF_CALLERS, no_store};
use crate::{endpoints, requests, schema, waiting};

/// `auto`, or two sides of 1 to 9999 pixels.
const SIZE: &str = "^(auto|0*[1-9][0-9]{0,3}x0*[1-9][0-9]{0,3})$";

pub fn operations() -> Vec<Operation> {
    vec![generations(), models(), model()]
}

fn at(place: Place, id: &str, summary: &str) -> Operation {
    Operation {
        tag: "OpenAI",
        key: Key::Client,
        errors: ErrorShape::OpenAi,
        ..places::at(place, id, summary)
    }
}

fn generations() -> Operation {
    let result = Answer {
        headers: &["x-generation-id", "x-cache", "x-cost-usd", "cache-control"],
        may_have: &["x-size-used"],
        links: waiting::links(),
        ..Answer::json(200, "The pictures", schema("OpenAiImages"))
    };
    Operation {
        parameters: waiting::parameters_of_pictures(),
        bodies: vec![(
            "application/json",
            json!({"schema": schema("OpenAiImageRequest")}),
        )],
        answers: vec![result],
        failures: [endpoints::FAILURES, &[Code::ModelNotFound]].concat(),
        ..at(
            Place::OpenAiImages,
            "openai_generate",
            "Generates pictures, in OpenAI's shape",
        )
    }
}

fn models() -> Operation {
    let says = "The models that the key may ask for";
    Operation {
        answers: vec![no_store(200, says, schema("OpenAiModels"))],
        ..at(
            Place::OpenAiModels,
            "openai_models",
            "Lists the models, in OpenAI's shape",
        )
    }
}

fn model() -> Operation {
    let id = json!({"type": "string", "minLength": 1});
    let example = NamedModel::all().first().map_or("", |named| named.id);
    Operation {
        parameters: vec![in_path("id", id, example)],
        answers: vec![no_store(200, "The model", schema("OpenAiModel"))],
        failures: [OF_CALLERS, &[Code::ModelNotFound]].concat(),
        ..at(
            Place::OpenAiModel,
            "openai_model",
            "One model, in OpenAI's shape",
        )
    }
}

pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("OpenAiImageRequest", request()),
        ("OpenAiImages", images()),
        ("OpenAiModels", list_of_models()),
        ("OpenAiModel", one_model()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn request() -> Value {
    let models = NamedModel::all().iter().map(|named| named.id);
    let (one, most) = (ImageCount::ONE.get(), ImageCount::MOST.get());
    let mut fields = vec![
        (
            "prompt",
            json!({"type": "string", "minLength": 1, "description": "Text with a visible character."}),
        ),
        (
            "model",
            json!({"enum": or_null(models),
            "description": "That of DEFAULT_MODEL if left out, or ideogram-v3-default if that has no name here."}),
        ),
        (
            "n",
            json!({"type": ["integer", "null"], "minimum": one, "maximum": most, "default": one,
            "description": "How many pictures; of Ideogram 4.0 one."}),
        ),
        (
            "size",
            json!({"type": ["string", "null"], "pattern": SIZE, "examples": ["1024x1024"],
            "description": "The model's nearest is used; x-size-used says which, if it is another."}),
        ),
        (
            "quality",
            json!({"enum": or_null(quality_words()), "description": "Chooses the model's speed."}),
        ),
        (
            "response_format",
            json!({"enum": ["url", "b64_json", null], "default": "url"}),
        ),
    ];
    fields.extend(NO_CHOICES.iter().map(no_choice));
    fields.extend(options());
    requests::closed(fields, vec!["prompt"], vec![])
}

fn or_null<'word>(words: impl Iterator<Item = &'word str>) -> Vec<Option<&'word str>> {
    words.map(Some).chain([None]).collect()
}

fn no_choice(field: &NoChoice) -> (&'static str, Value) {
    let mut takes = match field.takes {
        Taken::Words(words) => json!({"enum": or_null(words.iter().copied())}),
        Taken::Number(number) => json!({"enum": [number, null]}),
        Taken::False => json!({"enum": [false, null]}),
        Taken::Text(longest) => json!({"type": ["string", "null"], "maxLength": longest}),
    };
    takes["description"] = format!("It {}.", field.why).into();
    (field.name, takes)
}

/// Ideogram's own options, each as any of the models takes it.
fn options() -> Vec<(&'static str, Value)> {
    let mut options = Vec::<(&'static str, Vec<Value>)>::new();
    let mut endpoints: Vec<_> = NamedModel::all()
        .iter()
        .map(|named| named.endpoint)
        .collect();
    endpoints.dedup_by_key(|endpoint| endpoint.name());
    for field in endpoints.iter().flat_map(|endpoint| endpoint.fields()) {
        let Some(name) = callers_name(field.name) else {
            continue;
        };
        let takes = requests::takes(&field.takes);
        match options.iter_mut().find(|(known, _)| *known == name) {
            Some((_, any)) if any.contains(&takes) => {}
            Some((_, any)) => any.push(takes),
            None => options.push((name, vec![takes])),
        }
    }
    let options = options.into_iter();
    options
        .map(|(name, mut any)| {
            any.push(json!({"type": "null"}));
            let says = "Ideogram's option, of the models that take it.";
            (name, json!({"anyOf": any, "description": says}))
        })
        .collect()
}

fn images() -> Value {
    let revised = json!({"type": "string", "description": "What Ideogram made of the prompt, if it made another of it."});
    let data = |name: &str, says: Value| {
        json!({
            "type": "object", "required": [name], "additionalProperties": false,
            "properties": {name: says, "revised_prompt": revised},
        })
    };
    let link = json!({"type": "string", "format": "uri", "description": "A lasting link."});
    let bytes = json!({"type": "string", "contentEncoding": "base64"});
    json!({
        "type": "object", "required": ["created", "data", "gateway"],
        "properties": {
            "created": {"type": "integer", "description": "In seconds since 1970."},
            "data": {
                "type": "array", "minItems": 1,
                "description": "The pictures but those that Ideogram withheld.",
                "items": {"oneOf": [data("url", link), data("b64_json", bytes)]},
            },
            "gateway": {"allOf": [schema("Gateway"), gateway()]},
        },
    })
}

/// What `gateway` has in OpenAI's shape only.
fn gateway() -> Value {
    let size = json!({"type": "string"});
    json!({
        "type": "object", "required": ["cache", "redactions", "model", "withheld"],
        "properties": {
            "model": {"type": "string", "description": "The one that was used."},
            "withheld": {"type": "integer", "minimum": 0, "description": "How many pictures Ideogram withheld."},
            "size": {
                "type": "object", "required": ["asked", "used"],
                "properties": {"asked": size, "used": size},
            },
            "images": {"items": {"properties": {"size": size}}},
        },
    })
}

fn list_of_models() -> Value {
    json!({
        "type": "object", "required": ["object", "data"],
        "properties": {
            "object": {"const": "list"},
            "data": {"type": "array", "items": schema("OpenAiModel")},
        },
    })
}

fn one_model() -> Value {
    json!({
        "type": "object", "required": ["id", "object", "created", "owned_by"],
        "properties": {
            "id": {"type": "string"},
            "object": {"const": "model"},
            "created": {"type": "integer"},
            "owned_by": {"type": "string"},
        },
    })
}

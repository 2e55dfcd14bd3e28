//! Ideogram's own OpenAPI documents, as what it is sent and what callers are answered has to fit.
//! Holds true: the schemas are those of the cuts in `simulator/specs/`, unchanged but for `nullable`,
//! which JSON Schema says as a type.

use serde_json::{Map, Value, json};
use simulator::{Call, Part, PartContent};

const DOCUMENTS: [&str; 4] = [
    include_str!("../../../simulator/specs/ideogram-legacy-generate.json"),
    include_str!("../../../simulator/specs/ideogram-legacy-images.json"),
    include_str!("../../../simulator/specs/ideogram-v3-images.json"),
    include_str!("../../../simulator/specs/ideogram-v4-generate.json"),
];

/// Holds that Ideogram was sent what it takes.
pub fn check_call(call: &Call, what: &str) {
    let document = document_of(&call.path);
    let kind = call.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let content = &document["paths"][&call.path]["post"]["requestBody"]["content"];
    let schema = &content[kind]["schema"];
    assert!(schema.is_object(), "{what}: {} takes no {kind}", call.path);
    let sent = match kind {
        "application/json" => serde_json::from_str(&call.body).unwrap(),
        _ => of_form(&document, schema, &call.parts),
    };
    check(&document, schema, &sent, what);
}

/// Holds that what came of a call is what Ideogram would have answered.
pub fn check_answer(call: &Call, result: &Value, what: &str) {
    let document = document_of(&call.path);
    let response = &document["paths"][&call.path]["post"]["responses"]["200"];
    let schema = &response["content"]["application/json"]["schema"];
    check(&document, schema, result, what);
}

fn check(document: &Value, schema: &Value, instance: &Value, what: &str) {
    let whole = json!({"allOf": [schema], "components": document["components"]});
    let validator = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&whole)
        .unwrap();
    let errors = validator.iter_errors(instance);
    let violations: Vec<_> = errors.map(|error| error.to_string()).collect();
    assert_eq!(violations, [""; 0], "{what}: {instance}");
}

fn document_of(path: &str) -> Value {
    let documents = DOCUMENTS.iter();
    let mut documents = documents.map(|text| serde_json::from_str::<Value>(text).unwrap());
    let found = documents.find(|document| document["paths"][path].is_object());
    let mut document = found.unwrap_or_else(|| panic!("Ideogram has no {path}"));
    without_nullable(&mut document);
    document
}

/// Turns OpenAPI 3.0's `nullable: true` into a type that includes null.
fn without_nullable(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.remove("nullable") == Some(Value::Bool(true))
                && let Some(kind) = fields.remove("type")
            {
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            fields.values_mut().for_each(without_nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nullable),
        _ => {}
    }
}

/// A form as the object that its schema speaks of.
fn of_form(document: &Value, schema: &Value, parts: &[Part]) -> Value {
    let properties = &resolve(document, schema)["properties"];
    let mut form = Map::new();
    for part in parts {
        let of_field = resolve(document, &properties[&part.name]);
        if of_field["type"] == "array" {
            let value = value_of(part, resolve(document, &of_field["items"]));
            let list = form.entry(&part.name).or_insert_with(|| json!([]));
            list.as_array_mut().unwrap().push(value);
        } else {
            let before = form.insert(part.name.clone(), value_of(part, of_field));
            assert_eq!(before, None, "{} is there twice", part.name);
        }
    }
    form.into()
}

/// What a part stands for: JSON where it says so, or where its field is no text.
fn value_of(part: &Part, schema: &Value) -> Value {
    let is_json = part.content_type.as_deref() == Some("application/json");
    match &part.content {
        PartContent::File { .. } => "".into(),
        PartContent::Text(text) if is_json || schema["type"] != "string" => {
            serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
        }
        PartContent::Text(text) => text.as_str().into(),
    }
}

fn resolve<'value>(document: &'value Value, schema: &'value Value) -> &'value Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

//! Every field that Ideogram's OpenAPI document lists for an endpoint, and every rule on two.
//! Holds true: which fields an endpoint has is read from the cuts, so that a row in which one is
//! missing is found: what it does not know it would let through.

use serde_json::{Map, Value, json};

use crate::caller::start;
use crate::endpoints::{FORM, document, schema_name};
use crate::forms::{Form, good_forms};
use crate::schema::read;

/// The schema that a reference leads to, or this one.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap();
            &document["components"]["schemas"][name]
        }
        None => schema,
    }
}

/// All properties of a schema, those of the schemas it is made of included.
fn properties(document: &Value, schema: &Value) -> Map<String, Value> {
    let schema = resolved(document, schema);
    let mut all = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        all.extend(properties(document, part));
    }
    all
}

fn form_properties(document: &Value, path: &str) -> Map<String, Value> {
    let request = &document["paths"][path]["post"]["requestBody"]["content"][FORM];
    let name = schema_name(request);
    properties(document, &document["components"]["schemas"][name])
}

fn is_file(property: &Value) -> bool {
    property["format"] == "binary" || property["items"]["format"] == "binary"
}

/// A form with something in this field that cannot be meant: text for a file, a file for text,
/// and for all else a text that is no number, no list and no value of any list.
fn spoilt(document: &Value, form: Form, name: &str, property: &Value) -> Form {
    let property = resolved(document, property);
    let plain_text = property["type"] == "string" && property["enum"].is_null();
    let form = form.without(name);
    if plain_text && !is_file(property) {
        form.file(name, b"a fox".to_vec())
    } else {
        form.text(name, "?")
    }
}

#[tokio::test]
async fn every_field_of_a_form_is_judged() {
    let simulator = start().await;
    let mut judged = 0;
    for (path, form) in good_forms() {
        let document = read(document(path));
        for (name, property) in form_properties(&document, path) {
            let form = spoilt(&document, form.clone(), &name, &property);
            let (status, _) = form.send(&simulator, path).await;
            assert_eq!(status, 400, "{path}: {name}");
            judged += 1;
        }
    }
    assert_eq!((judged, simulator.bill().lines.len()), (120, 0));
}

#[tokio::test]
async fn every_field_inside_the_json_part_of_a_form_is_judged() {
    let simulator = start().await;
    let mut judged = 0;
    for (path, form) in good_forms() {
        let document = read(document(path));
        let Some(request) = form_properties(&document, path).remove("image_request") else {
            continue;
        };
        for name in properties(&document, &request).keys() {
            let mut request = json!({"prompt": "a fox"});
            request[name] = json!([{}]);
            let form = form.clone().without("image_request");
            let form = form.json("image_request", request);
            let (status, _) = form.send(&simulator, path).await;
            assert_eq!(status, 400, "{path}: {name}");
            judged += 1;
        }
    }
    assert_eq!((judged, simulator.bill().lines.len()), (19, 0));
}

#[tokio::test]
async fn fields_that_exclude_each_other_are_refused_wherever_both_exist() {
    let simulator = start().await;
    let codes = |form: Form| form.text("style_codes", "AAFF5733");
    let mut refused = 0;
    for (path, form) in good_forms() {
        let document = read(document(path));
        let known = form_properties(&document, path);
        let both = |one: &str, other: &str| known.contains_key(one) && known.contains_key(other);
        let mut wrong = Vec::new();
        if both("aspect_ratio", "resolution") {
            let form = form.clone().text("aspect_ratio", "1x1");
            wrong.push(form.text("resolution", "1024x1024"));
        }
        if both("style_codes", "style_type") {
            wrong.push(codes(form.clone()).text("style_type", "AUTO"));
        }
        if both("style_codes", "style_reference_images") {
            let form = form.clone().picture("style_reference_images", 64, 64);
            wrong.push(codes(form));
        }
        if known.contains_key("style_codes") {
            codes(form).sent(&simulator, path).await;
        }
        for form in wrong {
            let (status, body) = form.send(&simulator, path).await;
            assert_eq!(status, 400, "{path}: {body}");
            assert!(body["detail"].as_str().unwrap().contains("conjunction"));
            refused += 1;
        }
    }
    assert_eq!(refused, 12);
}

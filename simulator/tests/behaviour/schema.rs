//! Answers checked against Ideogram's OpenAPI document.
//! Holds true: the schemas are those of `specs/ideogram-legacy-generate.json`, unchanged but for
//! `nullable`, which JSON Schema says as a type.

use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::caller::{generated, refused, start};

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

fn violations(name: &str, instance: &Value) -> Vec<String> {
    let text = include_str!("../../specs/ideogram-legacy-generate.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    without_nullable(&mut document);
    document["$ref"] = json!(format!("#/components/schemas/{name}"));
    let validator = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&document)
        .unwrap();
    let errors = validator.iter_errors(instance);
    errors.map(|error| error.to_string()).collect()
}

fn assert_valid(name: &str, instance: &Value) {
    assert_eq!(violations(name, instance), [""; 0], "{name}: {instance}");
}

#[test]
fn the_check_notices_answers_that_do_not_fit() {
    let image = json!({"prompt": "a", "resolution": "1x1", "is_image_safe": true, "seed": 1});
    let answer = |created: &str, image: &Value| json!({"created": created, "data": [image]});
    let now = "2026-11-21T20:45:07.123+00:00";
    assert_valid("GenerateImageResponse", &answer(now, &image));
    let mut without_seed = image.clone();
    without_seed.as_object_mut().unwrap().remove("seed");
    let mut with_null_prompt = image.clone();
    with_null_prompt["prompt"] = Value::Null;
    for wrong in [
        answer("yesterday", &image),
        answer(now, &without_seed),
        answer(now, &with_null_prompt),
        json!({"created": now}),
    ] {
        assert_ne!(
            violations("GenerateImageResponse", &wrong),
            [""; 0],
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_request_and_its_answer_fit_the_document_for_every_model() {
    let simulator = start().await;
    for model in [
        "V_1",
        "V_1_TURBO",
        "V_2",
        "V_2_TURBO",
        "V_2A",
        "V_2A_TURBO",
        "V_3",
        "AUTO",
    ] {
        let fields = json!({
            "prompt": "a fox", "model": model, "num_images": 2, "seed": 2_147_483_647,
            "aspect_ratio": "ASPECT_10_16", "style_type": "RENDER_3D",
            "color_palette": {"name": "EMBER"}
        });
        assert_valid("GenerateImageRequest", &json!({ "image_request": fields }));
        assert_valid(
            "GenerateImageResponse",
            &generated(&simulator, fields).await,
        );
    }
}

#[tokio::test]
async fn an_answer_with_a_withheld_image_fits_the_document() {
    let simulator = start().await;
    simulator.script(GenerationFault::Unsafe { indices: vec![1] }, 1);
    let body = generated(&simulator, json!({"prompt": "a fox", "num_images": 2})).await;
    assert_eq!(body["data"][1]["url"], Value::Null);
    assert_valid("GenerateImageResponse", &body);
}

#[tokio::test]
async fn a_refusal_for_safety_fits_the_document() {
    let simulator = start().await;
    let (status, body) = refused(&simulator, json!({"prompt": "forbidden-content"})).await;
    assert_eq!(status, 422);
    assert_valid("GenerateImageSafetyError", &body);
}

#[tokio::test]
async fn every_resolution_and_aspect_ratio_of_the_document_is_accepted() {
    let text = include_str!("../../specs/ideogram-legacy-generate.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let schemas = &document["components"]["schemas"];
    let simulator = start().await;
    for (schema, field) in [
        ("Resolution", "resolution"),
        ("AspectRatio", "aspect_ratio"),
    ] {
        for value in schemas[schema]["enum"].as_array().unwrap() {
            generated(&simulator, json!({"prompt": "a fox", field: value})).await;
        }
    }
}

//! Answers checked against Ideogram's OpenAPI document.
//! Holds true: the schemas are those of the cuts in `specs/`, unchanged but for `nullable`, which
//! JSON Schema says as a type.

use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::caller::{generated, refused, start};

pub const LEGACY_GENERATE: &str = include_str!("../../specs/ideogram-legacy-generate.json");
pub const LEGACY_IMAGES: &str = include_str!("../../specs/ideogram-legacy-images.json");
pub const V3_IMAGES: &str = include_str!("../../specs/ideogram-v3-images.json");
pub const V4_GENERATE: &str = include_str!("../../specs/ideogram-v4-generate.json");

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

pub fn read(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

fn violations(document: &str, name: &str, instance: &Value) -> Vec<String> {
    let mut document = read(document);
    without_nullable(&mut document);
    document["$ref"] = json!(format!("#/components/schemas/{name}"));
    let validator = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&document)
        .unwrap();
    let errors = validator.iter_errors(instance);
    errors.map(|error| error.to_string()).collect()
}

pub fn assert_valid(document: &str, name: &str, instance: &Value) {
    let violations = violations(document, name, instance);
    assert_eq!(violations, [""; 0], "{name}: {instance}");
}

#[test]
fn the_check_notices_answers_that_do_not_fit() {
    let image = json!({"prompt": "a", "resolution": "1x1", "is_image_safe": true, "seed": 1});
    let answer = |created: &str, image: &Value| json!({"created": created, "data": [image]});
    let now = "2026-11-21T20:45:07.123+00:00";
    assert_valid(
        LEGACY_GENERATE,
        "GenerateImageResponse",
        &answer(now, &image),
    );
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
            violations(LEGACY_GENERATE, "GenerateImageResponse", &wrong),
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
        assert_valid(
            LEGACY_GENERATE,
            "GenerateImageRequest",
            &json!({ "image_request": fields }),
        );
        assert_valid(
            LEGACY_GENERATE,
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
    assert_valid(LEGACY_GENERATE, "GenerateImageResponse", &body);
}

#[tokio::test]
async fn a_refusal_for_safety_fits_the_document() {
    let simulator = start().await;
    let (status, body) = refused(&simulator, json!({"prompt": "forbidden-content"})).await;
    assert_eq!(status, 422);
    assert_valid(LEGACY_GENERATE, "GenerateImageSafetyError", &body);
}

#[tokio::test]
async fn every_resolution_and_aspect_ratio_of_the_document_is_accepted() {
    let document = read(LEGACY_GENERATE);
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

//! The lists and optional fields of the document, accepted one by one.
//! Holds true: a value is taken because the document has it, not because a test names it.

use serde_json::{Value, json};

use crate::caller::start;
use crate::forms::{
    V3_GENERATE, V3_REMIX, V3_TRANSPARENT, good_form, good_forms, prompt, sent_json,
};
use crate::schema::{LEGACY_IMAGES, V3_IMAGES, assert_valid, read};

#[tokio::test]
async fn every_listed_value_is_accepted() {
    let simulator = start().await;
    let schemas = &read(V3_IMAGES)["components"]["schemas"];
    for (schema, field) in [
        ("RenderingSpeed", "rendering_speed"),
        ("MagicPromptOption", "magic_prompt"),
        ("StyleTypeV3", "style_type"),
        ("StylePresetV3", "style_preset"),
    ] {
        for value in schemas[schema]["enum"].as_array().unwrap() {
            let body = json!({"prompt": "a fox", field: value});
            assert_valid(V3_IMAGES, "GenerateImageRequestV3", &body);
            let answer = sent_json(&simulator, V3_GENERATE, body).await;
            assert_valid(V3_IMAGES, "ImageGenerationResponseV3", &answer);
            if field == "style_type" {
                assert_eq!(&answer["data"][0]["style_type"], value);
            }
        }
    }
    for value in schemas["ColorPalettePresetName"]["enum"]
        .as_array()
        .unwrap()
    {
        let body = json!({"prompt": "a fox", "color_palette": {"name": value}});
        sent_json(&simulator, V3_GENERATE, body).await;
    }
    let legacy = &read(LEGACY_IMAGES)["components"]["schemas"];
    for value in legacy["DescribeModelVersion"]["enum"].as_array().unwrap() {
        let version = value.as_str().unwrap();
        let form = good_form("/describe").text("describe_model_version", version);
        form.sent(&simulator, "/describe").await;
        assert_eq!(simulator.bill().lines.pop().unwrap().model, version);
    }
}

#[tokio::test]
async fn every_field_of_a_v3_request_is_accepted_together_as_json_and_as_a_form() {
    let simulator = start().await;
    let palette = json!({"members": [{"color_hex": "#FFAA00", "color_weight": 0.5}]});
    let body = json!({
        "prompt": "a fox", "seed": 12_345, "resolution": "1280x800", "rendering_speed": "TURBO",
        "magic_prompt": "OFF", "negative_prompt": "rain", "num_images": 2,
        "color_palette": palette, "style_codes": ["AAFF5733", "0133FF57"],
        "style_preset": "ART_DECO", "custom_model_uri": "model/fox/version/1",
        "enable_copyright_detection": true, "magic_prompt_system_prompt_config_id": "a",
        "style_reference_images": []
    });
    assert_valid(V3_IMAGES, "GenerateImageRequestV3", &body);
    let answer = sent_json(&simulator, V3_GENERATE, body.clone()).await;
    let form = good_form(V3_GENERATE)
        .text("seed", "12345")
        .text("resolution", "1280x800")
        .text("rendering_speed", "TURBO")
        .text("magic_prompt", "OFF")
        .text("negative_prompt", "rain")
        .text("num_images", "2")
        .json("color_palette", palette)
        .text("style_type", "REALISTIC")
        .text("style_preset", "ART_DECO")
        .text("custom_model_uri", "model/fox/version/1")
        .text("enable_copyright_detection", "false")
        .picture("style_reference_images", 64, 64)
        .picture("style_reference_images", 32, 32)
        .picture("character_reference_images", 64, 64)
        .picture("character_reference_images_mask", 64, 64);
    let from_form = form.sent(&simulator, V3_GENERATE).await;
    let facts = |body: &Value| {
        let images = body["data"].as_array().unwrap().iter();
        let facts = images.map(|image| (image["seed"].clone(), image["resolution"].clone()));
        facts.collect::<Vec<_>>()
    };
    let expected = [12_345, 12_346].map(|seed| (json!(seed), json!("1280x800")));
    assert_eq!(
        (facts(&answer), facts(&from_form)),
        (expected.to_vec(), expected.to_vec())
    );
    // Style codes stand in the place of a type.
    assert_eq!(answer["data"][0].get("style_type"), None);
    assert_eq!(from_form["data"][0]["style_type"], "REALISTIC");
}

#[tokio::test]
async fn optional_fields_of_the_siblings_are_accepted() {
    let simulator = start().await;
    let fields = [
        (V3_REMIX, "image_weight", "100"),
        (V3_REMIX, "aspect_ratio", "5x4"),
        (V3_TRANSPARENT, "custom_model_uri", "model/fox/version/1"),
        ("/edit", "magic_prompt_option", "AUTO"),
        ("/edit", "style_type", "ANIME"),
        ("/reframe", "style_type", "DESIGN"),
    ];
    for (path, name, value) in fields {
        let form = good_form(path).text(name, value);
        form.sent(&simulator, path).await;
    }
    let remix = json!({"prompt": "a fox", "image_weight": 1, "aspect_ratio": "ASPECT_1_3"});
    assert_valid(LEGACY_IMAGES, "InitialImageRequest", &remix);
    let upscale = json!({"prompt": "", "resemblance": 1, "detail": 100, "seed": 7});
    assert_valid(LEGACY_IMAGES, "UpscaleInitialImageRequest", &upscale);
    for (path, request) in [("/remix", remix), ("/upscale", upscale)] {
        let form = good_form(path).without("image_request");
        let form = form.json("image_request", request);
        form.sent(&simulator, path).await;
    }
}

#[tokio::test]
async fn a_style_is_answered_where_one_can_be_asked_for() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        let answer = form.sent(&simulator, path).await;
        let has_style = ["remix", "edit", "inpaint"]
            .iter()
            .any(|end| path.ends_with(end))
            || [V3_GENERATE, "/reframe"].contains(&path);
        let style = has_style.then(|| json!("GENERAL"));
        assert_eq!(
            answer["data"][0].get("style_type"),
            style.as_ref(),
            "{path}"
        );
    }
    assert_eq!(simulator.bill().lines[0].prompt, prompt()["prompt"]);
}

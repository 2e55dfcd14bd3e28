//! Requests that break a rule of their endpoint.
//! Holds true: each is answered 400, or 413 if it is too large, and is free.

use serde_json::{Value, json};
use simulator::{Simulator, picture};

use crate::caller::start;
use crate::forms::{
    Form, V3_EDIT, V3_GENERATE, V3_INPAINT, V3_REFRAME, V3_REMIX, V3_REPLACE_BACKGROUND,
    V3_TRANSPARENT, V4_GENERATE, good_form, good_forms, prompt, send_json, sent_json,
};

fn fox_with(fields: Value) -> Value {
    let mut body = prompt();
    let body_fields = body.as_object_mut().unwrap();
    body_fields.extend(fields.as_object().unwrap().clone());
    body
}

/// A PNG file followed by zeros, so many bytes in all.
fn padded(bytes: usize) -> Vec<u8> {
    let mut file = picture("a fox", 1, 64, 64);
    file.resize(bytes, 0);
    file
}

async fn assert_refused(simulator: &Simulator, path: &str, form: Form, expected: u16, why: &str) {
    let (status, body) = form.send(simulator, path).await;
    assert_eq!(status, expected, "{path}: {why}: {body}");
    assert_eq!(body["status"], expected, "{path}: {why}");
    assert_eq!(simulator.bill().lines, [], "{path}: {why}");
}

#[tokio::test]
async fn v3_fields_that_break_the_schema_are_answered_400() {
    let simulator = start().await;
    let wrong = [
        json!({"prompt": " "}),
        json!({"prompt": null}),
        json!({"num_images": 0}),
        json!({"num_images": 9}),
        json!({"num_images": "2"}),
        json!({"seed": -1}),
        json!({"seed": 2_147_483_648_u32}),
        json!({"seed": null}),
        json!({"resolution": "RESOLUTION_1024_1024"}),
        json!({"resolution": "1024x640"}),
        json!({"aspect_ratio": "ASPECT_1_1"}),
        json!({"aspect_ratio": "16:9"}),
        json!({"aspect_ratio": "1x1", "resolution": "1024x1024"}),
        json!({"rendering_speed": "default"}),
        json!({"rendering_speed": "FAST"}),
        json!({"magic_prompt": "MAYBE"}),
        json!({"negative_prompt": 5}),
        json!({"color_palette": "EMBER"}),
        json!({"color_palette": {}}),
        json!({"color_palette": {"name": "ember"}}),
        json!({"color_palette": {"members": []}}),
        json!({"color_palette": {"members": [{"color_hex": "#ff"}]}}),
        json!({"color_palette": {"members": [{"color_hex": "#fff", "color_weight": 0.01}]}}),
        json!({"style_codes": "AAFF5733"}),
        json!({"style_codes": ["AAFF573"]}),
        json!({"style_codes": ["AAFF573G"]}),
        json!({"style_codes": ["AAFF5733,0133FF57"]}),
        json!({"style_codes": ["AAFF5733"], "style_type": "GENERAL"}),
        json!({"style_type": "RENDER_3D"}),
        json!({"style_preset": "art_deco"}),
        json!({"custom_model_uri": "a-model"}),
        json!({"custom_model_uri": "model/a/version/"}),
        json!({"custom_model_uri": "model//version/1"}),
        json!({"custom_model_uri": "model/a/version/1/2"}),
        json!({"enable_copyright_detection": "yes"}),
        json!({"magic_prompt_system_prompt_config_id": 1}),
        json!({"style_reference_images": ["https://example.com/a.png"]}),
        json!({"character_reference_images": "a"}),
    ];
    for fields in wrong {
        let body = fox_with(fields.clone());
        let (status, answer) = send_json(&simulator, V3_GENERATE, body).await;
        assert_eq!((status, &answer["status"]), (400, &json!(400)), "{fields}");
    }
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn v4_fields_that_break_the_schema_are_answered_400() {
    let simulator = start().await;
    let element = |element: Value| {
        json!({"json_prompt": {
            "high_level_description": "a fox",
            "compositional_deconstruction": {"background": "snow", "elements": [element]}
        }})
    };
    let wrong = [
        json!({}),
        json!({"prompt": "a fox"}),
        json!({"text_prompt": ""}),
        json!({"json_prompt": "a fox"}),
        json!({"json_prompt": {}}),
        element(json!({"type": "sky", "desc": "a fox"})),
        element(json!({"type": "obj"})),
        element(json!({"type": "text", "desc": "a sign"})),
        element(json!({"type": "obj", "desc": "a fox", "bbox": [0, 0, 1000]})),
        element(json!({"type": "obj", "desc": "a fox", "bbox": [0, 0, 1000, 1001]})),
        json!({"text_prompt": "a", "json_prompt": element(json!({}))["json_prompt"]}),
        json!({"text_prompt": "a", "resolution": "1024x640"}),
        json!({"text_prompt": "a", "rendering_speed": "FLASH"}),
        json!({"text_prompt": "a", "seed": "1"}),
        json!({"text_prompt": "a", "custom_model_uri": "a"}),
        json!({"text_prompt": "a", "enable_copyright_detection": 1}),
    ];
    for fields in wrong {
        let (status, _) = send_json(&simulator, V4_GENERATE, fields.clone()).await;
        assert_eq!(status, 400, "{fields}");
    }
    assert_eq!(simulator.bill().lines, []);
    for right in [
        element(json!({"type": "obj", "desc": "a fox", "bbox": [0, 0, 1000, 1000]})),
        element(
            json!({"type": "text", "desc": "a sign", "text": "Fox", "color_palette": ["#FFFFFF"]}),
        ),
        json!({"text_prompt": "a", "seed": null, "num_images": 4}),
    ] {
        let answer = sent_json(&simulator, V4_GENERATE, right).await;
        assert_eq!(answer["data"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn forms_are_held_to_the_same_rules_as_json() {
    let simulator = start().await;
    let palette = r#"{"name":"EMBER"}"#;
    let fox = || good_form(V3_GENERATE);
    let wrong = [
        ("a number in words", fox().text("num_images", "two")),
        ("too many images", fox().text("num_images", "9")),
        ("a field twice", fox().text("seed", "1").text("seed", "1")),
        ("a palette as text", fox().text("color_palette", palette)),
        (
            "a palette as a file",
            fox().file("color_palette", palette.into()),
        ),
        ("a palette twice", {
            let name = json!({"name": "EMBER"});
            fox()
                .json("color_palette", name.clone())
                .json("color_palette", name)
        }),
        (
            "no palette",
            fox().json("color_palette", json!({"name": "RED"})),
        ),
        (
            "codes joined",
            fox().text("style_codes", "AAFF5733,0133FF57"),
        ),
        (
            "a text as a file",
            fox().file("style_type", b"AUTO".to_vec()),
        ),
        (
            "a file as text",
            fox().text("style_reference_images", "a picture"),
        ),
        (
            "truth in words",
            fox().text("enable_copyright_detection", "yes"),
        ),
        (
            "codes and a type",
            fox()
                .text("style_codes", "AAFF5733")
                .text("style_type", "AUTO"),
        ),
        (
            "codes and references",
            fox()
                .text("style_codes", "AAFF5733")
                .picture("style_reference_images", 64, 64),
        ),
        (
            "a ratio and a resolution",
            fox()
                .text("aspect_ratio", "1x1")
                .text("resolution", "1024x1024"),
        ),
    ];
    for (why, form) in wrong {
        assert_refused(&simulator, V3_GENERATE, form, 400, why).await;
    }
    let right = fox()
        .json("color_palette", json!({"members": [{"color_hex": "#fa0"}]}))
        .text("style_codes", "AAFF5733")
        .text("style_codes", "0133ff57")
        .text("enable_copyright_detection", "true")
        .text("seed", "0");
    assert_eq!(
        right.sent(&simulator, V3_GENERATE).await["data"][0]["seed"],
        0
    );
}

#[tokio::test]
async fn one_reference_to_a_character_is_taken_with_at_most_one_mask_of_its_size() {
    let simulator = start().await;
    let (references, masks) = (
        "character_reference_images",
        "character_reference_images_mask",
    );
    for path in [V3_GENERATE, V3_REMIX, V3_INPAINT, V3_EDIT] {
        let one = good_form(path).picture(references, 64, 32);
        let wrong = [
            ("two references", one.clone().picture(references, 64, 32)),
            ("a mask alone", good_form(path).picture(masks, 64, 32)),
            ("a mask turned round", one.clone().picture(masks, 32, 64)),
            (
                "two masks",
                one.clone().picture(masks, 64, 32).picture(masks, 64, 32),
            ),
        ];
        for (why, form) in wrong {
            let (status, _) = form.send(&simulator, path).await;
            assert_eq!(status, 400, "{path}: {why}");
        }
        one.clone().sent(&simulator, path).await;
        one.picture(masks, 64, 32).sent(&simulator, path).await;
    }
}

#[tokio::test]
async fn a_mask_has_the_size_of_the_picture_it_is_for() {
    let simulator = start().await;
    for path in ["/edit", V3_INPAINT, V3_EDIT] {
        let form = good_form(path).without("mask").picture("mask", 64, 63);
        assert_refused(&simulator, path, form, 400, "a row is missing").await;
    }
}

#[tokio::test]
async fn pictures_are_jpeg_png_or_webp_and_one_only() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        let name = if path.starts_with("/v1/") {
            "image"
        } else {
            "image_file"
        };
        if [V3_GENERATE, V3_TRANSPARENT, V4_GENERATE].contains(&path) {
            continue;
        }
        let with = |bytes: &[u8]| form.clone().without(name).file(name, bytes.to_vec());
        assert_refused(&simulator, path, with(b""), 400, "nothing").await;
        assert_refused(
            &simulator,
            path,
            with(b"GIF89a\x01\0\x01\0\0\0\0;"),
            400,
            "GIF",
        )
        .await;
        assert_refused(&simulator, path, with(b"<svg/>"), 400, "SVG").await;
        let two = form.clone().picture(name, 64, 64);
        assert_refused(&simulator, path, two, 400, "two").await;
        let text = form.clone().without(name).text(name, "a picture");
        assert_refused(&simulator, path, text, 400, "text").await;
    }
    let jpeg = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x40\x00\x20\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xff\xd9";
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x1f\xc0\x0f\0\0\0\0\0\0\0\0\0\0";
    for bytes in [jpeg.as_slice(), webp.as_slice()] {
        let form = Form::new().file("image_file", bytes.to_vec());
        form.sent(&simulator, "/describe").await;
    }
}

#[tokio::test]
async fn a_request_over_50_mb_is_answered_413_whatever_it_holds() {
    let simulator = start().await;
    let path = V3_GENERATE;
    let references = "style_reference_images";
    let largest = good_form(path).file(references, padded(25_000_000));
    largest.sent(&simulator, path).await;
    simulator.reset().await;
    let two = largest.clone().file(references, padded(25_000_000));
    assert_refused(&simulator, path, two, 413, "two of the largest").await;
    let prompt = Form::new().text("prompt", &"a".repeat(50_000_000));
    assert_refused(&simulator, path, prompt, 413, "a long prompt").await;
    assert_eq!(simulator.calls().len(), 2);
}

#[tokio::test]
async fn a_picture_over_25_mb_or_10_mb_on_legacy_endpoints_is_answered_413() {
    let simulator = start().await;
    for path in [V3_REMIX, V3_REFRAME] {
        let form = good_form(path).without("image");
        let form = form.file("image", padded(25_000_001));
        assert_refused(&simulator, path, form, 413, "25 MB").await;
    }
    for path in ["/remix", "/describe"] {
        let form = good_form(path).without("image_file");
        let larger = form.clone().file("image_file", padded(10_000_001));
        assert_refused(&simulator, path, larger, 413, "10 MB").await;
    }
    let form = Form::new().file("image_file", padded(10_000_000));
    form.sent(&simulator, "/describe").await;
}

#[tokio::test]
async fn legacy_fields_that_break_the_schema_are_answered_400() {
    let simulator = start().await;
    let inside = |path: &str, fields: Value| {
        let form = good_form(path).without("image_request");
        form.json("image_request", fields)
    };
    let with =
        |path: &str, name: &str, value: &str| good_form(path).without(name).text(name, value);
    let wrong = [
        ("/remix", inside("/remix", json!({}))),
        ("/remix", inside("/remix", json!("a fox"))),
        (
            "/remix",
            inside("/remix", fox_with(json!({"image_weight": 0}))),
        ),
        (
            "/remix",
            inside("/remix", fox_with(json!({"image_weight": 101}))),
        ),
        (
            "/remix",
            inside("/remix", fox_with(json!({"model": "V_9"}))),
        ),
        (
            "/remix",
            with("/remix", "image_request", r#"{"prompt":"a fox"}"#),
        ),
        ("/edit", with("/edit", "model", "V_1")),
        ("/edit", with("/edit", "style_type", "NONE")),
        ("/edit", with("/edit", "magic_prompt_option", "MAYBE")),
        ("/reframe", with("/reframe", "resolution", "512x1536")),
        ("/reframe", with("/reframe", "model", "V_9")),
        ("/upscale", inside("/upscale", json!({"detail": 0}))),
        ("/upscale", inside("/upscale", json!({"resemblance": 101}))),
        ("/upscale", inside("/upscale", json!({"num_images": 9}))),
        (
            "/describe",
            with("/describe", "describe_model_version", "V_1"),
        ),
    ];
    for (path, form) in wrong {
        assert_refused(&simulator, path, form, 400, "legacy").await;
    }
}

#[tokio::test]
async fn fields_of_the_v3_siblings_that_break_the_schema_are_answered_400() {
    let simulator = start().await;
    let wrong = [
        (V3_REMIX, "image_weight", "0"),
        (V3_REMIX, "image_weight", "101"),
        (V3_REMIX, "resolution", "1x1"),
        (V3_INPAINT, "style_type", "ANIME"),
        (V3_EDIT, "magic_prompt", "MAYBE"),
        (V3_REFRAME, "resolution", "RESOLUTION_512_1536"),
        (V3_REPLACE_BACKGROUND, "rendering_speed", "FAST"),
        (V3_REPLACE_BACKGROUND, "style_preset", "NONE"),
        (V3_TRANSPARENT, "upscale_factor", "X3"),
        (V3_TRANSPARENT, "rendering_speed", "FLASH"),
        (V3_TRANSPARENT, "aspect_ratio", "7x1"),
        (V4_GENERATE, "rendering_speed", "FLASH"),
    ];
    for (path, name, value) in wrong {
        let form = good_form(path).without(name).text(name, value);
        assert_refused(&simulator, path, form, 400, name).await;
    }
}

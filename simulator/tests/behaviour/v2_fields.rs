//! What the fields of v2's endpoints may hold, and what they change.
//! Holds true: limits and lists are those of Ideogram's OpenAPI document of 2026-10; there is no
//! cut of it here, so they are written down once more.

use serde_json::{Value, json};
use simulator::Simulator;

use crate::caller::start;
use crate::forms::{Form, send_json, sent_json};
use crate::v2_endpoints::{edit, fox, full, source};

/// The least JSON for an endpoint without files.
async fn as_json(simulator: &Simulator, path: &str, fields: Value) -> u16 {
    let mut body = json!({"prompt": "a fox"});
    let all = body.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    send_json(simulator, path, body).await.0
}

#[tokio::test]
async fn values_that_the_document_does_not_list_are_answered_400() {
    let simulator = start().await;
    let (v2, v2a) = ("generate/ideogram-2", "generate/ideogram-2a");
    let (v3, v4) = ("generate/ideogram-3", "generate/ideogram-4");
    let (transparent, v4_transparent) = (
        "generate/ideogram-3-transparent",
        "generate/ideogram-4-transparent",
    );
    let v4_5 = "generate/ideogram-4-5";
    let custom = "generate/ideogram-3-custom-model";
    let wrong = [
        (v2, json!({"prompt": ""})),
        (v2, json!({"prompt": "a".repeat(10_001)})),
        (v2, json!({"negative_prompt": "a".repeat(10_001)})),
        (v2, json!({"num_images": 9})),
        (v2, json!({"seed": 2_147_483_648_u32})),
        (v2, json!({"magic_prompt": "AUTO"})),
        (v2, json!({"rendering_speed": "TURBO"})),
        (v2, json!({"rendering_speed": "flash"})),
        (v2, json!({"rendering_speed": "balanced"})),
        (v2, json!({"aspect_ratio": "1x4"})),
        (v2, json!({"aspect_ratio": "ASPECT_1_1"})),
        (v2, json!({"style_type": "fiction"})),
        (v2, json!({"async": "true"})),
        (v2, json!({"private": "yes"})),
        (v2, json!({"enable_copyright_detection": 1})),
        (v2, json!({"target_collection_id": "a/b"})),
        (v2a, json!({"style_type": "REALISTIC"})),
        (v3, json!({"style_type": "anime"})),
        (v3, json!({"style_preset": "ART_DECO"})),
        (v3, json!({"style_codes": ["AAFF573"]})),
        (v3, json!({"color_palette": {"name": "EMBER"}})),
        (v3, json!({"resolution": "1x1"})),
        (
            v3,
            json!({"aspect_ratio": "1x1", "resolution": "1024x1024"}),
        ),
        (
            v3,
            json!({"style_codes": ["AAFF5733"], "style_preset": "art_deco"}),
        ),
        (v3, json!({"style_reference_asset_identifiers": []})),
        (
            v3,
            json!({"style_reference_asset_identifiers": [{"asset_type": "asset", "asset_id": "a"}]}),
        ),
        (
            v3,
            json!({"style_reference_asset_identifiers": [{"asset_type": "ASSET"}]}),
        ),
        (
            v3,
            json!({"style_reference_asset_identifiers": [{"asset_type": "ASSET", "asset_id": "a", "collection_id": "short"}]}),
        ),
        (transparent, json!({"upscale_factor": "X2"})),
        (transparent, json!({"upscale_factor": "x8"})),
        (custom, json!({"custom_model_uri": "model/a/version"})),
        (
            custom,
            json!({"custom_model_uri": format!("model/a/version/{}", "1".repeat(497))}),
        ),
        (v4, json!({"resolution": "1280x736"})),
        (v4_transparent, json!({"output_resolution": "3k"})),
        (v4_transparent, json!({"aspect_ratio": "5x1"})),
        (v4_5, json!({"quality": "default"})),
        (v4_5, json!({"quality": "very_low"})),
        (v4_5, json!({"size": "source"})),
        (v4_5, json!({"size": "1024x1056"})),
    ];
    for (end, fields) in wrong {
        let status = as_json(&simulator, &full(end), fields.clone()).await;
        assert_eq!(status, 400, "{end}: {fields}");
    }
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn values_that_the_document_lists_are_accepted() {
    let simulator = start().await;
    let asset = json!({"asset_type": "UPLOAD", "asset_id": "a", "collection_id": "A".repeat(22)});
    let right = [
        (
            "generate/ideogram-2",
            json!({"style_type": "render_3d", "aspect_ratio": "auto", "private": null}),
        ),
        (
            "generate/ideogram-2",
            json!({"rendering_speed": "quality", "negative_prompt": "", "magic_prompt": "off"}),
        ),
        (
            "generate/ideogram-3",
            json!({"style_preset": "art_deco", "enable_copyright_detection": null}),
        ),
        (
            "generate/ideogram-3",
            json!({"color_palette": {"name": "ember"}, "resolution": "1280x800"}),
        ),
        (
            "generate/ideogram-3",
            json!({"style_reference_asset_identifiers": [asset]}),
        ),
        (
            "generate/ideogram-3",
            json!({"style_type": "stylized", "target_collection_id": "a-_="}),
        ),
        (
            "generate/ideogram-4",
            json!({"resolution": "3328x1248", "magic_prompt": "on"}),
        ),
        (
            "generate/ideogram-4-transparent",
            json!({"aspect_ratio": "4x1", "output_resolution": "2k"}),
        ),
        (
            "generate/ideogram-4-5",
            json!({"size": "auto", "quality": "low"}),
        ),
        (
            "generate/ideogram-4-5",
            json!({"image_asset_identifiers": [asset], "size": "2048x352", "quality": "very_low"}),
        ),
        (
            "remix/ideogram-3",
            json!({"image_asset_identifier": asset, "image_weight": 50}),
        ),
        (
            "upscale/auto",
            json!({"image_asset_identifier": asset, "upscale_factor": "x8"}),
        ),
    ];
    for (end, fields) in right {
        let status = as_json(&simulator, &full(end), fields.clone()).await;
        assert_eq!(status, 200, "{end}: {fields}");
    }
}

#[tokio::test]
async fn pictures_are_held_to_what_the_document_says_of_them() {
    let simulator = start().await;
    let images = |count: usize| (0..count).fold(fox(), |form, _| form.picture("images", 64, 64));
    let v4_5 = "generate/ideogram-4-5";
    let asset = json!({"asset_type": "ASSET", "asset_id": "a"});
    let cases = [
        (v4_5, images(5), 200),
        (v4_5, images(6), 400),
        (
            v4_5,
            images(1).json("image_asset_identifiers", json!([asset])),
            400,
        ),
        (v4_5, images(4).picture("mask", 64, 64), 200),
        (v4_5, images(5).picture("mask", 64, 64), 400),
        (v4_5, images(1).picture("mask", 64, 32), 400),
        (v4_5, images(0).picture("mask", 64, 64), 400),
        (
            v4_5,
            images(1).picture("mask", 64, 64).text("size", "auto"),
            400,
        ),
        (v4_5, images(1).text("size", "2048x320"), 400),
        (v4_5, images(1).text("size", "1000x1000"), 400),
        (
            v4_5,
            images(1).text("size", "source").text("quality", "very_low"),
            200,
        ),
        (
            "remix/ideogram-3",
            edit().json("image_asset_identifier", asset.clone()),
            400,
        ),
        ("remix/ideogram-3", edit().text("aspect_ratio", "auto"), 400),
        (
            "remix/ideogram-4",
            edit()
                .text("image_weight", "5")
                .text("resolution", "1024x1024"),
            400,
        ),
        (
            "remix/ideogram-4",
            edit()
                .text("image_weight", "5")
                .text("resolution", "2880x1440"),
            200,
        ),
        ("inpaint/ideogram-3", edit().picture("mask", 32, 64), 400),
        (
            "precise-edit/ideogram-4-5",
            edit().text("context_window", "0,0,64,32"),
            200,
        ),
        (
            "precise-edit/ideogram-4-5",
            edit().text("context_window", "all"),
            400,
        ),
        (
            "replace-background/ideogram-3",
            Form::new().text("prompt", "a").picture("image", 97, 32),
            400,
        ),
        (
            "replace-background/ideogram-3",
            source().text("prompt", &"a".repeat(4_001)),
            400,
        ),
        (
            "upscale/auto",
            Form::new()
                .picture("image", 2_049, 8)
                .text("upscale_factor", "x4"),
            400,
        ),
        (
            "upscale/auto",
            Form::new()
                .picture("image", 2_048, 8)
                .text("upscale_factor", "x4"),
            200,
        ),
        ("upscale/auto", source().text("upscale_factor", "x1"), 400),
    ];
    for (at, (end, form, expected)) in cases.into_iter().enumerate() {
        let (status, body) = form.send(&simulator, &full(end)).await;
        assert_eq!(status, expected, "{at}: {end}: {body}");
    }
}

/// "no `upscaled_resolution`": what is told is the size of what can be fetched.
#[tokio::test]
async fn the_resolution_told_is_that_of_the_picture_in_the_end() {
    let simulator = start().await;
    let cases = [
        ("upscale/auto", source(), "128x64"),
        (
            "reframe/ideogram-3",
            source().text("resolution", "512x1536"),
            "512x1536",
        ),
        ("remix/ideogram-3", edit(), "64x32"),
        (
            "generate/ideogram-4-5",
            fox().text("size", "896x1120"),
            "896x1120",
        ),
    ];
    for (end, form, expected) in cases {
        let answer = form.sent(&simulator, &full(end)).await;
        assert_eq!(answer["data"][0]["resolution"], expected, "{end}");
    }
    let body = json!({"prompt": "a fox", "upscale_factor": "x2"});
    let answer = sent_json(&simulator, &full("generate/ideogram-3-transparent"), body).await;
    assert_eq!(answer["data"][0]["resolution"], "2048x2048");
}

#[tokio::test]
async fn prices_follow_speed_and_quality() {
    let simulator = start().await;
    let cases = [
        (
            "generate/ideogram-2",
            json!({"rendering_speed": "turbo"}),
            50_000,
        ),
        (
            "generate/ideogram-2a",
            json!({"rendering_speed": "turbo"}),
            25_000,
        ),
        (
            "generate/ideogram-3",
            json!({"rendering_speed": "quality"}),
            90_000,
        ),
        (
            "generate/ideogram-4",
            json!({"rendering_speed": "quality"}),
            100_000,
        ),
        (
            "generate/ideogram-4-5",
            json!({"quality": "medium"}),
            60_000,
        ),
        (
            "generate/ideogram-4-5",
            json!({"quality": "low", "num_images": 2}),
            60_000,
        ),
    ];
    for (end, fields, price) in cases {
        assert_eq!(as_json(&simulator, &full(end), fields).await, 200);
        let line = simulator.bill().lines.pop().unwrap();
        assert_eq!(line.micro_dollars, price, "{end}");
    }
    assert_eq!(
        simulator.bill().lines[0].rendering_speed.as_deref(),
        Some("TURBO")
    );
}

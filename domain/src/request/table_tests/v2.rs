//! The rows of Ideogram's v2 API: what goes on, what is filled in, what is refused.

use super::*;

const GENERATE: &str = "/v2/image/generate/";

pub(super) fn generate(model: &str, body: Value) -> Result<ImageRequest, InvalidRequest> {
    json_at(&format!("{GENERATE}{model}"), body)
}

#[test]
fn a_prompt_alone_gets_each_models_documented_defaults_and_is_private() {
    let prompt = json!({"prompt": " a  fox"});
    for (model, defaults) in [
        (
            "ideogram-2",
            json!({"rendering_speed": "default", "aspect_ratio": "1x1"}),
        ),
        (
            "ideogram-2a",
            json!({"rendering_speed": "default", "aspect_ratio": "1x1"}),
        ),
        (
            "ideogram-3",
            json!({"rendering_speed": "default", "aspect_ratio": "1x1"}),
        ),
        (
            "ideogram-3-transparent",
            json!({"rendering_speed": "default", "aspect_ratio": "1x1", "upscale_factor": "x1"}),
        ),
        ("ideogram-4", json!({"rendering_speed": "default"})),
        (
            "ideogram-4-transparent",
            json!({"rendering_speed": "default", "aspect_ratio": "auto", "output_resolution": "1k"}),
        ),
        ("ideogram-4-5", json!({"quality": "high"})),
    ] {
        let mut expected = defaults;
        expected["prompt"] = json!("a fox");
        expected["num_images"] = json!(1);
        expected["magic_prompt"] = json!("auto");
        expected["private"] = json!(true);
        let request = generate(model, prompt.clone()).unwrap();
        assert_eq!(sent(&request), expected, "{model}");
        let written_out = generate(model, expected).unwrap();
        assert_eq!(fingerprint(&written_out), fingerprint(&request), "{model}");
    }
}

#[test]
fn every_option_of_a_model_goes_on_as_it_came() {
    let shared = json!({
        "prompt": "a fox", "num_images": 8, "seed": 2_147_483_647, "magic_prompt": "off",
        "private": false, "enable_copyright_detection": true,
    });
    for (model, own) in [
        (
            "ideogram-2",
            json!({"aspect_ratio": "auto", "negative_prompt": "blur", "rendering_speed": "quality",
                "style_type": "render_3d"}),
        ),
        (
            "ideogram-2a",
            json!({"aspect_ratio": "16x10", "rendering_speed": "turbo", "style_type": "anime"}),
        ),
        (
            "ideogram-3",
            json!({"resolution": "512x1536", "negative_prompt": "blur", "rendering_speed": "quality",
                "style_type": "fiction", "style_preset": "90s_nostalgia",
                "color_palette": {"name": "ember"}}),
        ),
        (
            "ideogram-3",
            json!({"aspect_ratio": "4x5", "rendering_speed": "turbo",
                "style_codes": ["AAFF5733", "0133FF57"],
                "color_palette": {"members": [{"color_hex": "#0B3954", "color_weight": 0.5}]}}),
        ),
        (
            "ideogram-3-transparent",
            json!({"aspect_ratio": "3x1", "negative_prompt": "blur", "rendering_speed": "quality",
                "upscale_factor": "x4"}),
        ),
        (
            "ideogram-4",
            json!({"resolution": "3328x1248", "rendering_speed": "turbo"}),
        ),
        (
            "ideogram-4-transparent",
            json!({"aspect_ratio": "1x4", "output_resolution": "8k", "rendering_speed": "quality"}),
        ),
        (
            "ideogram-4-5",
            json!({"quality": "low", "size": "1296x3168"}),
        ),
    ] {
        let mut body = shared.clone();
        let fields = body.as_object_mut().unwrap();
        fields.extend(own.as_object().unwrap().clone());
        let request = generate(model, body.clone()).unwrap();
        assert_eq!(sent(&request), body, "{model}");
    }
}

#[test]
fn what_a_model_does_not_take_is_refused() {
    for (model, field, value) in [
        ("ideogram-2", "resolution", json!("1024x1024")),
        ("ideogram-2", "color_palette", json!({"name": "ember"})),
        ("ideogram-2", "style_type", json!("fiction")),
        ("ideogram-2", "model", json!("V_2")),
        ("ideogram-2a", "negative_prompt", json!("blur")),
        ("ideogram-3", "rendering_speed", json!("flash")),
        ("ideogram-3", "rendering_speed", json!("DEFAULT")),
        ("ideogram-3", "aspect_ratio", json!("16:9")),
        ("ideogram-3", "style_preset", json!("BAUHAUS")),
        ("ideogram-3", "num_images", json!(9)),
        ("ideogram-3", "seed", json!(null)),
        ("ideogram-3", "private", json!("no")),
        ("ideogram-3", "async", json!("true")),
        ("ideogram-3-transparent", "resolution", json!("1024x1024")),
        ("ideogram-3-transparent", "upscale_factor", json!("X2")),
        ("ideogram-4", "aspect_ratio", json!("1x1")),
        ("ideogram-4", "negative_prompt", json!("blur")),
        ("ideogram-4", "resolution", json!("1000x1000")),
        ("ideogram-4-transparent", "output_resolution", json!("16k")),
        ("ideogram-4-5", "rendering_speed", json!("default")),
        ("ideogram-4-5", "quality", json!("best")),
        ("ideogram-4-5", "size", json!("1000x1000")),
        ("ideogram-4-5", "size", json!("4096x2048")),
    ] {
        let error = generate(model, with(field, value)).unwrap_err();
        assert_eq!(error.field, field, "{model}: {error}");
    }
    let named = generate(
        "ideogram-3",
        with("color_palette", json!({"name": "EMBER"})),
    );
    assert_eq!(named.unwrap_err().field, "color_palette.name");
}

#[test]
fn what_is_the_operators_own_is_refused_with_a_reason() {
    for field in [
        "webhook_url",
        "target_collection_id",
        "image_asset_identifiers",
        "style_reference_asset_identifiers",
        "style_reference_collection_id",
        "character_reference_collection_id",
    ] {
        for endpoint in Endpoint::all().filter(|endpoint| endpoint.is_v2()) {
            let given = [(field, "x")];
            let error = form_at(endpoint.path(), &given, &[]).unwrap_err();
            let reason = error.message.contains("cannot be used");
            assert!(error.field == field && reason, "{endpoint:?}: {error}");
        }
    }
}

#[test]
fn not_waiting_is_no_part_of_the_request() {
    let path = "/v2/image/generate/ideogram-4";
    let ask = |body: Value| ImageRequest::parse(at(path), &body, &LIMITS).unwrap();
    let waits = ask(json!({"prompt": "a fox"}));
    let returns = ask(json!({"prompt": "a fox", "async": true}));
    assert!(!waits.asynchronous && returns.asynchronous);
    assert!(!ask(json!({"prompt": "a fox", "async": false})).asynchronous);
    assert_eq!(returns.request, waits.request);
    let path = "/v2/image/generate/ideogram-4-5";
    let form = asked_at(path, &[("prompt", "a fox"), ("async", "true")], &[]).unwrap();
    assert!(form.asynchronous);
    let older = v3(with("async", json!(true))).unwrap_err();
    assert_eq!(older.field, "async");
}

#[test]
fn null_is_as_good_as_left_out_where_ideogram_says_so() {
    let null = json!({"prompt": "a fox", "private": null, "enable_copyright_detection": null});
    let request = generate("ideogram-3", null).unwrap();
    let plain = generate("ideogram-3", json!({"prompt": "a fox"})).unwrap();
    assert_eq!(request, plain);
    let public = generate("ideogram-3", with("private", json!(false))).unwrap();
    assert_ne!(fingerprint(&public), fingerprint(&plain));
}

#[test]
fn a_draft_is_finished_with_ideograms_own_words_and_not_rewritten_again() {
    let draft = generate(
        "ideogram-3",
        json!({"prompt": "a fox", "rendering_speed": "turbo"}),
    );
    let body = draft
        .unwrap()
        .redrawn(Model::V3Quality, 7, Some("a red fox"));
    let request = generate("ideogram-3", body).unwrap();
    assert_eq!(request.model(), Model::V3Quality);
    assert_eq!(request.prompt(), "a red fox");
    let sent = sent(&request);
    assert_eq!(
        (&sent["magic_prompt"], &sent["seed"]),
        (&json!("off"), &json!(7))
    );
}

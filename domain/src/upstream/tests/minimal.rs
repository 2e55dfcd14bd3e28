//! The least request of each endpoint that has a way to v2, whole: what it left out is said where v2
//! would choose otherwise.

use serde_json::{Value, json};

use super::{Answered, PICTURE, Sent, as_it_came, ask, object, on_v2};
use crate::upstream::{Upstream, UpstreamCall};

fn sent(path: &str, fields: Value) -> (UpstreamCall, Value) {
    let call = on_v2(&ask(path, &object(fields)).unwrap());
    let sent = Sent::by(&call);
    let fields = sent.fields.into_iter().map(|(name, mut values)| {
        let value = values.pop().unwrap();
        assert!(values.is_empty());
        (name, value)
    });
    let pictures = sent.pictures.into_keys().map(|name| (name, PICTURE.into()));
    let all = fields.chain(pictures).collect();
    (call, Value::Object(all))
}

#[test]
fn a_request_with_nothing_but_what_it_needs_says_everything_that_v2_would_choose() {
    for (path, asked, to, expected) in [
        (
            "/generate",
            json!({ "prompt": "a fox" }),
            "/v2/image/generate/ideogram-2",
            json!({ "prompt": "a fox", "aspect_ratio": "1x1", "num_images": 1,
                "rendering_speed": "default", "magic_prompt": "auto", "async": true, "private": true }),
        ),
        (
            "/v1/ideogram-v3/generate",
            json!({ "prompt": "a fox" }),
            "/v2/image/generate/ideogram-3",
            json!({ "prompt": "a fox", "aspect_ratio": "1x1", "num_images": 1,
                "rendering_speed": "default", "magic_prompt": "auto", "async": true, "private": true }),
        ),
        (
            "/v1/ideogram-v3/generate-transparent",
            json!({ "prompt": "a fox" }),
            "/v2/image/generate/ideogram-3-transparent",
            json!({ "prompt": "a fox", "aspect_ratio": "1x1", "upscale_factor": "x1", "num_images": 1,
                "rendering_speed": "default", "magic_prompt": "auto", "async": true, "private": true }),
        ),
        (
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "a fox" }),
            "/v2/image/generate/ideogram-4",
            json!({ "prompt": "a fox", "rendering_speed": "default", "magic_prompt": "on",
                "async": true, "private": true }),
        ),
        (
            "/v1/ideogram-v3/remix",
            json!({ "prompt": "a fox", "image": PICTURE, "aspect_ratio": "2x1" }),
            "/v2/image/remix/ideogram-3",
            json!({ "prompt": "a fox", "image": PICTURE, "aspect_ratio": "2x1", "image_weight": "50",
                "num_images": "1", "rendering_speed": "default", "magic_prompt": "auto",
                "async": "true", "private": "true" }),
        ),
        (
            "/v1/ideogram-v3/edit",
            json!({ "prompt": "a fox", "image": PICTURE, "mask": PICTURE }),
            "/v2/image/inpaint/ideogram-3",
            json!({ "prompt": "a fox", "image": PICTURE, "mask": PICTURE, "num_images": "1",
                "rendering_speed": "default", "magic_prompt": "auto", "async": "true",
                "private": "true" }),
        ),
        (
            "/v1/ideogram-v3/reframe",
            json!({ "image": PICTURE, "resolution": "512x1536" }),
            "/v2/image/reframe/ideogram-3",
            json!({ "image": PICTURE, "resolution": "512x1536", "num_images": "1",
                "rendering_speed": "default", "async": "true" }),
        ),
    ] {
        let (call, fields) = sent(path, asked);
        assert_eq!((call.path.as_str(), call.answered), (to, Answered::Later));
        assert_eq!(fields, expected, "{to}");
    }
}

#[test]
fn a_picture_is_described_on_the_call() {
    let (call, fields) = sent("/describe", json!({ "image_file": PICTURE }));
    assert_eq!(call.path, "/v2/image/describe/ideogram-3");
    assert_eq!(call.answered, Answered::OnTheCall);
    assert_eq!(fields, json!({ "image": PICTURE }));
}

#[test]
fn pictures_keep_their_order_and_their_bytes_under_v2s_names() {
    let fields = object(json!({ "prompt": "a fox", "style_type": "FICTION",
        "character_reference_images": PICTURE, "character_reference_images_mask": PICTURE }));
    let request = ask("/v1/ideogram-v3/generate", &fields).unwrap();
    let crate::request::UpstreamBody::Form(parts) = on_v2(&request).body else {
        panic!("no form");
    };
    let pictures: Vec<_> = parts
        .into_iter()
        .filter_map(|part| match part {
            crate::request::Part::Picture(picture) => Some((picture.field, picture.sha256)),
            _ => None,
        })
        .collect();
    let given: Vec<_> = request
        .references()
        .iter()
        .map(|given| given.sha256)
        .collect();
    let expected = [
        ("character_reference_images".to_owned(), given[0]),
        ("character_reference_mask".to_owned(), given[1]),
    ];
    assert_eq!(pictures, expected);
}

#[test]
fn a_prompt_in_parts_goes_as_its_text_and_is_not_rewritten() {
    let prompt = json!({ "high_level_description": "a \"fox\"", "compositional_deconstruction":
        { "background": "snow", "elements": [{ "type": "obj", "desc": "red" }] } });
    let (call, fields) = sent("/v1/ideogram-v4/generate", json!({ "json_prompt": prompt }));
    assert_eq!(call.path, "/v2/image/generate/ideogram-4");
    assert_eq!(fields["magic_prompt"], "off");
    let written = fields["prompt"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(written).unwrap(), prompt);
}

#[test]
fn what_v2_could_take_for_something_else_goes_as_it_came() {
    let background = "x".repeat(9_950);
    for (path, fields) in [
        (
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "{\"a\": 1}" }),
        ),
        (
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "[\"a fox\"]" }),
        ),
        (
            // It has no more characters than a prompt may, and as a text it has.
            "/v1/ideogram-v4/generate",
            json!({ "json_prompt": { "high_level_description": "a fox", "compositional_deconstruction":
                { "background": background, "elements": [] } } }),
        ),
        (
            "/v1/ideogram-v3/remix",
            json!({ "prompt": "a fox", "image": PICTURE }),
        ),
    ] {
        let request = ask(path, &object(fields)).unwrap();
        assert_eq!(on_v2(&request), as_it_came(&request), "{path}");
    }
}

#[test]
fn the_operator_can_have_everything_go_as_it_came() {
    let request = ask("/generate", &object(json!({ "prompt": "a fox" }))).unwrap();
    assert_ne!(on_v2(&request), as_it_came(&request));
    let webhook = Some("https://gateway.example/ideogram/webhook");
    let legacy = request.upstream_call(Upstream::Legacy, webhook);
    assert_eq!(legacy, as_it_came(&request));
}

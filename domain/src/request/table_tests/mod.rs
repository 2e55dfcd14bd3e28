//! The rows of the table besides `POST /generate`: what each takes, held against Ideogram's own
//! document, and what of it counts.

mod pictures;
mod v2;
mod v2_pictures;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::generated::{LIMITS, sent};
use super::{
    Asked, Endpoint, Form, ImageRequest, InvalidRequest, Model, Part, PictureHash, Product,
    Reference, ReferenceKey, UpstreamBody,
};
use crate::fingerprint::{CacheScope, Fingerprint, PromptFingerprint};
use crate::picture::PictureFormat;
use crate::price::{Extra, PriceTable};

const V3_DOCUMENT: &str = include_str!("../../../../simulator/specs/ideogram-v3-images.json");
const TRANSPARENT: &str = "/v1/ideogram-v3/generate-transparent";

fn at(path: &str) -> Endpoint {
    Endpoint::at(path).unwrap()
}

fn json_at(path: &str, body: Value) -> Result<ImageRequest, InvalidRequest> {
    let asked = ImageRequest::parse(at(path), &body, &LIMITS);
    asked.map(|asked| asked.request)
}

fn v3(body: Value) -> Result<ImageRequest, InvalidRequest> {
    json_at("/v1/ideogram-v3/generate", body)
}

fn v4(body: Value) -> Result<ImageRequest, InvalidRequest> {
    json_at("/v1/ideogram-v4/generate", body)
}

fn picture(field: &str, byte: u8) -> Reference {
    Reference {
        field: field.to_owned(),
        key: ReferenceKey::new([byte; 16], 0),
        sha256: PictureHash::new([byte; 32]),
        bytes: 1000,
        format: PictureFormat::Png,
    }
}

fn asked_at(
    path: &str,
    texts: &[(&str, &str)],
    pictures: &[Reference],
) -> Result<Asked, InvalidRequest> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    let form = Form {
        texts: texts.iter().map(owned).collect(),
        pictures: pictures.to_vec(),
    };
    ImageRequest::parse_form(at(path), form, &LIMITS)
}

fn form_at(
    path: &str,
    texts: &[(&str, &str)],
    pictures: &[Reference],
) -> Result<ImageRequest, InvalidRequest> {
    asked_at(path, texts, pictures).map(|asked| asked.request)
}

fn fingerprint(request: &ImageRequest) -> Fingerprint {
    Fingerprint::of(request, &CacheScope::Shared)
}

fn with(name: &str, value: Value) -> Value {
    let mut body = json!({ "prompt": "a fox" });
    body[name] = value;
    body
}

#[test]
fn no_two_endpoints_have_a_name_or_a_path_in_common_and_each_survives_its_name() {
    let mut seen = BTreeSet::new();
    for endpoint in Endpoint::all() {
        assert!(seen.insert(endpoint.name()) && seen.insert(endpoint.path()));
        let name = serde_json::to_string(&endpoint).unwrap();
        assert_eq!(serde_json::from_str::<Endpoint>(&name).unwrap(), endpoint);
        assert_eq!(Endpoint::at(endpoint.path()), Some(endpoint));
    }
    assert_eq!(seen.len(), 2 * 34);
    assert!(serde_json::from_str::<Endpoint>("\"no such\"").is_err());
}

#[test]
fn a_request_for_version_3_with_nothing_but_a_prompt_gets_the_documented_defaults() {
    let request = v3(json!({ "prompt": " a  fox" })).unwrap();
    let expected = json!({
        "prompt": "a fox", "rendering_speed": "DEFAULT", "num_images": 1, "aspect_ratio": "1x1",
    });
    assert_eq!(sent(&request), expected);
    assert_eq!(request.model(), Model::V3Default);
}

#[test]
fn every_value_of_version_3s_own_lists_is_taken_and_goes_on_as_it_came() {
    let document: Value = serde_json::from_str(V3_DOCUMENT).unwrap();
    let schemas = &document["components"]["schemas"];
    for (field, schema) in [
        ("rendering_speed", "RenderingSpeed"),
        ("aspect_ratio", "AspectRatioV3"),
        ("resolution", "ResolutionV3"),
        ("magic_prompt", "MagicPromptOption"),
        ("style_type", "StyleTypeV3"),
        ("style_preset", "StylePresetV3"),
    ] {
        let values = schemas[schema]["enum"].as_array().unwrap();
        assert!(values.len() > 2, "{schema}");
        for value in values {
            let request = v3(with(field, value.clone())).unwrap();
            assert_eq!(&sent(&request)[field], value);
        }
        assert_eq!(v3(with(field, json!("X"))).unwrap_err().field, field);
    }
}

#[test]
fn style_codes_have_one_form_however_they_are_written() {
    let list = v3(with("style_codes", json!(["AAFF5733", "0133FF57"]))).unwrap();
    let joined = v3(with("style_codes", json!("aaff5733, 0133ff57"))).unwrap();
    assert_eq!(fingerprint(&joined), fingerprint(&list));
    let path = "/v1/ideogram-v3/generate";
    for texts in [
        vec![("prompt", "a fox"), ("style_codes", "AAFF5733,0133FF57")],
        vec![
            ("prompt", "a fox"),
            ("style_codes", "aaff5733"),
            ("style_codes", "0133FF57"),
        ],
    ] {
        let form = form_at(path, &texts, &[]).unwrap();
        assert_eq!(fingerprint(&form), fingerprint(&list));
    }
    for codes in [
        json!([]),
        json!("AAFF573"),
        json!(["GGGGGGGG"]),
        json!([1]),
        json!(null),
    ] {
        assert_eq!(
            v3(with("style_codes", codes)).unwrap_err().field,
            "style_codes"
        );
    }
}

#[test]
fn what_excludes_each_other_is_refused_together() {
    let codes = json!(["AAFF5733"]);
    for (one, other) in [
        (("style_type", json!("DESIGN")), ("style_codes", codes)),
        (
            ("aspect_ratio", json!("1x1")),
            ("resolution", json!("1024x1024")),
        ),
    ] {
        let mut body = with(one.0, one.1);
        body[other.0] = other.1;
        let error = v3(body).unwrap_err();
        let message = format!("{} cannot be used together with {}", other.0, one.0);
        assert_eq!((error.field.as_str(), error.message), (other.0, message));
    }
    let references = [picture("style_reference_images", 1)];
    let texts = [("prompt", "a fox"), ("style_codes", "AAFF5733")];
    let error = form_at("/v1/ideogram-v3/generate", &texts, &references).unwrap_err();
    assert_eq!(error.field, "style_reference_images");
}

#[test]
fn speeds_that_an_endpoint_answers_with_an_error_are_not_sent() {
    for path in [TRANSPARENT, "/v1/ideogram-v4/generate"] {
        let prompt = if path == TRANSPARENT {
            "prompt"
        } else {
            "text_prompt"
        };
        let error = json_at(path, json!({ prompt: "a fox", "rendering_speed": "FLASH" }));
        assert_eq!(error.unwrap_err().field, "rendering_speed");
        let fine = json_at(
            path,
            json!({ prompt: "a fox", "rendering_speed": "BALANCED" }),
        );
        assert!(fine.is_ok());
    }
}

#[test]
fn version_4_takes_exactly_one_of_its_prompts() {
    let described = json!({
        "high_level_description": "a fox",
        "compositional_deconstruction": { "background": "snow", "elements": [] },
    });
    let expected = json!({ "text_prompt": "a fox", "rendering_speed": "DEFAULT" });
    assert_eq!(
        sent(&v4(json!({ "text_prompt": "a fox", "seed": null })).unwrap()),
        expected
    );
    let request = v4(json!({ "json_prompt": described })).unwrap();
    assert_eq!(request.prompt(), "a fox");
    assert_eq!(request.said().unwrap().as_str(), "snow a fox");
    for body in [
        json!({}),
        json!({ "text_prompt": "a fox", "json_prompt": described }),
    ] {
        assert_eq!(
            v4(body).unwrap_err().message,
            "text_prompt or json_prompt must be given, and not both"
        );
    }
}

#[test]
fn every_text_of_a_described_prompt_is_taken_in_like_a_prompt() {
    let body = json!({ "json_prompt": {
        "high_level_description": "a card\u{200B}  for jane.doe@example.com",
        "style_description": { "medium": "call +1 202 555 0143" },
        "compositional_deconstruction": { "background": "snow", "elements": [
            { "type": "text", "desc": "name", "text": "4111 1111 1111 1111", "bbox": [0, 0, 500, 1000] },
        ]},
    }});
    let asked = ImageRequest::parse(Endpoint::V4_GENERATE, &body, &LIMITS).unwrap();
    let leaves = sent(&asked.request).to_string();
    for raw in ["jane.doe", "555 0143", "4111", "\u{200B}", "  "] {
        assert!(!leaves.contains(raw), "{raw:?} in {leaves}");
    }
    assert!(!asked.redactions.is_empty());
    let long = "x".repeat(LIMITS.prompt_max_chars);
    let mut too_long = body.clone();
    too_long["json_prompt"]["compositional_deconstruction"]["background"] = json!(long);
    assert_eq!(v4(too_long).unwrap_err().field, "json_prompt");
    let mut odd_name = body;
    odd_name["json_prompt"]["Jane Doe, 12 Elm Street"] = json!(1);
    assert!(!v4(odd_name).unwrap_err().message.contains("Jane"));
}

#[test]
fn a_described_prompt_of_another_shape_is_refused() {
    let element = |element: Value| {
        json!({ "high_level_description": "a fox",
            "compositional_deconstruction": { "background": "snow", "elements": [element] } })
    };
    assert!(
        v4(json!({ "json_prompt": element(json!({ "type": "obj", "desc": "a fox" })) })).is_ok()
    );
    for prompt in [
        json!("a fox"),
        json!({}),
        json!({ "high_level_description": "a fox" }),
        element(json!({ "type": "text", "desc": "a sign" })),
        element(json!({ "type": "obj" })),
        element(json!({ "type": "obj", "desc": "a fox", "text": {} })),
        element(json!({ "type": "obj", "desc": "a fox", "bbox": [0, 0, 10] })),
        element(json!({ "type": "obj", "desc": "a fox", "bbox": [0, 0, 10, 1001] })),
    ] {
        assert_eq!(
            v4(json!({ "json_prompt": prompt })).unwrap_err().field,
            "json_prompt"
        );
    }
}

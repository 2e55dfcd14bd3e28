//! Requests in OpenAI's words, and what they become.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::request::generated::{LIMITS, sent};
use crate::request::{Endpoint, ImageRequest, InvalidRequest, Limits, Model};

fn parse(body: Value) -> Result<OpenAiRequest, NotTaken> {
    OpenAiRequest::parse(&body, &LIMITS)
}

fn with(fields: Value) -> Value {
    let mut body = json!({"prompt": "a fox", "model": "ideogram-v3-default"});
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn refusal(fields: Value) -> InvalidRequest {
    match parse(with(fields)) {
        Err(NotTaken::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

fn fingerprint(request: &ImageRequest) -> Fingerprint {
    Fingerprint::of(request, &CacheScope::Shared)
}

#[test]
fn a_request_is_the_same_as_ideograms_own_for_the_same_picture() {
    for (asked, endpoint, own) in [
        (
            json!({"prompt": "a fox", "model": "ideogram-v3-turbo", "n": 2, "size": "1344x768",
                "seed": 7, "magic_prompt": "OFF", "user": "someone", "response_format": "b64_json"}),
            Endpoint::V3_GENERATE,
            json!({"prompt": "a fox", "rendering_speed": "TURBO", "num_images": 2,
                "resolution": "1344x768", "seed": 7, "magic_prompt": "OFF"}),
        ),
        (
            json!({"prompt": " a  fox", "model": "ideogram-v3-default", "quality": "hd",
                "style_codes": ["0a1b2c3d"], "color_palette": {"name": "EMBER"}}),
            Endpoint::V3_GENERATE,
            json!({"prompt": "a fox", "rendering_speed": "QUALITY", "style_codes": ["0A1B2C3D"],
                "color_palette": {"name": "EMBER"}}),
        ),
        (
            json!({"prompt": "a fox", "model": "ideogram-v2", "size": "1536x1024",
                "magic_prompt": "ON", "negative_prompt": "blur", "style_type": "ANIME"}),
            Endpoint::GENERATE,
            json!({"image_request": {"prompt": "a fox", "model": "V_2", "negative_prompt": "blur",
                "resolution": "RESOLUTION_1248_832", "magic_prompt_option": "ON",
                "style_type": "ANIME"}}),
        ),
        (
            json!({"prompt": "a fox", "model": "ideogram-v1-turbo", "size": "1024x1024"}),
            Endpoint::GENERATE,
            json!({"image_request": {"prompt": "a fox", "model": "V_1_TURBO"}}),
        ),
        (
            json!({"prompt": "a fox", "model": "ideogram-v4-quality", "n": 1, "size": "2048x2048"}),
            Endpoint::V4_GENERATE,
            json!({"text_prompt": "a fox", "rendering_speed": "QUALITY", "resolution": "2048x2048"}),
        ),
        (
            json!({"prompt": "a fox"}),
            Endpoint::GENERATE,
            json!({"image_request": {"prompt": "a fox"}}),
        ),
    ] {
        let request = parse(asked.clone()).unwrap().asked.request;
        let own = ImageRequest::parse(endpoint, &own, &LIMITS)
            .unwrap()
            .request;
        assert_eq!(request, own, "{asked}");
        assert_eq!(fingerprint(&request), fingerprint(&own), "{asked}");
    }
}

#[test]
fn a_request_without_a_model_gets_the_settings_own_if_that_has_a_name_here() {
    for (setting, id) in [
        (Model::V2, "ideogram-v2"),
        (Model::V2ATurbo, "ideogram-v2a-turbo"),
        (Model::Auto, "ideogram-v3-default"),
    ] {
        let limits = Limits {
            default_model: setting,
            ..LIMITS
        };
        for body in [
            json!({"prompt": "a fox"}),
            json!({"prompt": "a fox", "model": null}),
        ] {
            let request = OpenAiRequest::parse(&body, &limits).unwrap();
            assert_eq!(request.model.id, id);
        }
    }
}

#[test]
fn every_model_has_an_outcome_for_every_quality_and_what_is_made_is_what_the_name_says() {
    let qualities = ["auto", "low", "standard", "medium", "hd", "high"];
    for named in NamedModel::all() {
        let (family, speed) = match named.id.rsplit_once('-') {
            Some((family, speed @ ("flash" | "turbo" | "default" | "quality"))) => (family, speed),
            _ => (named.id, "default"),
        };
        let three_speeds = ["ideogram-v3", "ideogram-v4"].contains(&family);
        for quality in qualities {
            let wanted = match quality {
                "auto" => speed,
                "low" => "turbo",
                "standard" | "medium" => "default",
                _ => "quality",
            };
            let free = speed == "default";
            let there_is = wanted != "quality" || three_speeds;
            let outcome = parse(json!({"prompt": "a fox", "model": named.id, "quality": quality}));
            if speed == wanted || (free && there_is) {
                let id = outcome.unwrap().model.id;
                let expected = match wanted {
                    "default" if !three_speeds => family.to_owned(),
                    wanted => format!("{family}-{wanted}"),
                };
                assert_eq!(id, expected, "{} with {quality}", named.id);
            } else {
                let Err(NotTaken::Invalid(invalid)) = outcome else {
                    panic!("{} with {quality} is taken", named.id);
                };
                assert_eq!(invalid.field, "quality", "{} with {quality}", named.id);
            }
        }
    }
}

#[test]
fn a_quality_that_contradicts_the_models_name_is_refused_with_those_that_do_not() {
    let of =
        |model: &str, quality: Value| refusal(json!({"model": model, "quality": quality})).message;
    assert_eq!(
        of("ideogram-v3-turbo", json!("hd")),
        "quality must be one of auto, low with the model ideogram-v3-turbo"
    );
    assert_eq!(
        of("ideogram-v3-flash", json!("low")),
        "quality must be one of auto with the model ideogram-v3-flash"
    );
    assert_eq!(
        of("ideogram-v2", json!("high")),
        "quality must be one of auto, low, standard, medium with the model ideogram-v2"
    );
    assert_eq!(
        of("ideogram-v3-default", json!(1)),
        "quality must be one of auto, low, standard, medium, hd, high with the model ideogram-v3-default"
    );
}

#[test]
fn a_model_that_there_is_not_is_another_error_than_a_wrong_field() {
    for name in ["dall-e-3", "gpt-image-1", "V_2", ""] {
        let outcome = parse(with(json!({ "model": name })));
        assert!(matches!(outcome, Err(NotTaken::NoSuchModel(_))), "{name}");
    }
    let NotTaken::NoSuchModel(sentence) =
        parse(with(json!({"model": "my name is <b>"}))).unwrap_err()
    else {
        panic!("a wrong field");
    };
    assert!(!sentence.contains("<b>"), "{sentence}");
    assert_eq!(refusal(json!({"model": 3})).field, "model");
}

#[test]
fn what_ideogram_cannot_do_is_refused_by_its_name_and_what_means_nothing_is_taken() {
    for (name, taken, refused) in [
        (
            "background",
            vec![json!("auto"), json!("opaque")],
            vec![json!("transparent")],
        ),
        ("moderation", vec![json!("auto")], vec![json!("low")]),
        (
            "output_format",
            vec![json!("png")],
            vec![json!("webp"), json!("jpeg")],
        ),
        ("output_compression", vec![json!(100)], vec![json!(50)]),
        (
            "stream",
            vec![json!(false)],
            vec![json!(true), json!("false")],
        ),
        ("partial_images", vec![json!(0)], vec![json!(1)]),
        ("style", vec![], vec![json!("vivid"), json!("natural")]),
        (
            "user",
            vec![json!("u"), json!("é".repeat(512))],
            vec![json!("u".repeat(513)), json!(1)],
        ),
        (
            "safety_identifier",
            vec![json!("u"), json!("é".repeat(512))],
            vec![json!("u".repeat(513)), json!(1)],
        ),
        (
            "response_format",
            vec![json!("url"), json!("b64_json")],
            vec![json!("png")],
        ),
        (
            "n",
            vec![json!(1), json!(8)],
            vec![json!(0), json!(9), json!(1.5), json!("2")],
        ),
    ] {
        let plain = parse(with(json!({"n": 1}))).unwrap().asked.request;
        for value in taken.into_iter().chain([Value::Null]) {
            let request = parse(with(json!({ name: value }))).unwrap().asked.request;
            assert!(name == "n" || request == plain, "{name}: {value}");
        }
        for value in refused {
            let invalid = refusal(json!({ name: value }));
            assert_eq!(invalid.field, name, "{value}");
            assert!(invalid.message.starts_with(name), "{}", invalid.message);
        }
    }
    let unknown = refusal(json!({"input_fidelity": "high"}));
    assert_eq!(unknown.field, "input_fidelity");
    let not_here = refusal(json!({"resolution": "1024x1024"}));
    assert_eq!(not_here.field, "resolution");
}

#[test]
fn ideogram_4_makes_one_picture_a_request() {
    let refused = refusal(json!({"model": "ideogram-v4-turbo", "n": 2}));
    assert_eq!(refused.field, "n");
    assert!(refused.message.contains("one picture a request"));
}

#[test]
fn ideograms_own_options_go_along_as_far_as_the_model_takes_them() {
    let request = parse(with(
        json!({"model": "ideogram-v2a", "magic_prompt": "OFF"}),
    ));
    let sent = sent(&request.unwrap().asked.request);
    assert_eq!(sent["image_request"]["magic_prompt_option"], "OFF");
    let refused = refusal(json!({"model": "ideogram-v4-default", "negative_prompt": "blur"}));
    assert_eq!(
        refused.message,
        "negative_prompt is not taken by ideogram-v4-default, which takes seed"
    );
}

#[test]
fn an_error_of_the_endpoints_own_names_the_field_that_the_caller_sent() {
    for (fields, field, message) in [
        (
            json!({"model": "ideogram-v2", "prompt": " "}),
            "prompt",
            "prompt must be text with a visible character",
        ),
        (
            json!({"model": "ideogram-v4-default", "prompt": " "}),
            "prompt",
            "prompt must be text with a visible character",
        ),
        (
            json!({"model": "ideogram-v2", "n": 9}),
            "n",
            "n must be a whole number from 1 to 8",
        ),
        (
            json!({"model": "ideogram-v2", "magic_prompt": "MAYBE"}),
            "magic_prompt",
            "magic_prompt must be one of AUTO, ON, OFF, and is MAYBE",
        ),
        (
            json!({"model": "ideogram-v2", "color_palette": {"members": [{"color_hex": "red"}]}}),
            "color_palette.members[0].color_hex",
            "color_palette.members[0].color_hex must be",
        ),
        (
            json!({"style_codes": ["0a1b2c3d"], "style_type": "GENERAL"}),
            "style_codes",
            "style_codes cannot be used together with style_type",
        ),
    ] {
        let invalid = refusal(fields.clone());
        assert_eq!(invalid.field, field, "{fields}");
        assert!(invalid.message.starts_with(message), "{}", invalid.message);
    }
    for body in [
        json!([]),
        json!({}),
        json!({"prompt": null}),
        json!({"prompt": 3}),
    ] {
        assert!(matches!(parse(body), Err(NotTaken::Invalid(_))));
    }
}

#[test]
fn personal_data_is_taken_out_as_of_any_request() {
    let request = parse(with(json!({"prompt": "a card for someone@example.com"}))).unwrap();
    assert!(!request.asked.redactions.is_empty());
    assert!(!request.asked.request.prompt().contains("example.com"));
}

proptest! {
    #[test]
    fn nothing_a_caller_sends_breaks_it(
        prompt in ".{0,20}",
        model in proptest::sample::select(NamedModel::all()),
        size in proptest::option::of("[0-9]{1,5}x[0-9]{1,5}|.{0,8}"),
        n in 0..10_u32,
    ) {
        let body = json!({"prompt": prompt, "model": model.id, "size": size, "n": n});
        if let Ok(request) = parse(body) {
            prop_assert_eq!(request.asked.request.model(), model.model);
            prop_assert_eq!(request.asked.request.images().get(), n);
        }
    }
}

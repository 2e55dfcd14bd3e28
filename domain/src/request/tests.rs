//! The rules of `POST /generate`, one by one and with requests drawn at random.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generated::{LIMITS, MODELS, fields, models_without, parse, sent};
use super::{Endpoint, ImageRequest, InvalidRequest, Limits, Model};

fn refusal(fields: Value) -> InvalidRequest {
    parse(fields).unwrap_err()
}

fn with(name: &str, value: Value) -> Value {
    let mut fields = json!({ "prompt": "a fox" });
    fields[name] = value;
    fields
}

#[test]
fn a_request_with_nothing_but_a_prompt_gets_the_documented_defaults() {
    let request = parse(json!({ "prompt": " a\u{200B}  fox " })).unwrap();
    let expected = json!({ "image_request": {
        "prompt": "a fox", "model": "V_2", "num_images": 1, "aspect_ratio": "ASPECT_1_1",
    }});
    assert_eq!(sent(&request), expected);
    assert_eq!((request.seed(), request.style()), (None, None));
}

#[test]
fn the_default_model_is_a_setting_and_counts_like_one_asked_for() {
    let limits = Limits {
        default_model: Model::V2A,
        ..LIMITS
    };
    let parse = |body: Value| {
        let asked = ImageRequest::parse(Endpoint::GENERATE, &body, &limits);
        asked.map(|asked| asked.request)
    };
    let request = parse(json!({ "image_request": { "prompt": "a fox" } })).unwrap();
    assert_eq!(request.model(), Model::V2A);
    let negative = json!({ "image_request": { "prompt": "a fox", "negative_prompt": "blur" } });
    assert_eq!(
        parse(negative).unwrap_err().message,
        "image_request.negative_prompt is taken only by the models V_1, V_1_TURBO, V_2, V_2_TURBO, \
         V_3, AUTO, and the model asked for is V_2A"
    );
}

#[test]
fn a_resolution_takes_the_place_of_the_default_aspect_ratio() {
    let request = parse(with("resolution", json!("RESOLUTION_640_1024"))).unwrap();
    assert_eq!(request.option("aspect_ratio"), None);
}

#[test]
fn an_aspect_ratio_and_a_resolution_exclude_each_other() {
    let mut fields = with("resolution", json!("RESOLUTION_640_1024"));
    fields["aspect_ratio"] = json!("ASPECT_1_1");
    let error = refusal(fields);
    assert_eq!(error.field, "image_request.resolution");
    assert_eq!(
        error.message,
        "image_request.resolution cannot be used together with image_request.aspect_ratio"
    );
}

#[test]
fn every_value_of_ideograms_own_lists_is_taken() {
    let document = include_str!("ideogram_enumerations.json");
    let lists: Value = serde_json::from_str(document).unwrap();
    for (field, values) in lists.as_object().unwrap() {
        for value in values.as_array().unwrap() {
            let request = parse(with(field, value.clone())).unwrap();
            assert_eq!(&sent(&request)["image_request"][field], value);
        }
    }
    assert_eq!(lists["resolution"].as_array().unwrap().len(), 78);
}

#[test]
fn a_value_of_the_wrong_type_or_out_of_range_is_refused_with_what_the_field_takes() {
    let text = "must be text with a visible character";
    let count = "must be a whole number from 1 to 8";
    let seed = "must be a whole number from 0 to 2147483647";
    let option = "must be one of AUTO, ON, OFF";
    for (field, value, complaint) in [
        ("prompt", json!(null), text),
        ("prompt", json!(7), text),
        ("prompt", json!(["a"]), text),
        ("prompt", json!(" \u{200B}"), text),
        ("num_images", json!(0), count),
        ("num_images", json!(9), count),
        ("num_images", json!(-1), count),
        ("num_images", json!(1.0), count),
        ("num_images", json!("1"), count),
        ("num_images", json!(null), count),
        ("num_images", json!(4_294_967_297_u64), count),
        ("seed", json!(2_147_483_648_u64), seed),
        ("seed", json!(-1), seed),
        ("seed", json!(1.5), seed),
        ("seed", json!(true), seed),
        ("negative_prompt", json!(null), "must be text"),
        ("negative_prompt", json!({}), "must be text"),
        ("magic_prompt_option", json!(null), option),
        ("magic_prompt_option", json!(["ON"]), option),
        (
            "magic_prompt_option",
            json!("on"),
            "must be one of AUTO, ON, OFF, and is on",
        ),
    ] {
        let error = refusal(with(field, value));
        assert_eq!(error.field, format!("image_request.{field}"));
        assert_eq!(error.message, format!("image_request.{field} {complaint}"));
    }
}

#[test]
fn an_unknown_model_is_refused_with_the_models_there_are() {
    let error = refusal(with("model", json!("V_9")));
    assert_eq!(error.field, "image_request.model");
    let list = MODELS.join(", ");
    let message = format!("image_request.model must be one of {list}, and is V_9");
    assert_eq!(error.message, message);
}

#[test]
fn an_option_is_refused_for_exactly_the_models_that_do_not_take_it() {
    let options = [
        ("style_type", json!("AUTO")),
        ("negative_prompt", json!("blur")),
        ("color_palette", json!({ "name": "EMBER" })),
        ("resolution", json!("RESOLUTION_1024_1024")),
        ("aspect_ratio", json!("ASPECT_1_3")),
        ("magic_prompt_option", json!("ON")),
        ("magic_prompt_version", json!("V_0")),
        ("seed", json!(0)),
        ("num_images", json!(8)),
    ];
    for (field, value) in options {
        for model in MODELS {
            let mut fields = with(field, value.clone());
            fields["model"] = json!(model);
            let taken = !models_without(field).contains(&model);
            assert_eq!(parse(fields).is_ok(), taken, "{field} with {model}");
        }
    }
}

#[test]
fn an_empty_negative_prompt_is_as_good_as_none_whatever_the_model() {
    for model in MODELS {
        let fields = json!({ "prompt": "a fox", "model": model, "negative_prompt": " \u{200B}\n" });
        assert_eq!(parse(fields).unwrap().option("negative_prompt"), None);
    }
}

#[test]
fn both_prompts_are_limited_in_characters_after_sanitising() {
    for field in ["prompt", "negative_prompt"] {
        let longest = format!("  {}\u{200B}", "é".repeat(LIMITS.prompt_max_chars));
        assert!(parse(with(field, json!(longest))).is_ok());
        let error = refusal(with(field, json!(longest + "e")));
        let message = "must have at most 10000 characters, and has 10001";
        assert_eq!(error.message, format!("image_request.{field} {message}"));
    }
}

#[test]
fn an_unknown_field_is_named_together_with_the_known_ones() {
    let error = refusal(with("cfg_scale", json!(7)));
    assert_eq!(error.field, "image_request.cfg_scale");
    assert_eq!(
        error.message,
        "image_request.cfg_scale is not a known field; image_request takes prompt, model, \
         num_images, aspect_ratio, resolution, magic_prompt_option, magic_prompt_version, seed, \
         style_type, negative_prompt, color_palette"
    );
    let body = json!({ "image_request": { "prompt": "a fox" }, "extra": 1 });
    let error = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap_err();
    assert_eq!(error.field, "extra");
    assert_eq!(
        error.message,
        "extra is not a known field; body takes image_request"
    );
}

#[test]
fn a_webhook_is_refused_with_its_reason_at_either_level() {
    let reason = "cannot be used: the answer comes on this call, and webhooks are not passed on";
    let error = refusal(with("webhook_url", json!("https://example.com")));
    assert_eq!(error.message, format!("image_request.webhook_url {reason}"));
    let body = json!({ "image_request": { "prompt": "a fox" }, "webhook_url": "https://x" });
    let error = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap_err();
    assert_eq!(error.message, format!("webhook_url {reason}"));
}

#[test]
fn a_body_of_another_shape_is_refused() {
    for (body, field) in [
        (json!(null), "body"),
        (json!([]), "body"),
        (json!({}), "image_request"),
        (json!({ "image_request": null }), "image_request"),
        (json!({ "image_request": [] }), "image_request"),
        (json!({ "image_request": {} }), "image_request.prompt"),
        (json!({ "prompt": "a fox" }), "prompt"),
    ] {
        let error = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap_err();
        assert_eq!(error.field, field, "{body}");
    }
}

#[test]
fn what_the_caller_wrote_is_not_repeated_unless_it_can_only_be_a_name() {
    let secret = "Jane Doe, 12 Elm Street";
    let long = "x".repeat(41);
    for text in [secret, long.as_str()] {
        let bodies = [
            json!({ text: 1 }),
            json!({ "image_request": { text: 1 } }),
            json!({ "image_request": with("model", json!(text)) }),
            json!({ "image_request": with("style_type", json!(text)) }),
            json!({ "image_request": with("seed", json!(text)) }),
            json!({ "image_request": with("color_palette", json!({ text: 1 })) }),
            json!({ "image_request": with("color_palette", json!({ "name": text })) }),
            json!({ "image_request":
                with("color_palette", json!({ "members": [{ "color_hex": text }] })) }),
        ];
        for body in bodies {
            let error = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap_err();
            assert!(!error.message.contains(text), "{error}");
            assert!(!error.field.contains(text), "{error:?}");
        }
    }
}

#[test]
fn a_palette_is_brought_to_one_form() {
    let given = json!({ "members": [
        { "color_hex": "#abc", "color_weight": 1 },
        { "color_hex": "#1a2b3C" },
        { "color_weight": 0.05, "color_hex": "#000000" },
    ]});
    let expected = json!({ "members": [
        { "color_hex": "#AABBCC", "color_weight": 1.0 },
        { "color_hex": "#1A2B3C" },
        { "color_hex": "#000000", "color_weight": 0.05 },
    ]});
    let request = parse(with("color_palette", given)).unwrap();
    assert_eq!(request.option("color_palette"), Some(&expected));
}

#[test]
fn a_palette_that_ideogram_does_not_take_is_refused_at_the_field_that_is_wrong() {
    let member = |field: &str, value: Value| {
        let mut member = json!({ "color_hex": "#000" });
        member[field] = value;
        json!({ "members": [{ "color_hex": "#fff" }, member] })
    };
    let many = vec![json!({ "color_hex": "#000" }); 9];
    for (palette, field) in [
        (json!(null), ""),
        (json!("EMBER"), ""),
        (json!({}), ""),
        (
            json!({ "name": "EMBER", "members": [{ "color_hex": "#000" }] }),
            "",
        ),
        (json!({ "colour": "EMBER" }), ".colour"),
        (json!({ "name": "ember" }), ".name"),
        (json!({ "name": null }), ".name"),
        (json!({ "members": null }), ".members"),
        (json!({ "members": [] }), ".members"),
        (json!({ "members": many }), ".members"),
        (json!({ "members": ["#000"] }), ".members[0]"),
        (
            json!({ "members": [{ "color_weight": 0.5 }] }),
            ".members[0].color_hex",
        ),
        (member("color_hex", json!("000")), ".members[1].color_hex"),
        (member("color_hex", json!("#0000")), ".members[1].color_hex"),
        (member("color_hex", json!("#00g")), ".members[1].color_hex"),
        (member("color_hex", json!("#é0")), ".members[1].color_hex"),
        (
            member("color_hex", json!("#000\n")),
            ".members[1].color_hex",
        ),
        (
            member("color_weight", json!(0.04)),
            ".members[1].color_weight",
        ),
        (
            member("color_weight", json!(1.01)),
            ".members[1].color_weight",
        ),
        (
            member("color_weight", json!("1")),
            ".members[1].color_weight",
        ),
        (
            member("color_weight", json!(null)),
            ".members[1].color_weight",
        ),
        (member("opacity", json!(1)), ".members[1].opacity"),
    ] {
        let error = refusal(with("color_palette", palette.clone()));
        let field = format!("image_request.color_palette{field}");
        assert_eq!(error.field, field, "{palette}");
    }
}

proptest! {
    #[test]
    fn every_request_that_follows_the_documents_is_taken_and_keeps_what_was_asked(
        fields in fields()
    ) {
        let request = parse(fields.clone().into()).unwrap();
        let body = sent(&request);
        for (name, value) in fields.iter().filter(|(name, _)| *name != "color_palette") {
            prop_assert_eq!(&body["image_request"][name], value);
        }
        prop_assert_eq!(
            body["image_request"].get("color_palette").is_some(),
            fields.contains_key("color_palette")
        );
    }

    #[test]
    fn a_request_survives_its_json_and_checking_what_ideogram_is_sent_changes_nothing(
        fields in fields()
    ) {
        let request = parse(fields.into()).unwrap();
        let json = serde_json::to_string(&request).unwrap();
        prop_assert_eq!(&serde_json::from_str::<ImageRequest>(&json).unwrap(), &request);
        let body = sent(&request);
        let again = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap().request;
        prop_assert_eq!(again, request);
    }
}

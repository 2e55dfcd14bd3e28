//! Ideogram's v2 API as callers use it: what its endpoints pass on, answer, cost and refuse.
//! Holds true: each test, here and in `v2_generations` and `v2_prices`, is right whichever way the gateway asks Ideogram, and the simulator's own
//! record and bill are the judges.

use reqwest::Method;
use serde_json::{Map, Value, json};
use simulator::{Call, GenerationFault, PartContent};

use crate::fallback::check_placeholders;
use crate::gateway::form::{FormBody, photo, sha256};
use crate::gateway::{Answer, Gateway, eventually};
use crate::v2_generations::stands;

pub const V2: (&str, &str) = ("UPSTREAM", "v2");
const RICH: (&str, &str) = ("DAILY_BUDGET_USD", "1000");
/// What the simulator charges where Ideogram publishes no price.
const PRICES: (&str, &str) = (
    "PRICES",
    r#"{"V_2_QUALITY": 0.08, "V_3_QUALITY_TRANSPARENT_ENLARGED": 0.16,
        "V_4_QUALITY_TRANSPARENT_ENLARGED": 0.06, "DESCRIBE": 0.01, "UPSCALE_X4": 0.252}"#,
);
pub const GENERATE_3: &str = "/v2/image/generate/ideogram-3";
pub const ASYNC: &str = "async";
/// A webhook is the gateway's own affair, and so is whether it waits.
const OF_THE_SUBMISSION: [&str; 2] = [ASYNC, "webhook_url"];

pub async fn ask(gateway: &Gateway, path: &str, body: &Value) -> Answer {
    Answer::to(gateway.request(Method::POST, path).json(body)).await
}

pub fn last_call(gateway: &Gateway) -> Call {
    gateway.simulator.calls().pop().expect("a call")
}

/// The body that Ideogram was sent, without what is between it and the gateway.
pub fn sent(call: &Call) -> Map<String, Value> {
    let mut body: Map<String, Value> = serde_json::from_str(&call.body).unwrap();
    body.retain(|name, _| !OF_THE_SUBMISSION.contains(&name.as_str()));
    body
}

/// Holds that an answer is v2's, with so many pictures that are kept; returns it.
pub fn checked(gateway: &Gateway, answer: &Answer, images: usize) -> Value {
    let result = answer.result();
    let id = &result["gateway"]["id"];
    assert_eq!(&result["generation_id"], id, "{result}");
    assert_eq!(answer.header("x-generation-id"), id.as_str());
    for of_the_status in ["created", "status", "response_type"] {
        assert_eq!(result[of_the_status], Value::Null, "{result}");
    }
    let data = result["data"].as_array().unwrap();
    assert_eq!(data.len(), images, "{result}");
    for image in data {
        let link = image["url"].as_str().unwrap();
        assert!(link.starts_with(gateway.url()), "{link}");
    }
    result
}

/// Every model with all that it takes: the model, its options, its price in micro-dollars.
fn options() -> Vec<(&'static str, Value, u64)> {
    vec![
        (
            "ideogram-2",
            json!({"aspect_ratio": "auto", "negative_prompt": "blur", "rendering_speed": "quality",
                "style_type": "render_3d"}),
            80_000,
        ),
        (
            "ideogram-2a",
            json!({"aspect_ratio": "16x10", "rendering_speed": "turbo", "style_type": "anime"}),
            25_000,
        ),
        (
            "ideogram-3",
            json!({"resolution": "512x1536", "negative_prompt": "blur", "rendering_speed": "quality",
                "style_type": "fiction", "style_preset": "90s_nostalgia",
                "color_palette": {"name": "ember"}}),
            90_000,
        ),
        (
            "ideogram-3",
            json!({"aspect_ratio": "4x5", "rendering_speed": "turbo",
                "style_codes": ["AAFF5733", "0133FF57"],
                "color_palette": {"members": [{"color_hex": "#0B3954", "color_weight": 0.5}]}}),
            30_000,
        ),
        (
            "ideogram-3-transparent",
            json!({"aspect_ratio": "3x1", "negative_prompt": "blur", "rendering_speed": "quality",
                "upscale_factor": "x4"}),
            160_000,
        ),
        (
            "ideogram-4",
            json!({"resolution": "1280x800", "rendering_speed": "turbo"}),
            30_000,
        ),
        (
            "ideogram-4-transparent",
            json!({"aspect_ratio": "1x4", "output_resolution": "2k", "rendering_speed": "quality"}),
            60_000,
        ),
        (
            "ideogram-4-5",
            json!({"quality": "low", "size": "1280x800"}),
            30_000,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_option_of_a_model_reaches_ideogram_as_given_and_is_booked_as_it_is_billed() {
    let gateway = Gateway::start(&[V2, RICH, PRICES]).await;
    for (model, own, price) in options() {
        let path = format!("/v2/image/generate/{model}");
        let mut body = json!({
            "prompt": "a fox", "num_images": 2, "seed": 2_000_000_000, "magic_prompt": "off",
            "private": false, "enable_copyright_detection": true,
        });
        let fields = body.as_object_mut().unwrap();
        fields.extend(own.as_object().unwrap().clone());
        let answer = ask(&gateway, &path, &body).await;
        let result = checked(&gateway, &answer, 2);
        assert_eq!(result["seed"], 2_000_000_000, "{result}");
        assert_eq!(answer.cost(), 2 * price, "{model}");
        let call = last_call(&gateway);
        assert_eq!(call.path, path);
        assert_eq!(Value::from(sent(&call)), body);
        let again = ask(&gateway, &path, &body).await;
        assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0));
    }
    assert_eq!(gateway.calls(), options().len());
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (gateway.billed(), 0));
}

/// What the pictures of a call were: field and hash.
fn files(call: &Call) -> Vec<(String, String)> {
    let file = |part: &simulator::Part| match &part.content {
        PartContent::File { sha256, .. } => Some((part.name.clone(), sha256.clone())),
        PartContent::Text(_) => None,
    };
    call.parts.iter().filter_map(file).collect()
}

/// What the texts of a call were.
fn texts(call: &Call) -> Vec<(String, String)> {
    let text = |part: &simulator::Part| match &part.content {
        PartContent::Text(text) => Some((part.name.clone(), text.clone())),
        PartContent::File { .. } => None,
    };
    let mut texts: Vec<_> = call.parts.iter().filter_map(text).collect();
    texts.retain(|(name, _)| !OF_THE_SUBMISSION.contains(&name.as_str()));
    texts
}

/// What is given besides pictures, its pictures' fields, and its price in micro-dollars.
type Edit = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
    u64,
);

const FOX: (&str, &str) = ("prompt", "a fox");
const EDITS: &[Edit] = &[
    (
        "generate/ideogram-3",
        &[FOX],
        &["style_reference_images", "style_reference_images"],
        60_000,
    ),
    (
        "generate/ideogram-3-character",
        &[("style_type", "fiction"), FOX],
        &["character_reference_images", "character_reference_mask"],
        150_000,
    ),
    (
        "generate/ideogram-4-5",
        &[FOX, ("size", "1024x1536")],
        &["images", "images"],
        60_000,
    ),
    (
        "remix/ideogram-3",
        &[("image_weight", "40"), FOX],
        &["image", "style_reference_images"],
        60_000,
    ),
    ("remix/ideogram-4", &[FOX], &["image"], 60_000),
    (
        "remix/ideogram-3-character",
        &[FOX],
        &["image", "character_reference_images"],
        150_000,
    ),
    (
        "inpaint/ideogram-3",
        &[FOX, ("style_preset", "jazzy")],
        &["image", "mask"],
        60_000,
    ),
    (
        "inpaint/ideogram-3-character",
        &[FOX],
        &["image", "mask", "character_reference_images"],
        150_000,
    ),
    (
        "precise-edit/ideogram-4-5",
        &[("context_window", "none"), FOX, ("quality", "high")],
        &["image", "reference_images", "mask"],
        100_000,
    ),
    (
        "reframe/ideogram-3",
        &[("resolution", "512x1536")],
        &["image"],
        60_000,
    ),
    ("remove-background/ideogram-1", &[], &["image"], 10_000),
    (
        "upscale/auto",
        &[("upscale_factor", "x4")],
        &["image"],
        252_000,
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_with_pictures_passes_them_on_and_is_booked_as_it_is_billed() {
    let gateway = Gateway::start(&[V2, RICH, PRICES]).await;
    for (path, given, fields, price) in EDITS {
        let path = format!("/v2/image/{path}");
        let mut form = FormBody::default();
        for (name, text) in *given {
            form = form.text(name, text);
        }
        let mut pictures = vec![];
        for (number, field) in (0..).zip(*fields) {
            let photo = photo(number);
            pictures.push(((*field).to_owned(), sha256(&photo)));
            form = form.file(field, &photo);
        }
        let answer = gateway.ask_by_form(&path, &form).await;
        checked(&gateway, &answer, 1);
        assert_eq!(answer.cost(), *price, "{path}");
        let call = last_call(&gateway);
        assert_eq!(
            (call.path.as_str(), files(&call)),
            (path.as_str(), pictures)
        );
        let texts = texts(&call);
        for (name, text) in *given {
            let given = ((*name).to_owned(), (*text).to_owned());
            assert!(texts.contains(&given), "{path}: {name} in {texts:?}");
        }
    }
    for (model, said) in [
        ("ideogram-3", "descriptions"),
        ("ideogram-4", "json_prompt"),
    ] {
        let path = format!("/v2/image/describe/{model}");
        let form = FormBody::default().file("image", &photo(0));
        let answer = gateway.ask_by_form(&path, &form).await;
        let description = answer.result();
        assert!(!description[said].is_null(), "{description}");
        assert_eq!(answer.cost(), 10_000, "{path}");
    }
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (gateway.billed(), 0));
    gateway.no_references_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_private_unless_the_request_says_otherwise() {
    let gateway = Gateway::start(&[V2]).await;
    let fox = json!({"prompt": "a fox"});
    let secret = ask(&gateway, GENERATE_3, &fox).await;
    assert_eq!(secret.cache(), "miss");
    let null = ask(
        &gateway,
        GENERATE_3,
        &json!({"prompt": "a fox", "private": null}),
    )
    .await;
    assert_eq!(null.cache(), "hit");
    let public = json!({"prompt": "a fox", "private": false});
    assert_eq!(ask(&gateway, GENERATE_3, &public).await.cache(), "miss");
    let said = |call: &Call| sent(call)["private"].clone();
    let said: Vec<_> = gateway.simulator.calls().iter().map(said).collect();
    assert_eq!(said, [true, false]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_is_refused_by_name_and_costs_nothing() {
    let gateway = Gateway::start(&[V2]).await;
    for (field, value) in [
        ("webhook_url", json!("https://example.com/")),
        ("target_collection_id", json!("abc")),
        ("style_reference_collection_id", json!("abc")),
        (
            "image_asset_identifiers",
            json!([{"asset_type": "UPLOAD", "asset_id": "a"}]),
        ),
        ("rendering_speed", json!("QUALITY")),
        ("num_images", json!(9)),
        ("async", json!("yes")),
        ("model", json!("V_3")),
    ] {
        let mut body = json!({"prompt": "a fox"});
        body[field] = value;
        let answer = ask(&gateway, GENERATE_3, &body).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()), "{field}");
        assert_eq!(answer.json()["field"], field);
    }
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_generation_is_off_placeholders_come_in_the_same_shape_also_for_who_does_not_wait() {
    let gateway = Gateway::start(&[V2, ("IDEOGRAM_ENABLED", "false")]).await;
    let fox = json!({"prompt": "a fox", "num_images": 2, "seed": 7, "aspect_ratio": "16x9"});
    let answer = ask(&gateway, GENERATE_3, &fox).await;
    let mut result = answer.result();
    assert_eq!(result["generation_id"], result["gateway"]["id"]);
    assert_eq!(
        (&result["seed"], &result["created"]),
        (&json!(7), &Value::Null)
    );
    assert_eq!(result["data"].as_array().unwrap().len(), 2);
    result["created"] = json!("");
    check_placeholders(&gateway, &result, ("1312x736", "generation_disabled"));

    let wolf = json!({"prompt": "a wolf", "async": true});
    let id = ask(&gateway, GENERATE_3, &wolf).await.result()["generation_id"].clone();
    let shown = eventually("it has ended", async || {
        let shown = stands(&gateway, &id).await.result();
        (shown["status"] != "pending").then_some(shown)
    });
    let shown = shown.await;
    assert_eq!(shown["status"], "completed");
    assert_eq!(shown["usage_cost_usd_micros"], 0);
    check_placeholders(&gateway, &shown, ("1024x1024", "generation_disabled"));
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_in_the_body_of_a_200_is_a_failure_and_free_only_if_it_was_a_refusal() {
    let gateway = Gateway::start(&[V2]).await;
    let path = "/v2/image/remove-background/ideogram-1";
    for (status, error, unconfirmed) in [
        (422, (422, "prompt_rejected"), 0),
        (400, (400, "invalid_request"), 0),
        (500, (502, "upstream_error"), 10_000),
    ] {
        let late = GenerationFault::failure_in_a_success(status);
        gateway.simulator.script(late, 1);
        let form = FormBody::default().file("image", &photo(u32::from(status)));
        let answer = gateway.ask_by_form(path, &form).await;
        let (told, code) = answer.error();
        assert_eq!((told, code.as_str()), error, "{status}");
        let booked = gateway.booked();
        assert_eq!(
            (booked.billed, booked.unconfirmed),
            (0, unconfirmed),
            "{status}"
        );
    }
}

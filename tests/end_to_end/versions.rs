//! Ideogram 3.0 and 4.0 go the same way as the older models: checked, priced, budgeted, made once.
//! Holds true: what was sent is what the simulator received, what was paid is its bill.

use reqwest::Method;
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY};

const V3: &str = "/v1/ideogram-v3/generate";
const TRANSPARENT: &str = "/v1/ideogram-v3/generate-transparent";
const V4: &str = "/v1/ideogram-v4/generate";

async fn post(gateway: &Gateway, path: &str, body: &Value) -> Answer {
    Answer::to(gateway.request(Method::POST, path).json(body)).await
}

/// What Ideogram was sent last: the path and the body.
fn sent(gateway: &Gateway) -> (String, Value) {
    let call = gateway.simulator.calls().pop().unwrap();
    (call.path, serde_json::from_str(&call.body).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_speed_is_sent_priced_and_booked_as_ideogram_bills_it() {
    let gateway = Gateway::start(&[]).await;
    let mut billed = 0;
    for (path, prompt, speed, price) in [
        (V3, "prompt", "FLASH", 30_000),
        (V3, "prompt", "TURBO", 30_000),
        (V3, "prompt", "BALANCED", 90_000),
        (V3, "prompt", "DEFAULT", 60_000),
        (V3, "prompt", "QUALITY", 90_000),
        (TRANSPARENT, "prompt", "TURBO", 40_000),
        (TRANSPARENT, "prompt", "DEFAULT", 70_000),
        (V4, "text_prompt", "TURBO", 30_000),
        (V4, "text_prompt", "QUALITY", 100_000),
    ] {
        let body = json!({ prompt: "a fox", "rendering_speed": speed });
        let made = post(&gateway, path, &body).await;
        assert_eq!(
            (made.cache().as_str(), made.cost()),
            ("miss", price),
            "{path} {speed}"
        );
        assert!(made.is_persisted(0));
        billed += price;
        assert_eq!(
            (gateway.billed(), gateway.booked().billed),
            (billed, billed)
        );
        let (to, sent) = sent(&gateway);
        assert_eq!(
            (to.as_str(), &sent["rendering_speed"]),
            (path, &json!(speed))
        );
        let again = post(&gateway, path, &body).await;
        assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0));
    }
    assert_eq!(gateway.calls(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_option_of_version_3_reaches_ideogram() {
    let gateway = Gateway::start(&[]).await;
    let body = json!({
        "prompt": "a fox", "seed": 7, "resolution": "1280x704", "rendering_speed": "TURBO",
        "magic_prompt": "OFF", "negative_prompt": "hens", "num_images": 2, "style_type": "DESIGN",
        "style_preset": "BAUHAUS", "enable_copyright_detection": false,
        "color_palette": { "members": [{ "color_hex": "#1A2B3C", "color_weight": 0.5 }] },
        "custom_model_uri": "model/mine/version/1",
    });
    let made = post(&gateway, V3, &body).await;
    assert_eq!(
        (made.result()["data"].as_array().unwrap().len(), made.cost()),
        (2, 60_000)
    );
    assert_eq!(sent(&gateway), (V3.to_owned(), body));
    let codes = json!({ "prompt": "a fox", "style_codes": "aaff5733, 0133FF57" });
    post(&gateway, V3, &codes).await.result();
    assert_eq!(
        sent(&gateway).1["style_codes"],
        json!(["AAFF5733", "0133FF57"])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_described_prompt_leaves_without_what_is_personal_in_it() {
    let gateway = Gateway::start(&[]).await;
    let prompt = |text: &str| {
        json!({ "json_prompt": {
            "high_level_description": "a business card",
            "compositional_deconstruction": { "background": "paper", "elements": [
                { "type": "text", "desc": "an address", "text": text },
            ]},
        }})
    };
    let made = post(&gateway, V4, &prompt("jane.doe@example.com")).await;
    let result = made.result();
    assert_ne!(result["gateway"]["redactions"], json!([]));
    let (_, sent) = sent(&gateway);
    assert!(!sent.to_string().contains("jane.doe"), "{sent}");
    assert_eq!(gateway.history()[0].prompt, "a business card");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prices_of_the_newer_versions_can_be_set_and_hold_the_budget() {
    let prices = r#"{"V_3_TURBO": 0.05}"#;
    let gateway = Gateway::start(&[("PRICES", prices), ("DAILY_BUDGET_USD", "0.12")]).await;
    let body =
        |images| json!({ "prompt": "a fox", "rendering_speed": "TURBO", "num_images": images });
    let refused = post(&gateway, V3, &body(3)).await;
    assert_eq!(refused.error(), (429, "daily_budget_exceeded".into()));
    assert_eq!(post(&gateway, V3, &body(2)).await.cost(), 100_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_may_be_held_to_models_by_their_speed() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    let client = json!({ "name": "shop", "models": ["V_3_TURBO"] });
    let key = gateway.make_key(client).await["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let ask = async |speed: &str| {
        let body = json!({ "prompt": "a fox", "rendering_speed": speed });
        let request = gateway.request(Method::POST, V3).bearer_auth(&key);
        Answer::to(request.json(&body)).await
    };
    assert_eq!(ask("QUALITY").await.error(), (403, "forbidden".into()));
    assert_eq!(ask("TURBO").await.status, 200);
}

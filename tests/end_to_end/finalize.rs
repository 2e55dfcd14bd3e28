//! Draft, choose, finish: the final picture for a draft, and what that saves.
//! Holds true: what is sent is what the simulator received, what is paid is its bill.

use reqwest::Method;
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY};

const V3: &str = "/v1/ideogram-v3/generate";

async fn draft(gateway: &Gateway, fields: &Value) -> String {
    let made = Answer::to(gateway.request(Method::POST, V3).json(fields)).await;
    made.result()["gateway"]["id"].as_str().unwrap().to_owned()
}

async fn finalize(gateway: &Gateway, id: &str, choice: &Value) -> Answer {
    let path = format!("/generations/{id}/finalize");
    Answer::to(gateway.request(Method::POST, &path).json(choice)).await
}

fn drafts() -> Value {
    json!({ "prompt": "a fox", "rendering_speed": "TURBO", "num_images": 3, "style_type": "DESIGN" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_final_is_made_from_the_chosen_drafts_seed_and_says_what_it_saves() {
    let gateway = Gateway::start(&[]).await;
    let made = Answer::to(gateway.request(Method::POST, V3).json(&drafts())).await;
    let drafted = made.result();
    let id = drafted["gateway"]["id"].as_str().unwrap();
    let finished = finalize(&gateway, id, &json!({ "image": 1 })).await;
    assert_eq!(
        (finished.cache().as_str(), finished.cost()),
        ("miss", 90_000)
    );
    assert_eq!(
        finished.result()["gateway"]["finalize"],
        json!({ "drafts_usd": 0.09, "final_usd": 0.09, "full_quality_usd": 0.27 })
    );
    let call = gateway.simulator.calls().pop().unwrap();
    let sent: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(
        sent,
        json!({ "prompt": drafted["data"][1]["prompt"], "seed": drafted["data"][1]["seed"],
            "rendering_speed": "QUALITY", "num_images": 1, "magic_prompt": "OFF",
            "style_type": "DESIGN", "aspect_ratio": "1x1" })
    );
    assert_eq!(gateway.billed(), 180_000);
    let again = finalize(&gateway, id, &json!({ "image": 1, "model": "V_3_QUALITY" })).await;
    assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_finished_costs_nothing_and_says_why() {
    let gateway = Gateway::start(&[]).await;
    let id = draft(&gateway, &drafts()).await;
    for (choice, field) in [
        (json!({}), "image"),
        (json!({ "image": 3 }), "image"),
        (json!({ "image": 0, "model": "V_2" }), "model"),
        (json!({ "image": 0, "model": "V_3_FLASH" }), "model"),
        (json!({ "image": 0, "seed": 1 }), "seed"),
    ] {
        let refused = finalize(&gateway, &id, &choice).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()));
        assert_eq!(refused.json()["field"], field, "{choice}");
    }
    let finest = json!({ "prompt": "a fox", "rendering_speed": "QUALITY" });
    let best = draft(&gateway, &finest).await;
    let refused = finalize(&gateway, &best, &json!({ "image": 0 })).await;
    assert_eq!(refused.json()["field"], "model");
    let unknown = format!("{}-{}", "0".repeat(64), "0".repeat(16));
    let missing = finalize(&gateway, &unknown, &json!({ "image": 0 })).await;
    assert_eq!(missing.error(), (404, "not_found".into()));
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_given_a_draft_from_the_cache_may_finish_it_and_nobody_else() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    let key = async |client: Value| {
        gateway.make_key(client).await["key"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = key(json!({ "name": "first" })).await;
    let shares = key(json!({ "name": "shares" })).await;
    let apart = key(json!({ "name": "apart", "cache": "own" })).await;
    let asked = gateway
        .request(Method::POST, V3)
        .bearer_auth(&first)
        .json(&drafts());
    let id = Answer::to(asked).await.result()["gateway"]["id"].clone();
    let finish = async |key: &str, image: u32| {
        let path = format!("/generations/{}/finalize", id.as_str().unwrap());
        let request = gateway.request(Method::POST, &path).bearer_auth(key);
        Answer::to(request.json(&json!({ "image": image })))
            .await
            .status
    };
    assert_eq!(finish(&apart, 0).await, 404);
    assert_eq!(finish(&shares, 0).await, 200);
    assert_eq!(finish(&first, 1).await, 200);
}

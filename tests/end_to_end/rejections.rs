//! What Ideogram's safety check refuses: a prompt is not sent again for an hour, a picture is never
//! shown and never cached as a good one.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_prompt_is_not_sent_again_whatever_else_is_asked_for() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let ask = async |fields: Value| {
        let ask = gateway.generation(&fields);
        Answer::to(ask.bearer_auth(key["key"].as_str().unwrap())).await
    };
    gateway.simulator.script(GenerationFault::status(422), 1);
    let first = ask(json!({"prompt": "a tasteless fox"})).await;
    assert_eq!(first.error(), (422, "prompt_rejected".into()));
    for fields in [
        json!({"prompt": "a tasteless fox"}),
        json!({"prompt": "a tasteless fox", "seed": 7, "model": "V_1"}),
        json!({"prompt": " a  tasteless\tfox "}),
    ] {
        assert_eq!(ask(fields).await.error(), (422, "prompt_rejected".into()));
    }
    assert_eq!(gateway.calls(), 1);
    assert_eq!(ask(json!({"prompt": "a tasteful fox"})).await.status, 200);

    let history = gateway.history();
    assert!(
        history
            .iter()
            .any(|record| record.outcome == "prompt_rejected"),
        "{history:?}"
    );
    let list = gateway.operator(Method::GET, "/admin/keys").await;
    assert_eq!(list.json()["keys"][0]["today"]["rejected_prompts"], 1);
    let line = eventually("the refusal is logged for review", async || {
        let logs = gateway.log();
        let mut lines = logs
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.find(|line| line["event"] == "prompt_rejected")
    })
    .await;
    assert_eq!(line["prompt"], "a tasteless fox");
    assert_eq!(line["client"], key["id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsafe_picture_is_not_shown_and_not_cached_though_ideogram_links_to_it() {
    let gateway = Gateway::start(&[]).await;
    let answer = json!({"created": "2026-11-21T12:00:00Z", "data": [{
        "url": format!("{}/images/unsafe.png", gateway.simulator.base_url()), "seed": 7,
        "is_image_safe": false, "prompt": "a fox", "resolution": "1024x1024"}]});
    let fault = GenerationFault::Answer {
        status: 200,
        headers: vec![],
        body: answer.to_string(),
        billed: true,
    };
    gateway.simulator.script(fault, 1);
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.result()["data"][0]["url"], Value::Null);
    assert!(!String::from_utf8_lossy(&made.body).contains("unsafe.png"));
    assert_eq!((gateway.pictures().len(), gateway.cached().len()), (0, 0));
    assert_eq!(gateway.simulator.image_fetches(), 0);
    assert_eq!(gateway.booked().billed, PRICE);
    let again = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(again.result()["data"][0]["is_image_safe"], false);
    assert_eq!(
        gateway.calls(),
        1,
        "within the hour it would come out no better"
    );
}

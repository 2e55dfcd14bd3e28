//! The same request is generated once and paid once.
//! Holds true: the number of calls is counted by the simulator.

use reqwest::Method;
use serde_json::json;

use crate::gateway::{Answer, Gateway, PRICE};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_written_otherwise_is_a_hit_also_after_a_restart() {
    let mut gateway = Gateway::start(&[]).await;
    let first = gateway
        .generate(json!({"prompt": "a red fox", "seed": 5}))
        .await;
    assert_eq!(first.cache(), "miss");
    assert_eq!(gateway.cached().len(), 1);

    let otherwise = r#" {"image_request" :
        {"aspect_ratio": "ASPECT_1_1", "num_images": 1, "seed": 5,
         "model": "V_2", "prompt": "  a  red\u200b\nfox "}}"#;
    for _ in 0..2 {
        let request = gateway.request(Method::POST, "/generate");
        let request = request.header("content-type", "application/json; charset=utf-8");
        let again = Answer::to(request.body(otherwise)).await;
        assert_eq!(again.cache(), "hit");
        assert_eq!(again.cost(), 0);
        assert_eq!(
            again.header("x-generation-id"),
            first.header("x-generation-id")
        );
        let key = first.result()["gateway"]["images"][0]["key"].clone();
        let link = format!("{}/{}", gateway.url(), key.as_str().unwrap());
        assert_eq!(
            again.link(0),
            link,
            "it names the gateway as this caller reached it"
        );
        assert_eq!(gateway.calls(), 1);
        gateway.restart(&[]).await;
    }
    assert_eq!(gateway.booked().billed, PRICE);
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_differ_in_one_option_are_made_each() {
    let gateway = Gateway::start(&[]).await;
    let requests = [
        json!({"prompt": "a fox"}),
        json!({"prompt": "A fox"}),
        json!({"prompt": "a fox", "seed": 1}),
        json!({"prompt": "a fox", "seed": 2}),
        json!({"prompt": "a fox", "model": "V_2_TURBO"}),
        json!({"prompt": "a fox", "aspect_ratio": "ASPECT_16_9"}),
        json!({"prompt": "a fox", "style_type": "ANIME"}),
        json!({"prompt": "a fox", "negative_prompt": "hens"}),
    ];
    for request in &requests {
        assert_eq!(
            gateway.generate(request.clone()).await.cache(),
            "miss",
            "{request}"
        );
    }
    assert_eq!(gateway.calls(), requests.len());
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_who_ask_for_the_same_at_once_share_one_call() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(1_000);
    let requests = vec![json!({"prompt": "a fox"}); 20];
    let answers = gateway.generate_at_once(requests).await;

    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.billed(), PRICE);
    assert_eq!(gateway.booked().billed, PRICE);
    let caches: Vec<_> = answers.iter().map(Answer::cache).collect();
    let misses = caches.iter().filter(|cache| *cache == "miss").count();
    assert_eq!(misses, 1, "{caches:?}");
    assert!(caches.iter().any(|cache| cache == "joined"), "{caches:?}");
    let cost: u64 = answers.iter().map(Answer::cost).sum();
    assert_eq!(cost, PRICE);
    let link = answers[0].link(0);
    assert!(answers.iter().all(|answer| answer.link(0) == link));
}

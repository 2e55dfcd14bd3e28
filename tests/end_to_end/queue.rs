//! With all places taken a request waits, for so long and behind so many; then it is told to come
//! back, and nothing has reached Ideogram.

use serde_json::json;
use simulator::{GenerationFault, Times};

use crate::gateway::{Gateway, eventually};

/// One place, taken by a generation that goes on until the gateway is dropped.
pub async fn with_its_one_place_taken(vars: &[(&str, &str)]) -> Gateway {
    let vars = [vars, &[("MAX_IN_FLIGHT", "1")]].concat();
    let gateway = Gateway::start(&vars).await;
    gateway.simulator.set_latency_ms(600_000);
    let taker = gateway.generation(&json!({"prompt": "the one that takes it"}));
    // Nobody waits for its answer.
    drop(tokio::spawn(taker.send()));
    eventually("the place is taken", async || {
        (gateway.simulator.images_in_progress() == 1).then_some(())
    })
    .await;
    gateway
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_too_long_is_told_to_come_back() {
    let gateway = with_its_one_place_taken(&[("QUEUE_TIMEOUT_SECONDS", "1")]).await;
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (503, "busy".into()));
    assert!(refused.retry_after() >= 1);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().requests, 0);
    assert_eq!(gateway.places_held(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_wait_as_the_queue_holds_and_the_others_are_told_at_once() {
    let vars = [("QUEUE_LIMIT", "2"), ("QUEUE_TIMEOUT_SECONDS", "5")];
    let gateway = with_its_one_place_taken(&vars).await;
    let requests = (0..6).map(|number| json!({"prompt": format!("fox {number}")}));
    let answers = gateway.generate_at_once(requests).await;
    let told = |why: &str| {
        let sentences = answers
            .iter()
            .map(|answer| answer.json()["error"].to_string());
        sentences.filter(|sentence| sentence.contains(why)).count()
    };
    for answer in &answers {
        assert_eq!(answer.error(), (503, "busy".into()));
    }
    assert_eq!(told("no place came free in time"), 2);
    assert_eq!(told("too many requests are waiting"), 4);
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_queue_nobody_waits() {
    let gateway = with_its_one_place_taken(&[("QUEUE_LIMIT", "0")]).await;
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (503, "busy".into()));
    assert!(refused.retry_after() >= 1);
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unconfirmed_generation_keeps_its_place_because_ideogram_may_be_at_work_on_it() {
    let vars = [("MAX_IN_FLIGHT", "1"), ("QUEUE_TIMEOUT_SECONDS", "1")];
    let mut gateway = Gateway::start(&vars).await;
    let lost = GenerationFault::Reset { billed: true };
    gateway.simulator.script(lost, Times::Next(1));
    let lost = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(lost.error(), (502, "upstream_error".into()));
    for _ in 0..2 {
        assert_eq!(gateway.places_held(), 1);
        let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
        assert_eq!(refused.error(), (503, "busy".into()));
        gateway.restart(&[]).await;
    }
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_can_see_how_many_are_served_before() {
    let gateway = with_its_one_place_taken(&[]).await;
    for (position, prompt) in ["a fox", "a wolf", "a hen"].into_iter().enumerate() {
        let waiting = gateway.generation(&json!({"prompt": prompt}));
        drop(tokio::spawn(waiting.send()));
        let id = gateway.generation_in("queued", prompt).await;
        let shown = eventually("it has a position", async || {
            let shown = gateway.get(&format!("/generations/{id}")).await.result();
            shown["position"].is_u64().then_some(shown)
        })
        .await;
        assert_eq!(shown["state"], "queued");
        assert_eq!(shown["position"], position, "{shown}");
    }
}

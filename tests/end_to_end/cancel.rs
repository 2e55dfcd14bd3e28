//! A generation that waits can be cancelled: it costs nothing and its turn goes to others. One that
//! Ideogram is at work on, or that others wait for, cannot.

use reqwest::Method;
use serde_json::json;

use crate::client_keys;
use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE, eventually};
use crate::queue::with_its_one_place_taken;

async fn cancel(gateway: &Gateway, id: &str) -> Answer {
    let path = format!("/generations/{id}");
    Answer::to(gateway.request(Method::DELETE, &path)).await
}

async fn cancel_with(gateway: &Gateway, id: &str, key: &str) -> Answer {
    let path = format!("/generations/{id}");
    Answer::to(gateway.request(Method::DELETE, &path).bearer_auth(key)).await
}

/// Asks for it and leaves; waits until the ledger has it in its queue.
async fn queue(gateway: &Gateway, prompt: &str) -> String {
    let asked = gateway.generation(&json!({ "prompt": prompt }));
    let asked = Answer::to(asked.header("prefer", "respond-async")).await;
    assert_eq!(asked.status, 202, "{}", asked.json());
    let id = asked.header("x-generation-id").unwrap().to_owned();
    waits(gateway, &id).await;
    id
}

async fn waits(gateway: &Gateway, id: &str) {
    eventually("it has a position", async || {
        let shown = gateway.get(&format!("/generations/{id}")).await.result();
        shown["position"].is_u64().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_is_cancelled_costs_nothing_and_makes_room() {
    let vars = [("QUEUE_LIMIT", "1"), ("QUEUE_TIMEOUT_SECONDS", "120")];
    let gateway = with_its_one_place_taken(&vars).await;
    let waiting = gateway.generation(&json!({"prompt": "a fox"}));
    let waiting = tokio::spawn(Answer::to(waiting));
    let fox = gateway.generation_in("queued", "a fox").await;
    waits(&gateway, &fox).await;
    let full = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(full.error(), (503, "busy".into()));

    let cancelled = cancel(&gateway, &fox).await.result();
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
    assert_eq!(cancelled["id"], fox.as_str());
    let told = waiting.await.unwrap();
    assert_eq!(told.error(), (409, "cancelled".into()));
    let again = cancel(&gateway, &fox).await.result();
    assert_eq!(again["state"], "cancelled");
    let shown = gateway.get(&format!("/generations/{fox}")).await;
    assert_eq!(shown.header("retry-after"), None);

    let wolf = queue(&gateway, "a wolf").await;
    cancel(&gateway, &wolf).await.result();
    let anew = queue(&gateway, "a fox").await;
    assert_ne!(anew, fox, "it starts anew");
    let old = gateway.get(&format!("/generations/{fox}")).await;
    assert_eq!(old.status, 404);
    assert_eq!(gateway.calls(), 1);
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (0, 0));
    assert_eq!(gateway.billed(), 0);
    assert_eq!(gateway.places_held(), 1, "the one that was taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cancelled_can_be_made_after_all() {
    let gateway = with_its_one_place_taken(&[("UNCONFIRMED_HOLD_SECONDS", "0")]).await;
    let fox = queue(&gateway, "a fox").await;
    cancel(&gateway, &fox).await.result();
    // Ideogram loses the one that took the place.
    gateway.simulator.reset().await;
    eventually("the place is free", async || {
        (gateway.places_held() == 0).then_some(())
    })
    .await;
    gateway.simulator.set_latency_ms(0);
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
    assert_eq!(made.cost(), PRICE);
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ideogram_is_at_work_on_goes_on() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(3_000);
    let waiting = gateway.generation(&json!({"prompt": "a fox"}));
    let waiting = tokio::spawn(Answer::to(waiting));
    let fox = gateway.generation_in("generating", "a fox").await;
    let refused = cancel(&gateway, &fox).await;
    assert_eq!(refused.error(), (409, "generation_running".into()));
    assert_eq!(refused.header("x-generation-id"), Some(fox.as_str()));
    assert_eq!(waiting.await.unwrap().cache(), "miss");
    let done = cancel(&gateway, &fox).await.result();
    assert_eq!(done["state"], "done");
    assert!(done["result"]["data"].is_array());
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_asked_may_cancel_and_not_what_others_wait_for() {
    let mut gateway = client_keys::gateway().await;
    gateway.restart(&[("MAX_IN_FLIGHT", "1")]).await;
    gateway.simulator.set_latency_ms(600_000);
    let taker = gateway.generation(&json!({"prompt": "the one that takes it"}));
    drop(tokio::spawn(taker.bearer_auth(OPERATOR_KEY).send()));
    eventually("the place is taken", async || {
        (gateway.simulator.images_in_progress() == 1).then_some(())
    })
    .await;
    let mut keys = vec![];
    for name in ["first", "second"] {
        let key = gateway.make_key(json!({"name": name})).await["key"].clone();
        keys.push(key.as_str().unwrap().to_owned());
    }
    let ask = async |key: &str| {
        let asked = gateway.generation(&json!({"prompt": "a fox"}));
        let asked = asked.bearer_auth(key).header("prefer", "respond-async");
        let asked = Answer::to(asked).await;
        assert_eq!(asked.status, 202);
        asked.header("x-generation-id").unwrap().to_owned()
    };
    let fox = ask(&keys[0]).await;
    let stranger = cancel_with(&gateway, &fox, &keys[1]).await;
    assert_eq!(stranger.error(), (404, "not_found".into()));
    assert_eq!(cancel(&gateway, &fox).await.status, 401);

    assert_eq!(ask(&keys[1]).await, fox);
    for key in &keys {
        let refused = cancel_with(&gateway, &fox, key).await;
        assert_eq!(refused.error(), (409, "generation_running".into()));
        let sentence = refused.json()["error"].to_string();
        assert!(sentence.contains("others wait"), "{sentence}");
    }
    assert_eq!(gateway.generations()["a fox"].1, "queued");
    assert_eq!(gateway.calls(), 1);
}

//! A caller that does not wait is told where to look, and finds its picture there.

use reqwest::Method;
use serde_json::json;
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, PRICE, eventually};

async fn ask(gateway: &Gateway, prefer: &str) -> Answer {
    let ask = gateway.generation(&json!({"prompt": "a fox"}));
    Answer::to(ask.header("prefer", prefer)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_told_where_to_look_and_looks_until_it_is_done() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(2_000);
    let accepted = ask(&gateway, "respond-async").await;
    assert_eq!(accepted.status, 202);
    let id = accepted.header("x-generation-id").unwrap().to_owned();
    let location = accepted.header("location").unwrap().to_owned();
    assert_eq!(location, format!("/generations/{id}"));
    assert_eq!(accepted.header("preference-applied"), Some("respond-async"));
    assert!(accepted.retry_after() >= 1);
    let state = accepted.json();
    assert_eq!(state["id"], id.as_str());
    let states = ["queued", "generating"];
    assert!(
        states.contains(&state["state"].as_str().unwrap()),
        "{state}"
    );

    let done = eventually("it is done", async || {
        let shown = gateway.get(&location).await;
        let state = shown.result()["state"].clone();
        if state == "done" {
            return Some(shown);
        }
        assert!(shown.retry_after() >= 1);
        None
    })
    .await;
    assert_eq!(done.header("retry-after"), None);
    let hit = ask(&gateway, "respond-async").await;
    assert_eq!(hit.cache(), "hit", "what is there is answered at once");
    assert_eq!(hit.header("preference-applied"), None);
    assert_eq!(done.result()["result"]["data"], hit.result()["data"]);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_may_wait_for_a_while_first() {
    let gateway = Gateway::start(&[]).await;
    let made = ask(&gateway, "respond-async, wait=60").await;
    assert_eq!(made.cache(), "miss");
    gateway.simulator.set_latency_ms(600_000);
    let ask = |prefer| {
        let ask = gateway.generation(&json!({"prompt": "a wolf"}));
        Answer::to(ask.header("prefer", prefer))
    };
    assert_eq!(ask("wait=1, respond-async").await.status, 202);
    let pending = ask("wait=1").await;
    assert_eq!(pending.error(), (504, "generation_pending".into()));
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_is_found_there_too() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(GenerationFault::status(422), 1);
    let accepted = ask(&gateway, "Respond-Async").await;
    assert_eq!(accepted.status, 202);
    let location = accepted.header("location").unwrap();
    let failed = eventually("it has failed", async || {
        let shown = gateway.get(location).await.result();
        (shown["state"] == "failed").then_some(shown)
    })
    .await;
    assert_eq!(failed["error"]["code"], "prompt_rejected");
    let head = Answer::to(gateway.request(Method::HEAD, location)).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

//! Requests of Ideogram's v2 API that do not wait, and where a generation stands.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, eventually};
use crate::v2_shape::{ASYNC, GENERATE_3, V2, ask, checked};

/// Where a generation stands, as v2 tells it.
pub async fn stands(gateway: &Gateway, id: &Value) -> Answer {
    let path = format!("/v2/generations/{}", id.as_str().unwrap());
    gateway.get(&path).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_wait_comes_back_for_its_pictures() {
    let gateway = Gateway::start(&[V2]).await;
    gateway.simulator.set_latency_ms(5_000);
    let mut wolf = json!({"prompt": "a wolf", "num_images": 2, "seed": 9});
    wolf[ASYNC] = true.into();
    let submitted = ask(&gateway, GENERATE_3, &wolf).await;
    let told = submitted.result();
    let id = told["generation_id"].clone();
    assert_eq!(told, json!({"generation_id": id, "seed": 9}));
    assert_eq!(submitted.header("x-generation-id"), id.as_str());
    let pending = stands(&gateway, &id).await;
    assert!(pending.retry_after() >= 1);
    let created = pending.result()["created"].clone();
    let expected = json!({"generation_id": id, "created": created, "status": "pending"});
    assert_eq!(pending.result(), expected);

    wolf[ASYNC] = false.into();
    let waited = ask(&gateway, GENERATE_3, &wolf).await;
    let waited = checked(&gateway, &waited, 2);
    assert_eq!(waited["generation_id"], id, "it is the same request");
    let completed = stands(&gateway, &id).await;
    assert_eq!(completed.header("retry-after"), None);
    let completed = completed.result();
    assert_eq!(completed["status"], "completed");
    assert_eq!(completed["created"], created);
    assert_eq!(completed["response_type"], "url");
    assert_eq!(completed["usage_cost_usd_micros"], 120_000);
    assert_eq!(completed["data"], waited["data"]);
    assert_eq!(completed["gateway"]["images"], waited["gateway"]["images"]);

    wolf[ASYNC] = true.into();
    let there = ask(&gateway, GENERATE_3, &wolf).await;
    assert_eq!(there.cache(), "hit");
    assert_eq!(checked(&gateway, &there, 2)["data"], waited["data"]);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_that_failed_says_why_and_one_that_there_is_not_is_not_found() {
    let gateway = Gateway::start(&[V2]).await;
    let refusal = GenerationFault::status(422);
    gateway.simulator.script(refusal, 1);
    let hare = json!({"prompt": "a hare", "async": true});
    let id = ask(&gateway, GENERATE_3, &hare).await.result()["generation_id"].clone();
    let failed = eventually("it has failed", async || {
        let shown = stands(&gateway, &id).await.result();
        (shown["status"] != "pending").then_some(shown)
    });
    let failed = failed.await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["failure_reason"], "prompt_rejected");
    assert!(failed["error"].as_str().unwrap().contains("safety check"));
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (0, 0));
    for nothing in [
        json!("x"),
        json!(format!("{}-{}", "0".repeat(64), "0".repeat(16))),
    ] {
        let answer = stands(&gateway, &nothing).await;
        assert_eq!(answer.error(), (404, "not_found".into()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_is_shown_to_whoever_asked_for_it_or_shares_its_cache_and_nobody_else() {
    let vars = [V2, ("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)];
    let gateway = Gateway::start(&vars).await;
    let key = async |name: &str, cache: &str| {
        let made = gateway
            .make_key(json!({"name": name, "cache": cache}))
            .await;
        made["key"].as_str().unwrap().to_owned()
    };
    let (shop, blog, bank) = (
        key("shop", "shared").await,
        key("blog", "shared").await,
        key("bank", "own").await,
    );
    let fox = json!({"prompt": "a fox", "async": true});
    let submit = async |key: &str| {
        let request = gateway.request(Method::POST, GENERATE_3).json(&fox);
        let told = Answer::to(request.bearer_auth(key)).await.result();
        told["generation_id"].as_str().unwrap().to_owned()
    };
    let look = async |key: &str, id: &str| {
        let request = gateway.request(Method::GET, &format!("/v2/generations/{id}"));
        Answer::to(request.bearer_auth(key)).await
    };
    let id = submit(&shop).await;
    let done = eventually("it is done", async || {
        let shown = look(&shop, &id).await.result();
        (shown["status"] == "completed").then_some(shown)
    });
    done.await;
    assert_eq!(submit(&blog).await, id, "it is there already");
    assert_eq!(look(&blog, &id).await.result()["status"], "completed");
    assert_eq!(look(&bank, &id).await.error(), (404, "not_found".into()));
    let own = submit(&bank).await;
    assert_ne!(own, id);
    assert_eq!(look(&shop, &own).await.error(), (404, "not_found".into()));
    let path = format!("/v2/generations/{id}");
    assert_eq!(
        gateway.get(&path).await.error(),
        (401, "unauthorized".into())
    );
}

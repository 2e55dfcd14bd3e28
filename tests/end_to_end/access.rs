//! Where a key is needed, nothing that costs or tells is had without one.

use reqwest::RequestBuilder;
use serde_json::json;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY};

const KEY: &str = OPERATOR_KEY;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_key_is_needed_it_is_taken_from_either_header_and_no_other_is() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", KEY)]).await;
    let ask = || gateway.generation(&json!({"prompt": "a fox"}));
    let wrong: [fn(RequestBuilder) -> RequestBuilder; 6] = [
        |request| request,
        |request| request.header("authorization", KEY),
        |request| request.header("authorization", format!("Basic {KEY}")),
        |request| request.header("authorization", "Bearer another-operators-key"),
        |request| request.header("api-key", ""),
        |request| request.header("api-key", "simulator-key"),
    ];
    for (number, with) in wrong.into_iter().enumerate() {
        let refused = Answer::to(with(ask())).await;
        assert_eq!(refused.error(), (401, "unauthorized".into()), "{number}");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    }
    assert_eq!(gateway.calls(), 0);

    let made = Answer::to(ask().header("authorization", format!("Bearer {KEY}"))).await;
    assert_eq!(made.cache(), "miss");
    let hit = Answer::to(ask().header("api-key", KEY)).await;
    assert_eq!(hit.cache(), "hit");
    assert_eq!(Answer::to(ask()).await.status, 401, "a hit needs a key too");
    let sent = format!("{:?}", gateway.simulator.calls());
    assert!(!sent.contains(KEY), "the caller's key went on to Ideogram");

    let path = format!("/generations/{}", made.header("x-generation-id").unwrap());
    assert_eq!(
        gateway.get(&path).await.error(),
        (401, "unauthorized".into())
    );
    assert_eq!(gateway.get("/health").await.status, 200);
    assert_eq!(gateway.get(&made.link(0)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_is_shown_to_the_client_that_asked_for_it_only() {
    let gateway = Gateway::start(&[("ADMIN_KEY", KEY)]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    let path = format!("/generations/{}", made.header("x-generation-id").unwrap());
    assert_eq!(gateway.get(&path).await.status, 200);
    let another = gateway.request(reqwest::Method::GET, &path);
    let another = Answer::to(another.header("api-key", KEY)).await;
    assert_eq!(another.error(), (404, "not_found".into()));
}

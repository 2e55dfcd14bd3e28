//! With generation switched off nothing is sent to Ideogram, and what was made before is served.

use serde_json::json;

use crate::gateway::Gateway;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_the_gateway_refuses_what_would_cost_and_serves_what_it_has() {
    let mut gateway = Gateway::start(&[]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    let off = [("IDEOGRAM_ENABLED", "false"), ("FALLBACK", "error")];
    gateway.restart(&off).await;

    let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(refused.error(), (503, "generation_disabled".into()));
    assert!(refused.retry_after() >= 1);
    let hit = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(hit.cache(), "hit");
    assert_eq!(
        hit.header("x-generation-id"),
        made.header("x-generation-id")
    );
    assert_eq!(gateway.get(&hit.link(0)).await.status, 200);
    let health = gateway.get("/health").await;
    assert_eq!(health.status, 200);
    let ideogram = &health.json()["services"]["ideogram"];
    assert_eq!(ideogram["enabled"], false);
    assert_eq!(ideogram["status"], "disabled");
    assert_eq!(gateway.calls(), 1);

    gateway.restart(&[("IDEOGRAM_ENABLED", "true")]).await;
    let made = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(made.cache(), "miss");
}

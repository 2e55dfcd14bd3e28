//! A picture that was paid for is kept, though whoever asked for it has gone.

use std::time::Duration;

use serde_json::json;
use simulator::picture;

use crate::gateway::{Gateway, PRICE, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_caller_leaves_after_a_second_and_the_picture_is_kept_all_the_same() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(3_000);
    let fields = json!({"prompt": "a fox", "seed": 7});
    let left = gateway.generation(&fields).timeout(Duration::from_secs(1));
    assert!(left.send().await.unwrap_err().is_timeout());
    assert_eq!(gateway.billed(), 0, "Ideogram was still at work");

    let stored = eventually("the picture is in R2", async || gateway.pictures().pop()).await;
    let kept = gateway.get(&format!("/{}", stored.key)).await;
    assert!(
        kept.body == picture("a fox", 7, 1024, 1024),
        "another picture"
    );

    let again = gateway.generate(fields).await;
    assert_ne!(again.cache(), "miss");
    assert_eq!(again.cost(), 0);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.billed(), PRICE);
    assert_eq!(gateway.booked().billed, PRICE);
}

//! What is no longer needed deletes itself.

use serde_json::json;

use crate::gateway::{Gateway, PRICE, eventually};

/// A minute is the shortest life a result can have: KV takes no less.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_deletes_itself_after_its_results_life_and_its_pictures_and_history_stay() {
    let gateway = Gateway::start(&[("CACHE_TTL_SECONDS", "60")]).await;
    let fox = json!({ "prompt": "a fox that is forgotten" });
    let answer = gateway.generate(fox.clone()).await;
    assert_eq!(answer.cache(), "miss");
    assert_eq!(gateway.generations().len(), 1);
    eventually("the generation is forgotten", async || {
        gateway.generations().is_empty().then_some(())
    })
    .await;
    assert_eq!(gateway.pictures().len(), 1);
    let again = gateway.generate(fox).await;
    assert_eq!(again.cache(), "miss", "made anew");
    assert_eq!(gateway.booked().billed, 2 * PRICE);
}

//! When Ideogram refuses the key, has no credit for us or keeps failing, it is left alone.
//! Holds true: a request that the breaker refuses is not seen by the simulator, and what was made
//! before is served all the same.

use serde_json::json;
use simulator::{GenerationFault, Times};

use crate::gateway::{Booked, Gateway, PRICE, eventually};

/// The longest the breaker is open when it opens first, in seconds.
const OPEN_FIRST: u64 = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_refused_key_nothing_is_sent_and_no_caller_sees_a_401() {
    let mut gateway = Gateway::start(&[("IDEOGRAM_API_KEY", "an-expired-key")]).await;
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (502, "upstream_auth".into()));
    assert_eq!(gateway.calls(), 1);

    for _ in 0..2 {
        let next = gateway.generate(json!({"prompt": "a wolf"})).await;
        assert_eq!(next.error(), (502, "upstream_auth".into()));
        assert!((1..=OPEN_FIRST).contains(&next.retry_after()));
        assert_eq!(gateway.calls(), 1);
        // A restart does not close it.
        gateway.restart(&[]).await;
    }
    let health = gateway.get("/health").await;
    assert_eq!(health.json()["services"]["ideogram"]["status"], "down");
    let nothing_spent = Booked {
        requests: 1,
        ..Booked::default()
    };
    assert_eq!(gateway.booked(), nothing_spent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_credit_nothing_is_sent_and_what_was_made_is_still_served() {
    let gateway = Gateway::start(&[("FALLBACK", "error")]).await;
    let simulator = &gateway.simulator;
    assert_eq!(
        gateway.generate(json!({"prompt": "a fox"})).await.cache(),
        "miss"
    );
    simulator.set_credits_micro_dollars(Some(PRICE - 1));
    let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(refused.error(), (503, "no_credits".into()));
    assert_eq!(gateway.calls(), 2);

    simulator.set_credits_micro_dollars(None);
    let next = gateway.generate(json!({"prompt": "a hen"})).await;
    assert_eq!(next.error(), (503, "no_credits".into()));
    assert!((1..=OPEN_FIRST).contains(&next.retry_after()));
    assert_eq!(
        gateway.generate(json!({"prompt": "a fox"})).await.cache(),
        "hit"
    );
    assert_eq!(gateway.calls(), 2);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().unconfirmed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_five_failures_in_a_row_ideogram_is_left_alone_and_then_tried_with_one_request() {
    let gateway = Gateway::start(&[("MAX_ATTEMPTS", "1"), ("FALLBACK", "error")]).await;
    let simulator = &gateway.simulator;
    simulator.script(GenerationFault::status(500), Times::UntilCleared);
    for number in 0..5 {
        let failed = gateway
            .generate(json!({"prompt": format!("fox {number}")}))
            .await;
        assert_eq!(failed.error(), (502, "upstream_error".into()));
    }
    simulator.clear_faults();
    let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(refused.error(), (503, "breaker_open".into()));
    assert!((1..=OPEN_FIRST).contains(&refused.retry_after()));
    assert_eq!(gateway.calls(), 5);

    let probe = eventually("a request goes through", async || {
        let answer = gateway.generate(json!({"prompt": "a wolf"})).await;
        (answer.status == 200).then_some(answer)
    });
    assert_eq!(probe.await.cache(), "miss");
    assert_eq!(gateway.calls(), 6);
    assert_eq!(
        gateway.generate(json!({"prompt": "a hen"})).await.cache(),
        "miss"
    );
    assert_eq!(gateway.booked().billed, gateway.billed());
}

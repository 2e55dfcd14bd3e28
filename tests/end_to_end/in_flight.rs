//! Never more than the allowed number of pictures is in progress at Ideogram.
//! Holds true: the simulator counts pictures, not requests, and refuses more than ten.

use serde_json::json;
use simulator::GenerationFault;

use crate::gateway::{Gateway, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_requests_of_several_sizes_at_once_keep_to_eight_pictures_in_progress() {
    let vars = [
        ("DAILY_BUDGET_USD", "100"),
        ("QUEUE_TIMEOUT_SECONDS", "120"),
    ];
    let gateway = Gateway::start(&vars).await;
    gateway.simulator.set_latency_ms(200);
    let sizes = [1, 2, 4, 8].into_iter().cycle().take(30);
    let requests = sizes
        .enumerate()
        .map(|(number, size)| json!({"prompt": format!("fox {number}"), "num_images": size}));
    let answers = gateway.generate_at_once(requests).await;

    for answer in &answers {
        assert_eq!(answer.cache(), "miss");
    }
    assert_eq!(gateway.simulator.peak_images_in_progress(), 8);
    assert_eq!(gateway.calls(), 30);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().images, gateway.simulator.bill().images);
    assert_eq!(gateway.places_held(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_request_is_not_overtaken_by_small_ones_without_end() {
    let vars = [("DAILY_BUDGET_USD", "100"), ("MAX_IN_FLIGHT", "2")];
    let gateway = Gateway::start(&vars).await;
    gateway.simulator.set_latency_ms(500);
    let small = |number: usize| json!({"prompt": format!("fox {number}")});
    let first: Vec<_> = (0..2)
        .map(|number| tokio::spawn(gateway.generation(&small(number)).send()))
        .collect();
    eventually("both places are taken", async || {
        (gateway.simulator.images_in_progress() == 2).then_some(())
    })
    .await;
    let large = json!({"prompt": "a large one", "num_images": 2});
    let large = tokio::spawn(gateway.generation(&large).send());
    gateway.generation_in("queued", "a large one").await;

    let answers = gateway.generate_at_once((2..8).map(small)).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(large.await.unwrap().unwrap().status(), 200);
    for answer in first {
        assert_eq!(answer.await.unwrap().unwrap().status(), 200);
    }
    let calls = gateway.simulator.calls();
    let third = &calls[2].body;
    assert!(third.contains("a large one"), "overtaken by {third}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_ideogram_says_it_is_too_much_half_as_many_pictures_are_in_progress() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(GenerationFault::status(429), 1);
    let first = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(first.cache(), "miss");
    gateway.simulator.set_latency_ms(500);
    let requests = (0..12).map(|number| json!({"prompt": format!("fox {number}")}));
    for answer in gateway.generate_at_once(requests).await {
        assert_eq!(answer.cache(), "miss");
    }
    assert_eq!(gateway.simulator.peak_images_in_progress(), 4);
}

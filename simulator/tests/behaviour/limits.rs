//! How many images may be in progress, and how long work takes.
//! Holds true: the limit counts images, not requests.

use std::time::{Duration, Instant};

use serde_json::json;
use simulator::{Settings, Simulator};

use crate::caller::{generate, generated, refused, request, start_with, until};

async fn slow() -> Simulator {
    start_with(Settings {
        latency_ms: 500,
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn more_than_ten_images_in_progress_are_answered_429_and_are_free() {
    let simulator = slow().await;
    let eight =
        tokio::spawn(request(&simulator, json!({"prompt": "a fox", "num_images": 8})).send());
    until(|| simulator.images_in_progress() == 8).await;
    let (status, body) = refused(&simulator, json!({"prompt": "a fox", "num_images": 3})).await;
    assert_eq!(status, 429);
    assert_eq!(body["reject_reason"], "inflight_limit");
    assert_eq!(body["max_inflight_requests"], 10);
    assert!(body["error"].is_string());
    let two = generate(&simulator, json!({"prompt": "a fox", "num_images": 2})).await;
    assert_eq!(two.status(), 200);
    assert_eq!(eight.await.unwrap().unwrap().status(), 200);
    assert_eq!(simulator.bill().images, 10);
    assert_eq!(
        (
            simulator.images_in_progress(),
            simulator.peak_images_in_progress()
        ),
        (0, 10)
    );
}

#[tokio::test]
async fn places_stay_taken_while_the_work_of_a_departed_caller_goes_on() {
    let simulator = slow().await;
    let leaving = request(&simulator, json!({"prompt": "a fox", "num_images": 8}));
    let leaving = leaving.timeout(Duration::from_millis(80)).send().await;
    assert!(leaving.is_err());
    assert_eq!(simulator.images_in_progress(), 8);
    let (status, _) = refused(&simulator, json!({"prompt": "a fox", "num_images": 3})).await;
    assert_eq!(status, 429);
    until(|| simulator.images_in_progress() == 0).await;
    assert_eq!(simulator.bill().images, 8);
}

#[tokio::test]
async fn turbo_models_take_half_the_time() {
    let simulator = slow().await;
    let begun = Instant::now();
    generated(
        &simulator,
        json!({"prompt": "a fox", "model": "V_2A_TURBO"}),
    )
    .await;
    assert!(begun.elapsed() >= Duration::from_millis(250));
    let begun = Instant::now();
    generated(&simulator, json!({"prompt": "a fox"})).await;
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

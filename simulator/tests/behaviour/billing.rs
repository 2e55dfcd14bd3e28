//! What is charged, to whom, and when.
//! Holds true: prices are those of Ideogram's pricing page, 2026-11, in micro-dollars.

use std::time::Duration;

use serde_json::json;
use simulator::{GenerationFault, Settings};
use tokio::time::timeout;

use crate::caller::{
    generate, generated, plain_connection, refused, request, start, start_with, until,
};

#[tokio::test]
async fn each_model_is_charged_its_own_price_per_image() {
    let simulator = start().await;
    let prices = [
        ("V_1", 60_000),
        ("V_1_TURBO", 20_000),
        ("V_2", 80_000),
        ("V_2_TURBO", 50_000),
        ("V_2A", 40_000),
        ("V_2A_TURBO", 25_000),
        ("V_3", 60_000),
        ("AUTO", 60_000),
    ];
    for (model, price) in prices {
        let before = simulator.bill().micro_dollars;
        generated(
            &simulator,
            json!({"prompt": "a fox", "model": model, "num_images": 3}),
        )
        .await;
        assert_eq!(
            simulator.bill().micro_dollars - before,
            3 * price,
            "{model}"
        );
    }
    assert_eq!(simulator.bill().images, 24);
}

#[tokio::test]
async fn a_bill_line_says_what_was_bought_and_by_which_key() {
    let simulator = start().await;
    generated(&simulator, json!({"prompt": "a fox"})).await;
    let line = simulator.bill().lines.remove(0);
    assert_eq!(
        (line.prompt.as_str(), line.model.as_str()),
        ("a fox", "V_2")
    );
    assert_eq!(
        (line.images, line.micro_dollars, line.key.as_str()),
        (1, 80_000, "simulator-key")
    );
    assert!(line.at_us >= simulator.calls()[0].at_us);
}

#[tokio::test]
async fn a_request_whose_caller_leaves_is_still_finished_and_charged() {
    let simulator = start_with(Settings {
        latency_ms: 150,
        ..Settings::default()
    })
    .await;
    let connection = plain_connection(&simulator).await;
    until(|| simulator.images_in_progress() == 1).await;
    drop(connection);
    assert_eq!(simulator.bill().images, 0);
    until(|| simulator.bill().micro_dollars == 80_000).await;
    until(|| simulator.images_in_progress() == 0).await;
}

#[tokio::test]
async fn a_request_whose_caller_times_out_is_still_finished_and_charged() {
    let simulator = start_with(Settings {
        latency_ms: 200,
        ..Settings::default()
    })
    .await;
    let impatient =
        request(&simulator, json!({"prompt": "a fox"})).timeout(Duration::from_millis(60));
    assert!(impatient.send().await.unwrap_err().is_timeout());
    until(|| simulator.bill().images == 1).await;
}

#[tokio::test]
async fn a_request_over_the_answer_limit_is_answered_503_and_charged_later() {
    let simulator = start_with(Settings {
        latency_ms: 250,
        answer_limit_ms: 30,
        ..Settings::default()
    })
    .await;
    assert_eq!(
        generate(&simulator, json!({"prompt": "a fox"}))
            .await
            .status(),
        503
    );
    assert_eq!(
        (simulator.bill().images, simulator.images_in_progress()),
        (0, 1)
    );
    until(|| simulator.bill().images == 1).await;
}

#[tokio::test]
async fn without_enough_credit_the_answer_is_402_and_credit_is_used_up_by_work() {
    let simulator = start_with(Settings {
        credits_micro_dollars: Some(100_000),
        ..Settings::default()
    })
    .await;
    generated(&simulator, json!({"prompt": "a fox"})).await;
    assert_eq!(simulator.credits_micro_dollars(), Some(20_000));
    let (status, body) = refused(&simulator, json!({"prompt": "a fox"})).await;
    assert_eq!(
        (status, &body["reject_reason"]),
        (402, &json!("insufficient_funds"))
    );
    assert!(body["error"].is_string());
    simulator.set_credits_micro_dollars(None);
    generated(&simulator, json!({"prompt": "a fox"})).await;
    assert_eq!(simulator.bill().images, 2);
}

#[tokio::test]
async fn work_in_progress_keeps_its_credit_from_other_requests() {
    let simulator = start_with(Settings {
        latency_ms: 400,
        credits_micro_dollars: Some(80_000),
        ..Settings::default()
    })
    .await;
    let _first = plain_connection(&simulator).await;
    until(|| simulator.images_in_progress() == 1).await;
    assert_eq!(refused(&simulator, json!({"prompt": "a fox"})).await.0, 402);
}

#[tokio::test]
async fn withheld_images_are_charged_and_missing_ones_are_not() {
    let simulator = start().await;
    simulator.script(
        GenerationFault::Unsafe {
            indices: vec![0, 1],
        },
        1,
    );
    simulator.script(GenerationFault::Fewer { images: 1 }, 1);
    generated(&simulator, json!({"prompt": "a fox", "num_images": 2})).await;
    assert_eq!(simulator.bill().micro_dollars, 160_000);
    generated(&simulator, json!({"prompt": "a fox", "num_images": 4})).await;
    assert_eq!(simulator.bill().micro_dollars, 240_000);
}

#[tokio::test]
async fn dropping_the_simulator_ends_its_server() {
    let simulator = start_with(Settings {
        latency_ms: 60_000,
        ..Settings::default()
    })
    .await;
    let address = simulator.base_url().replace("http://", "");
    let waiting = tokio::spawn(request(&simulator, json!({"prompt": "a fox"})).send());
    until(|| simulator.images_in_progress() == 1).await;
    drop(simulator);
    let answer = timeout(crate::caller::PATIENCE, waiting)
        .await
        .unwrap()
        .unwrap();
    assert!(answer.is_err());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

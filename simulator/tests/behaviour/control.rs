//! Control over HTTP.
//! Holds true: it does what the library does, with JSON.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Bill, CallReport, GenerationFault, ScriptedFault, Settings, Simulator, Times};

use crate::caller::{generate, generated, get, image_url, request, start, start_with, until};

async fn post(simulator: &Simulator, what: &str, body: Value) -> reqwest::Response {
    let url = format!("{}/control/{what}", simulator.base_url());
    reqwest::Client::new()
        .post(url)
        .json(&body)
        .send()
        .await
        .unwrap()
}

async fn read<T: serde::de::DeserializeOwned>(simulator: &Simulator, what: &str) -> T {
    get(&format!("{}/control/{what}", simulator.base_url()))
        .await
        .json()
        .await
        .unwrap()
}

#[tokio::test]
async fn faults_can_be_scripted_and_cleared_as_json() {
    let simulator = start().await;
    let faults = [
        json!({"fault": {"on": "generation", "kind": "answer", "status": 503}}),
        json!({"fault": {"on": "generation", "kind": "reset", "billed": true}, "times": 1}),
        json!({"fault": {"on": "generation", "kind": "answer", "status": 500,
               "headers": [["retry-after", "1"]], "body": "no", "billed": true},
               "times": "until_cleared"}),
        json!({"fault": {"on": "image", "kind": "half_body"}, "times": 3}),
    ];
    for fault in faults {
        assert_eq!(post(&simulator, "faults", fault).await.status(), 204);
    }
    let fox = || json!({"prompt": "a fox"});
    assert_eq!(generate(&simulator, fox()).await.status(), 503);
    assert!(request(&simulator, fox()).send().await.is_err());
    assert_eq!(
        generate(&simulator, fox()).await.headers()["retry-after"],
        "1"
    );
    let faults = format!("{}/control/faults", simulator.base_url());
    assert_eq!(
        reqwest::Client::new()
            .delete(faults)
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    assert_eq!(get(&image_url(&simulator).await).await.status(), 200);
}

#[tokio::test]
async fn a_fault_with_a_misspelt_field_is_turned_down() {
    let simulator = start().await;
    let misspelt = json!({"fault": {"on": "generation", "kind": "hang", "biled": true}});
    assert!(
        post(&simulator, "faults", misspelt)
            .await
            .status()
            .is_client_error()
    );
}

#[test]
fn a_scripted_fault_reads_back_as_it_was_written() {
    for times in [Times::Next(2), Times::UntilCleared] {
        let fault = GenerationFault::billed_status(500).into();
        let scripted = ScriptedFault { fault, times };
        let text = serde_json::to_string(&scripted).unwrap();
        assert_eq!(
            serde_json::from_str::<ScriptedFault>(&text).unwrap(),
            scripted
        );
    }
}

#[tokio::test]
async fn bill_and_calls_are_the_same_as_in_the_library() {
    let simulator = start().await;
    get(&image_url(&simulator).await).await;
    assert_eq!(read::<Bill>(&simulator, "bill").await, simulator.bill());
    let report: CallReport = read(&simulator, "calls").await;
    assert_eq!(report.calls, simulator.calls());
    assert_eq!((report.calls.len(), report.image_fetches), (1, 1));
    assert_eq!(
        (report.images_in_progress, report.peak_images_in_progress),
        (0, 1)
    );
}

#[tokio::test]
async fn settings_change_only_what_they_name() {
    let simulator = start().await;
    let answer = post(&simulator, "settings", json!({"credits_micro_dollars": 0})).await;
    let mut expected = json!({
        "latency_ms": 0, "jitter_percent": 0, "work_ms_from": null, "work_ms_to": null,
        "credits_micro_dollars": 0, "price_percent": 100, "completed_lifetime_seconds": 86_400,
        "usage_cost": false, "fresh_links_on_poll": true, "webhooks_of_failures": false,
        "usage_allowed": true
    });
    assert_eq!(answer.json::<Value>().await.unwrap(), expected);
    assert_eq!(
        generate(&simulator, json!({"prompt": "a fox"}))
            .await
            .status(),
        402
    );
    let answer = post(&simulator, "settings", json!({"latency_ms": 5})).await;
    expected["latency_ms"] = json!(5);
    assert_eq!(answer.json::<Value>().await.unwrap(), expected);
    let answer = post(
        &simulator,
        "settings",
        json!({"credits_micro_dollars": null}),
    )
    .await;
    assert_eq!(
        answer.json::<Value>().await.unwrap()["credits_micro_dollars"],
        Value::Null
    );
    generated(&simulator, json!({"prompt": "a fox"})).await;
}

#[tokio::test]
async fn images_can_be_forgotten() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    assert_eq!(
        post(&simulator, "forget-images", Value::Null)
            .await
            .status(),
        204
    );
    assert_eq!(get(&url).await.status(), 404);
}

#[tokio::test]
async fn a_reset_drops_everything_and_the_work_in_progress() {
    let simulator = start_with(Settings {
        credits_micro_dollars: Some(90_000),
        ..Settings::default()
    })
    .await;
    let url = image_url(&simulator).await;
    simulator.set_credits_micro_dollars(None);
    simulator.set_latency_ms(60_000);
    let waiting = tokio::spawn(request(&simulator, json!({"prompt": "a fox"})).send());
    until(|| simulator.images_in_progress() == 1).await;
    simulator.script(GenerationFault::status(500), 1);
    assert_eq!(post(&simulator, "reset", Value::Null).await.status(), 204);
    let dropped = tokio::time::timeout(Duration::from_secs(5), waiting)
        .await
        .unwrap()
        .unwrap();
    assert!(dropped.is_err());
    assert_eq!(
        (simulator.bill(), simulator.calls()),
        (Bill::default(), Vec::new())
    );
    assert_eq!(
        (
            simulator.images_in_progress(),
            simulator.peak_images_in_progress()
        ),
        (0, 0)
    );
    assert_eq!(simulator.credits_micro_dollars(), Some(90_000));
    assert_eq!(get(&url).await.status(), 404);
    generated(&simulator, json!({"prompt": "a fox"})).await;
}

#[test]
fn a_simulator_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<Simulator>();
}

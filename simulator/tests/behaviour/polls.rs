//! Polling a generation, and what can go wrong with it.
//! Holds true: answers are those of Ideogram's OpenAPI document of 2026-10 for
//! `GET /v2/generations/{generation_id}`; there is no cut of it here, so each test says what it is
//! about.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{
    GenerationFault, GenerationReport, PollFault, Settings, SettingsChange, Simulator,
};
use tokio::time::sleep;

use crate::caller::{get, start, start_with, until};
use crate::forms::Form;
use crate::generations::{later, submitted};

fn poll(simulator: &Simulator, id: &str) -> reqwest::RequestBuilder {
    reqwest::Client::new()
        .get(format!("{}/v2/generations/{id}", simulator.base_url()))
        .header("Api-Key", simulator.api_key())
}

/// Status and body of a poll's answer.
pub async fn polled(simulator: &Simulator, id: &str) -> (u16, Value) {
    let answer = poll(simulator, id).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

/// What a poll says in the end.
pub async fn completed(simulator: &Simulator, id: &str) -> Value {
    loop {
        let (status, told) = polled(simulator, id).await;
        assert_eq!(status, 200, "{told}");
        if told["status"] == "completed" {
            return told;
        }
        sleep(Duration::from_millis(2)).await;
    }
}

async fn ended(simulator: &Simulator) {
    until(|| {
        let generations = simulator.generations();
        generations
            .iter()
            .all(|record| record.completed_at_us.is_some())
    })
    .await;
}

/// "200: required generation_id, created, status", and the live sample.
#[tokio::test]
async fn a_poll_says_pending_and_then_completed_with_the_images() {
    let simulator = start().await;
    simulator.set_latency_ms(60_000);
    let slow = submitted(&simulator, later()).await;
    let (_, mut told) = polled(&simulator, &slow).await;
    let created = told["created"].take();
    assert!(created.as_str().unwrap().ends_with("+00:00"));
    assert_eq!(
        told,
        json!({"generation_id": slow, "created": null, "status": "pending"})
    );
    simulator.set_latency_ms(0);
    let id = submitted(
        &simulator,
        json!({"prompt": "a fox", "async": true, "seed": 7}),
    )
    .await;
    let mut told = completed(&simulator, &id).await;
    let url = told["data"][0]["url"].take();
    assert_eq!(get(url.as_str().unwrap()).await.status(), 200);
    told["created"].take();
    let image = json!({
        "object_type": "image.generation", "url": null, "prompt": "a fox",
        "resolution": "1024x1024", "is_image_safe": true, "seed": 7, "asset_id": null
    });
    let expected = json!({
        "generation_id": id, "created": null, "status": "completed", "response_type": "url",
        "data": [image]
    });
    assert_eq!(told, expected);
    let twin = format!("{}/v1/generations/{id}", simulator.base_url());
    let twin = reqwest::Client::new()
        .get(twin)
        .header("Api-Key", simulator.api_key());
    let twin: Value = twin.send().await.unwrap().json().await.unwrap();
    assert_eq!(twin["status"], "completed");
}

/// "Without-prompt-or-seed lacks prompt and seed (remove-background polls so)".
#[tokio::test]
async fn a_removed_background_is_told_of_without_prompt_and_seed() {
    let simulator = start().await;
    let path = "/v2/image/remove-background/ideogram-1";
    let form = Form::new().picture("image", 64, 32);
    let mut answer = form.sent(&simulator, path).await;
    let url = answer["data"][0]["url"].take();
    assert!(url.is_string());
    assert_eq!(
        answer["data"],
        json!([{"url": null, "is_image_safe": true}])
    );
    let mut told = completed(&simulator, answer["generation_id"].as_str().unwrap()).await;
    told["data"][0]["url"].take();
    let item = json!({
        "object_type": "image.without-prompt-or-seed", "url": null, "resolution": "64x32",
        "is_image_safe": true, "asset_id": null
    });
    assert_eq!(told["data"], json!([item]));
    simulator.script(GenerationFault::failure_in_a_success(500), 1);
    let failed = form.sent(&simulator, path).await;
    assert_eq!(failed["status_code"], 500);
    assert_eq!(simulator.bill().lines.len(), 1);
}

/// "`usage_cost_usd_micros?`: only completed".
#[tokio::test]
async fn what_was_paid_and_links_of_their_own_are_told_if_so_set() {
    let simulator = start().await;
    let id = submitted(&simulator, later()).await;
    let first = completed(&simulator, &id).await;
    let again = completed(&simulator, &id).await;
    assert_ne!(first["data"][0]["url"], again["data"][0]["url"]);
    assert_eq!(first.get("usage_cost_usd_micros"), None);
    simulator.change_settings(&SettingsChange {
        usage_cost: Some(true),
        fresh_links_on_poll: Some(false),
        ..SettingsChange::default()
    });
    let first = completed(&simulator, &id).await;
    assert_eq!(first["usage_cost_usd_micros"], 60_000);
    assert_eq!(first, completed(&simulator, &id).await);
}

/// "errors 400 not URL-safe base64; 401; 404 Generation not found".
#[tokio::test]
async fn ids_that_cannot_be_or_are_not_known_are_turned_down() {
    let simulator = start().await;
    assert_eq!(polled(&simulator, "a.b").await.0, 400);
    assert_eq!(polled(&simulator, "%2F%2F").await.0, 400);
    let (status, body) = polled(&simulator, "AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(
        (status, &body["detail"]),
        (404, &json!("Generation not found"))
    );
    let id = submitted(&simulator, later()).await;
    let nobody =
        reqwest::Client::new().get(format!("{}/v2/generations/{id}", simulator.base_url()));
    assert_eq!(nobody.send().await.unwrap().status(), 401);
    ended(&simulator).await;
    simulator.change_settings(&SettingsChange {
        completed_lifetime_seconds: Some(0),
        ..SettingsChange::default()
    });
    assert_eq!(polled(&simulator, &id).await.0, 404);
}

/// "429 with `Retry-After` seconds"; "1,000 requests per 10 s per organization".
#[tokio::test]
async fn too_many_polls_in_ten_seconds_are_turned_down() {
    let simulator = start_with(Settings {
        max_polls_in_10_s: 3,
        ..Settings::default()
    })
    .await;
    let id = submitted(&simulator, later()).await;
    for _ in 0..3 {
        assert_eq!(polled(&simulator, &id).await.0, 200);
    }
    let refused = poll(&simulator, &id).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    let seconds: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=10).contains(&seconds));
    assert_eq!((simulator.polls(), simulator.most_polls_in_10_s()), (4, 4));
    assert_eq!(Settings::default().max_polls_in_10_s, 1_000);
}

#[tokio::test]
async fn polls_are_counted_and_the_first_that_tells_of_the_end_is_noted() {
    let simulator = start().await;
    let id = submitted(&simulator, later()).await;
    ended(&simulator).await;
    simulator.script(PollFault::HalfBody, 1);
    assert!(
        poll(&simulator, &id)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .is_err()
    );
    assert_eq!(simulator.generations()[0].seen_at_us, None);
    polled(&simulator, &id).await;
    let record = simulator.generations().remove(0);
    let seen = record.seen_at_us.unwrap();
    assert!(record.submitted_at_us <= record.completed_at_us.unwrap());
    assert!(record.completed_at_us.unwrap() <= seen);
    polled(&simulator, &id).await;
    let record = simulator.generations().remove(0);
    assert_eq!((record.polls, record.seen_at_us), (3, Some(seen)));
    assert_eq!(simulator.polls_by_id(), [(id, 3)].into());
    // Only the submission is a call like others.
    assert_eq!(simulator.calls().len(), 1);
    let url = format!("{}/control/generations", simulator.base_url());
    let report: GenerationReport = get(&url).await.json().await.unwrap();
    assert_eq!(report, simulator.generation_report());
}

#[tokio::test]
async fn polls_have_faults_of_their_own() {
    let simulator = start().await;
    let id = submitted(&simulator, later()).await;
    ended(&simulator).await;
    let headers = vec![("retry-after".to_owned(), "2".to_owned())];
    let body = "{}".to_owned();
    simulator.script(
        PollFault::Answer {
            status: 429,
            headers,
            body,
        },
        1,
    );
    simulator.script(PollFault::status(503), 1);
    simulator.script(PollFault::Pending, 1);
    simulator.script(PollFault::Unknown, 1);
    simulator.script(PollFault::Reset, 1);
    simulator.script(PollFault::Hang, 1);
    simulator.script(PollFault::Delay { millis: 1 }, 1);
    let answer = poll(&simulator, &id).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(polled(&simulator, &id).await.0, 503);
    assert_eq!(polled(&simulator, &id).await.1["status"], "pending");
    assert_eq!(polled(&simulator, &id).await.0, 404);
    assert!(poll(&simulator, &id).send().await.is_err());
    let hung = poll(&simulator, &id).timeout(Duration::from_millis(100));
    assert!(hung.send().await.unwrap_err().is_timeout());
    assert_eq!(polled(&simulator, &id).await.1["status"], "completed");
    assert_eq!((simulator.bill().lines.len(), simulator.polls()), (1, 7));
}

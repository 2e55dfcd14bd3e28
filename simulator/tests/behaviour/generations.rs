//! Generations of v2: submitted, or waited for, and billed like all else.
//! Holds true: what answers hold is what Ideogram's OpenAPI document of 2026-10 says; there is no
//! cut of it here, so each test says what it is about.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{GenerationFault, GenerationStatus, Settings, Simulator};

use crate::caller::{start, start_with, until};
use crate::forms::{Form, post, send_json, sent_json};
use crate::polls::{completed, polled};

pub const IDEOGRAM_3: &str = "/v2/image/generate/ideogram-3";

/// A fox, as submitted.
pub fn later() -> Value {
    json!({"prompt": "a fox", "async": true})
}

pub async fn submitted(simulator: &Simulator, body: Value) -> String {
    let answer = sent_json(simulator, IDEOGRAM_3, body).await;
    answer["generation_id"].as_str().unwrap().to_owned()
}

async fn slow() -> Simulator {
    start_with(Settings {
        latency_ms: 300,
        ..Settings::default()
    })
    .await
}

/// "Sync 200": no `created`, `style_type` or `upscaled_resolution`.
#[tokio::test]
async fn an_answer_on_the_call_has_the_images_an_id_and_the_first_seed() {
    let simulator = start().await;
    let body = json!({"prompt": "a fox", "seed": 41, "num_images": 2, "aspect_ratio": "16x9"});
    let mut answer = sent_json(&simulator, IDEOGRAM_3, body).await;
    let id = answer["generation_id"].take();
    assert_eq!(id.as_str().unwrap().len(), 22);
    for image in answer["data"].as_array_mut().unwrap() {
        assert!(image["url"].take().as_str().unwrap().contains("/images/"));
    }
    let image = |seed| {
        json!({
            "url": null, "prompt": "a fox", "resolution": "1312x736", "is_image_safe": true,
            "seed": seed
        })
    };
    let expected = json!({"generation_id": null, "seed": 41, "data": [image(41), image(42)]});
    assert_eq!(answer, expected);
    let line = simulator.bill().lines.remove(0);
    assert_eq!(line.generation_id.as_deref(), id.as_str());
    assert_eq!(
        (line.endpoint.as_str(), line.model.as_str()),
        (IDEOGRAM_3, "ideogram-3")
    );
    assert_eq!(
        (line.micro_dollars, line.images, line.private),
        (120_000, 2, None)
    );
}

/// "Async 200": the same object without `data`.
#[tokio::test]
async fn a_submission_is_answered_at_once_and_billed_when_its_work_is_done() {
    let simulator = slow().await;
    let body =
        json!({"prompt": "a fox", "async": true, "num_images": 2, "seed": 7, "private": false});
    let mut answer = sent_json(&simulator, IDEOGRAM_3, body).await;
    let id = answer["generation_id"].take();
    assert_eq!(answer, json!({"generation_id": null, "seed": 7}));
    assert_eq!(
        (simulator.images_in_progress(), simulator.bill().images),
        (2, 0)
    );
    assert_eq!(simulator.generations()[0].status, GenerationStatus::Pending);
    until(|| simulator.bill().images == 2).await;
    until(|| simulator.images_in_progress() == 0).await;
    let line = simulator.bill().lines.remove(0);
    assert_eq!(line.generation_id.as_deref(), id.as_str());
    assert_eq!(line.private, Some(false));
}

/// "inflight_limit → 429", counting images.
#[tokio::test]
async fn submissions_take_places_and_credit_like_all_else() {
    let simulator = slow().await;
    let eight = json!({"prompt": "a fox", "async": true, "num_images": 8});
    submitted(&simulator, eight.clone()).await;
    let (status, body) = send_json(&simulator, IDEOGRAM_3, eight).await;
    assert_eq!(
        (status, &body["reject_reason"]),
        (429, &json!("inflight_limit"))
    );
    simulator.set_credits_micro_dollars(Some(500_000));
    let (status, body) = send_json(&simulator, IDEOGRAM_3, later()).await;
    assert_eq!(
        (status, &body["reject_reason"]),
        (402, &json!("insufficient_funds"))
    );
    assert_eq!(simulator.generations().len(), 1);
}

#[tokio::test]
async fn the_answer_to_a_submission_can_be_lost_though_its_work_is_done_and_billed() {
    let simulator = start().await;
    let request = || {
        post(&simulator, IDEOGRAM_3)
            .json(&later())
            .timeout(Duration::from_millis(300))
    };
    for (lines, fault) in [
        GenerationFault::Reset { billed: true },
        GenerationFault::HalfBody,
        GenerationFault::Hang { billed: true },
    ]
    .into_iter()
    .enumerate()
    {
        simulator.script(fault, 1);
        let whole = async { request().send().await?.bytes().await };
        assert!(whole.await.is_err());
        until(|| simulator.bill().lines.len() == lines + 1).await;
    }
    simulator.script(GenerationFault::billed_status(503), 1);
    assert_eq!(request().send().await.unwrap().status(), 503);
    until(|| simulator.bill().lines.len() == 4).await;
    simulator.script(GenerationFault::Reset { billed: false }, 1);
    simulator.script(GenerationFault::status(500), 1);
    assert!(request().send().await.is_err());
    assert_eq!(request().send().await.unwrap().status(), 500);
    assert_eq!(
        (
            simulator.generations().len(),
            simulator.images_in_progress()
        ),
        (4, 0)
    );
}

/// "Failed generation: free."
#[tokio::test]
async fn a_generation_that_fails_is_free_and_says_why() {
    let simulator = start().await;
    let reason = "content_policy_violation".to_owned();
    simulator.script(GenerationFault::Fails { reason }, 2);
    let id = submitted(&simulator, later()).await;
    until(|| simulator.generations()[0].completed_at_us.is_some()).await;
    let mut told = polled(&simulator, &id).await.1;
    told["created"].take();
    let expected = json!({
        "generation_id": id, "created": null, "status": "failed",
        "failure_reason": "content_policy_violation"
    });
    assert_eq!(told, expected);
    let (status, body) = send_json(&simulator, IDEOGRAM_3, json!({"prompt": "a fox"})).await;
    assert_eq!(
        (status, &body["error"]),
        (422, &json!("content_policy_violation"))
    );
    assert_eq!(
        (simulator.bill().lines, simulator.images_in_progress()),
        (vec![], 0)
    );
}

/// "Always asynchronous: replace-background".
#[tokio::test]
async fn a_background_is_replaced_later_whatever_is_asked_for() {
    let simulator = start().await;
    let form = Form::new()
        .text("prompt", "a beach")
        .picture("image", 96, 32);
    let answer = form
        .sent(&simulator, "/v2/image/replace-background/ideogram-3")
        .await;
    assert_eq!(answer.get("data"), None);
    let told = completed(&simulator, answer["generation_id"].as_str().unwrap()).await;
    assert_eq!(told["data"][0]["resolution"], "96x32");
    let line = simulator.bill().lines.remove(0);
    assert_eq!(
        (line.model.as_str(), line.micro_dollars),
        ("ideogram-3", 60_000)
    );
}

#[tokio::test]
async fn work_takes_a_time_drawn_between_two_bounds() {
    let simulator = start_with(Settings {
        work_ms_from: Some(80),
        work_ms_to: Some(120),
        ..Settings::default()
    })
    .await;
    submitted(&simulator, later()).await;
    until(|| simulator.generations()[0].completed_at_us.is_some()).await;
    let record = simulator.generations().remove(0);
    assert!(record.completed_at_us.unwrap() - record.submitted_at_us >= 80_000);
}

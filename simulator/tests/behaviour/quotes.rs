//! Price quotes of the v2 endpoints.
//! Holds true: a quote is free and says what the same request would cost.

use serde_json::{Value, json};
use simulator::{QuoteFault, Simulator};

use crate::caller::{generated, start};
use crate::forms::Form;

async fn quote(simulator: &Simulator, model: &str, key: &str, body: Value) -> (u16, Value) {
    let url = format!("{}/v2/image/generate/{model}", simulator.base_url());
    let request = reqwest::Client::new()
        .post(url)
        .header("api-key", key)
        .json(&body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_quote_counts_images_and_speed_and_leaves_the_bill_alone() {
    let simulator = start().await;
    simulator.set_credits_micro_dollars(Some(0));
    let body = json!({"prompt": "a fox", "num_images": 2, "rendering_speed": "turbo"});
    let (status, quote) = quote(&simulator, "ideogram-3?dry_run=true", "simulator-key", body).await;
    assert_eq!(status, 200);
    assert_eq!(
        quote,
        json!({
            "object": "price_quote", "billing_identifier": "ideogram_v3_generation", "quantity": 2,
            "usd_micros": 60_000, "credit_millis": 6_000, "qualifier": "exact"
        })
    );
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn the_prices_of_default_quotes_are_those_that_were_seen() {
    let simulator = start().await;
    let seen = [
        ("ideogram-2", 80_000),
        ("ideogram-2a", 40_000),
        ("ideogram-3", 60_000),
        ("ideogram-3-transparent", 70_000),
        ("ideogram-4", 60_000),
        ("ideogram-4-transparent", 60_000),
        ("ideogram-4-5", 100_000),
    ];
    for (model, price) in seen {
        let model = format!("{model}?dry_run=true");
        let (_, quote) = quote(&simulator, &model, "simulator-key", json!({"prompt": "a"})).await;
        assert_eq!(quote["usd_micros"], price, "{model}");
    }
    let path = "/v2/image/generate/ideogram-3-character?dry_run=true";
    let form = Form::new().text("prompt", "a");
    assert_eq!(form.send(&simulator, path).await.0, 400);
    let form = form.picture("character_reference_images", 64, 64);
    let quote = form.sent(&simulator, path).await;
    assert_eq!(quote["usd_micros"], 150_000);
}

#[tokio::test]
async fn a_quote_checks_key_prompt_and_model_and_is_told_from_the_real_call() {
    let simulator = start().await;
    let prompt = || json!({"prompt": "a fox"});
    let cases = [
        ("ideogram-3?dry_run=true", "nobody", prompt(), 401),
        ("ideogram-3?dry_run=true", "simulator-key", json!({}), 400),
        (
            "ideogram-3?dry_run=true",
            "simulator-key",
            json!({"prompt": "a".repeat(10_001)}),
            400,
        ),
        ("ideogram-9?dry_run=true", "simulator-key", prompt(), 404),
        ("ideogram-3?dry_run=maybe", "simulator-key", prompt(), 400),
        ("ideogram-3", "simulator-key", prompt(), 200),
        ("ideogram-3?dry_run=false", "simulator-key", prompt(), 200),
    ];
    for (model, key, body, expected) in cases {
        assert_eq!(
            quote(&simulator, model, key, body).await.0,
            expected,
            "{model}"
        );
    }
    assert_eq!(simulator.calls().len(), 7);
    assert_eq!(simulator.bill().lines.len(), 2);
}

#[tokio::test]
async fn larger_pictures_are_quoted_at_what_they_are_billed() {
    let simulator = start().await;
    for (factor, price) in [("x1", 70_000), ("x2", 130_000), ("x4", 130_000)] {
        let body = json!({"prompt": "a fox", "upscale_factor": factor});
        let model = "ideogram-3-transparent?dry_run=true";
        let (_, quote) = quote(&simulator, model, "simulator-key", body).await;
        assert_eq!(quote["usd_micros"], price, "{factor}");
    }
}

#[tokio::test]
async fn bill_and_quotes_follow_the_prices() {
    let simulator = start().await;
    simulator.set_price_percent(150);
    let body = json!({"prompt": "a fox"});
    let (_, quoted) = quote(&simulator, "ideogram-2?dry_run=true", "simulator-key", body).await;
    assert_eq!(quoted["usd_micros"], 120_000);
    generated(&simulator, json!({"prompt": "a fox", "model": "V_2"})).await;
    assert_eq!(simulator.bill().micro_dollars, 120_000);
    simulator.reset().await;
    generated(&simulator, json!({"prompt": "a fox", "model": "V_2"})).await;
    assert_eq!(simulator.bill().micro_dollars, 80_000);
}

#[tokio::test]
async fn quotes_have_faults_of_their_own_which_pictures_pass_by() {
    let simulator = start().await;
    simulator.script(QuoteFault::status(503), 1);
    simulator.script(QuoteFault::Delay { millis: 1 }, 1);
    generated(&simulator, json!({"prompt": "a fox"})).await;
    let model = "ideogram-2?dry_run=true";
    let body = json!({"prompt": "a fox"});
    let first = quote(&simulator, model, "simulator-key", body.clone()).await;
    assert_eq!(first, (503, json!({"error": "Scripted failure 503"})));
    let (status, _) = quote(&simulator, model, "simulator-key", body).await;
    assert_eq!(status, 200);
}

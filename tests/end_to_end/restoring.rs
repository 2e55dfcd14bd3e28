//! The ledger's storage is lost, and its history is made again from the pictures.
//! Holds true: what is restored is compared with the rows as they were before, column by column.

use std::collections::BTreeMap;
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, eventually};

async fn restore(gateway: &Gateway, body: Value) -> Answer {
    let asked = gateway.request(Method::POST, "/admin/restore").json(&body);
    Answer::to(asked.bearer_auth(OPERATOR_KEY)).await
}

/// The history without what no picture tells: how long a generation took, and that it is restored.
fn comparable(gateway: &Gateway) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut rows = gateway.history_rows();
    for row in rows.values_mut() {
        row.remove("latency_ms");
        row.remove("restored");
    }
    rows
}

/// Waits until the history knows the pictures of so many generations.
async fn keys_are_known(gateway: &Gateway, generations: usize) {
    eventually("the history knows the pictures", async || {
        let rows = gateway.history_rows();
        let known = rows.values().filter(|row| row["keys"] != "[]").count();
        (known == generations).then_some(())
    })
    .await;
}

async fn make(gateway: &Gateway, fields: Value) -> String {
    let made = gateway.generate(fields.clone()).await;
    assert_eq!(made.status, 200, "{fields}");
    assert!(made.is_persisted(0), "{fields}");
    made.header("x-generation-id").unwrap().to_owned()
}

async fn lose_the_ledger(gateway: &mut Gateway) {
    gateway.kill();
    gateway.lose_ledger();
    gateway.restart(&[]).await;
    assert!(gateway.history_rows().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_history_is_made_again_from_the_pictures_as_it_was() {
    let mut gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let options = json!({"prompt": "a red fox \u{e9}", "negative_prompt": "no wolf", "seed": 7,
        "num_images": 3, "style_type": "DESIGN", "model": "V_2_TURBO"});
    make(&gateway, options).await;
    let form = reqwest::multipart::Form::new().text("prompt", "a form");
    let form = gateway
        .request(Method::POST, "/v1/ideogram-v3/generate")
        .multipart(form);
    assert_eq!(Answer::to(form).await.status, 200);
    let erased = make(&gateway, json!({"prompt": "a quokka"})).await;
    gateway.simulator.script(GenerationFault::status(400), 1);
    let failed = gateway.generate(json!({"prompt": "a failure"})).await;
    assert_eq!(failed.status, 400);
    keys_are_known(&gateway, 3).await;
    let path = format!("/admin/generations/{erased}");
    assert_eq!(gateway.operator(Method::DELETE, &path).await.status, 200);
    let mut before = comparable(&gateway);
    assert_eq!(before.len(), 4);
    // What left no picture cannot be known.
    before.retain(|id, row| *id != erased && row["outcome"] == "done");

    lose_the_ledger(&mut gateway).await;
    let told = restore(&gateway, json!({})).await;
    assert_eq!(
        told.json(),
        json!({"restored": 2, "known": 0, "skipped": 0})
    );
    assert_eq!(comparable(&gateway), before);
    assert!(
        gateway
            .history_rows()
            .values()
            .all(|row| row["restored"] == "1")
    );

    let again = restore(&gateway, json!({})).await;
    assert_eq!(
        again.json(),
        json!({"restored": 0, "known": 2, "skipped": 0})
    );
    assert_eq!(comparable(&gateway), before);
    assert_eq!(
        gateway.booked(),
        Booked::default(),
        "what was spent is not known"
    );
    let made = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(made.status, 200);
    // What is restored can be erased as any other.
    let id = before.keys().next().unwrap();
    let path = format!("/admin/generations/{id}");
    assert_eq!(gateway.operator(Method::DELETE, &path).await.status, 200);
    let told = restore(&gateway, json!({})).await.json();
    assert_eq!(told["restored"], 0);
    let row = &gateway.history_rows()[id];
    assert_eq!((row["prompt"].as_str(), row["erased"].as_str()), ("", "1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_the_longest_prompt_is_kept_and_its_label_says_what_was_cut() {
    let mut gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let prompt = "Füchse im Schnee ".repeat(580);
    let wide = "雪の中の狐".repeat(400);
    for prompt in [prompt.trim(), &wide] {
        make(
            &gateway,
            json!({"prompt": prompt, "negative_prompt": prompt}),
        )
        .await;
    }
    keys_are_known(&gateway, 2).await;
    lose_the_ledger(&mut gateway).await;
    assert_eq!(restore(&gateway, json!({})).await.json()["restored"], 2);
    let rows = gateway.history_rows();
    for whole in [prompt.trim(), &wide] {
        let is_beginning = |row: &&BTreeMap<String, String>| {
            row["prompt"].len() > 300 && whole.starts_with(row["prompt"].as_str())
        };
        assert!(rows.values().any(|row| is_beginning(&row)), "{rows:?}");
    }
    let labels: Vec<_> = gateway
        .pictures()
        .into_iter()
        .map(|picture| picture.metadata)
        .collect();
    assert!(
        labels.iter().all(|label| label["cut"] == "options,prompt"),
        "{labels:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_script_goes_through_all_pages_and_only_the_operator_may() {
    let mut gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    for prompt in ["a fox", "a wolf"] {
        make(&gateway, json!({ "prompt": prompt })).await;
    }
    keys_are_known(&gateway, 2).await;
    let before = comparable(&gateway);
    lose_the_ledger(&mut gateway).await;
    let refused = gateway
        .request(Method::POST, "/admin/restore")
        .json(&json!({}));
    assert_eq!(
        Answer::to(refused).await.error(),
        (401, "unauthorized".into())
    );
    let wrong = restore(&gateway, json!({"cursor": "references/x"})).await;
    assert_eq!(wrong.error(), (400, "invalid_request".into()));
    let first = &gateway.pictures()[0].key;
    let after = restore(&gateway, json!({ "cursor": first })).await;
    assert_eq!(after.json()["restored"], 1, "only what comes after it");

    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/bin/restore"));
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    script.env("ADMIN_KEY", OPERATOR_KEY);
    let ran = gateway.run_beside(script).await;
    assert!(ran.succeeded, "{}", ran.errors);
    assert!(
        ran.output
            .contains("1 restored, 1 known, 0 pictures skipped"),
        "{}",
        ran.output
    );
    assert_eq!(comparable(&gateway), before);

    let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/bin/restore"));
    script.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    script.env("ADMIN_KEY", "not-the-operators-key");
    let ran = gateway.run_beside(script).await;
    assert!(
        !ran.succeeded && ran.errors.contains("401"),
        "{}",
        ran.errors
    );
}

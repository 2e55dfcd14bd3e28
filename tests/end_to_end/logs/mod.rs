//! The log: one line of JSON a request, without anything private.
//! Holds true: only what is written from the moment it listens is looked at.

mod documented;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault};

use self::documented::Documented;
use crate::gateway::{Answer, Gateway, OPERATOR_KEY};
use crate::moderator::{Moderator, Mood};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_has_one_line_with_its_outcome() {
    let gateway = Gateway::start(&[]).await;
    let fields = json!({"prompt": "a fox", "num_images": 2});
    let miss = gateway.generate(fields.clone()).await;
    let hit = gateway.generate(fields).await;
    for (answer, cache, cost) in [(&miss, "miss", 0.16), (&hit, "hit", 0.0)] {
        let line = gateway.log_line_of(answer).await;
        assert_eq!(
            line["generation_id"].as_str(),
            miss.header("x-generation-id")
        );
        assert_eq!(
            (&line["method"], &line["route"]),
            (&json!("POST"), &json!("/generate"))
        );
        assert_eq!(
            (&line["cache"], &line["images"]),
            (&json!(cache), &json!(2))
        );
        assert_eq!(line["cost_usd"].as_f64(), Some(cost));
        assert_eq!(line["client"], "local");
        for stage in ["parse", "cache"] {
            assert!(line["stages_ms"][stage].is_u64(), "{line}");
        }
    }
    let wrong = gateway.generate(json!({"prompt": ""})).await;
    assert_eq!(
        gateway.log_line_of(&wrong).await["outcome"],
        "invalid_request"
    );
    for (path, route) in [
        (miss.link(0), "/images/{key}"),
        ("/health".to_owned(), "/health"),
        ("/nowhere".to_owned(), "none"),
    ] {
        let answer = gateway.get(&path).await;
        assert_eq!(gateway.log_line_of(&answer).await["route"], route);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_a_raw_prompt_nor_a_key_nor_a_signed_link_is_written() {
    const KEY: &str = "an-operators-key-0123456789";
    let gateway = Gateway::start(&[("ADMIN_KEY", KEY)]).await;
    let raw = "a fox \u{E0041}\u{E0042}";
    // A picture that cannot be fetched makes the log speak of its source.
    gateway.simulator.script(ImageFault::Reset, 1);
    let request = gateway
        .generation(&json!({"prompt": raw}))
        .header("api-key", KEY);
    let made = Answer::to(request).await;
    assert!(!made.is_persisted(0));
    let link = made.link(0);
    let (_, signature) = link.split_once("sig=").unwrap();
    let private = "call me on 0123456789";
    let misplaced = [
        json!({"prompt": [private]}),
        json!({"prompt": "a fox", "style_type": private}),
        json!({"prompt": "a fox", private: 1}),
        json!({"prompt": "a fox", "color_palette": {"name": private}}),
    ];
    let mut last = made;
    for fields in misplaced {
        last = gateway.generate(fields).await;
        assert_eq!(last.status, 400);
        let told = last.json().to_string();
        assert!(!told.contains(private), "echoed: {told}");
    }
    gateway.log_line_of(&last).await;
    a_fault_is_there(&gateway).await;

    let written = gateway.log();
    let api_key = gateway.simulator.api_key();
    for secret in ["\u{E0041}", private, KEY, api_key, signature] {
        assert!(
            !written.contains(secret),
            "{secret:?} in the log:\n{written}"
        );
    }
}

/// Waits for a fault: errors come by another way than the other lines, which may be slower.
async fn a_fault_is_there(gateway: &Gateway) {
    let is = |line: &Value| line["event"] == "fault";
    gateway.log_line("a fault is in the log", is).await;
}

/// The line that has a rejected prompt for review.
async fn review(gateway: &Gateway, by: &str) -> Value {
    let is = |line: &Value| line["event"] == "prompt_rejected" && line["by"] == by;
    gateway.log_line(&format!("a rejection by {by}"), is).await
}

async fn assert_rejected(gateway: &Gateway, prompt: &str) -> Answer {
    let answer = gateway.generate(json!({ "prompt": prompt })).await;
    assert_eq!(answer.error(), (422, "prompt_rejected".into()), "{prompt}");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_rejected_prompt_is_there_for_review_sanitised_and_with_who_rejected_it() {
    let moderator = Moderator::start(Mood::passes()).await;
    let policy = r#"{"categories": {"weapons": {"terms": ["grenade"]}}}"#;
    let vars = [
        ("CONTENT_POLICY", policy),
        ("MODERATION_URL", moderator.url.as_str()),
    ];
    let mut gateway = Gateway::start(&vars).await;
    let by_policy = assert_rejected(&gateway, " a  grenade for jo@example.com\u{200b} ").await;
    gateway.simulator.script(GenerationFault::status(422), 1);
    let tasteless = "a  tasteless fox for jo@example.com";
    let by_ideogram = assert_rejected(&gateway, tasteless).await;
    let by_memory = assert_rejected(&gateway, tasteless).await;
    moderator.set(Mood::flags());
    let by_moderation = assert_rejected(&gateway, "a  duel").await;

    let grenade = review(&gateway, "policy").await;
    assert_eq!(grenade["category"], "weapons");
    assert_eq!(grenade["prompt"], "a grenade for [email]");
    let fox = review(&gateway, "ideogram").await;
    assert_eq!(fox["prompt"], "a tasteless fox for [email]");
    let id = gateway.log_line_of(&by_ideogram).await["generation_id"].clone();
    assert_eq!(fox["generation_id"], id);
    let again = review(&gateway, "memory").await;
    assert_eq!(again["prompt"], fox["prompt"]);
    let duel = review(&gateway, "moderation").await;
    assert_eq!(
        (&duel["prompt"], &duel["category"]),
        (&json!("a duel"), &json!("violence"))
    );
    let reviewed = [
        (grenade, by_policy),
        (again, by_memory),
        (duel, by_moderation),
    ];
    for (line, answer) in &reviewed {
        assert_eq!(line["request_id"].as_str(), answer.header("x-request-id"));
        assert_eq!(
            (&line["client"], &line["level"]),
            (&json!("local"), &json!("warn"))
        );
        assert_eq!(line["said"], answer.json()["error"]);
    }
    let lines = gateway.all_log_lines();
    let reviews = lines
        .iter()
        .filter(|line| line["event"] == "prompt_rejected");
    assert_eq!(reviews.count(), 4, "one line a refusal");
    assert!(!gateway.log().contains("jo@example.com"));

    gateway.restart(&[("PII_POLICY", "reject")]).await;
    assert_rejected(&gateway, "a card for jo@example.com").await;
    assert_eq!(
        review(&gateway, "privacy").await["prompt"],
        "a card for [email]"
    );
    assert!(!gateway.log().contains("jo@example.com"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_is_as_the_document_says() {
    let vars = [("ADMIN_KEY", OPERATOR_KEY), ("DAILY_BUDGET_USD", "0.8")];
    let gateway = Gateway::start(&vars).await;
    let fox = json!({"prompt": "a fox for jo@example.com", "num_images": 2});
    let made = gateway.generate(fox.clone()).await;
    gateway.generate(fox).await;
    gateway.get(&made.link(0)).await;
    gateway.get("/nowhere").await;
    gateway.get("/health").await;
    let id = made.header("x-generation-id").unwrap();
    gateway.get(&format!("/generations/{id}")).await;
    gateway.get(&format!("/generations/{id}/events")).await;
    gateway.simulator.script(GenerationFault::status(422), 1);
    assert_rejected(&gateway, "a tasteless fox").await;
    gateway.simulator.script(ImageFault::status(404), 1);
    gateway.generate(json!({"prompt": "a lost fox"})).await;
    gateway.generate(json!({"prompt": "", "seed": -1})).await;
    gateway
        .generate(json!({"prompt": "foxes", "num_images": 8}))
        .await;
    gateway.make_key(json!({"name": "shop"})).await;
    for (method, path) in [
        (Method::GET, "/admin/keys".to_owned()),
        (Method::DELETE, format!("/admin/generations/{id}")),
    ] {
        assert_eq!(gateway.operator(method, &path).await.status, 200, "{path}");
    }
    gateway.sweep().await;
    a_fault_is_there(&gateway).await;

    let document = Documented::read();
    let lines = gateway.all_log_lines();
    for line in &lines {
        document.assert_describes(line);
    }
    for event in ["request", "prompt_rejected", "fault", "sweep"] {
        assert!(document.events().contains(&event), "{event}");
        assert!(
            lines.iter().any(|line| line["event"] == event),
            "no {event}"
        );
    }
    for (status, level) in [(200, "info"), (404, "warn"), (422, "warn"), (429, "warn")] {
        let of_status = lines.iter().find(|line| line["status"] == status);
        assert_eq!(of_status.unwrap()["level"], level, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ordinary_requests_only_a_sample_is_logged_and_of_the_others_all() {
    let mut gateway = Gateway::start(&[("LOG_SAMPLE_PERCENT", "0")]).await;
    let fox = json!({"prompt": "a fox"});
    for _ in 0..3 {
        assert_eq!(gateway.generate(fox.clone()).await.status, 200);
    }
    let wrong = gateway.generate(json!({"prompt": ""})).await;
    let line = gateway.log_line_of(&wrong).await;
    assert!(line.get("sample_percent").is_none(), "{line}");
    gateway.logged(1).await;

    gateway.restart(&[("LOG_SAMPLE_PERCENT", "50")]).await;
    let mut expected = vec![];
    for _ in 0..20 {
        let answer = gateway.generate(fox.clone()).await;
        let id = answer.header("x-request-id").unwrap();
        // Half of all first digits.
        if id.as_bytes()[0] < b'8' {
            expected.push(id.to_owned());
        }
    }
    gateway.log_line_of(&gateway.get("/nowhere").await).await;
    let mut lines = gateway.log_lines();
    let last = lines.pop().unwrap();
    assert!(last.get("sample_percent").is_none());
    let logged: Vec<_> = lines
        .iter()
        .map(|line| line["request_id"].as_str().unwrap())
        .collect();
    assert_eq!(logged, expected);
    for line in &lines {
        assert_eq!(line["sample_percent"], 50);
        Documented::read().assert_describes(line);
    }
}

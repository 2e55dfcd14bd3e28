//! The log: one line of JSON a request, without anything private.
//! Holds true: only what is written from the moment it listens is looked at.

use serde_json::json;
use simulator::ImageFault;

use crate::gateway::{Answer, Gateway};

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

    let written = gateway.log();
    assert!(
        written.contains("\"fault\""),
        "nothing to look at: {written}"
    );
    let api_key = gateway.simulator.api_key();
    for secret in ["\u{E0041}", private, KEY, api_key, signature] {
        assert!(
            !written.contains(secret),
            "{secret:?} in the log:\n{written}"
        );
    }
}

//! The log: one line of JSON a request, without anything private.
//! Holds true: only what the Worker writes is looked at, from the moment it listens.

use serde_json::{Value, json};
use simulator::ImageFault;

use crate::gateway::{Answer, Gateway, eventually};

/// The Worker's own lines.
fn written(gateway: &Gateway) -> String {
    let logs = gateway.logs();
    let (_, after) = logs.split_once("Ready on").expect("it listens");
    after.to_owned()
}

/// The one line of an answer's request.
async fn line_of(gateway: &Gateway, answer: &Answer) -> Value {
    let id = answer.header("x-request-id").unwrap();
    let lines = eventually("the request is in the log", async || {
        let written = written(gateway);
        let lines = written.lines().filter(|line| line.contains(id));
        let lines: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (!lines.is_empty()).then_some(lines)
    })
    .await;
    let [line] = &lines[..] else {
        panic!("{} lines: {lines:?}", lines.len());
    };
    assert_eq!(line["event"], "request");
    assert_eq!(line["request_id"], id);
    assert_eq!(line["status"], answer.status);
    assert!(
        line["ms"].is_u64() && line["stages_ms"].is_object(),
        "{line}"
    );
    line.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_has_one_line_with_its_outcome() {
    let gateway = Gateway::start(&[]).await;
    let fields = json!({"prompt": "a fox", "num_images": 2});
    let miss = gateway.generate(fields.clone()).await;
    let hit = gateway.generate(fields).await;
    for (answer, cache, cost) in [(&miss, "miss", 0.16), (&hit, "hit", 0.0)] {
        let line = line_of(&gateway, answer).await;
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
        line_of(&gateway, &wrong).await["outcome"],
        "invalid_request"
    );
    for (path, route) in [
        (miss.link(0), "/images/{key}"),
        ("/health".to_owned(), "/health"),
        ("/nowhere".to_owned(), "none"),
    ] {
        let answer = gateway.get(&path).await;
        assert_eq!(line_of(&gateway, &answer).await["route"], route);
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
    line_of(&gateway, &last).await;

    let written = written(&gateway);
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

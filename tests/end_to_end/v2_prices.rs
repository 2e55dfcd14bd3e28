//! The price of a request of Ideogram's v2 API, asked for in its stead.
//! Holds true: it costs nothing, and nothing is left of it.

use reqwest::Method;
use serde_json::json;
use simulator::QuoteFault;

use crate::gateway::form::{FormBody, photo};
use crate::gateway::{Answer, Booked, Gateway};
use crate::v2_shape::{GENERATE_3, V2, ask, last_call, sent};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_is_ideograms_own_word_and_costs_and_leaves_nothing() {
    let gateway = Gateway::start(&[V2]).await;
    let fox = json!({"prompt": "a  fox", "num_images": 3, "async": true});
    let dry = |path: &str| format!("{path}?dry_run=true");
    let answer = ask(&gateway, &dry(GENERATE_3), &fox).await;
    let expected = json!({"object": "price_quote", "billing_identifier": "ideogram_v3_generation",
        "quantity": 3, "usd_micros": 180_000, "credit_millis": 18_000, "qualifier": "exact"});
    assert_eq!(answer.result(), expected);
    assert_eq!(answer.header("x-cost-usd"), Some("0"));
    assert_eq!(answer.header("x-generation-id"), None);
    let call = last_call(&gateway);
    assert_eq!(call.path, dry(GENERATE_3));
    assert_eq!(sent(&call)["prompt"], "a fox");

    let form = FormBody::default().text("prompt", "a fox");
    let path = dry("/v2/image/generate/ideogram-3-character");
    let form = form.file("character_reference_images", &photo(1));
    let quote = gateway.ask_by_form(&path, &form).await.result();
    assert_eq!(quote["usd_micros"], 150_000);
    gateway.no_references_left().await;

    let wrong = ask(
        &gateway,
        &dry(GENERATE_3),
        &json!({"prompt": "a fox", "seed": -1}),
    )
    .await;
    assert_eq!(wrong.json()["field"], "seed");
    let calls = gateway.calls();
    let keyed = gateway.request(Method::POST, &dry(GENERATE_3)).json(&fox);
    let keyed = Answer::to(keyed.header("idempotency-key", "a b")).await;
    assert_eq!(keyed.json()["header"], "Idempotency-Key");
    for path in [
        dry("/v2/image/describe/ideogram-3"),
        dry("/v1/ideogram-v3/generate"),
        format!("{GENERATE_3}?dry_run=yes"),
    ] {
        let refused = ask(&gateway, &path, &fox).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{path}");
        assert_eq!(refused.json()["field"], "dry_run", "{path}");
    }
    assert_eq!(gateway.calls(), calls);
    assert_eq!((gateway.booked(), gateway.billed()), (Booked::default(), 0));
    assert!(gateway.leases().is_empty() && gateway.generations().is_empty());
    assert!(gateway.cached().is_empty() && gateway.pictures().is_empty());

    let path = format!("{GENERATE_3}?dry_run=false");
    let made = ask(&gateway, &path, &json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_that_does_not_come_is_a_typed_error() {
    let gateway = Gateway::start(&[V2]).await;
    let says = |status, body: &str| QuoteFault::Answer {
        status,
        body: body.to_owned(),
    };
    for (fault, error) in [
        (says(402, r#"{"error":"No"}"#), (503, "no_credits")),
        (says(401, ""), (502, "upstream_auth")),
        (says(429, ""), (503, "busy")),
        (says(500, ""), (502, "upstream_error")),
        (says(200, r#"{"data":[]}"#), (502, "upstream_error")),
        (QuoteFault::Reset, (502, "upstream_error")),
        (QuoteFault::Hang, (504, "upstream_timeout")),
    ] {
        gateway.simulator.script(fault.clone(), 1);
        let path = format!("{GENERATE_3}?dry_run=true");
        let answer = ask(&gateway, &path, &json!({"prompt": "a fox"})).await;
        let (status, code) = answer.error();
        assert_eq!((status, code.as_str()), error, "{fault:?}");
    }
    assert_eq!(gateway.booked(), Booked::default());
}

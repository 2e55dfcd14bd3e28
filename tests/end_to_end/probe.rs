//! Every five minutes the gateway looks at Ideogram: `/health` tells what it found, `/admin/probes`
//! what it found before.
//! Holds true: a quote costs nothing, and a picture no more than the probe's own budget.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{QuoteFault, Simulator, Times};

use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, PRICE, eventually};

const OPERATOR: (&str, &str) = ("ADMIN_KEY", OPERATOR_KEY);
/// Of V_1_TURBO, the cheapest, in micro-dollars.
const CHEAPEST: u64 = 20_000;

async fn probes(gateway: &Gateway, query: &str) -> Value {
    let path = format!("/admin/probes{query}");
    let answer = gateway.operator(Method::GET, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

/// `/health` once it says this of Ideogram; what it knows is up to 5 s old.
async fn health(gateway: &Gateway, status: &str) -> Answer {
    eventually(&format!("Ideogram is {status}"), async || {
        let answer = gateway.get("/health").await;
        let ideogram = &answer.json()["services"]["ideogram"];
        (ideogram["status"] == status && ideogram["details"] != "not probed yet").then_some(answer)
    })
    .await
}

fn paths(simulator: &Simulator) -> Vec<String> {
    let calls = simulator.calls().into_iter();
    calls.map(|call| call.path).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quote_that_comes_is_healthy_and_costs_nothing() {
    let gateway = Gateway::start(&[OPERATOR]).await;
    let before = gateway.get("/health").await.json();
    let ideogram = &before["services"]["ideogram"];
    assert_eq!(ideogram["status"], "healthy");
    assert_eq!(ideogram["details"], "not probed yet");
    assert_eq!(probes(&gateway, "").await, json!({"probes": []}));

    gateway.simulator.set_credits_micro_dollars(Some(0));
    let line = gateway.probe().await;
    assert_eq!(
        (&line["kind"], &line["status"]),
        (&json!("quote"), &json!("healthy"))
    );
    let ideogram = health(&gateway, "healthy").await.json()["services"]["ideogram"].clone();
    assert_eq!(ideogram["details"], line["details"]);
    assert_eq!(ideogram["latency_ms"], line["latency_ms"]);
    let found = probes(&gateway, "").await;
    assert_eq!(found["probes"][0]["at"], ideogram["checked_at"]);
    assert_eq!(found["probes"][0]["outcome"], "working");
    assert_eq!(
        paths(&gateway.simulator),
        ["/v2/image/generate/ideogram-2a?dry_run=true"]
    );
    assert_eq!(gateway.billed(), 0);
    assert_eq!(gateway.booked(), Booked::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_with_a_quote_is_told_with_what_it_means() {
    let gateway = Gateway::start(&[OPERATOR]).await;
    let cases = [
        (
            QuoteFault::status(429),
            "degraded",
            json!("rate_limited"),
            "429",
        ),
        (QuoteFault::status(404), "degraded", json!("working"), "404"),
        (
            QuoteFault::Delay { millis: 5_500 },
            "degraded",
            json!("working"),
            "slow",
        ),
        (
            QuoteFault::status(402),
            "down",
            json!("no_credits"),
            "credit",
        ),
        (QuoteFault::status(503), "down", json!("failing"), "503"),
        (QuoteFault::Reset, "down", json!("failing"), "connection"),
        (QuoteFault::Hang, "down", json!("failing"), "in time"),
    ];
    for (fault, status, outcome, words) in cases {
        gateway.simulator.script(fault.clone(), 1);
        let line = gateway.probe().await;
        assert_eq!(line["status"], status, "{fault:?}");
        let found = probes(&gateway, "?limit=1").await;
        let last = &found["probes"][0];
        assert_eq!(last["status"], status);
        assert_eq!(last["outcome"], outcome, "{fault:?}");
        let details = last["details"].as_str().unwrap();
        assert!(details.contains(words), "{fault:?}: {details}");
    }
    assert_eq!(health(&gateway, "down").await.status, 503);
    // A call that goes well afterwards says more than the probe did.
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
    assert_eq!(health(&gateway, "healthy").await.status, 200);

    gateway.simulator.script(QuoteFault::status(429), 1);
    gateway.probe().await;
    let degraded = health(&gateway, "degraded").await;
    assert_eq!(degraded.status, 200);
    assert_eq!(degraded.json()["status"], "degraded");
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_the_key_is_mended_a_probe_lets_requests_through_again() {
    let mut gateway = Gateway::start(&[("IDEOGRAM_API_KEY", "an-expired-key")]).await;
    let line = gateway.probe().await;
    assert_eq!(line["status"], "down");
    assert_eq!(health(&gateway, "down").await.status, 503);
    // By itself that stops nobody: the first call decides.
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (502, "upstream_auth".into()));
    let calls = gateway.calls();

    let key = gateway.simulator.api_key().to_owned();
    gateway.restart(&[("IDEOGRAM_API_KEY", &key)]).await;
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (502, "upstream_auth".into()));
    assert_eq!(gateway.calls(), calls, "it was left alone");
    let line = gateway.probe().await;
    assert_eq!(line["status"], "healthy");
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_made_within_their_own_budget_and_then_it_is_quotes() {
    let vars = [
        OPERATOR,
        ("HEALTH_PROBE", "generate"),
        ("HEALTH_BUDGET_USD", "0.05"),
    ];
    let gateway = Gateway::start(&vars).await;
    for kind in ["generate", "generate", "quote"] {
        let line = gateway.probe().await;
        assert_eq!(
            (&line["kind"], &line["status"]),
            (&json!(kind), &json!("healthy")),
            "{line}"
        );
    }
    assert_eq!(
        paths(&gateway.simulator),
        [
            "/generate",
            "/generate",
            "/v2/image/generate/ideogram-2a?dry_run=true"
        ]
    );
    assert_eq!(gateway.billed(), 2 * CHEAPEST);
    let booked = Booked {
        requests: 2,
        images: 2,
        billed: 2 * CHEAPEST,
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
    assert_eq!(gateway.cached(), Vec::<String>::new());
    // Others have money of their own.
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_it_is_still_asked_for_quotes_unless_probes_are_off_too() {
    let vars = [
        OPERATOR,
        ("HEALTH_PROBE", "generate"),
        ("IDEOGRAM_ENABLED", "false"),
    ];
    let mut gateway = Gateway::start(&vars).await;
    let line = gateway.probe().await;
    assert_eq!(
        (&line["kind"], &line["status"]),
        (&json!("quote"), &json!("healthy"))
    );
    let disabled = health(&gateway, "disabled").await.json();
    let details = disabled["services"]["ideogram"]["details"]
        .as_str()
        .unwrap();
    assert!(
        details.contains("switched off") && details.contains("quote"),
        "{details}"
    );

    gateway.restart(&[("HEALTH_PROBE", "off")]).await;
    gateway.get("/__scheduled?cron=*/5+*+*+*+*").await;
    assert_eq!(
        probes(&gateway, "").await["probes"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_is_the_operators_and_is_read_page_by_page() {
    let gateway = Gateway::start(&[OPERATOR]).await;
    gateway
        .simulator
        .script(QuoteFault::status(503), Times::Next(2));
    for _ in 0..3 {
        gateway.probe().await;
    }
    let first = probes(&gateway, "?limit=2").await;
    let statuses = |page: &Value| -> Vec<Value> {
        let probes = page["probes"].as_array().unwrap().iter();
        probes.map(|probe| probe["status"].clone()).collect()
    };
    assert_eq!(statuses(&first), ["healthy", "down"]);
    let next = first["next"].as_str().unwrap();
    let second = probes(&gateway, &format!("?limit=2&before={next}")).await;
    assert_eq!(statuses(&second), ["down"]);
    assert_eq!(second["next"], Value::Null);

    for query in ["?limit=0", "?limit=1001", "?before=yesterday", "?since=1"] {
        let path = format!("/admin/probes{query}");
        let refused = gateway.operator(Method::GET, &path).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{query}");
    }
    let nobody = gateway.get("/admin/probes").await;
    assert_eq!(nobody.error(), (401, "unauthorized".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cron_that_fails_is_in_the_log() {
    let gateway = Gateway::start(&[("MAX_IN_FLIGHT", "0")]).await;
    let fault = gateway.strike("*/5 * * * *", "fault").await;
    assert_eq!(fault["part"], "cron");
    let what = fault["what"].as_str().unwrap();
    assert!(what.contains("settings"), "{what}");
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_not_probed_any_more_is_degraded_unless_that_is_wanted() {
    let mut gateway = Gateway::start(&[]).await;
    gateway.probe().await;
    assert_eq!(health(&gateway, "healthy").await.status, 200);
    let a_while = ("CLOCK_AHEAD_SECONDS", "960");
    gateway.restart(&[a_while]).await;
    let degraded = health(&gateway, "degraded").await.json();
    assert_eq!(degraded["status"], "degraded");
    let details = degraded["services"]["ideogram"]["details"]
        .as_str()
        .unwrap();
    assert!(details.contains("stopped"), "{details}");
    gateway.restart(&[("HEALTH_PROBE", "off")]).await;
    assert_eq!(
        health(&gateway, "healthy").await.json()["status"],
        "healthy"
    );
    gateway.restart(&[("HEALTH_PROBE", "quote")]).await;
    gateway.probe().await;
    assert_eq!(
        health(&gateway, "healthy").await.json()["status"],
        "healthy"
    );
}

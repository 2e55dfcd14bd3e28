//! Each day's books are held against Ideogram's own account of the day, and what differs is told.
//! Holds true: what is compared is the simulator's account, to the micro-dollar; the gateway's clock goes
//! on to the next day, so the day is over.

use std::time::Duration;

use domain::time::Day;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ForeignUsage, GenerationFault, SettingsChange, UsageSource};

use crate::gateway::receiver::Receiver;
use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE};

const OPERATOR: (&str, &str) = ("ADMIN_KEY", OPERATOR_KEY);
const PLACE: &str = "/admin/reconciliations";
const A_DAY: u64 = 86_400;
/// What a test may take before midnight comes into it, in seconds.
const A_TEST: u64 = 120;

/// Starts one whose day, and the simulator's, does not end soon.
async fn start(vars: &[(&str, &str)]) -> Gateway {
    let gateway = Gateway::start(&[&[OPERATOR, ("MAX_ATTEMPTS", "1")], vars].concat()).await;
    let seconds = gateway.seconds_to_midnight();
    if seconds < A_TEST {
        tokio::time::sleep(Duration::from_secs(seconds + 1)).await;
    }
    gateway
}

/// The next day comes, and with it a look at what the one before cost; returns its line in the log.
async fn next_day(gateway: &mut Gateway) -> Value {
    gateway.restart_later(A_DAY).await;
    gateway.strike("23 4 * * *", "reconciliation").await
}

fn day(gateway: &Gateway, days_ago: u64) -> String {
    Day::new(gateway.day() - days_ago).to_string()
}

fn dollars(micro_dollars: u64) -> f64 {
    micro_dollars as f64 / 1e6
}

async fn reconcile(gateway: &Gateway, day: &str) -> Answer {
    let ask = gateway.request(Method::POST, PLACE);
    let ask = ask.json(&json!({ "day": day })).bearer_auth(OPERATOR_KEY);
    Answer::to(ask).await
}

async fn kept(gateway: &Gateway, query: &str) -> Vec<Value> {
    let answer = gateway
        .operator(Method::GET, &format!("{PLACE}{query}"))
        .await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let kept = &answer.result()["reconciliations"];
    kept.as_array().unwrap().clone()
}

/// Whether the rule has ever fired.
async fn has_fired(gateway: &Gateway) -> bool {
    let shown = gateway.operator(Method::GET, "/admin/alerts").await;
    let shown = shown.result();
    let mut alerts = shown["alerts"].as_array().unwrap().iter();
    alerts.any(|alert| alert["rule"] == "usage_differs")
}

/// Pictures of several prices, some twice, some for nothing, and some of which nobody knows.
async fn mixed_requests(gateway: &Gateway) {
    let simulator = &gateway.simulator;
    let two = json!({"prompt": "two foxes", "num_images": 2, "model": "V_2_TURBO"});
    for fields in [json!({"prompt": "a fox"}), two.clone(), two] {
        assert_eq!(gateway.generate(fields).await.status, 200);
    }
    let cheap = json!({"prompt": "a cheap fox", "model": "V_2A_TURBO"});
    let joined = gateway.generate_at_once(vec![cheap; 3]).await;
    assert!(joined.iter().all(|answer| answer.status == 200));
    let quality = gateway.request(Method::POST, "/v1/ideogram-v3/generate");
    let quality = quality.json(&json!({"prompt": "a fine fox", "rendering_speed": "QUALITY"}));
    assert_eq!(Answer::to(quality).await.status, 200);
    for (fault, prompt) in [
        (GenerationFault::status(503), "for nothing"),
        (GenerationFault::status(422), "not that"),
        (GenerationFault::billed_status(504), "paid and lost"),
    ] {
        simulator.script(fault, 1);
        assert_ne!(
            gateway.generate(json!({ "prompt": prompt })).await.status,
            200
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_mixed_requests_ideograms_account_is_the_ledgers_to_the_micro_dollar() {
    let mut gateway = start(&[]).await;
    mixed_requests(&gateway).await;
    let (charged, booked) = (gateway.billed(), gateway.booked());
    assert_eq!(charged, booked.billed + booked.unconfirmed);
    assert_eq!(booked.unconfirmed, PRICE);
    // What is made in Ideogram's own app is not the gateway's.
    gateway.simulator.add_usage(ForeignUsage {
        micro_dollars: 5_000_000,
        source: UsageSource::App,
        at_us: None,
    });

    let line = next_day(&mut gateway).await;
    assert_eq!(line["verdict"], "agrees", "{line}");
    assert_eq!(line["level"], "info");
    assert_eq!(line["day"], day(&gateway, 1));
    assert_eq!(line["usage_usd"], dollars(charged));
    assert_eq!(line["billed_usd"], dollars(booked.billed));
    assert_eq!(line["unconfirmed_usd"], dollars(booked.unconfirmed));
    assert_eq!(line["differs_by_usd"], 0.0);
    assert_eq!(gateway.billed(), charged, "asking is free");

    let kept = kept(&gateway, "").await;
    let [kept] = &kept[..] else {
        panic!("{kept:?}");
    };
    for name in ["day", "verdict", "usage_usd", "billed_usd", "details"] {
        assert_eq!(kept[name], line[name], "{name}");
    }
    assert!(!has_fired(&gateway).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_uses_fires_until_a_day_agrees_again() {
    let receiver = Receiver::start(0).await;
    let mut gateway = start(&[("ALERT_WEBHOOK_URL", &receiver.url)]).await;
    gateway.generate(json!({"prompt": "a fox"})).await;
    gateway.simulator.add_usage(ForeignUsage {
        micro_dollars: 1_500_000,
        source: UsageSource::Api,
        at_us: None,
    });
    let line = next_day(&mut gateway).await;
    assert_eq!(
        (&line["verdict"], &line["level"]),
        (&json!("differs"), &json!("warn"))
    );
    assert_eq!(line["differs_by_usd"], 1.5);
    let fired = receiver.hears("usage_differs", "firing").await.body();
    assert_eq!(fired["severity"], "P2");
    let summary = fired["summary"].as_str().unwrap();
    assert!(summary.contains("$1.5 more than"), "{summary}");

    let line = next_day(&mut gateway).await;
    assert_eq!(
        line["verdict"], "agrees",
        "nothing was made, nothing was charged"
    );
    receiver.hears("usage_differs", "resolved").await;
    assert!(has_fired(&gateway).await);
    let days: Vec<_> = kept(&gateway, "").await;
    let days: Vec<_> = days
        .iter()
        .map(|kept| (&kept["day"], &kept["verdict"]))
        .collect();
    let (last, first) = (json!(day(&gateway, 1)), json!(day(&gateway, 2)));
    assert_eq!(
        days,
        [(&last, &json!("agrees")), (&first, &json!("differs"))]
    );
    let query = format!("?from={}&to={}", day(&gateway, 2), day(&gateway, 2));
    assert_eq!(kept(&gateway, &query).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_may_not_see_what_days_cost_is_noted_and_fires_nothing() {
    let mut gateway = start(&[]).await;
    gateway.generate(json!({"prompt": "a fox"})).await;
    gateway.simulator.change_settings(&SettingsChange {
        usage_allowed: Some(false),
        ..SettingsChange::default()
    });
    let line = next_day(&mut gateway).await;
    assert_eq!(
        (&line["verdict"], &line["level"]),
        (&json!("not_allowed"), &json!("info"))
    );
    assert!(line.get("usage_usd").is_none(), "{line}");
    let kept = kept(&gateway, "").await;
    assert_eq!((kept.len(), &kept[0]["usage_usd"]), (1, &Value::Null));
    assert_eq!(kept[0]["billed_usd"], dollars(PRICE));
    assert!(!has_fired(&gateway).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_need_not_wait_and_what_is_not_told_changes_nothing() {
    let mut gateway = start(&[]).await;
    gateway.generate(json!({"prompt": "a fox"})).await;
    let asked = gateway
        .request(Method::POST, PLACE)
        .json(&json!({"day": "2026-11-20"}));
    assert_eq!(Answer::to(asked).await.status, 401);
    let today = reconcile(&gateway, &day(&gateway, 0)).await;
    assert_eq!(today.error(), (400, "invalid_request".into()));

    gateway.restart_later(A_DAY).await;
    let yesterday = day(&gateway, 1);
    let reconciled = reconcile(&gateway, &yesterday).await.result();
    assert_eq!(reconciled["verdict"], "agrees");
    assert_eq!(reconciled["usage_usd"], dollars(PRICE));
    let only_this = [reconciled];
    assert_eq!(kept(&gateway, "").await, only_this);

    gateway
        .restart(&[("IDEOGRAM_API_KEY", "a-key-that-was-revoked")])
        .await;
    let refused = reconcile(&gateway, &yesterday).await;
    assert_eq!(refused.error(), (502, "upstream_error".into()));
    assert_eq!(kept(&gateway, "").await, only_this);
}

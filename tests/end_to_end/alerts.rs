//! Alerts: each rule fires once and is resolved once, and somebody who is told really hears of it,
//! though it refuses at first and the gateway is killed in between.
//! Holds true: every notice is signed, and none of them comes that was not asked for.

use domain::time::UnixMillis;
use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault, QuoteFault, Times};

use crate::gateway::receiver::{Delivered, Receiver};
use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE, eventually};

const SECRET: &str = "what-the-gateway-and-its-receiver-share";
const OPERATOR: (&str, &str) = ("ADMIN_KEY", OPERATOR_KEY);

/// Starts a gateway that tells this receiver, with these settings besides.
async fn start(receiver: &Receiver, vars: &[(&str, &str)]) -> Gateway {
    let told = [
        OPERATOR,
        ("ALERT_WEBHOOK_URL", receiver.url.as_str()),
        ("ALERT_WEBHOOK_SECRET", SECRET),
        ("MAX_ATTEMPTS", "1"),
        ("FALLBACK", "error"),
    ];
    Gateway::start(&[&told, vars].concat()).await
}

/// Asks for pictures of these, at the same moment, and returns how many were made.
async fn make(gateway: &Gateway, what: &str, count: usize) -> usize {
    let requests = (0..count).map(|number| json!({"prompt": format!("{what} {number}")}));
    let answers = gateway.generate_at_once(requests).await;
    answers.iter().filter(|answer| answer.status == 200).count()
}

async fn shown(gateway: &Gateway) -> Value {
    let answer = gateway.operator(reqwest::Method::GET, "/admin/alerts");
    let answer: Answer = answer.await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.result()
}

/// Rules and states as the operator sees them.
async fn states(gateway: &Gateway) -> Vec<(String, String)> {
    let shown = shown(gateway).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let alerts = shown["alerts"].as_array().unwrap().iter();
    alerts
        .map(|alert| (text(&alert["rule"]), text(&alert["state"])))
        .collect()
}

/// What the receiver has taken: each of these rules fired once and then was resolved once, all of it
/// is signed, and the operator sees it as over.
async fn each_fired_and_was_resolved_once(gateway: &Gateway, receiver: &Receiver, rules: &[&str]) {
    let changes = receiver.changes();
    for rule in rules {
        let of_rule = changes.iter().filter(|(name, _)| name == rule);
        let states: Vec<_> = of_rule.map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["firing", "resolved"], "{rule}");
    }
    assert_eq!(changes.len(), rules.len() * 2, "{changes:?}");
    for delivered in receiver.delivered() {
        delivered.assert_signed(SECRET);
        assert_eq!(delivered.body()["id"], delivered.id.as_str());
    }
    let states = states(gateway).await;
    assert!(
        states.iter().all(|(_, state)| state == "resolved"),
        "{states:?}"
    );
    assert_eq!(shown(gateway).await["undelivered"], 0);
    let logged = gateway.log().matches("\"event\":\"alert\"").count();
    assert!(logged <= changes.len(), "{logged} of {changes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_calls_come_to_fires_and_is_resolved_though_the_receiver_refuses_at_first() {
    let receiver = Receiver::start(2).await;
    // What was lost gives its place back at once: after answers 429 there are few.
    let settings = [
        ("ALERT_SLOW_SECONDS", "5"),
        ("UNCONFIRMED_HOLD_SECONDS", "0"),
    ];
    let gateway = start(&receiver, &settings).await;
    let simulator = &gateway.simulator;

    simulator.script(GenerationFault::billed_status(504), 1);
    assert_eq!(make(&gateway, "lost", 1).await, 0);
    let fired = receiver.hears("unconfirmed_spend", "firing").await;
    let sent = receiver.delivered();
    let tries: Vec<_> = sent
        .iter()
        .map(|one| (one.id.clone(), one.status))
        .collect();
    let of = |status| (fired.id.clone(), status);
    assert_eq!(tries, [of(500), of(500), of(200)]);
    assert_eq!(fired.body()["severity"], "P3");

    simulator.script(GenerationFault::status(429), 6);
    for number in 0..6 {
        assert_eq!(make(&gateway, &format!("too many {number}"), 1).await, 0);
    }
    let fired = receiver.hears("rate_limited", "firing").await.body();
    assert_eq!(fired["runbook"], "RUNBOOK.md#rate_limited");
    assert!(
        fired["summary"].as_str().unwrap().contains("6 calls"),
        "{fired}"
    );

    assert_eq!(make(&gateway, "fox", 10).await, 10);
    receiver.hears("rate_limited", "resolved").await;
    simulator.script(GenerationFault::status(422), 3);
    assert_eq!(make(&gateway, "refused", 3).await, 0);
    receiver.hears("safety_rejections", "firing").await;
    // Of those that came to an outcome, the lost one and the six among them, three may be refused.
    assert_eq!(make(&gateway, "wolf", 10).await, 10);
    receiver.hears("safety_rejections", "resolved").await;
    receiver.hears("unconfirmed_spend", "resolved").await;

    let late = GenerationFault::Delay {
        before_work_ms: 6_000,
        after_work_ms: 0,
    };
    simulator.script(late, 2);
    assert_eq!(make(&gateway, "slow", 2).await, 2);
    receiver.hears("slow", "firing").await;
    assert_eq!(make(&gateway, "hen", 20).await, 20);
    receiver.hears("slow", "resolved").await;

    simulator.script(ImageFault::status(503), 1);
    assert_eq!(make(&gateway, "not kept at once", 1).await, 1);
    receiver.hears("storing_failing", "firing").await;
    receiver.hears("storing_failing", "resolved").await;
    let rules = [
        "unconfirmed_spend",
        "rate_limited",
        "safety_rejections",
        "slow",
        "storing_failing",
    ];
    each_fired_and_was_resolved_once(&gateway, &receiver, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_runs_out_fires_and_more_of_it_resolves() {
    let receiver = Receiver::start(0).await;
    let today = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let today = UnixMillis::new(today.unwrap().as_millis() as u64)
        .day()
        .to_string();
    let little = [
        ("DAILY_BUDGET_USD", "0.4"),
        ("CREDITS_USD", "0.3"),
        ("CREDITS_ON", today.as_str()),
        ("CREDITS_ALERT_USD", "0.1"),
    ];
    let mut gateway = start(&receiver, &little).await;
    assert_eq!(make(&gateway, "fox", 2).await, 2);
    assert!(states(&gateway).await.is_empty());
    assert_eq!(make(&gateway, "wolf", 1).await, 1);
    let low = receiver.hears("credits_low", "firing").await.body();
    assert!(
        low["summary"].as_str().unwrap().contains("$0.06 of"),
        "{low}"
    );
    assert_eq!(make(&gateway, "hen", 1).await, 1);
    receiver.hears("budget_nearly_spent", "firing").await;
    assert_eq!(make(&gateway, "owl", 3).await, 1);
    receiver.hears("budget_spent", "firing").await;
    let expected = ["budget_spent", "budget_nearly_spent", "credits_low"];
    let firing: Vec<_> = states(&gateway)
        .await
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    assert_eq!(firing, expected, "newest first");

    let more = [("DAILY_BUDGET_USD", "5"), ("CREDITS_USD", "5")];
    gateway.restart(&more).await;
    shown(&gateway).await;
    for rule in expected {
        receiver.hears(rule, "resolved").await;
    }
    gateway.kill();
    gateway.change_totals(-1);
    gateway.restart(&[]).await;
    assert_eq!(make(&gateway, "nothing is spent", 1).await, 0);
    receiver.hears("ledger_frozen", "firing").await;
    gateway.kill();
    gateway.change_totals(1);
    gateway.restart(&[]).await;
    assert_eq!(make(&gateway, "all is well", 1).await, 1);
    receiver.hears("ledger_frozen", "resolved").await;
    let rules = [&expected[..], &["ledger_frozen"]].concat();
    each_fired_and_was_resolved_once(&gateway, &receiver, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_key_is_told_though_the_gateway_is_killed_before_it_could_be() {
    let receiver = Receiver::start(usize::MAX).await;
    let mut gateway = start(&receiver, &[]).await;
    gateway.simulator.script(GenerationFault::status(401), 1);
    assert_eq!(make(&gateway, "fox", 1).await, 0);
    gateway.kill();
    assert!(receiver.taken().is_empty());
    receiver.refuse(0);
    // Nobody asks for anything: the ledger's own alarm does it.
    gateway.restart(&[]).await;
    let fired = receiver.hears("upstream_auth", "firing").await;
    let same = |one: &Delivered| one.id == fired.id;
    assert!(
        receiver.delivered().iter().all(same),
        "one notice, one name"
    );
    let summary = fired.body()["summary"].clone();
    assert!(
        summary.as_str().unwrap().contains("IDEOGRAM_API_KEY"),
        "{summary}"
    );

    receiver.refuse(usize::MAX);
    gateway.probe().await;
    eventually("it was tried in vain", async || {
        receiver
            .delivered()
            .iter()
            .any(|one| !same(one))
            .then_some(())
    })
    .await;
    gateway.kill();
    receiver.refuse(0);
    gateway.restart(&[]).await;
    receiver.hears("upstream_auth", "resolved").await;
    each_fired_and_was_resolved_once(&gateway, &receiver, &["upstream_auth"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_look_at_ideogram_finds_fires_until_another_finds_otherwise() {
    let receiver = Receiver::start(0).await;
    let gateway = start(&receiver, &[]).await;
    gateway.simulator.script(QuoteFault::status(503), 2);
    for _ in 0..2 {
        assert_eq!(gateway.probe().await["status"], "down");
    }
    let fired = receiver.hears("upstream_unreachable", "firing").await;
    assert_eq!(fired.body()["severity"], "P1");
    assert_eq!(gateway.probe().await["status"], "healthy");
    receiver.hears("upstream_unreachable", "resolved").await;

    gateway.simulator.script(QuoteFault::status(401), 1);
    gateway.probe().await;
    receiver.hears("upstream_auth", "firing").await;
    gateway.probe().await;
    receiver.hears("upstream_auth", "resolved").await;

    gateway.simulator.set_price_percent(150);
    gateway.look_at_prices().await;
    let fired = receiver.hears("price_drift", "firing").await.body();
    let summary = fired["summary"].as_str().unwrap();
    assert!(summary.contains("instead of $"), "{summary}");
    gateway.look_at_prices().await;
    gateway.simulator.set_price_percent(100);
    gateway.look_at_prices().await;
    receiver.hears("price_drift", "resolved").await;
    let rules = ["upstream_unreachable", "upstream_auth", "price_drift"];
    each_fired_and_was_resolved_once(&gateway, &receiver, &rules).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_account_fires_until_a_call_is_paid_again() {
    let receiver = Receiver::start(0).await;
    let gateway = start(&receiver, &[]).await;
    gateway.simulator.set_credits_micro_dollars(Some(PRICE - 1));
    assert_eq!(make(&gateway, "fox", 1).await, 0);
    let fired = receiver.hears("credits_low", "firing").await.body();
    assert!(
        fired["summary"].as_str().unwrap().contains("402"),
        "{fired}"
    );
    gateway.simulator.set_credits_micro_dollars(None);
    eventually("a request goes through", async || {
        (make(&gateway, "wolf", 1).await == 1).then_some(())
    })
    .await;
    receiver.hears("credits_low", "resolved").await;
    each_fired_and_was_resolved_once(&gateway, &receiver, &["credits_low"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_pager_duty_and_nobody_are_told_in_their_own_ways() {
    let receiver = Receiver::start(0).await;
    let slack = [
        ("ALERT_WEBHOOK_SHAPE", "slack"),
        ("ALERT_WEBHOOK_SECRET", ""),
    ];
    let mut gateway = start(&receiver, &slack).await;
    let told = async |gateway: &Gateway, prompt: &str, before: usize| {
        gateway.simulator.script(ImageFault::status(503), 1);
        assert_eq!(make(gateway, prompt, 1).await, 1);
        eventually("both are taken, and the gateway knows", async || {
            let taken = receiver.taken().split_off(before);
            let is_known = shown(gateway).await["undelivered"] == 0;
            (taken.len() == 2 && is_known).then_some(taken)
        })
        .await
    };
    let texts = told(&gateway, "slack", 0).await;
    let texts: Vec<_> = texts.iter().map(|one| one.body()["text"].clone()).collect();
    let begins = |index: usize, with: &str| {
        let text = texts[index].as_str().unwrap_or_default();
        assert!(text.starts_with(with), "{text}");
    };
    begins(0, "P2 firing: storing_failing. ");
    begins(1, "P2 resolved: storing_failing. ");
    assert!(
        receiver
            .delivered()
            .iter()
            .all(|one| one.signature.is_none())
    );

    let pager_duty = [
        ("ALERT_WEBHOOK_SHAPE", "pagerduty"),
        ("ALERT_ROUTING_KEY", "a-routing-key"),
    ];
    gateway.restart(&pager_duty).await;
    let events = told(&gateway, "pager duty", 2).await;
    for (event, action) in events.iter().zip(["trigger", "resolve"]) {
        let body = event.body();
        assert_eq!(body["event_action"], action);
        assert_eq!(body["routing_key"], "a-routing-key");
        assert_eq!(body["dedup_key"], "ideogram-gateway/storing_failing");
        assert_eq!(body["payload"]["severity"], "error");
        assert!(body["payload"]["summary"].is_string() && body["payload"]["source"].is_string());
    }

    gateway.restart(&[("ALERT_WEBHOOK_URL", "")]).await;
    gateway
        .simulator
        .script(ImageFault::status(503), Times::UntilCleared);
    assert_eq!(make(&gateway, "nobody", 1).await, 1);
    eventually("it is shown", async || {
        let firing = ("storing_failing".to_owned(), "firing".to_owned());
        states(&gateway).await.contains(&firing).then_some(())
    })
    .await;
    assert_eq!(shown(&gateway).await["undelivered"], 0);
    eventually("it is in the log", async || {
        gateway.log().contains("\"event\":\"alert\"").then_some(())
    })
    .await;
    assert_eq!(receiver.delivered().len(), 4);
    let refused = gateway.get("/admin/alerts").await;
    assert_eq!(refused.error(), (401, "unauthorized".into()));
}

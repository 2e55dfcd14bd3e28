//! The operator switches generation off and on at once, without a deploy: the drill for the day on which
//! everything has to be stopped.
//! Holds true: nothing is sent to Ideogram while it is off; what was made before is served throughout;
//! what Ideogram is at work on is finished, kept and booked.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fallback::{check_answer, check_placeholders};
use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE, eventually};

const DISABLED: (&str, &str) = ("1024x1024", "generation_disabled");

async fn start(vars: &[(&str, &str)]) -> Gateway {
    Gateway::start(&[&[("ADMIN_KEY", OPERATOR_KEY)], vars].concat()).await
}

async fn switch(gateway: &Gateway, change: &Value) -> Answer {
    let ask = gateway.request(Method::PUT, "/admin/mode").json(change);
    Answer::to(ask.bearer_auth(OPERATOR_KEY)).await
}

async fn switch_off(gateway: &Gateway) -> Value {
    let off = json!({"enabled": false, "reason": "a \t drill\u{200B}", "by": "jo"});
    switch(gateway, &off).await.result()
}

async fn switch_on(gateway: &Gateway) -> Value {
    switch(gateway, &json!({"enabled": true})).await.result()
}

async fn mode(gateway: &Gateway) -> Value {
    gateway.operator(Method::GET, "/admin/mode").await.result()
}

async fn ask(gateway: &Gateway, prompt: &str) -> Answer {
    gateway.generate(json!({ "prompt": prompt })).await
}

fn lines_of_changes(gateway: &Gateway) -> Vec<Value> {
    let log = gateway.log();
    let lines = log
        .lines()
        .filter(|line| line.contains("\"event\":\"mode\""));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_drill_off_with_placeholders_and_hits_through_a_kill_and_on_again() {
    let mut gateway = start(&[]).await;
    assert_eq!(ask(&gateway, "a fox").await.cache(), "miss");
    let never_switched = mode(&gateway).await;
    assert_eq!(
        never_switched,
        json!({"enabled": true, "reason": null, "by": null, "since": null, "ideogram_enabled": true})
    );

    let off = switch_off(&gateway).await;
    assert_eq!(
        (&off["enabled"], &off["reason"]),
        (&json!(false), &json!("a drill"))
    );
    assert_eq!(off["by"], "jo");
    assert!(off["since"].is_string(), "{off}");
    check_answer(&gateway, &ask(&gateway, "a wolf").await, DISABLED);
    assert_eq!(ask(&gateway, "a fox").await.cache(), "hit");

    // Gone at once, and back on the same storage.
    gateway.restart(&[]).await;
    assert_eq!(mode(&gateway).await, off);
    check_answer(&gateway, &ask(&gateway, "a wolf").await, DISABLED);
    assert_eq!(ask(&gateway, "a fox").await.cache(), "hit");
    let health = gateway.get("/health").await;
    assert_eq!(health.status, 200);
    let ideogram = health.json()["services"]["ideogram"].clone();
    assert_eq!(ideogram["enabled"], false);
    assert_eq!(ideogram["status"], "disabled");
    let shown = json!({"enabled": false, "since": off["since"]});
    assert_eq!(ideogram["mode"], shown, "not why, and not who");
    assert_eq!(gateway.calls(), 1);

    let on = switch_on(&gateway).await;
    assert_eq!(
        (&on["enabled"], &on["by"]),
        (&json!(true), &json!("operator"))
    );
    let made = ask(&gateway, "a wolf").await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    assert_eq!(ask(&gateway, "a fox").await.cache(), "hit");
    assert_eq!(gateway.calls(), 2);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.cached().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn said_again_it_changes_nothing_and_every_change_is_logged_once() {
    let gateway = start(&[]).await;
    let off = switch_off(&gateway).await;
    assert_eq!(switch_off(&gateway).await, off);
    switch_on(&gateway).await;
    let lines = eventually("two changes are in the log", async || {
        let lines = lines_of_changes(&gateway);
        (lines.len() >= 2).then_some(lines)
    })
    .await;
    let [first, second] = &lines[..] else {
        panic!("{lines:?}");
    };
    assert_eq!(
        (&first["enabled"], &first["reason"]),
        (&json!(false), &json!("a drill"))
    );
    assert_eq!(
        (&first["by"], &first["since"]),
        (&json!("jo"), &off["since"])
    );
    assert_eq!(
        (&second["enabled"], &second["by"]),
        (&json!(true), &json!("operator"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn setting_and_operator_both_have_to_let_pictures_be_made() {
    let mut gateway = start(&[("IDEOGRAM_ENABLED", "false")]).await;
    let on = switch_on(&gateway).await;
    assert_eq!(
        (&on["enabled"], &on["ideogram_enabled"]),
        (&json!(true), &json!(false))
    );
    check_answer(&gateway, &ask(&gateway, "a fox").await, DISABLED);
    let health = gateway.get("/health").await.json();
    let ideogram = &health["services"]["ideogram"];
    assert_eq!(
        (&ideogram["enabled"], &ideogram["mode"]["enabled"]),
        (&json!(false), &json!(true))
    );
    switch_off(&gateway).await;
    gateway.restart(&[("IDEOGRAM_ENABLED", "true")]).await;
    check_answer(&gateway, &ask(&gateway, "a fox").await, DISABLED);
    switch_on(&gateway).await;
    assert_eq!(ask(&gateway, "a fox").await.cache(), "miss");
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_is_answered_at_once_and_what_ideogram_is_at_work_on_is_finished() {
    let gateway = start(&[("MAX_IN_FLIGHT", "1"), ("QUEUE_TIMEOUT_SECONDS", "600")]).await;
    gateway.simulator.set_latency_ms(20_000);
    let working = tokio::spawn(Answer::to(gateway.generation(&json!({"prompt": "a fox"}))));
    gateway.generation_in("generating", "a fox").await;
    let mut waiting = gateway
        .generate_and_follow(&json!({"prompt": "a wolf"}))
        .await;
    let id = waiting.header("x-generation-id").to_owned();
    assert_eq!(waiting.until("queued").await.data["id"], id.as_str());
    eventually("it waits", async || {
        let shown = gateway.get(&format!("/generations/{id}")).await.result();
        shown["position"].is_u64().then_some(())
    })
    .await;

    switch_off(&gateway).await;
    let done = waiting.until("done").await;
    check_placeholders(&gateway, &done.data, DISABLED);
    assert_eq!(gateway.calls(), 1);
    let made = working.await.unwrap();
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    assert!(made.is_persisted(0));
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_operator_switches_and_never_off_without_a_reason() {
    let gateway = start(&[("REQUIRE_AUTH", "true")]).await;
    let client = gateway.make_key(json!({"name": "shop"})).await;
    let off = json!({"enabled": false, "reason": "a drill"});
    for key in ["", client["key"].as_str().unwrap()] {
        let ask = gateway.request(Method::PUT, "/admin/mode").json(&off);
        let refused = Answer::to(ask.bearer_auth(key)).await;
        assert!([401, 403].contains(&refused.status), "{refused:?}");
        let ask = gateway.request(Method::GET, "/admin/mode");
        let refused = Answer::to(ask.bearer_auth(key)).await;
        assert!([401, 403].contains(&refused.status), "{refused:?}");
    }
    for (change, field) in [
        (json!({"enabled": false}), "reason"),
        (json!({"enabled": false, "reason": " "}), "reason"),
        (
            json!({"enabled": false, "reason": "x".repeat(501)}),
            "reason",
        ),
        (json!({"reason": "a drill"}), "enabled"),
        (json!({"enabled": true, "by": "x".repeat(101)}), "by"),
    ] {
        let refused = switch(&gateway, &change).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{change}");
        assert_eq!(refused.json()["field"], field, "{change}");
    }
    assert_eq!(mode(&gateway).await["enabled"], true);
}

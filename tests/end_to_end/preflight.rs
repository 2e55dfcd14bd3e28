//! The gateway checks itself: `POST /admin/preflight`, and `bin/preflight`, which shows what it says.
//! Holds true: it costs nothing but the picture that is asked for, and leaves nothing behind.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, eventually};

/// The price of one picture of V_1_TURBO, the cheapest model, in micro-dollars.
const CHEAPEST: u64 = 20_000;

async fn gateway(vars: &[(&str, &str)]) -> Gateway {
    let needed = [("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)];
    Gateway::start(&[&needed, vars].concat()).await
}

fn ask(gateway: &Gateway, body: &Value) -> reqwest::RequestBuilder {
    gateway.request(Method::POST, "/admin/preflight").json(body)
}

async fn preflight(gateway: &Gateway, body: Value) -> Value {
    let answer = Answer::to(ask(gateway, &body).bearer_auth(OPERATOR_KEY)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

/// What each check says, by its name.
fn checks(found: &Value) -> BTreeMap<String, Value> {
    let checks = found["checks"].as_array().unwrap().iter();
    checks
        .map(|check| (check["name"].as_str().unwrap().to_owned(), check.clone()))
        .collect()
}

/// The names of the checks that failed.
fn failed(found: &Value) -> Vec<String> {
    let checks = checks(found);
    let failed: Vec<_> = checks
        .into_iter()
        .filter(|(_, check)| check["ok"] == false)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(found["ok"], failed.is_empty(), "{found}");
    failed
}

fn details(found: &Value, name: &str) -> String {
    let check = checks(found).remove(name);
    let check = check.unwrap_or_else(|| panic!("no {name}: {found}"));
    check["details"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_well_says_so_for_nothing_and_leaves_nothing_behind() {
    let gateway = gateway(&[]).await;
    let found = preflight(&gateway, json!({})).await;
    assert_eq!(failed(&found), [""; 0], "{found}");
    let names: Vec<_> = checks(&found).into_keys().collect();
    let expected = [
        "clock",
        "config",
        "cron",
        "generation",
        "key",
        "kv_config",
        "kv_results",
        "ledger",
        "origins",
        "policy",
        "price",
        "r2_images",
        "secrets",
    ];
    assert_eq!(names, expected);
    for check in checks(&found).values() {
        assert!(check["ms"].is_u64() && check["details"].is_string());
    }
    assert_eq!(found["version"], env!("CARGO_PKG_VERSION"));
    assert!(found["version_id"].is_string(), "{found}");
    assert!(details(&found, "price").contains("V_2A_TURBO is quoted at 0.025 dollars"));
    assert!(details(&found, "cron").contains("ask again in 5 minutes"));
    assert!(details(&found, "secrets").contains("ALERT_WEBHOOK_URL"));
    assert!(details(&found, "origins").contains("no page may call"));

    assert_eq!(gateway.billed(), 0);
    assert_eq!(gateway.booked(), Booked::default());
    assert_eq!(gateway.left_by_preflights(), [""; 0]);
    assert!(gateway.pictures().is_empty() && gateway.generations().is_empty());
    let again = preflight(&gateway, json!({"generate": false})).await;
    assert_eq!(failed(&again), [""; 0], "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_made_when_asked_for_paid_once_and_there_at_its_link() {
    let gateway = gateway(&[]).await;
    for round in 1..=2 {
        let found = preflight(&gateway, json!({"generate": true})).await;
        assert_eq!(failed(&found), [""; 0], "{found}");
        let made = checks(&found).remove("picture").unwrap();
        assert!(details(&found, "picture").starts_with("V_1_TURBO, 0.02 dollars"));
        let picture = gateway.get(made["link"].as_str().unwrap()).await;
        assert_eq!(picture.status, 200);
        assert_eq!(picture.header("content-type"), Some("image/png"));
        // One that is in the cache would prove nothing.
        assert_eq!(gateway.billed(), round * CHEAPEST);
        assert_eq!(gateway.booked().billed, round * CHEAPEST);
    }
    assert_eq!(gateway.left_by_preflights(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_ideogram_fails_its_own_checks_and_no_others() {
    let mut gateway = gateway(&[("IDEOGRAM_API_KEY", "not-the-key-0123456789")]).await;
    let found = preflight(&gateway, json!({"generate": true})).await;
    assert_eq!(failed(&found), ["key", "picture", "price"], "{found}");
    assert!(details(&found, "key").contains("refused the gateway's key"));
    assert!(details(&found, "picture").contains("nothing was spent"));
    assert!(
        !found.to_string().contains("not-the-key"),
        "a secret is shown"
    );

    // Nothing listens there.
    let nowhere = ("IDEOGRAM_BASE_URL", "http://127.0.0.1:9");
    gateway.restart(&[nowhere]).await;
    let found = preflight(&gateway, json!({})).await;
    assert_eq!(failed(&found), ["clock", "key", "price"], "{found}");
    assert_eq!(gateway.billed(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_settings_are_named_and_what_needs_none_is_checked_all_the_same() {
    let mut gateway = gateway(&[("MAX_IN_FLIGHT", "0"), ("TOKEN_SECRET", "")]).await;
    let found = preflight(&gateway, json!({"generate": true})).await;
    assert!(details(&found, "config").starts_with("MAX_IN_FLIGHT takes"));
    assert!(details(&found, "secrets").contains("TOKEN_SECRET is not set"));
    let depend = [
        "clock", "config", "cron", "key", "origins", "picture", "policy", "price",
    ];
    assert_eq!(failed(&found), depend, "{found}");

    gateway.kill();
    gateway.put_policy("{\"categories\": 1}");
    let far_ahead = ("CLOCK_AHEAD_SECONDS", "3600");
    gateway
        .restart(&[("MAX_IN_FLIGHT", "8"), ("ALLOWED_ORIGINS", "*"), far_ahead])
        .await;
    let found = preflight(&gateway, json!({})).await;
    assert_eq!(failed(&found), ["clock", "policy"], "{found}");
    assert!(details(&found, "clock").contains("ahead of Ideogram's"));
    assert!(details(&found, "origins").starts_with("warning"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_operator_may_have_it_checked() {
    let mut gateway = gateway(&[]).await;
    let key = gateway.make_key(json!({"name": "shop"})).await["key"].clone();
    let stranger = Answer::to(ask(&gateway, &json!({}))).await;
    assert_eq!(stranger.error(), (401, "unauthorized".into()));
    let client = ask(&gateway, &json!({})).bearer_auth(key.as_str().unwrap());
    let client = Answer::to(client).await;
    assert_eq!(client.error(), (403, "forbidden".into()));
    let wrong = ask(&gateway, &json!({"generate": 1})).bearer_auth(OPERATOR_KEY);
    let wrong = Answer::to(wrong).await;
    assert_eq!(wrong.error(), (400, "invalid_request".into()));
    assert_eq!(wrong.json()["field"], "generate");

    gateway.restart(&[("ADMIN_KEY", "")]).await;
    let nobody = Answer::to(ask(&gateway, &json!({})).bearer_auth("")).await;
    assert_eq!(nobody.error(), (403, "forbidden".into()));
}

fn script(environment: &str, key: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(root.join("bin/preflight"));
    for unset in ["URL", "VERSION", "WORKER", "GENERATE"] {
        command.env_remove(unset);
    }
    command.env("ENV", environment).env("ADMIN_KEY", key);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_script_shows_every_check_and_ends_as_they_do() {
    let mut gateway = gateway(&[]).await;
    let mut generate = script("production", OPERATOR_KEY);
    generate.env("GENERATE", "1");
    let well = gateway.run_beside(generate).await;
    assert!(well.succeeded, "{}{}", well.output, well.errors);
    for name in ["config", "ledger", "r2_images", "picture", "link"] {
        let row = format!("ok    {name} ");
        assert!(well.output.contains(&row), "{name}: {}", well.output);
    }
    assert!(well.output.contains("from outside"), "{}", well.output);
    assert_eq!(gateway.billed(), CHEAPEST);

    let stranger = gateway
        .run_beside(script("production", "not-the-operator"))
        .await;
    assert!(!stranger.succeeded);
    assert!(stranger.errors.contains("401"), "{}", stranger.errors);

    let mut other = script("production", OPERATOR_KEY);
    other.env("URL", "http://127.0.0.1:9");
    let unreachable = gateway.run_beside(other).await;
    assert!(!unreachable.succeeded);
    assert!(
        unreachable.errors.contains("no preflight of"),
        "{}",
        unreachable.errors
    );

    gateway
        .restart(&[("IDEOGRAM_API_KEY", "not-the-key")])
        .await;
    let failing = gateway.run_beside(script("production", OPERATOR_KEY)).await;
    assert!(!failing.succeeded);
    assert!(failing.output.contains("FAIL  key"), "{}", failing.output);
    assert!(
        failing.output.contains("ok    ledger"),
        "{}",
        failing.output
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cron_that_has_not_struck_for_long_is_told() {
    let mut gateway = gateway(&[]).await;
    assert_eq!(
        gateway.get("/__scheduled?cron=*/5+*+*+*+*").await.status,
        200
    );
    let found = eventually("the probe is known", async || {
        let found = preflight(&gateway, json!({})).await;
        details(&found, "cron")
            .starts_with("the last probe")
            .then_some(found)
    })
    .await;
    assert_eq!(failed(&found), [""; 0], "{found}");
    gateway.restart(&[("CLOCK_AHEAD_SECONDS", "1000")]).await;
    let found = preflight(&gateway, json!({})).await;
    assert_eq!(failed(&found), ["clock", "cron"], "{found}");
}

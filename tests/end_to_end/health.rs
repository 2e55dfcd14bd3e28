//! `/health` tells how the gateway is and what is wrong with its settings, open to all.
//! Holds true: it never calls Ideogram, and with wrong settings nothing is generated.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::gateway::{Answer, Booked, Gateway};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_well_says_so_without_calling_ideogram() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true")]).await;
    let answer = gateway.get("/health").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let health = answer.json();
    assert_eq!(health["status"], "healthy");
    for part in ["ideogram", "ledger", "cache", "images", "config"] {
        assert_eq!(health["services"][part]["status"], "healthy", "{part}");
    }
    assert_eq!(health["services"]["ideogram"]["enabled"], true);
    assert_eq!(health["services"]["config"]["errors"], json!([]));
    assert!(health["checked_at"].is_string() && health["version"].is_string());

    let head = Answer::to(gateway.request(reqwest::Method::HEAD, "/health")).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_is_wrong_with_the_settings_is_named_at_once_and_nothing_is_generated() {
    let wrong = [
        ("IDEOGRAM_ENABLED", "perhaps"),
        ("IDEOGRAM_API_KEY", ""),
        ("DAILY_BUDGET_USD", "ten dollars"),
        ("MAX_IN_FLIGHT", "0"),
        ("QUEUE_LIMIT", "-1"),
        ("QUEUE_TIMEOUT_SECONDS", "601"),
        ("REQUEST_TIMEOUT_SECONDS", "1.5"),
        ("MAX_ATTEMPTS", "11"),
        ("RETRY_UNCONFIRMED", "yes"),
        ("UNCONFIRMED_HOLD_SECONDS", "3601"),
        ("CACHE_TTL_SECONDS", "59"),
        ("DEFAULT_MODEL", "V_9"),
        ("PROMPT_MAX_CHARS", "10001"),
        ("PRICES", "{\"V_2\": -1}"),
        ("REQUIRE_AUTH", "no"),
        ("ADMIN_KEY", "tooshort"),
    ];
    let gateway = Gateway::start(&wrong).await;
    let answer = gateway.get("/health").await;
    assert_eq!(answer.status, 503);
    let health = answer.json();
    assert_eq!(health["status"], "down");
    let config = &health["services"]["config"];
    assert_eq!(config["status"], "down");
    let errors = config["errors"].as_array().unwrap();
    let named = errors
        .iter()
        .map(|error| error["setting"].as_str().unwrap());
    let named: BTreeSet<_> = named.collect();
    let expected: BTreeSet<_> = wrong.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, expected);
    let takes = |error: &Value| error["takes"].as_str().is_some_and(|text| !text.is_empty());
    assert!(errors.iter().all(takes), "{config}");
    assert!(
        !health.to_string().contains("tooshort"),
        "a secret is shown"
    );

    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (503, "generation_disabled".into()));
    assert!(refused.retry_after() >= 1);
    assert_eq!(gateway.calls(), 0);
    assert_eq!(gateway.booked(), Booked::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doing_without_keys_is_an_error_where_the_real_ideogram_is_called() {
    let vars = [
        ("IDEOGRAM_BASE_URL", "https://api.ideogram.ai"),
        ("REQUIRE_AUTH", "false"),
    ];
    let gateway = Gateway::start(&vars).await;
    let health = gateway.get("/health").await.json();
    let errors = &health["services"]["config"]["errors"];
    assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
    assert_eq!(errors[0]["setting"], "REQUIRE_AUTH");
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (503, "generation_disabled".into()));
}

//! The client of `client/` in Node against the gateway: what its callers are told and given.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::gateway::{Gateway, OPERATOR_KEY, PRICE};

/// What a script prints of the client's doings, as the client's own key has them.
async fn run(gateway: &Gateway) -> Value {
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let mut command = Command::new("node");
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("client/test/gateway.mjs"))
        .env("KEY", key["key"].as_str().unwrap());
    let ran = gateway.run_beside(command).await;
    assert!(ran.succeeded, "{}{}", ran.output, ran.errors);
    serde_json::from_str(&ran.output).unwrap()
}

/// The kinds of all that was told, in order.
fn told(step: &Value) -> Vec<&str> {
    let told = step["told"].as_array().unwrap_or_else(|| panic!("{step}"));
    let kinds = told.iter().map(|progress| progress["type"].as_str());
    kinds.map(Option::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_follows_starts_resumes_and_is_refused_by_name() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    let did = run(&gateway).await;

    let generated = &did["generated"];
    let steps = told(generated);
    assert!(steps.ends_with(&["generating", "stored"]), "{generated}");
    assert_eq!(generated["cache"], "miss");
    assert_eq!(generated["cost_usd"], 0.08);
    let stored = generated["told"].as_array().unwrap().last().unwrap();
    assert_eq!(stored["id"], generated["id"]);
    for field in ["index", "seed", "url", "key"] {
        assert_eq!(stored[field], generated["images"][0][field], "{field}");
    }
    let link = generated["url"].as_str().unwrap();
    assert_eq!(gateway.get(link).await.status, 200);

    let again = &did["again"];
    assert_eq!(
        (&again["cache"], &again["url"]),
        (&json!("hit"), &json!(link))
    );
    assert_eq!(again["cost_usd"], 0);

    let refused = &did["refused"]["error"];
    assert_eq!(refused["code"], "invalid_request", "{refused}");
    assert_eq!(refused["status"], 400);
    assert_eq!(refused["field"], "image_request.prompt");
    assert!(refused["requestId"].is_string());

    let started = &did["started"];
    assert!(started["id"].is_string(), "{started}");
    assert_eq!(started["result"], Value::Null);
    let resumed = &did["resumed"];
    assert!(told(resumed).contains(&"stored"), "{resumed}");
    assert_eq!(resumed["id"], started["id"]);
    assert_eq!(did["looked"]["state"], "done");
    assert_eq!(did["looked"]["result"]["data"][0]["url"], resumed["url"]);

    let cancelled = &did["cancelled"]["error"];
    assert_eq!(cancelled["code"], "not_found", "{cancelled}");
    assert_eq!(cancelled["status"], 404);

    let page = &did["withToken"];
    assert_eq!(page["cache"], "miss", "{page}");
    assert_eq!((gateway.calls(), gateway.billed()), (3, 3 * PRICE));
}

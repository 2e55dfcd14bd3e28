//! Clients as they are published, unchanged and at pinned versions (`tests/clients/`), against the
//! running gateway. Each has a script that prints one JSON line a check; what the lines have to say is
//! here. What a client cannot do by itself is in `docs/clients.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::gateway::{Gateway, OPERATOR_KEY};

const MODEL: &str = "ideogram-v3-turbo";
const POLICY: &str = r#"{"categories": {"weapons": {"terms": ["grenade"]}}}"#;
const INVALID: &str = "invalid_request_error";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program's script and the lines it prints, by the name of the check.
struct Script {
    program: PathBuf,
    name: &'static str,
}

impl Script {
    fn node(name: &'static str) -> Self {
        let program = PathBuf::from("node");
        Self { program, name }
    }

    fn python(name: &'static str) -> Self {
        let program = repository().join(".tools/python/bin/python");
        Self { program, name }
    }

    /// Runs it with the key of a client that may use one model, and with that of one who cannot pay
    /// for a picture.
    async fn run(self, gateway: &Gateway) -> Said {
        let models = ["V_3_TURBO"];
        let key = gateway.make_key(json!({"name": "shop", "models": models}));
        let key = key.await["key"].clone();
        let poor = json!({"name": "poor", "daily_budget_usd": 0.01});
        let poor = gateway.make_key(poor).await["key"].clone();
        let folder = repository().join("tests/clients");
        let mut command = Command::new(&self.program);
        command
            .arg(self.name)
            .current_dir(folder)
            .env("GATEWAY_KEY", key.as_str().unwrap())
            .env("GATEWAY_POOR_KEY", poor.as_str().unwrap());
        let ran = gateway.run_beside(command).await;
        let (said, complaints) = (ran.output, ran.errors);
        let lines = said.lines().map(serde_json::from_str::<Value>);
        let lines: Result<Vec<_>, _> = lines.collect();
        let lines = lines.unwrap_or_else(|_| panic!("{}: {said}\n{complaints}", self.name));
        assert!(
            !lines.is_empty(),
            "{} said nothing; run `make clients` first\n{complaints}",
            self.name
        );
        let checks = lines.into_iter().map(|line| {
            let name = line["check"].as_str().unwrap().to_owned();
            (name, line)
        });
        Said(checks.collect())
    }
}

/// What a script printed.
struct Said(BTreeMap<String, Value>);

impl Said {
    /// What a check gave.
    fn result(&self, check: &str) -> &Value {
        let line = &self.0[check];
        assert!(line.get("result").is_some(), "{line}");
        &line["result"]
    }

    /// What a check threw.
    fn error(&self, check: &str) -> &Value {
        let line = &self.0[check];
        assert!(line.get("error").is_some(), "{line}");
        &line["error"]
    }

    fn text<'said>(&'said self, check: &str, field: &str) -> &'said str {
        let error = self.error(check);
        error[field].as_str().unwrap_or_else(|| panic!("{error}"))
    }

    /// Holds that there was no check but these.
    fn assert_checks(&self, checks: usize) {
        assert_eq!(self.0.len(), checks, "{:?}", self.0.keys());
    }
}

async fn gateway() -> Gateway {
    let vars = [
        ("REQUIRE_AUTH", "true"),
        ("ADMIN_KEY", OPERATOR_KEY),
        ("CONTENT_POLICY", POLICY),
    ];
    Gateway::start(&vars).await
}

/// What holds of OpenAI's own clients, in whichever language.
fn assert_openai(said: &Said, gateway: &Gateway) {
    let (links, bytes) = (said.result("url"), said.result("b64_json"));
    assert!(links["created"].as_u64().unwrap() > 1_700_000_000);
    assert_eq!(links["pictures"].as_array().unwrap().len(), 2);
    assert_ne!(links["pictures"][0], links["pictures"][1]);
    assert_eq!(links["pictures"], bytes["pictures"]);
    assert_eq!(bytes["cache"], "hit");
    assert_eq!(*said.result("ideograms own options"), 7);
    let models = said.result("models");
    assert_eq!(models["ids"], json!([MODEL]));
    assert_eq!(models["one"]["owned_by"], "ideogram");

    let quota = "insufficient_quota";
    for (check, class, expected) in [
        (
            "wrong key",
            "AuthenticationError",
            json!([401, "authentication_error", "invalid_api_key", null]),
        ),
        (
            "wrong field",
            "BadRequestError",
            json!([400, INVALID, "invalid_request", "style"]),
        ),
        (
            "no such model",
            "NotFoundError",
            json!([404, INVALID, "model_not_found", "model"]),
        ),
        (
            "no such model to retrieve",
            "NotFoundError",
            json!([404, INVALID, "model_not_found", "model"]),
        ),
        (
            "no such path",
            "NotFoundError",
            json!([404, INVALID, "not_found", null]),
        ),
        (
            "model of others",
            "PermissionDeniedError",
            json!([403, "permission_error", "forbidden", null]),
        ),
        (
            "prompt against policy",
            "BadRequestError",
            json!([400, INVALID, "content_policy_violation", null]),
        ),
        (
            "no money",
            "RateLimitError",
            json!([429, quota, quota, null]),
        ),
    ] {
        let error = said.error(check);
        assert_eq!(error["class"], class, "{error}");
        let fields = ["status", "type", "code", "param"].map(|field| error[field].clone());
        assert_eq!(json!(fields), expected, "{check}: {error}");
    }
    assert_eq!(gateway.calls(), 2, "two requests that differ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openais_client_for_node_works_unchanged() {
    let gateway = gateway().await;
    let said = Script::node("openai.js").run(&gateway).await;
    assert_openai(&said, &gateway);
    let patient = said.error("no money, with retries");
    assert_eq!(patient["class"], "RateLimitError");
    assert_eq!(patient["calls"], 1, "it was told not to try again");
    said.assert_checks(13);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openais_client_for_python_works_unchanged() {
    let gateway = gateway().await;
    let said = Script::python("openai_client.py").run(&gateway).await;
    assert_openai(&said, &gateway);
    said.assert_checks(12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ai_sdk_works_unchanged() {
    let gateway = gateway().await;
    let said = Script::node("ai_sdk.js").run(&gateway).await;
    let made = said.result("images");
    assert_eq!(made["types"], json!(["image/png", "image/png"]));
    assert_ne!(made["pictures"][0], made["pictures"][1]);
    assert_eq!(made["warnings"], json!([]));
    assert_eq!(*said.result("ideograms own options"), 1);
    for (check, status, part) in [
        ("wrong key", 401, "a valid key is needed"),
        ("no such model", 404, "dall-e-3"),
        ("size of no model", 400, "1536x512"),
        ("no money", 429, "budget"),
    ] {
        assert_eq!(said.error(check)["status"], status, "{check}");
        let message = said.text(check, "message");
        assert!(message.contains(part), "{message}");
    }
    said.assert_checks(6);
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ideogram_api_works_unchanged_once_its_base_url_is_set() {
    let gateway = gateway().await;
    let said = Script::node("ideogram_api.js").run(&gateway).await;
    let made = said.result("generate");
    assert_eq!(made["cache"], "miss");
    assert_ne!(made["pictures"][0], made["pictures"][1]);
    let remix = said.result("remix");
    assert_eq!(*remix, json!({"cache": "miss", "pictures": 1}));
    for (check, message) in [
        ("wrong key", "Authentication failed. Check API key."),
        (
            "wrong field",
            "Invalid input: Request failed with status code 400",
        ),
        (
            "prompt against policy",
            "Validation failed: Request failed with status code 422",
        ),
        ("no money", "Rate limit exceeded. Too many requests."),
    ] {
        assert_eq!(said.text(check, "message"), message, "{check}");
    }
    said.assert_checks(6);
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aigne_ideogram_works_unchanged_but_for_palettes() {
    let gateway = gateway().await;
    let said = Script::node("aigne_ideogram.js").run(&gateway).await;
    let made = said.result("generate");
    assert_ne!(made["pictures"][0], made["pictures"][1]);
    assert_eq!(said.result("remix")["pictures"], 1);
    for (check, status, code) in [
        ("palette", 400, "invalid_request"),
        ("wrong key", 401, "unauthorized"),
        ("prompt against policy", 422, "prompt_rejected"),
        ("no money", 429, "client_budget_exceeded"),
    ] {
        // It puts the whole answer into the message.
        let message = said.text(check, "message");
        assert!(message.contains(&format!(" error: {status} ")), "{message}");
        assert!(
            message.contains(&format!(r#""code":"{code}""#)),
            "{message}"
        );
    }
    said.assert_checks(6);
    assert_eq!(gateway.calls(), 2);
}

//! Requests that Schemathesis makes up from the OpenAPI document, right ones and wrong ones, against
//! the gateway: no answer outside the document, and none that says the gateway failed.
//! Holds true: what is sent goes to this machine alone; the seed is printed, and SCHEMATHESIS_SEED
//! sets it. What is checked: `openapi/schemathesis/schemathesis.toml`.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::gateway::relay::Relay;
use crate::gateway::{Gateway, OPERATOR_KEY};

/// A minute for all tests; `make schemathesis` gives more.
const SECONDS: u64 = 60;
/// The same requests each time; `make schemathesis` draws others.
const SEED: u64 = 952_510_954;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_made_up_from_the_document_gets_an_answer_outside_it() {
    // Ideogram tells at once what it has made, so nobody waits for a poll.
    let relay = Relay::start().await;
    let vars = [
        ("REQUIRE_AUTH", "true"),
        ("ADMIN_KEY", OPERATOR_KEY),
        ("DAILY_BUDGET_USD", "1000000"),
        ("PUBLIC_URL", &relay.url),
    ];
    let gateway = Gateway::start(&vars).await;
    relay.leads_to(gateway.url());
    let seconds = number("SCHEMATHESIS_SECONDS").unwrap_or(SECONDS);
    let seed = number("SCHEMATHESIS_SEED").unwrap_or(SEED);
    println!("SCHEMATHESIS_SEED={seed}");
    let dir = TempDir::with_prefix("ideogram-gateway-").unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let program = root.join(".tools/python/bin/schemathesis");
    assert!(program.exists(), "`make schemathesis` installs it");
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(root.join("openapi/schemathesis/schemathesis.toml"))
        .args(["run", &format!("{}/openapi.json", gateway.url())])
        .args(["--max-time", &seconds.to_string()])
        .args(["--seed", &seed.to_string()])
        .current_dir(dir.path())
        .env("OPERATOR_KEY", OPERATOR_KEY)
        .env(
            "SCHEMATHESIS_HOOKS",
            root.join("openapi/schemathesis/pictures.py"),
        );
    let ran = gateway.run_beside(command).await;
    println!("{}{}", ran.output, ran.errors);
    println!("{} calls of Ideogram", gateway.calls());
    assert!(ran.succeeded, "SCHEMATHESIS_SEED={seed} shows it again");
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

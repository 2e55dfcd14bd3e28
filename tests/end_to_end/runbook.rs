//! The runbook's commands, as they stand in it, against a gateway.
//! Holds true: all that ask the gateway are run; what needs Cloudflare is not.

use std::process::Command;

use serde_json::json;

use crate::gateway::{Gateway, OPERATOR_KEY};

/// The commands in the runbook that ask the gateway, each with its lines joined.
fn commands() -> Vec<String> {
    let runbook = include_str!("../../RUNBOOK.md");
    let blocks = runbook.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("\n```").next());
    let lines = blocks.flat_map(|block| {
        let joined = block.replace("\\\n", " ");
        joined.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    lines.filter(|line| line.starts_with("curl ")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_that_asks_the_gateway_is_answered() {
    let gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    for line in commands {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", &line])
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("URL", gateway.url())
            .env("ADMIN_KEY", OPERATOR_KEY)
            .env("KEY_ID", key["id"].as_str().unwrap())
            .env("GENERATION_ID", made.header("x-generation-id").unwrap());
        let ran = gateway.run_beside(command).await;
        assert!(ran.succeeded, "{line}\n{}{}", ran.output, ran.errors);
        assert!(ran.output.starts_with('{'), "{line}\n{}", ran.output);
    }
}

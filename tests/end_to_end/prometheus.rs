//! What is in `ops/`, by Prometheus's own tools: the real metrics, a real scrape, the alert rules and
//! their cases, the example configuration, and every expression on the dashboard.
//! Holds true: Prometheus listens on this machine alone, and ends with its test.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::{Client, Method};
use serde_json::Value;
use tempfile::TempDir;

use crate::gateway::{Gateway, OPERATOR_KEY, eventually};
use crate::metrics::{gateway, mixed_requests};

/// What every name of the gateway's begins with.
const PREFIX: &str = "ideogram_gateway_";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program(name: &str) -> PathBuf {
    let program = repository().join(".tools/prometheus/usr/bin").join(name);
    assert!(program.exists(), "run `make prometheus` first");
    program
}

/// Runs promtool on something; it has to find nothing wrong.
fn promtool(arguments: &[&str], folder: &Path) {
    let mut command = Command::new(program("promtool"));
    let ran = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(ran.status.success(), "{arguments:?}: {said}");
}

/// A copy of `ops/` whose example reads this gateway.
fn configured(gateway: &Gateway) -> TempDir {
    let folder = TempDir::with_prefix("ideogram-gateway-").unwrap();
    for entry in fs::read_dir(repository().join("ops")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let address = gateway.url().strip_prefix("http://").unwrap();
    let changes = [
        ("gateway.example.com", address),
        ("scheme: https", "scheme: http"),
        ("scrape_interval: 30s", "scrape_interval: 1s"),
    ];
    let config = folder.path().join("prometheus.yml");
    let mut text = fs::read_to_string(&config).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    fs::write(&config, text).unwrap();
    fs::write(folder.path().join("ideogram-gateway-key"), OPERATOR_KEY).unwrap();
    folder
}

/// Prometheus, until the test has seen what it wants to see.
async fn with_prometheus<T>(
    gateway: &Gateway,
    folder: &Path,
    look: impl AsyncFn(String) -> T,
) -> T {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = Command::new(program("prometheus"));
    command
        .current_dir(folder)
        .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
        .arg(format!("--web.listen-address={port}"));
    tokio::select! {
        ended = gateway.run_beside(command) => panic!("Prometheus ended: {}", ended.errors),
        seen = look(format!("http://{port}")) => seen,
    }
}

/// The values that Prometheus has for an expression.
async fn asked(client: &Client, prometheus: &str, query: &str) -> Vec<f64> {
    let url =
        reqwest::Url::parse_with_params(&format!("{prometheus}/api/v1/query"), [("query", query)]);
    let Ok(answer) = client.get(url.unwrap()).send().await else {
        return vec![];
    };
    let answer: Value = answer.json().await.unwrap_or_default();
    let rows = answer["data"]["result"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let value = |row: &Value| row["value"][1].as_str()?.parse().ok();
    rows.iter().filter_map(value).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_scrapes_the_gateway_with_the_example_configuration() {
    let gateway = gateway(&[("REQUIRE_AUTH", "false")]).await;
    let answers = mixed_requests(&gateway).await;
    let folder = configured(&gateway);
    promtool(&["check", "config", "prometheus.yml"], folder.path());
    let client = Client::builder().no_proxy().build().unwrap();
    with_prometheus(&gateway, folder.path(), async |prometheus| {
        let is = async |query: &str, expected: f64| {
            eventually(&format!("{query} is {expected}"), async || {
                let found = asked(&client, &prometheus, query).await;
                (found == [expected]).then_some(())
            })
            .await;
        };
        is("up", 1.0).await;
        let made = "sum(ideogram_gateway_requests_total{route!=\"/metrics\"})";
        is(made, answers.len() as f64).await;
        let calls = gateway.calls() as f64;
        is("ideogram_gateway_upstream_latency_seconds_count", calls).await;
        is("ideogram_gateway_breaker_state == 1", 1.0).await;
        is("ideogram_gateway_build_info", 1.0).await;
        is("count(ALERTS) or vector(0)", 0.0).await;
    })
    .await;
}

#[test]
fn the_alert_rules_are_sound_and_say_what_their_cases_want() {
    let folder = repository().join("ops");
    promtool(&["check", "rules", "prometheus-alerts.yml"], &folder);
    promtool(&["test", "rules", "prometheus-alerts.test.yml"], &folder);
}

/// Every name of the gateway's that a text has.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with(PREFIX)).collect()
}

fn expressions(dashboard: &Value) -> Vec<&str> {
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    targets
        .map(|target| target["expr"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_pass_promtool_and_rules_and_dashboard_name_nothing_else() {
    let gateway = gateway(&[]).await;
    mixed_requests(&gateway).await;
    let scraped = gateway.operator(Method::GET, "/metrics").await;
    let scraped = String::from_utf8(scraped.body).unwrap();
    let folder = TempDir::with_prefix("ideogram-gateway-").unwrap();
    let checked = check_metrics(&scraped, folder.path());

    let dashboard = fs::read_to_string(repository().join("ops/grafana-dashboard.json")).unwrap();
    let alerts = fs::read_to_string(repository().join("ops/prometheus-alerts.yml")).unwrap();
    // Those of families without rows yet are only described.
    let exported: BTreeSet<_> = names(&scraped).union(&names(&checked)).copied().collect();
    for text in [&dashboard, &alerts] {
        let unknown: Vec<_> = names(text).difference(&exported).copied().collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let expressions = expressions(&dashboard);
    assert!(expressions.len() > 30);
    let rules = expressions.iter().map(|expression| {
        let expression = expression.replace("$__rate_interval", "5m");
        serde_json::json!({"record": "a", "expr": expression})
    });
    let rules: Vec<_> = rules.collect();
    // JSON is YAML too.
    let rules = serde_json::json!({"groups": [{"name": "dashboard", "rules": rules}]});
    fs::write(folder.path().join("dashboard.yml"), rules.to_string()).unwrap();
    // Without its lint: here every rule has the same name.
    let check = ["check", "rules", "--lint=none", "dashboard.yml"];
    promtool(&check, folder.path());
}

/// promtool reads Prometheus's older text, where a counter's type is told under its whole name and
/// there are no units and no end. Returns the metrics so.
fn check_metrics(scraped: &str, folder: &Path) -> String {
    let mut kind = "";
    let mut text = String::new();
    let types = scraped
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let types: Vec<_> = types.filter_map(|line| line.split_once(' ')).collect();
    for line in scraped.lines() {
        let mut line = line.to_owned();
        if let Some((name, _)) = line
            .strip_prefix("# HELP ")
            .and_then(|rest| rest.split_once(' '))
        {
            kind = types.iter().find(|(of, _)| *of == name).unwrap().1;
        }
        if line.starts_with("# UNIT") || line == "# EOF" {
            continue;
        }
        let described = line.starts_with("# ");
        if let (true, Some(suffix)) = (described, suffix(kind)) {
            let name = line.split(' ').nth(2).unwrap().to_owned();
            line = line.replacen(&name, &format!("{name}{suffix}"), 1);
            line = line.replace(" info", " gauge");
        }
        text.push_str(&line);
        text.push('\n');
    }
    fs::write(folder.join("metrics.txt"), &text).unwrap();
    let mut command = Command::new(program("promtool"));
    let metrics = fs::File::open(folder.join("metrics.txt")).unwrap();
    let ran = command
        .args(["check", "metrics"])
        .stdin(metrics)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.is_empty(), "{said}\n{text}");
    text
}

fn suffix(kind: &str) -> Option<&'static str> {
    match kind {
        "counter" => Some("_total"),
        "info" => Some("_info"),
        _ => None,
    }
}

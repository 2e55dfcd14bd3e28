//! `/metrics`: the figures are what was sent, they outlive a kill, and they are the operator's.
//! Holds true: what was sent is counted here, answer by answer.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE, eventually};

/// What a scrape has read: the value of each line, by what stands before it.
#[derive(Debug)]
pub struct Metrics(BTreeMap<String, f64>);

impl Metrics {
    pub async fn scrape(gateway: &Gateway) -> Self {
        let answer = gateway.operator(Method::GET, "/metrics").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        Self::parse(&String::from_utf8(answer.body).unwrap())
    }

    fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let samples = samples.map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let series = series.strip_prefix("ideogram_gateway_").unwrap();
            (series.to_owned(), value.parse().unwrap())
        });
        Self(samples.collect())
    }

    /// The value of a series; nothing is what is not there.
    pub fn of(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or(0.0)
    }

    /// The sum of all series that begin so.
    fn sum(&self, begins: &str) -> f64 {
        let series = self.0.iter();
        let series = series.filter(|(series, _)| series.starts_with(begins));
        series.map(|(_, value)| value).sum()
    }
}

pub async fn gateway(vars: &[(&str, &str)]) -> Gateway {
    Gateway::start(&[&[("ADMIN_KEY", OPERATOR_KEY)], vars].concat()).await
}

/// Asks for pictures in every way that is counted in one of its own; returns route and answer of each.
pub async fn mixed_requests(gateway: &Gateway) -> Vec<(&'static str, Answer)> {
    let fox = json!({"prompt": "a fox"});
    let mut answers = vec![];
    for _ in 0..3 {
        answers.push(("/generate", gateway.generate(fox.clone()).await));
    }
    let anew = gateway.generation(&fox).header("cache-control", "no-store");
    answers.push(("/generate", Answer::to(anew).await));
    gateway.simulator.set_latency_ms(1_000);
    let wolves = json!({"prompt": "two wolves", "num_images": 2, "model": "V_2_TURBO"});
    let stream = gateway.generation(&wolves);
    let stream = tokio::spawn(Answer::to(stream.header("accept", "text/event-stream")));
    for answer in gateway.generate_at_once(vec![wolves; 6]).await {
        answers.push(("/generate", answer));
    }
    answers.push(("/generate", stream.await.unwrap()));
    gateway.simulator.set_latency_ms(0);
    let failure = GenerationFault::Answer {
        status: 422,
        headers: vec![],
        body: String::new(),
        billed: false,
    };
    gateway.simulator.script(failure, 1);
    let refused = gateway.generate(json!({"prompt": "something else"}));
    answers.push(("/generate", refused.await));
    answers.push(("/generate", gateway.generate(json!({"prompt": 1})).await));
    answers.push(("none", gateway.get("/nowhere").await));
    answers.push(("/v1/models", gateway.get("/v1/models").await));
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_mixed_requests_the_figures_are_what_was_sent() {
    let gateway = gateway(&[]).await;
    let answers = mixed_requests(&gateway).await;
    let metrics = Metrics::scrape(&gateway).await;

    let mut requests: BTreeMap<String, f64> = BTreeMap::new();
    let mut results: BTreeMap<&str, f64> = BTreeMap::new();
    for (route, answer) in &answers {
        let status = answer.status;
        let code = if status < 400 {
            "ok".to_owned()
        } else {
            answer.error().1
        };
        let series =
            format!("requests_total{{route=\"{route}\",status=\"{status}\",code=\"{code}\"}}");
        *requests.entry(series).or_default() += 1.0;
        if let Some(cache) = answer.header("x-cache") {
            *results.entry(cache).or_default() += 1.0;
        }
    }
    for (series, number) in &requests {
        assert_eq!(metrics.of(series), *number, "{series}");
    }
    assert_eq!(metrics.sum("requests_total"), answers.len() as f64);
    for cache in ["hit", "joined", "miss", "bypass"] {
        let number = results.get(cache).copied().unwrap_or_default();
        assert!(number > 0.0, "no {cache}");
        let series = format!("results_total{{cache=\"{cache}\"}}");
        assert_eq!(metrics.of(&series), number, "{cache}");
    }
    // Two hits of a fox; six requests for wolves that were one.
    assert_near(
        metrics.sum("saved_usd_total"),
        2.0 * 0.08 + 6.0 * 2.0 * 0.05,
    );

    let calls = gateway.calls() as f64;
    assert_eq!(metrics.sum("upstream_calls_total"), calls);
    assert_eq!(metrics.of("upstream_latency_seconds_count"), calls);
    assert_eq!(
        metrics.of("upstream_latency_seconds_bucket{le=\"+Inf\"}"),
        calls
    );
    assert_eq!(
        metrics.sum("queue_wait_seconds_count{outcome=\"granted\"}"),
        calls
    );
    let billed = gateway.billed() as f64 / 1e6;
    assert_near(metrics.sum("billed_usd_total"), billed);
    assert_near(metrics.of("day_billed_usd"), billed);
    assert_eq!(metrics.sum("billed_images_total"), 4.0);
    assert_eq!(metrics.of("in_flight_images"), 0.0);
    assert_eq!(metrics.of("breaker_state{state=\"closed\"}"), 1.0);

    let costs = gateway.operator(Method::GET, "/admin/costs").await.json();
    let total = &costs["total"];
    let number = |name: &str| total[name].as_f64().unwrap_or_else(|| panic!("{total}"));
    assert_eq!(number("hits"), results["hit"]);
    assert_eq!(number("joins"), results["joined"]);
    assert_near(number("saved_usd"), metrics.sum("saved_usd_total"));
}

/// Sums of dollars as floats may differ in their last digits.
fn assert_near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-6, "{left} {right}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_ledger_has_outlives_a_kill_and_nothing_is_counted_twice() {
    let mut gateway = gateway(&[]).await;
    let fox = json!({"prompt": "a fox"});
    for cache in ["miss", "hit"] {
        assert_eq!(gateway.generate(fox.clone()).await.cache(), cache);
    }
    let stored = eventually("it is sent though nobody asks for it", async || {
        let counters = gateway.counters();
        let is_hit =
            |(name, labels): &(String, String)| name == "results" && labels.contains("hit");
        counters.keys().any(is_hit).then_some(counters)
    })
    .await;
    for _ in 0..3 {
        assert_eq!(gateway.generate(fox.clone()).await.cache(), "hit");
    }
    gateway.restart(&[]).await;

    let metrics = Metrics::scrape(&gateway).await;
    for (row, value) in &stored {
        assert!(gateway.counters().get(row) >= Some(value), "{row:?}");
    }
    let hits = metrics.of("results_total{cache=\"hit\"}");
    assert!((1.0..=4.0).contains(&hits), "{hits}");
    assert_near(metrics.sum("saved_usd_total"), hits * PRICE as f64 / 1e6);
    assert_eq!(metrics.of("results_total{cache=\"miss\"}"), 1.0);
    assert_eq!(metrics.of("upstream_latency_seconds_count"), 1.0);
    assert_near(metrics.sum("billed_usd_total"), PRICE as f64 / 1e6);
    assert_eq!(metrics.of("frozen"), 0.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_the_operators_alone() {
    let gateway = gateway(&[("REQUIRE_AUTH", "true")]).await;
    let answer = gateway.get("/metrics").await;
    assert_eq!(answer.error(), (401, "unauthorized".into()));
    let key = gateway.make_key(json!({"name": "shop"})).await["key"].clone();
    let ask = gateway.request(Method::GET, "/metrics");
    let answer = Answer::to(ask.bearer_auth(key.as_str().unwrap())).await;
    assert_eq!(answer.error(), (403, "forbidden".into()));
    let answer = gateway.operator(Method::GET, "/metrics").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(
        answer.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let wrong: Value = gateway.operator(Method::POST, "/metrics").await.json();
    assert_eq!(wrong["code"], "method_not_allowed");
}

//! What the gateway adds to Ideogram's own time, in real workerd: from the caller's request to the
//! first byte of the call to Ideogram, from the last byte of the picture to the caller's answer, and
//! a hit; next to the same work asked of the simulator directly. One request at a time; medians and
//! 95th percentiles of one run. And how many generations a second go through the ledger.
//!
//! `make bench`

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bench that panics says so, and there is nobody to hurt"
)]
#![expect(dead_code, reason = "the gateway's module is used in part")]

#[path = "../tests/end_to_end/gateway/mod.rs"]
mod gateway;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;
use simulator::GenerationFault;

use gateway::Gateway;

const ROUNDS: usize = 200;
const REFUSED_AT_ONCE: usize = 32;
const REFUSED: usize = 2_000;

#[tokio::main]
async fn main() {
    let gateway = Gateway::start(&[("DAILY_BUDGET_USD", "100000")]).await;
    let mut before = vec![];
    let mut after = vec![];
    let mut whole = vec![];
    for round in 0..ROUNDS {
        let prompt = format!("measured {round}");
        let sent = now_us();
        let started = Instant::now();
        gateway.generate(json!({ "prompt": prompt })).await;
        let answered = now_us();
        whole.push(started.elapsed());
        let call = gateway.simulator.calls().pop().unwrap();
        let picture = gateway.simulator.image_answered_at_us().unwrap();
        before.push(micros(call.at_us, sent));
        after.push(micros(answered, picture));
    }
    let mut hits = vec![];
    for _ in 0..ROUNDS {
        let started = Instant::now();
        gateway.generate(json!({ "prompt": "measured 0" })).await;
        hits.push(started.elapsed());
    }
    let direct = direct(&gateway).await;
    println!("| {ROUNDS} requests, one at a time | median | 95 % |");
    println!("|---|---|---|");
    row("request to first byte of the call to Ideogram", before);
    row("last byte of the picture to the answer", after);
    row("a whole miss, Ideogram's own time 0", whole);
    row("a hit", hits);
    row("the simulator asked directly, answer and picture", direct);
    println!();
    println!(
        "Generations a second through both objects (acquire, call, settle; Ideogram refuses at once, {REFUSED_AT_ONCE} callers): {:.0}",
        refusals_a_second(&gateway).await
    );
}

/// The same work without a gateway: the call, then the picture.
async fn direct(gateway: &Gateway) -> Vec<Duration> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let simulator = &gateway.simulator;
    let mut times = vec![];
    for round in 0..ROUNDS {
        let body = json!({"image_request": {"prompt": format!("direct {round}")}});
        let started = Instant::now();
        let request = client
            .post(format!("{}/generate", simulator.base_url()))
            .header("api-key", simulator.api_key())
            .json(&body);
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        let url = answer["data"][0]["url"].as_str().unwrap();
        client.get(url).send().await.unwrap().bytes().await.unwrap();
        times.push(started.elapsed());
    }
    times
}

/// Each is a request, a job, a grant and a settlement; the jobs take turns in as many Generation
/// objects as there are callers, since making an object is another thing to measure.
async fn refusals_a_second(gateway: &Gateway) -> f64 {
    let refusal = GenerationFault::status(400);
    gateway.simulator.script(refusal, REFUSED as u32);
    let started = Instant::now();
    for _ in 0..REFUSED / REFUSED_AT_ONCE {
        let prompt = |number| json!({ "prompt": format!("refused {number}") });
        let requests = (0..REFUSED_AT_ONCE).map(prompt);
        gateway.generate_at_once(requests).await;
    }
    REFUSED as f64 / started.elapsed().as_secs_f64()
}

fn now_us() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since_epoch.as_micros()).unwrap()
}

fn micros(later: u64, earlier: u64) -> Duration {
    Duration::from_micros(later.saturating_sub(earlier))
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("| {what} | {:.1} ms | {:.1} ms |", at(50), at(95));
}

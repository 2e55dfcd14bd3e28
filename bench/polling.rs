//! What asking again and again adds to the time that Ideogram takes: from the end of its work to the
//! first poll that sees it, and how many polls a generation takes; in real workerd, with the
//! simulator's clock as the judge. First while nothing is known of the model, then once its pace is
//! learned. And how long a submission can be lost: from the moment it leaves to the moment the name
//! that Ideogram gives it is stored, with a simulator that answers at once.
//!
//! `cargo bench --bench polling`, about six minutes

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

use std::time::Duration;

use serde_json::json;
use simulator::SettingsChange;
use tokio::time::sleep;

use gateway::Gateway;

/// Generations in flight at once.
const AT_ONCE: usize = 8;
/// The least and the most that Ideogram takes, in milliseconds: drawn evenly between them.
const TIMES: [(u64, u64); 2] = [(5_000, 20_000), (9_000, 11_000)];
const WINDOWS: usize = 8;
const UNKNOWN: usize = 40;
const LEARNED: usize = 64;

#[tokio::main]
async fn main() {
    println!(
        "| Ideogram's time | what is known of it | generations | added, median | added, 95 % | polls a generation |"
    );
    println!("|---|---|---|---|---|---|");
    let mut windows = vec![];
    for (least, most) in TIMES {
        let gateway = Gateway::start(&[("UPSTREAM", "v2"), ("DAILY_BUDGET_USD", "100000")]).await;
        let work = SettingsChange {
            work_ms_from: Some(Some(least)),
            work_ms_to: Some(Some(most)),
            ..SettingsChange::default()
        };
        gateway.simulator.change_settings(&work);
        if windows.is_empty() {
            windows = windows_of(&gateway).await;
        }
        let times = format!("{} to {} s", least / 1_000, most / 1_000);
        generate(&gateway, "unknown", UNKNOWN).await;
        row(
            &times,
            "nothing",
            &gateway,
            gateway.simulator.generations().len() - UNKNOWN,
        );
        // What was learned is handed out every five minutes, after a look at Ideogram's health.
        gateway.probe().await;
        sleep(Duration::from_secs(2)).await;
        generate(&gateway, "learned", LEARNED).await;
        row(
            &times,
            "learned",
            &gateway,
            gateway.simulator.generations().len() - LEARNED,
        );
    }
    windows.sort_unstable();
    let at = |percent: usize| windows[(windows.len() - 1) * percent / 100];
    println!();
    println!(
        "A submission can be lost for {} ms (median of {}; 95 %: {} ms).",
        at(50),
        windows.len(),
        at(95)
    );
}

async fn generate(gateway: &Gateway, name: &str, generations: usize) {
    for batch in 0..generations / AT_ONCE {
        let prompt = |number| json!({"prompt": format!("{name} {batch} {number}")});
        let answers = gateway.generate_at_once((0..AT_ONCE).map(prompt)).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
    }
}

/// Milliseconds, one submission at a time.
async fn windows_of(gateway: &Gateway) -> Vec<u64> {
    let mut windows = vec![];
    for number in 0..WINDOWS {
        let prompt = format!("a window, number {number}");
        let asked = gateway.generation(&json!({"prompt": prompt})).send();
        let asked = tokio::spawn(asked);
        let id = gateway.generation_in("polling", &prompt).await;
        let job = gateway
            .jobs()
            .into_iter()
            .find(|job| job["id"] == id.as_str());
        let job = job.unwrap();
        // The first poll is seconds away: it was last written when it was named.
        let left_at = job["phase"]["polling"]["started_at"].as_u64().unwrap();
        windows.push(job["updated_at"].as_u64().unwrap() - left_at);
        asked.await.unwrap().unwrap();
    }
    windows
}

/// All generations but the first `skipped`.
fn row(times: &str, known: &str, gateway: &Gateway, skipped: usize) {
    let mut generations = gateway.simulator.generations();
    generations.sort_unstable_by_key(|generation| generation.submitted_at_us);
    let generations = &generations[skipped..];
    let mut added: Vec<_> = generations
        .iter()
        .map(|one| one.seen_at_us.unwrap() - one.completed_at_us.unwrap())
        .collect();
    added.sort_unstable();
    let at = |percent: usize| added[(added.len() - 1) * percent / 100] as f64 / 1e6;
    let polls: u64 = generations.iter().map(|one| one.polls).sum();
    println!(
        "| {times} | {known} | {} | {:.2} s | {:.2} s | {:.1} |",
        added.len(),
        at(50),
        at(95),
        polls as f64 / added.len() as f64
    );
}

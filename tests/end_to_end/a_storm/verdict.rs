//! What has to hold once a storm is over.
//! Holds true: the simulator's bill is the judge of money, prompt by prompt, and what it draws is
//! the judge of pictures, byte by byte.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use simulator::{BillLine, picture};

use super::callers::{Outcomes, is_expected};
use super::weather::Struck;
use crate::gateway::{Booked, Gateway, StoredLease, eventually};

const MAX_IN_FLIGHT: u32 = 8;

/// Waits until nothing is under way any more and nothing is owed.
pub async fn rest(gateway: &Gateway) {
    eventually("everything has come to rest", async || {
        let quiet = gateway.places_held() == 0 && gateway.simulator.images_in_progress() == 0;
        let ended = |job: &Value| {
            let phase = &job["phase"];
            let ended = phase.get("done").or(phase.get("failed")).is_some();
            ended && job["owed"].as_array().is_some_and(Vec::is_empty)
        };
        (quiet && gateway.jobs().iter().all(ended)).then_some(())
    })
    .await;
}

/// Checks all of it; returns how the stored generations ended.
pub async fn check(gateway: &Gateway, struck: &Struck, budget: u64) -> Outcomes {
    let peak = gateway.simulator.peak_images_in_progress();
    assert!(peak <= MAX_IN_FLIGHT, "{peak} pictures in progress at once");
    let jobs = gateway.jobs();
    check_books(gateway, &jobs, budget);
    check_kept(gateway, &jobs, struck);
    check_bytes(gateway).await;
    outcomes(&jobs)
}

/// How many submissions were billed whose answer was lost. All else that v2 was given and billed is
/// booked as billed, to the micro-dollar.
pub fn lost_submissions(gateway: &Gateway) -> usize {
    let named = gateway.simulator.polls_by_id();
    let lines = gateway.simulator.bill().lines.into_iter();
    let submitted = lines.filter(|line| line.generation_id.is_some());
    let (had, lost): (Vec<_>, Vec<_>) = submitted.partition(|line| {
        let id = line.generation_id.as_deref().unwrap_or_default();
        named.contains_key(id)
    });
    let Booked {
        billed,
        unconfirmed,
        ..
    } = gateway.booked();
    let sum = |lines: &[BillLine]| lines.iter().map(|line| line.micro_dollars).sum::<u64>();
    if !named.is_empty() {
        assert_eq!(
            billed,
            sum(&had),
            "what Ideogram named is booked as it was billed"
        );
        assert!(sum(&lost) <= unconfirmed, "{lost:?}");
    }
    lost.len()
}

/// Every generation is done, or failed for a reason that a storm can lead to.
fn outcomes(jobs: &[Value]) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for job in jobs {
        let outcome = match job["phase"]["failed"]["code"].as_str() {
            None => "done",
            Some(code) => code,
        };
        assert!(outcome == "done" || is_expected(outcome), "{job}");
        *outcomes.entry(outcome.to_owned()).or_default() += 1;
    }
    outcomes
}

/// Nothing is reserved, the totals are the sum of the leases, no day's budget is overrun, and for
/// each prompt Ideogram billed what is booked as billed, or more, but no more than may be.
fn check_books(gateway: &Gateway, jobs: &[Value], budget: u64) {
    let leases = gateway.leases();
    let (mut billed, mut unconfirmed) = (0, 0);
    let mut days = BTreeMap::<_, u64>::new();
    for lease in &leases {
        assert_ne!(lease.state, "reserved", "{lease:?}");
        billed += lease.billed;
        unconfirmed += lease.unconfirmed;
        *days.entry(lease.day).or_default() += lease.billed + lease.unconfirmed;
    }
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (billed, unconfirmed));
    for (day, spent) in days {
        assert!(spent <= budget, "{spent} of {budget} spent on day {day}");
    }
    let bill = gateway.billed();
    assert!(billed <= bill && bill <= billed + unconfirmed, "{booked:?}");
    check_each_prompt(gateway, jobs, &leases);
}

fn check_each_prompt(gateway: &Gateway, jobs: &[Value], leases: &[StoredLease]) {
    let mut by_fingerprint = BTreeMap::<_, Vec<_>>::new();
    for lease in leases {
        by_fingerprint
            .entry(fingerprint(&lease.id))
            .or_default()
            .push(lease);
    }
    let mut bill = BTreeMap::<_, u64>::new();
    for line in gateway.simulator.bill().lines {
        *bill.entry(line.prompt).or_default() += line.micro_dollars;
    }
    for job in jobs {
        let leases = by_fingerprint.remove(fingerprint(text(&job["id"])));
        let leases = leases.unwrap_or_default();
        let least: u64 = leases.iter().map(|lease| lease.billed).sum();
        let unsure: u64 = leases.iter().map(|lease| lease.unconfirmed).sum();
        let bill = bill.remove(text(&job["request"]["prompt"]));
        let bill = bill.unwrap_or_default();
        assert!(
            least <= bill && bill <= least + unsure,
            "billed {bill}, booked {leases:?}, {job}"
        );
    }
    assert!(bill.is_empty() && by_fingerprint.is_empty(), "{bill:?}");
}

/// Every picture that was paid for and whose answer came is in R2, but for those that Ideogram
/// withheld and those whose source was gone or held no picture.
fn check_kept(gateway: &Gateway, jobs: &[Value], struck: &Struck) {
    let stored = gateway.pictures();
    let kept = stored.iter().map(|stored| {
        let seed: u64 = stored.metadata["seed"].parse().unwrap();
        (stored.metadata["generation"].clone(), seed)
    });
    let kept: BTreeSet<_> = kept.collect();
    let mut missing = BTreeSet::new();
    let mut paid = 0;
    for record in gateway.history() {
        assert!(record.outcome == "done" || record.seeds.is_empty());
        paid += record.seeds.len() as u64;
        let seeds = record.seeds.into_iter();
        missing.extend(seeds.map(|seed| (record.id.clone(), seed)));
    }
    let Booked { images, .. } = gateway.booked();
    assert_eq!(paid, images, "the history does not have what was billed");
    missing.retain(|picture| !kept.contains(picture));
    let all = missing.len();
    for job in jobs {
        for picture in job["phase"]["done"]["pictures"]
            .as_array()
            .iter()
            .flat_map(|all| all.iter())
        {
            let name = (
                text(&job["id"]).to_owned(),
                picture["seed"].as_u64().unwrap(),
            );
            if missing.remove(&name) {
                assert!(is_excused(&picture["state"]), "{picture}");
            }
        }
    }
    // What is left belongs to generations that were asked for again, because not all was kept.
    let known: BTreeSet<_> = jobs.iter().map(|job| text(&job["id"])).collect();
    for (generation, _) in &missing {
        assert!(!known.contains(generation.as_str()), "{missing:?}");
    }
    assert!(all <= struck.pictures_gone_or_withheld(), "{missing:?}");
}

fn is_excused(state: &Value) -> bool {
    let reason = state["lost"]["reason"].as_str().unwrap_or_default();
    let gone = "the picture is gone from its source (status 404)";
    let no_picture = "the source holds no PNG, JPEG or WebP picture";
    state == "withheld" || reason == gone || reason == no_picture
}

/// Every picture in R2 is the one that was drawn.
async fn check_bytes(gateway: &Gateway) {
    for stored in gateway.pictures() {
        let kept = gateway.get(&format!("/{}", stored.key)).await;
        let seed = stored.metadata["seed"].parse().unwrap();
        let drawn = picture(&stored.metadata["prompt"], seed, 1024, 1024);
        assert!(kept.body == drawn, "other bytes: {stored:?}");
    }
}

fn fingerprint(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

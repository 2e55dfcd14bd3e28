//! The day changes at midnight UTC while money is reserved: what was acquired before counts against
//! the old day, whenever it is settled, and the new day has its whole budget.
//! Holds true: leases and totals are read as the ledger stored them; what Ideogram takes over midnight
//! with cannot end before it, however slow this machine is.

use serde_json::json;
use simulator::GenerationFault;
use tokio::task::JoinHandle;

use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, PRICE, eventually};

/// Enough for a handful of requests on a busy machine.
const SECONDS_BEFORE: u64 = 20;
/// What Ideogram takes longer than the day.
const MILLIS_LONGER: u64 = 10_000;
const BUDGET_FOR_THREE: (&str, &str) = ("DAILY_BUDGET_USD", "0.24");
const PATIENT: (&str, &str) = ("REQUEST_TIMEOUT_SECONDS", "120");

/// Asks for pictures that Ideogram finishes only after midnight, and waits until it is at work.
async fn ask_over_midnight(gateway: &Gateway, prompt: &str, images: u64) -> JoinHandle<Answer> {
    let before_work_ms = gateway.seconds_to_midnight() * 1000 + MILLIS_LONGER;
    let late = GenerationFault::Delay {
        before_work_ms,
        after_work_ms: 0,
    };
    gateway.simulator.script(late, 1);
    let fields = json!({"prompt": prompt, "num_images": images});
    let asked = tokio::spawn(Answer::to(gateway.generation(&fields)));
    gateway.generation_in("generating", prompt).await;
    asked
}

async fn ask(gateway: &Gateway, prompt: &str, images: u64) -> Answer {
    gateway
        .generate(json!({"prompt": prompt, "num_images": images}))
        .await
}

fn assert_over_budget(refused: &Answer) {
    assert_eq!(refused.error(), (429, "daily_budget_exceeded".into()));
}

async fn midnight(gateway: &Gateway, old: u64) {
    eventually("the day changes", async || {
        (gateway.day() > old).then_some(())
    })
    .await;
}

/// The days of the leases, in the order of the requests that took them.
fn lease_days(gateway: &Gateway, answers: &[&Answer]) -> Vec<u64> {
    let leases = gateway.leases();
    let days = answers.iter().map(|answer| {
        let id = answer.header("x-generation-id").unwrap();
        let own = leases.iter().find(|lease| lease.id.starts_with(id));
        own.unwrap().day
    });
    days.collect()
}

const fn billed(requests: u64, images: u64) -> Booked {
    Booked {
        requests,
        images,
        billed: images * PRICE,
        unconfirmed: 0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_at_midnight_counts_against_the_old_day_and_the_new_one_is_whole() {
    let vars = [BUDGET_FOR_THREE, PATIENT];
    let gateway = Gateway::start_before_midnight(SECONDS_BEFORE, &vars).await;
    let old = gateway.day();
    let over_midnight = ask_over_midnight(&gateway, "two foxes", 2).await;
    let refused = ask(&gateway, "two wolves", 2).await;
    assert_over_budget(&refused);
    midnight(&gateway, old).await;

    let passes = ask(&gateway, "two wolves", 2).await;
    assert_eq!(passes.status, 200, "refused before midnight, not after it");
    let last = ask(&gateway, "a bear", 1).await;
    assert_eq!(last.status, 200);
    assert_over_budget(&ask(&gateway, "an owl", 1).await);
    let foxes = over_midnight.await.unwrap();
    assert_eq!(foxes.status, 200);
    assert_over_budget(&ask(&gateway, "an owl", 1).await);

    let days = lease_days(&gateway, &[&foxes, &passes, &last]);
    assert_eq!(days, [old, old + 1, old + 1]);
    assert_eq!(gateway.booked_on(old), billed(1, 2));
    assert_eq!(gateway.booked_on(old + 1), billed(2, 3));
    assert_eq!(gateway.billed(), 5 * PRICE);
    assert_eq!(gateway.places_held(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_over_midnight_is_paid_out_of_the_new_day() {
    let waiting = [("MAX_IN_FLIGHT", "2"), ("QUEUE_TIMEOUT_SECONDS", "300")];
    let vars = [&[BUDGET_FOR_THREE, PATIENT], &waiting[..]].concat();
    let gateway = Gateway::start_before_midnight(SECONDS_BEFORE, &vars).await;
    let old = gateway.day();
    let over_midnight = ask_over_midnight(&gateway, "two foxes", 2).await;
    let waits = gateway.generation(&json!({"prompt": "a wolf"}));
    let waits = tokio::spawn(Answer::to(waits));
    gateway.generation_in("queued", "a wolf").await;
    // Who waits counts as served.
    assert_over_budget(&ask(&gateway, "a bear", 1).await);

    let foxes = over_midnight.await.unwrap();
    let wolf = waits.await.unwrap();
    assert_eq!((foxes.status, wolf.status), (200, 200));
    let bears = ask(&gateway, "two bears", 2).await;
    assert_eq!(bears.status, 200);
    assert_over_budget(&ask(&gateway, "an owl", 1).await);

    let days = lease_days(&gateway, &[&foxes, &wolf, &bears]);
    assert_eq!(days, [old, old + 1, old + 1]);
    assert_eq!(gateway.booked_on(old), billed(1, 2));
    assert_eq!(gateway.booked_on(old + 1), billed(2, 3));
    assert_eq!(gateway.billed(), 5 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_midnight_and_started_after_it_both_days_are_booked_right() {
    let own = [("MAX_IN_FLIGHT", "2"), ("UNCONFIRMED_HOLD_SECONDS", "1")];
    let vars = [&[BUDGET_FOR_THREE, PATIENT], &own[..]].concat();
    // Less than a generation may wait: what it has lost of its time counts.
    let mut gateway = Gateway::start_before_midnight(60, &vars).await;
    let old = gateway.day();
    let hang = GenerationFault::Hang { billed: true };
    gateway.simulator.script(hang, 1);
    for (prompt, images, phase) in [("two foxes", 2, "generating"), ("a wolf", 1, "queued")] {
        let fields = json!({"prompt": prompt, "num_images": images});
        drop(tokio::spawn(gateway.generation(&fields).send()));
        gateway.generation_in(phase, prompt).await;
    }
    eventually("Ideogram has billed it", async || {
        (gateway.billed() == 2 * PRICE).then_some(())
    })
    .await;
    gateway.restart_later(gateway.seconds_to_midnight()).await;
    assert_eq!(gateway.day(), old + 1);

    let wolf = gateway.generation_in("done", "a wolf").await;
    let bears = ask(&gateway, "two bears", 2).await;
    assert_eq!(bears.status, 200);
    assert_over_budget(&ask(&gateway, "an owl", 1).await);
    let of_wolf = gateway
        .leases()
        .into_iter()
        .find(|lease| lease.id.starts_with(&wolf));
    assert_eq!(of_wolf.unwrap().day, old + 1);
    let lost = Booked {
        requests: 1,
        images: 0,
        billed: 0,
        unconfirmed: 2 * PRICE,
    };
    assert_eq!(gateway.booked_on(old), lost);
    assert_eq!(gateway.booked_on(old + 1), billed(2, 3));
    assert_eq!(gateway.billed(), 5 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_own_budget_is_spent_is_served_again_the_next_day() {
    let vars = [("ADMIN_KEY", OPERATOR_KEY)];
    let mut gateway = Gateway::start_before_midnight(600, &vars).await;
    let old = gateway.day();
    let made = gateway
        .make_key(json!({"name": "shop", "daily_budget_usd": 0.08}))
        .await;
    let key = made["key"].as_str().unwrap();
    let ask_with_key = async |gateway: &Gateway, prompt: &str| {
        let fields = json!({ "prompt": prompt });
        Answer::to(gateway.generation(&fields).header("api-key", key)).await
    };
    let before = ask_with_key(&gateway, "a fox").await;
    assert_eq!(before.status, 200);
    let refused = ask_with_key(&gateway, "a wolf").await;
    assert_eq!(refused.error(), (429, "client_budget_exceeded".into()));

    gateway.restart_later(gateway.seconds_to_midnight()).await;
    let after = ask_with_key(&gateway, "a wolf").await;
    assert_eq!(after.status, 200);
    assert_eq!(lease_days(&gateway, &[&before, &after]), [old, old + 1]);
    let refused = ask_with_key(&gateway, "a bear").await;
    assert_eq!(refused.error(), (429, "client_budget_exceeded".into()));
}

//! Ideogram's v2 API as the upstream: what was submitted is asked for until it has an end, so what
//! was paid is had, whatever becomes of the gateway, of polls and of links meanwhile.
//! Holds true: the simulator's bill is the judge of what was paid, and its records of what was asked.
//!
//! `KILLS=200 cargo test --test end_to_end polling` kills the gateway as often while it polls; it is
//! killed a few times otherwise.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault, PollFault, SettingsChange};
use tokio::time::sleep;

use crate::gateway::{Booked, Gateway, PRICE, eventually};

const V2: (&str, &str) = ("UPSTREAM", "v2");

/// A gateway whose pictures take this long at Ideogram.
async fn start(work_ms: u64, vars: &[(&str, &str)]) -> Gateway {
    let gateway = Gateway::start(&[&[V2], vars].concat()).await;
    gateway.simulator.set_latency_ms(work_ms);
    gateway
}

/// Asks for a picture, and does not wait for the answer.
fn ask(gateway: &Gateway, prompt: &str) {
    drop(tokio::spawn(
        gateway.generation(&json!({"prompt": prompt})).send(),
    ));
}

const fn billed(pictures: u64) -> Booked {
    Booked {
        requests: pictures,
        images: pictures,
        billed: pictures * PRICE,
        unconfirmed: 0,
    }
}

/// The names of everything in an answer, however deep.
fn shape(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                into.insert(path.clone());
                shape(value, &path, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| shape(item, path, into)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_see_no_difference_between_ideograms_apis() {
    let mut gateway = start(0, &[]).await;
    let asks = |prompt: &str| {
        json!({"prompt": prompt, "model": "V_2_TURBO", "aspect_ratio": "ASPECT_16_9",
               "magic_prompt_option": "OFF", "style_type": "DESIGN", "seed": 7, "num_images": 2})
    };
    let by_v2 = gateway.generate(asks("a fox")).await;
    let call = gateway.simulator.calls().remove(0);
    assert_eq!(call.path, "/v2/image/generate/ideogram-2");
    let sent: Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(sent["async"], true);
    assert_eq!(sent["private"], true);
    assert_eq!(sent["rendering_speed"], "turbo");
    assert_eq!(sent["aspect_ratio"], "16x9");

    gateway.restart(&[("UPSTREAM", "legacy")]).await;
    let by_legacy = gateway.generate(asks("a wolf")).await;
    let calls = gateway.simulator.calls();
    assert_eq!(calls.last().unwrap().path, "/generate");

    let (mut v2, mut legacy) = (BTreeSet::new(), BTreeSet::new());
    shape(&by_v2.result(), "", &mut v2);
    shape(&by_legacy.result(), "", &mut legacy);
    assert_eq!(v2, legacy);
    assert_eq!(by_v2.cost(), by_legacy.cost());
    for place in 0..2 {
        assert!(by_v2.is_persisted(place));
        let [of_v2, of_legacy] =
            [&by_v2, &by_legacy].map(|answer| answer.result()["data"][place].clone());
        for field in ["seed", "resolution", "style_type", "is_image_safe"] {
            assert_eq!(of_v2[field], of_legacy[field], "{field}");
        }
    }
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_v2_has_no_words_for_goes_where_it_was_sent() {
    let gateway = start(0, &[]).await;
    let old = json!({"prompt": "a fox", "model": "V_1"});
    assert_eq!(gateway.generate(old).await.cache(), "miss");
    let shaped = json!({"prompt": "a fox", "model": "V_2", "resolution": "RESOLUTION_1024_640"});
    assert_eq!(gateway.generate(shaped).await.cache(), "miss");
    let calls = gateway.simulator.calls();
    let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
    assert_eq!(paths, ["/generate", "/generate"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_while_it_polls_every_picture_is_had_and_paid_once() {
    let kills = std::env::var("KILLS").map_or(5, |kills| kills.parse().unwrap());
    let mut gateway = start(0, &[("DAILY_BUDGET_USD", "1000")]).await;
    let work = SettingsChange {
        work_ms_from: Some(Some(500)),
        work_ms_to: Some(Some(3_000)),
        ..SettingsChange::default()
    };
    gateway.simulator.change_settings(&work);
    for kill in 0..kills {
        let prompt = format!("fox number {kill}");
        ask(&gateway, &prompt);
        gateway.generation_in("polling", &prompt).await;
        sleep(Duration::from_millis(fastrand_below(1_500))).await;
        gateway.restart(&[]).await;
    }
    for kill in 0..kills {
        gateway
            .generation_in("done", &format!("fox number {kill}"))
            .await;
    }
    eventually("the ledger knows", async || {
        (gateway.booked() == billed(kills)).then_some(())
    })
    .await;
    assert_eq!(gateway.pictures().len() as u64, kills);
    assert_eq!(gateway.billed(), kills * PRICE);
    assert_eq!(gateway.generation_calls() as u64, kills);
    println!("{kills} kills: {kills} pictures, {kills} paid");
}

/// Some number below this one, other with each call.
fn fastrand_below(most: u64) -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::from(now.unwrap().subsec_nanos()) / 1_000 % most
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn down_for_an_hour_it_comes_back_and_collects_what_was_paid() {
    let mut gateway = start(1_000, &[]).await;
    ask(&gateway, "a fox");
    gateway.generation_in("polling", "a fox").await;
    gateway.kill();
    eventually("Ideogram has billed it", async || {
        (gateway.billed() == PRICE).then_some(())
    })
    .await;
    gateway.restart(&[("CLOCK_AHEAD_SECONDS", "3600")]).await;
    gateway.generation_in("done", "a fox").await;
    eventually("the ledger knows", async || {
        (gateway.booked() == billed(1)).then_some(())
    })
    .await;
    assert_eq!(gateway.pictures().len(), 1);
    assert_eq!(gateway.generation_calls(), 1);
    let again = gateway.generate(json!({"prompt": "a fox"})).await;
    assert!(["hit", "joined"].contains(&again.cache().as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_submission_whose_answer_is_lost_stays_unconfirmed() {
    let gateway = start(0, &[]).await;
    let lost = [
        GenerationFault::Reset { billed: true },
        GenerationFault::HalfBody,
        GenerationFault::billed_status(524),
    ];
    let losses = lost.len() as u64;
    for (number, fault) in (0..).zip(lost) {
        gateway.simulator.script(fault, 1);
        let prompt = format!("lost fox {number}");
        let answer = gateway.generate(json!({"prompt": prompt})).await;
        assert_eq!(answer.error(), (502, "upstream_error".into()));
    }
    let had = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(had.cache(), "miss");
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (PRICE, losses * PRICE));
    assert_eq!(booked.billed + booked.unconfirmed, gateway.billed());
    assert_eq!(
        gateway.simulator.polls_by_id().len(),
        1,
        "what has no name is not polled"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_with_polls_the_picture_is_had() {
    let gateway = start(0, &[("REQUEST_TIMEOUT_SECONDS", "2")]).await;
    let later = PollFault::Answer {
        status: 429,
        headers: vec![("retry-after".into(), "1".into())],
        body: String::new(),
    };
    let faults = [
        PollFault::status(500),
        PollFault::status(401),
        later,
        PollFault::Reset,
        PollFault::HalfBody,
        PollFault::Hang,
        PollFault::Unknown,
    ];
    // Each strikes another generation, so that the waits do not add up.
    let prompts: Vec<_> = (0..faults.len())
        .map(|n| json!({"prompt": format!("fox {n}")}))
        .collect();
    for fault in faults {
        gateway.simulator.script(fault, 1);
    }
    let answers = gateway.generate_at_once(prompts).await;
    assert!(answers.iter().all(|answer| answer.is_persisted(0)));
    assert_eq!(gateway.booked(), billed(answers.len() as u64));
    assert_eq!(gateway.billed(), answers.len() as u64 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_that_fails_costs_nothing_and_is_made_anew_unless_its_prompt_is_refused() {
    let gateway = start(0, &[]).await;
    let fails = |reason: &str| GenerationFault::Fails {
        reason: reason.to_owned(),
    };
    gateway
        .simulator
        .script(fails("content_policy_violation"), 1);
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (422, "prompt_rejected".into()));
    assert_eq!((gateway.billed(), gateway.booked().billed), (0, 0));

    gateway.simulator.script(fails("internal_error"), 1);
    let made = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(made.cache(), "miss");
    assert_eq!(gateway.billed(), PRICE);
    assert_eq!(gateway.booked().billed, PRICE);
    assert_eq!(gateway.generation_calls(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_link_is_exchanged_for_another_and_without_one_the_picture_is_given_up() {
    let gateway = start(0, &[]).await;
    gateway.simulator.script(ImageFault::status(404), 1);
    ask(&gateway, "a fox");
    gateway.generation_in("done", "a fox").await;
    assert_eq!(gateway.pictures().len(), 1, "another poll had another link");

    let same = SettingsChange {
        fresh_links_on_poll: Some(false),
        ..SettingsChange::default()
    };
    gateway.simulator.change_settings(&same);
    gateway.simulator.script(ImageFault::status(404), 1);
    ask(&gateway, "a wolf");
    let id = gateway.generation_in("done", "a wolf").await;
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["result"]["gateway"]["images"][0]["persisted"], false);
    assert_eq!(gateway.pictures().len(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_price_that_ideogram_names_is_what_is_booked_and_else_its_quote() {
    let gateway = start(0, &[]).await;
    let says = SettingsChange {
        usage_cost: Some(true),
        price_percent: Some(125),
        ..SettingsChange::default()
    };
    gateway.simulator.change_settings(&says);
    let dearer = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(dearer.cost(), PRICE * 5 / 4);
    assert_eq!(gateway.booked().billed, gateway.billed());

    let quoted = SettingsChange {
        usage_cost: Some(false),
        price_percent: Some(50),
        ..SettingsChange::default()
    };
    gateway.simulator.change_settings(&quoted);
    gateway.look_at_prices().await;
    let cheaper = gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(cheaper.cost(), PRICE / 2);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

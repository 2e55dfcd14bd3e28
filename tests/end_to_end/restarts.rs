//! The gateway is killed at each state of a generation and started again on the same storage: no
//! picture that was paid for is lost, no money is forgotten, no place stays taken.
//! Holds true: after the restart nobody asks for anything; the objects' own alarms do it all.

use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault, Times, picture};

use crate::gateway::{Booked, Gateway, PRICE, eventually};

const HOLD: (&str, &str) = ("UNCONFIRMED_HOLD_SECONDS", "1");

/// Asks for a picture, and does not wait for the answer.
fn ask(gateway: &Gateway, fields: &Value) {
    drop(tokio::spawn(gateway.generation(fields).send()));
}

async fn places_come_back(gateway: &Gateway) {
    eventually("all places are free", async || {
        (gateway.places_held() == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_ideogram_is_at_work_the_call_is_booked_and_its_place_comes_back() {
    let mut gateway = Gateway::start(&[HOLD, ("MAX_IN_FLIGHT", "1")]).await;
    let hang = GenerationFault::Hang { billed: true };
    gateway.simulator.script(hang, 1);
    let fields = json!({"prompt": "a fox"});
    ask(&gateway, &fields);
    eventually("Ideogram has billed it", async || {
        (gateway.billed() == PRICE).then_some(())
    })
    .await;
    let id = gateway.generation_in("generating", "a fox").await;
    gateway.restart(&[]).await;

    places_come_back(&gateway).await;
    let booked = Booked {
        requests: 1,
        images: 0,
        billed: 0,
        unconfirmed: PRICE,
    };
    assert_eq!(gateway.booked(), booked);
    assert_eq!(gateway.calls(), 1, "it is not asked for again by itself");
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["state"], "failed");
    assert_eq!(shown["error"]["code"], "interrupted");

    let again = gateway.generate(fields).await;
    assert_eq!(again.cache(), "miss");
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (PRICE, PRICE));
    assert_eq!(booked.billed + booked.unconfirmed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_waits_for_a_place_a_generation_waits_on_and_is_made_once() {
    let mut gateway = Gateway::start(&[HOLD]).await;
    let hang = GenerationFault::Hang { billed: true };
    gateway.simulator.script(hang, 1);
    ask(&gateway, &json!({"prompt": "eight foxes", "num_images": 8}));
    eventually("Ideogram has billed it", async || {
        (gateway.billed() == 8 * PRICE).then_some(())
    })
    .await;
    ask(&gateway, &json!({"prompt": "a wolf", "seed": 3}));
    gateway.generation_in("queued", "a wolf").await;
    assert_eq!(gateway.calls(), 1);
    gateway.restart(&[]).await;

    gateway.generation_in("done", "a wolf").await;
    places_come_back(&gateway).await;
    let [stored] = &gateway.pictures()[..] else {
        panic!("{:?}", gateway.pictures());
    };
    let kept = gateway.get(&format!("/{}", stored.key)).await;
    assert!(
        kept.body == picture("a wolf", 3, 1024, 1024),
        "another picture"
    );
    assert_eq!(gateway.calls(), 2);
    assert_eq!(gateway.billed(), 9 * PRICE);
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (PRICE, 8 * PRICE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_a_picture_is_fetched_it_is_fetched_again_and_kept() {
    let mut gateway = Gateway::start(&[]).await;
    let slow = ImageFault::Slow { total_ms: 600_000 };
    gateway.simulator.script(slow, Times::UntilCleared);
    let fields = json!({"prompt": "a fox", "seed": 7});
    ask(&gateway, &fields);
    eventually("the picture is being fetched", async || {
        (gateway.simulator.image_fetches() == 1).then_some(())
    })
    .await;
    let id = gateway.generation_in("storing", "a fox").await;
    gateway.kill();
    gateway.simulator.clear_faults();
    gateway.restart(&[]).await;

    gateway.generation_in("done", "a fox").await;
    let again = gateway.generate(fields).await;
    assert_eq!(again.cache(), "hit");
    assert_eq!(again.header("x-generation-id"), Some(id.as_str()));
    let kept = gateway.get(&again.link(0)).await;
    assert!(
        kept.body == picture("a fox", 7, 1024, 1024),
        "another picture"
    );
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().unconfirmed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_two_tries_to_keep_a_picture_it_goes_on_trying() {
    let mut gateway = Gateway::start(&[]).await;
    gateway
        .simulator
        .script(ImageFault::status(503), Times::UntilCleared);
    let fields = json!({"prompt": "a fox", "seed": 7, "num_images": 2});
    let first = gateway.generate(fields.clone()).await;
    assert!(!first.is_persisted(0) && !first.is_persisted(1));
    assert_eq!(gateway.booked().billed, 2 * PRICE);
    gateway.kill();
    gateway.simulator.clear_faults();
    gateway.restart(&[]).await;

    gateway.generation_in("done", "a fox").await;
    let again = gateway.generate(fields).await;
    assert_eq!(again.cache(), "hit");
    for (index, seed) in [(0, 7), (1, 8)] {
        let kept = gateway.get(&again.link(index)).await;
        let drawn = picture("a fox", seed, 1024, 1024);
        assert!(kept.body == drawn, "another picture at {index}");
    }
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_two_calls_a_generation_is_tried_again_under_its_lease() {
    let mut gateway = Gateway::start(&[]).await;
    let fault = GenerationFault::Answer {
        status: 429,
        headers: vec![("retry-after".into(), "5".into())],
        body: String::new(),
        billed: false,
    };
    gateway.simulator.script(fault, 1);
    ask(&gateway, &json!({"prompt": "a fox"}));
    let id = gateway.generation_in("ready", "a fox").await;
    eventually("it has been tried once", async || {
        (gateway.calls() == 1).then_some(())
    })
    .await;
    gateway.restart(&[]).await;

    assert_eq!(gateway.generation_in("done", "a fox").await, id);
    assert_eq!(gateway.calls(), 2);
    let booked = Booked {
        requests: 1,
        images: 1,
        billed: gateway.billed(),
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
    places_come_back(&gateway).await;
}

//! A picture that cannot be fetched now is fetched later, without another call to Ideogram.
//! Holds true: until it is kept the caller has the source's link, and no result is cached.

use serde_json::json;
use simulator::{ImageFault, picture};

use crate::gateway::{Gateway, PRICE};

async fn is_kept_later(gateway: &Gateway, prompt: &str, fault: ImageFault, times: u32) {
    let simulator = &gateway.simulator;
    let (calls, cached) = (gateway.calls(), gateway.cached().len());
    let fetches = simulator.image_fetches();
    simulator.script(fault, times);
    let fields = json!({"prompt": prompt, "seed": 7});
    let first = gateway.generate(fields.clone()).await;
    assert!(!first.is_persisted(0), "{prompt}");
    assert!(first.link(0).starts_with(&simulator.base_url()), "{prompt}");
    assert_eq!(first.cost(), PRICE, "{prompt}");
    assert_eq!(gateway.cached().len(), cached, "{prompt}");

    let id = gateway.generation_in("done", prompt).await;
    let again = gateway.generate(fields).await;
    assert_eq!(again.cache(), "hit", "{prompt}");
    assert_eq!(again.header("x-generation-id"), Some(id.as_str()));
    let kept = gateway.get(&again.link(0)).await;
    assert!(
        kept.body == picture(prompt, 7, 1024, 1024),
        "{prompt}: other bytes"
    );
    assert_eq!(
        simulator.image_fetches() - fetches,
        u64::from(times) + 1,
        "{prompt}"
    );
    assert_eq!(gateway.calls() - calls, 1, "{prompt}");
    assert_eq!(gateway.cached().len(), cached + 1, "{prompt}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_breaks_off_is_never_kept_in_part_and_kept_whole_later() {
    let gateway = Gateway::start(&[]).await;
    let too_long = ImageFault::WrongContentLength { difference: 10 };
    for (prompt, fault) in [
        ("reset", ImageFault::Reset),
        ("half", ImageFault::HalfBody),
        ("declared longer than it is", too_long),
    ] {
        is_kept_later(&gateway, prompt, fault, 1).await;
    }
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_fails_twice_is_tried_a_third_time() {
    let gateway = Gateway::start(&[]).await;
    is_kept_later(&gateway, "a fox", ImageFault::status(500), 2).await;
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_picture_is_still_to_be_kept_the_same_request_is_not_made_again() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(ImageFault::status(503), 3);
    let fields = json!({"prompt": "a fox"});
    let first = gateway.generate(fields.clone()).await;
    let second = gateway.generate(fields).await;
    assert!(!first.is_persisted(0) && !second.is_persisted(0));
    assert_eq!(second.link(0), first.link(0));
    assert_eq!(second.cost(), 0);
    assert_eq!(gateway.calls(), 1);
}

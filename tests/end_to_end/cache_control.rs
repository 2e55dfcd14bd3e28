//! `Cache-Control` of a request: a new picture where one is there already, or one that is for nobody
//! else. Holds true: what was paid is counted by the simulator.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE};

fn fox() -> Value {
    json!({"prompt": "a fox"})
}

/// Asks for the fox with this `Cache-Control`.
async fn ask(gateway: &Gateway, control: &str) -> Answer {
    let request = gateway.generation(&fox());
    Answer::to(request.header("cache-control", control)).await
}

fn id(answer: &Answer) -> String {
    answer.header("x-generation-id").unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_cache_pays_for_a_new_picture_which_takes_the_place_of_the_old_one() {
    let mut gateway = Gateway::start(&[]).await;
    let old = gateway.generate(fox()).await;
    let (old_link, mut newest) = (old.link(0), id(&old));
    for (control, calls) in [("no-cache", 2), ("x=\"no-store\" , Max-Age=0", 3)] {
        let new = ask(&gateway, control).await;
        assert_eq!((new.cache().as_str(), new.cost()), ("miss", PRICE));
        assert_ne!(id(&new), newest);
        assert_ne!(new.link(0), old_link);
        newest = id(&new);
        assert_eq!(gateway.calls(), calls);

        for _ in 0..2 {
            let plain = gateway.generate(fox()).await;
            assert_eq!((plain.cache().as_str(), plain.cost()), ("hit", 0));
            assert_eq!(id(&plain), newest, "{control}");
            gateway.restart(&[]).await;
        }
        assert_eq!(gateway.cached().len(), 1);
    }
    let (_, key) = old_link.split_once("/images/").unwrap();
    let kept = gateway.get(&format!("/images/{key}")).await;
    assert_eq!(kept.status, 200, "what was paid for stays kept");
    assert_eq!(gateway.booked().billed, 3 * PRICE);
    assert_eq!(gateway.billed(), 3 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_cache_joins_what_is_under_way() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(1_500);
    let first = tokio::spawn(Answer::to(gateway.generation(&fox())));
    gateway.generation_in("generating", "a fox").await;
    let joined = ask(&gateway, "no-cache").await;
    assert_eq!((joined.cache().as_str(), joined.cost()), ("joined", 0));
    assert_eq!(id(&joined), id(&first.await.unwrap()));
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_ask_for_nothing_are_hits() {
    let gateway = Gateway::start(&[]).await;
    gateway.generate(fox()).await;
    for control in ["max-age=60", "only-if-cached", "public", "x=\"no-cache\""] {
        assert_eq!(ask(&gateway, control).await.cache(), "hit", "{control}");
    }
    let pragma = gateway.generation(&fox()).header("pragma", "no-cache");
    assert_eq!(Answer::to(pragma).await.cache(), "hit");
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_store_pays_each_time_and_neither_finds_nor_is_found() {
    let mut gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let mut ids = vec![];
    for _ in 0..2 {
        let apart = ask(&gateway, "no-cache, no-store").await;
        assert_eq!((apart.cache().as_str(), apart.cost()), ("bypass", PRICE));
        assert!(apart.is_persisted(0));
        ids.push(id(&apart));
    }
    assert!(gateway.cached().is_empty(), "nothing is in the cache");
    let plain = gateway.generate(fox()).await;
    assert_eq!(plain.cache(), "miss");
    assert_eq!(ask(&gateway, "no-store").await.cache(), "bypass");
    assert_eq!(gateway.generate(fox()).await.cache(), "hit");
    assert_eq!(gateway.cached().len(), 1);
    assert_eq!(gateway.billed(), 4 * PRICE);
    assert_eq!(gateway.booked().billed, 4 * PRICE);

    gateway.restart(&[]).await;
    for id in &ids {
        let shown = gateway.get(&format!("/generations/{id}")).await.result();
        assert_eq!(shown["state"], "done");
        let link = shown["result"]["data"][0]["url"].as_str().unwrap();
        let (_, key) = link.split_once("/images/").unwrap();
        assert_eq!(gateway.get(&format!("/images/{key}")).await.status, 200);
    }
    let path = format!("/admin/generations/{}", ids[0]);
    let erased = gateway.operator(Method::DELETE, &path).await;
    assert_eq!(erased.json()["pictures"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_at_once_with_no_store_are_twenty_generations() {
    let gateway = Gateway::start(&[]).await;
    let asked = (0..20).map(|_| {
        let request = gateway
            .generation(&fox())
            .header("cache-control", "no-store");
        tokio::spawn(Answer::to(request))
    });
    let asked: Vec<_> = asked.collect();
    for answer in asked {
        let answer = answer.await.unwrap();
        assert_eq!((answer.cache().as_str(), answer.cost()), ("bypass", PRICE));
    }
    assert_eq!(gateway.calls(), 20);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_refused_within_the_hour_is_not_sent_again_and_no_store_is_not_remembered() {
    let gateway = Gateway::start(&[]).await;
    let refusal = GenerationFault::status(422);
    gateway.simulator.script(refusal, 2);
    let refused = (422, "prompt_rejected".to_owned());
    assert_eq!(ask(&gateway, "no-store").await.error(), refused);
    assert_eq!(gateway.generate(fox()).await.error(), refused);
    assert_eq!(gateway.calls(), 2, "the first one left nothing behind");
    for control in ["no-cache", "no-store", "max-age=60"] {
        assert_eq!(ask(&gateway, control).await.error(), refused, "{control}");
    }
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_picture_that_fails_leaves_the_old_one_in_the_cache() {
    let gateway = Gateway::start(&[]).await;
    let old = gateway.generate(fox()).await;
    gateway.simulator.script(GenerationFault::status(400), 1);
    let failed = ask(&gateway, "no-cache").await;
    assert_eq!(failed.error(), (400, "invalid_request".into()));
    let plain = gateway.generate(fox()).await;
    assert_eq!(plain.cache(), "hit");
    assert_eq!(id(&plain), id(&old));
    assert_eq!(gateway.billed(), PRICE);
}

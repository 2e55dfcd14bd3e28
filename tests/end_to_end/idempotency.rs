//! `Idempotency-Key`: a request that is sent again is answered again and paid once, whatever became
//! of the first one. Holds true: what was paid is counted by the simulator.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault};

use crate::client_keys;
use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, PRICE, eventually};

const KEY: &str = "order-17/first-try";
const SHORT_HOLD: (&str, &str) = ("UNCONFIRMED_HOLD_SECONDS", "1");

fn fox() -> Value {
    json!({"prompt": "a fox"})
}

fn with_key(gateway: &Gateway, fields: &Value) -> RequestBuilder {
    gateway.generation(fields).header("idempotency-key", KEY)
}

async fn ask(gateway: &Gateway, fields: Value) -> Answer {
    Answer::to(with_key(gateway, &fields)).await
}

fn id(answer: &Answer) -> String {
    answer.header("x-generation-id").unwrap().to_owned()
}

fn conflict() -> (u16, String) {
    (409, "idempotency_conflict".into())
}

/// The body as text, without what each answer says of itself.
fn told(answer: &Answer) -> String {
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let cache = format!("\"cache\":\"{}\"", answer.cache());
    assert!(text.contains(&cache), "{text}");
    let cost = answer.result()["gateway"]["cost_usd"].to_string();
    let cost = format!("\"cost_usd\":{cost}");
    assert!(text.contains(&cost), "{text}");
    text.replace(&cache, "").replace(&cost, "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_is_replayed_also_after_a_restart_and_when_the_cache_has_moved_on() {
    let mut gateway = Gateway::start(&[]).await;
    let fields = json!({"prompt": "a fox, write to jo@example.com", "num_images": 2});
    let first = ask(&gateway, fields.clone()).await;
    assert_eq!((first.cache().as_str(), first.cost()), ("miss", 2 * PRICE));
    let newer = gateway.generation(&fields);
    let newer = Answer::to(newer.header("cache-control", "no-cache")).await;
    assert_ne!(id(&newer), id(&first));

    for control in ["max-age=60", "no-cache", "no-store"] {
        let again = with_key(&gateway, &fields).header("cache-control", control);
        let again = Answer::to(again).await;
        assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0));
        assert_eq!(told(&again), told(&first), "{control}");
    }
    let port = gateway.url().to_owned();
    gateway.restart(&[]).await;
    let after = ask(&gateway, fields).await;
    assert_eq!(told(&after).replace(gateway.url(), &port), told(&first));
    assert_eq!(gateway.billed(), 4 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_request_with_the_key_is_a_conflict_and_costs_nothing() {
    let gateway = Gateway::start(&[]).await;
    let first = ask(&gateway, fox()).await;
    for other in [
        json!({"prompt": "a hen"}),
        json!({"prompt": "a fox", "seed": 1}),
    ] {
        assert_eq!(ask(&gateway, other).await.error(), conflict());
    }
    assert_eq!(gateway.billed(), PRICE);
    let same = json!({"prompt": " a  fox", "num_images": 1, "model": "V_2"});
    assert_eq!(id(&ask(&gateway, same).await), id(&first));

    // What is refused before it could cost anything has not taken the key.
    let invalid = gateway.generation(&json!({"prompt": ""}));
    let invalid = Answer::to(invalid.header("idempotency-key", "other")).await;
    assert_eq!(invalid.error(), (400, "invalid_request".into()));
    let valid = gateway.generation(&json!({"prompt": "a hen"}));
    let valid = Answer::to(valid.header("idempotency-key", "other")).await;
    assert_eq!(valid.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_different_requests_at_once_with_one_key_exactly_one_goes_on() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_latency_ms(500);
    let asked = (0..10).map(|seed| {
        let fields = json!({"prompt": "a fox", "seed": seed});
        tokio::spawn(Answer::to(with_key(&gateway, &fields)))
    });
    let asked: Vec<_> = asked.collect();
    let mut made = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        if answer.status == 200 {
            made += 1;
        } else {
            assert_eq!(answer.error(), conflict());
        }
    }
    assert_eq!(made, 1);
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_at_once_with_one_key_are_one_generation_whatever_they_want_of_the_cache() {
    let gateway = Gateway::start(&[]).await;
    for (calls, control, first) in [
        (1, "max-age=60", "miss"),
        (2, "no-cache", "miss"),
        (3, "no-store", "bypass"),
    ] {
        gateway.simulator.set_latency_ms(1_000);
        let asked = (0..20).map(|_| {
            let request = gateway.generation(&fox()).header("cache-control", control);
            let request = request.header("idempotency-key", control);
            tokio::spawn(Answer::to(request))
        });
        let asked: Vec<_> = asked.collect();
        let mut answers = vec![];
        for answer in asked {
            answers.push(answer.await.unwrap());
        }
        let cost: u64 = answers.iter().map(Answer::cost).sum();
        assert_eq!(cost, PRICE, "{control}");
        let caches: Vec<_> = answers.iter().map(Answer::cache).collect();
        let made = caches.iter().filter(|cache| *cache == first).count();
        assert_eq!(made, 1, "{control}: {caches:?}");
        assert!(answers.iter().all(|answer| id(answer) == id(&answers[0])));
        assert_eq!(gateway.calls(), calls, "{control}");
    }
    assert_eq!(gateway.billed(), 3 * PRICE);
    assert_eq!(gateway.cached().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clients_with_the_same_key_do_not_meet_and_the_key_is_nowhere() {
    let gateway = client_keys::gateway().await;
    let one = gateway.make_key(json!({"name": "one"})).await;
    let two = gateway.make_key(json!({"name": "two"})).await;
    let ask = async |of: &Value, prompt: &str| {
        let request = with_key(&gateway, &json!({ "prompt": prompt }));
        Answer::to(request.bearer_auth(of["key"].as_str().unwrap())).await
    };
    assert_eq!(ask(&one, "a fox").await.cache(), "miss");
    assert_eq!(ask(&two, "a hen").await.cache(), "miss");
    assert_eq!(ask(&one, "a hen").await.error(), conflict());
    assert_eq!(ask(&two, "a fox").await.error(), conflict());
    assert_eq!(ask(&one, "a fox").await.cache(), "hit");
    assert_eq!(gateway.billed(), 2 * PRICE);

    let stored = gateway.stored_bytes();
    assert!(!String::from_utf8_lossy(&stored).contains(KEY), "stored");
    assert!(!gateway.log().contains(KEY), "logged");
    let sent = format!("{:?}", gateway.simulator.calls());
    assert!(!sent.contains(KEY), "sent to Ideogram");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_that_was_free_leaves_the_key_open() {
    let gateway = Gateway::start(&[("MAX_ATTEMPTS", "1")]).await;
    for (status, code) in [
        (400, "invalid_request"),
        (403, "upstream_error"),
        (503, "upstream_error"),
    ] {
        gateway.simulator.script(GenerationFault::status(status), 1);
        assert_eq!(ask(&gateway, fox()).await.error().1, code);
    }
    let made = ask(&gateway, fox()).await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    assert_eq!(ask(&gateway, fox()).await.cache(), "hit");
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_budget_that_had_no_room_leaves_the_key_open() {
    let mut gateway = Gateway::start(&[("DAILY_BUDGET_USD", "0.01")]).await;
    let refused = ask(&gateway, fox()).await;
    assert_eq!(refused.error(), (429, "daily_budget_exceeded".into()));
    gateway.restart(&[("DAILY_BUDGET_USD", "1")]).await;
    assert_eq!(ask(&gateway, fox()).await.cache(), "miss");
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_that_may_have_been_billed_is_replayed_and_not_paid_again() {
    let mut gateway = Gateway::start(&[SHORT_HOLD]).await;
    let reset = GenerationFault::Reset { billed: true };
    for (number, control) in ["max-age=60", "no-cache", "no-store"]
        .into_iter()
        .enumerate()
    {
        let request = |gateway: &Gateway| {
            let request = gateway.generation(&json!({ "prompt": control }));
            let request = request.header("cache-control", control);
            Answer::to(request.header("idempotency-key", control))
        };
        gateway.simulator.script(reset.clone(), 1);
        let lost = request(&gateway).await;
        assert_eq!(lost.error(), (502, "upstream_error".into()));
        let at_once = request(&gateway).await;
        gateway.restart(&[]).await;
        for again in [at_once, request(&gateway).await] {
            assert_eq!(again.error(), lost.error(), "{control}");
            assert_eq!(again.json()["error"], lost.json()["error"]);
            assert_eq!(id(&again), id(&lost));
        }
        assert_eq!(gateway.calls(), number + 1);
    }
    // Who sends no key, or a new one, has decided to pay again.
    let anew = gateway.generate(json!({"prompt": "no-cache"})).await;
    assert_eq!(anew.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_ideogram_is_at_work_the_key_is_told_so_and_nothing_is_paid_again() {
    let mut gateway = Gateway::start(&[SHORT_HOLD]).await;
    for (number, control) in ["max-age=60", "no-store"].into_iter().enumerate() {
        let fields = json!({ "prompt": control });
        let request = |gateway: &Gateway| {
            let request = gateway.generation(&fields).header("cache-control", control);
            request.header("idempotency-key", control)
        };
        let billed = gateway.billed();
        let hang = GenerationFault::Hang { billed: true };
        gateway.simulator.script(hang, 1);
        drop(tokio::spawn(request(&gateway).send()));
        eventually("Ideogram has billed it", async || {
            (gateway.billed() == billed + PRICE).then_some(())
        })
        .await;
        gateway.restart(&[]).await;
        for _ in 0..2 {
            let told = Answer::to(request(&gateway)).await;
            assert_eq!(told.error(), (502, "interrupted".into()), "{control}");
        }
        assert_eq!(gateway.calls(), number + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_pictures_are_kept_the_key_finds_what_was_made() {
    let mut gateway = Gateway::start(&[]).await;
    let slow = ImageFault::Slow { total_ms: 60_000 };
    for (number, control) in ["max-age=60", "no-cache", "no-store"]
        .into_iter()
        .enumerate()
    {
        let fields = json!({ "prompt": control });
        let request = |gateway: &Gateway| {
            let request = gateway.generation(&fields).header("cache-control", control);
            request.header("idempotency-key", control)
        };
        gateway.simulator.script(slow.clone(), 1);
        drop(tokio::spawn(request(&gateway).send()));
        gateway.generation_in("storing", control).await;
        gateway.restart(&[]).await;
        gateway.generation_in("done", control).await;
        let found = Answer::to(request(&gateway)).await;
        assert_eq!((found.cache().as_str(), found.cost()), ("hit", 0));
        assert!(found.is_persisted(0));
        assert_eq!(gateway.calls(), number + 1, "{control}");
    }
    let booked = Booked {
        requests: 3,
        images: 3,
        billed: 3 * PRICE,
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_was_kept_only_later_is_replayed_with_its_lasting_link() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(ImageFault::status(503), 1);
    let first = ask(&gateway, fox()).await;
    assert!(!first.is_persisted(0));
    gateway.generation_in("done", "a fox").await;
    let again = ask(&gateway, fox()).await;
    assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0));
    assert!(again.is_persisted(0));
    assert_eq!(id(&again), id(&first));
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_key_is_refused_with_the_headers_name() {
    let gateway = Gateway::start(&[]).await;
    let long = "k".repeat(256);
    for wrong in ["", "two words", "a\tb", "k\u{e9}y", &long] {
        let request = gateway.generation(&fox());
        let refused = Answer::to(request.header("idempotency-key", wrong.as_bytes())).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{wrong}");
        assert_eq!(refused.json()["header"], "Idempotency-Key");
        let said = refused.json()["error"].to_string();
        assert!(said.contains("Idempotency-Key"), "{said}");
    }
    gateway.assert_untouched();
    let longest = gateway.generation(&fox());
    let longest = longest.header("idempotency-key", "k".repeat(255));
    assert_eq!(Answer::to(longest).await.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_leads_to_nothing_that_was_erased() {
    let gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let fields = json!({"prompt": "a fox called Reynard"});
    let first = ask(&gateway, fields.clone()).await;
    let path = format!("/admin/generations/{}", id(&first));
    let erased = gateway.operator(Method::DELETE, &path).await;
    assert_eq!(erased.json()["pictures"], 1);
    let again = ask(&gateway, fields.clone()).await;
    assert_eq!((again.cache().as_str(), again.cost()), ("miss", PRICE));
    let newer = gateway.generation(&fields);
    let newer = Answer::to(newer.header("cache-control", "no-cache")).await;
    assert_ne!(id(&newer), id(&again));
    assert_eq!(id(&ask(&gateway, fields).await), id(&again), "it leads on");
}

//! Following a generation: what happens is told in its order and as it happens, and one who comes
//! back misses nothing, whatever was restarted meanwhile.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault};

use crate::client_keys;
use crate::gateway::events::{Event, EventStream};
use crate::gateway::{Answer, Gateway, PRICE, eventually};
use crate::queue::with_its_one_place_taken;

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

/// Positions come when they are known; what else is told has its fixed place.
fn without_repetitions(mut events: Vec<Event>) -> Vec<Event> {
    events.dedup_by(|later, event| later.name == "queued" && later.id == event.id);
    events
}

fn without_gateway(mut result: Value) -> Value {
    result.as_object_mut().unwrap().remove("gateway");
    result
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_answered_with_its_events_and_they_can_be_had_again() {
    let gateway = Gateway::start(&[]).await;
    let fields = json!({"prompt": "a fox, ring 555-123-4567 or fox@example.com", "num_images": 2});
    let stream = gateway.generate_and_follow(&fields).await;
    let id = stream.header("x-generation-id").to_owned();
    assert_eq!(stream.header("x-cache"), "miss");
    let told = without_repetitions(stream.rest().await);
    assert_eq!(
        names(&told),
        ["queued", "generating", "stored", "stored", "done"]
    );
    let numbers: Vec<_> = told.iter().map(|event| event.id).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5].map(Some));
    assert_eq!(told[0].data["id"], id.as_str());
    assert_eq!(told[1].data, json!({"attempt": 1}));

    let hit = gateway.generate(fields.clone()).await;
    assert_eq!(hit.cache(), "hit");
    let (done, hit) = (&told[4].data, hit.result());
    assert_eq!(without_gateway(done.clone()), without_gateway(hit.clone()));
    assert_eq!(done["gateway"]["images"], hit["gateway"]["images"]);
    assert_eq!(done["gateway"]["redactions"], hit["gateway"]["redactions"]);
    assert_eq!(done["gateway"]["cache"], "miss");
    assert_eq!(done["gateway"]["cost_usd"], 0.16);
    for stored in &told[2..4] {
        let index = stored.data["index"].as_u64().unwrap() as usize;
        let image = &done["gateway"]["images"][index];
        for field in ["index", "seed", "url", "key"] {
            assert_eq!(stored.data[field], image[field], "{field}");
        }
        let link = stored.data["url"].as_str().unwrap();
        assert_eq!(gateway.get(link).await.status, 200);
    }

    let again = gateway.follow(&id, None).await.rest().await;
    assert_eq!(names(&again), names(&told));
    assert_eq!(
        again[..4],
        told[..4].iter().map(forget_position).collect::<Vec<_>>()
    );
    assert_eq!(again[4].data["gateway"]["cost_usd"], 0.16);
    assert_eq!(
        gateway.follow(&id, Some("3")).await.rest().await,
        again[3..]
    );
    for wrong in ["6", "-1", "four", "4294967296"] {
        let all = gateway.follow(&id, Some(wrong)).await.rest().await;
        assert_eq!(all, again, "{wrong}");
    }
    let nothing_more = Answer::to(gateway.events(&id, Some("5"))).await;
    assert_eq!(nothing_more.status, 204, "a browser comes back no more");

    let hit = gateway.generate_and_follow(&fields).await;
    assert_eq!(hit.header("x-cache"), "hit");
    assert_eq!(hit.header("x-generation-id"), id);
    let [done] = &hit.rest().await[..] else {
        panic!("a hit is one event")
    };
    assert_eq!((done.name.as_str(), done.id), ("done", None));
    assert_eq!(done.data["gateway"]["cache"], "hit");
    assert_eq!(done.data["gateway"]["cost_usd"], 0.0);
    assert_eq!(gateway.calls(), 1);
}

fn forget_position(event: &Event) -> Event {
    let mut event = event.clone();
    if event.name == "queued" {
        event.data.as_object_mut().unwrap().remove("position");
    }
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_before_there_is_a_generation_is_an_ordinary_error() {
    let gateway = Gateway::start(&[]).await;
    let refused = gateway.generation(&json!({"prompt": ""}));
    let refused = Answer::to(refused.header("accept", "text/event-stream")).await;
    assert_eq!(refused.error(), (400, "invalid_request".into()));
    let unknown = format!("{}-{}", "0".repeat(64), "0".repeat(16));
    for id in [unknown.as_str(), "nothing"] {
        let refused = Answer::to(gateway.events(id, None)).await;
        assert_eq!(refused.error(), (404, "not_found".into()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_attempt_is_told_and_so_is_the_failure_at_the_end() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(GenerationFault::status(500), 1);
    gateway.simulator.script(GenerationFault::status(422), 1);
    let stream = gateway
        .generate_and_follow(&json!({"prompt": "a fox"}))
        .await;
    let told = without_repetitions(stream.rest().await);
    assert_eq!(
        names(&told),
        ["queued", "generating", "generating", "failed"]
    );
    assert_eq!(told[2].data, json!({"attempt": 2}));
    let failed = &told[3].data;
    assert_eq!(failed["code"], "prompt_rejected");
    assert!(failed["error"].is_string(), "{failed}");

    let vars = [("QUEUE_TIMEOUT_SECONDS", "1")];
    let gateway = with_its_one_place_taken(&vars).await;
    let mut stream = gateway
        .generate_and_follow(&json!({"prompt": "a fox"}))
        .await;
    let failed = stream.until("failed").await.data;
    assert_eq!(failed["code"], "busy");
    assert!(
        failed["retry_after_seconds"].as_u64() >= Some(1),
        "{failed}"
    );
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_waits_is_told_its_position_whenever_it_changes() {
    let gateway = with_its_one_place_taken(&[("QUEUE_TIMEOUT_SECONDS", "120")]).await;
    drop(tokio::spawn(
        gateway.generation(&json!({"prompt": "a fox"})).send(),
    ));
    let fox = gateway.generation_in("queued", "a fox").await;
    eventually("the fox waits", async || {
        let shown = gateway.get(&format!("/generations/{fox}")).await.result();
        (shown["position"] == 0).then_some(())
    })
    .await;
    let mut stream = gateway
        .generate_and_follow(&json!({"prompt": "a wolf"}))
        .await;
    let id = stream.header("x-generation-id").to_owned();
    let mut queued = stream.until("queued").await;
    while queued.data["position"].is_null() {
        queued = stream.until("queued").await;
    }
    assert_eq!((queued.id, &queued.data["position"]), (Some(1), &json!(1)));

    let fox = format!("/generations/{fox}");
    let cancelled = Answer::to(gateway.request(Method::DELETE, &fox)).await;
    assert_eq!(cancelled.status, 200);
    let moved = stream.next().await.unwrap();
    assert_eq!(moved.name, "queued");
    assert_eq!((moved.id, &moved.data["position"]), (Some(1), &json!(0)));

    let mut returned = gateway.follow(&id, Some("1")).await;
    assert_eq!(returned.until("queued").await, moved, "it still waits");
    let wolf = format!("/generations/{id}");
    Answer::to(gateway.request(Method::DELETE, &wolf))
        .await
        .result();
    for mut stream in [stream, returned] {
        let last = stream.until("cancelled").await;
        assert_eq!((last.id, last.data), (Some(2), json!({})));
        assert_eq!(stream.next().await, None);
    }
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_picture_is_told_as_it_lands_and_the_rest_after_the_gateway_was_killed() {
    let mut gateway = Gateway::start(&[]).await;
    let slow = ImageFault::Slow { total_ms: 600_000 };
    gateway.simulator.script(slow, 1);
    let fields = json!({"prompt": "a fox", "seed": 7, "num_images": 3});
    let mut stream = gateway.generate_and_follow(&fields).await;
    let id = stream.header("x-generation-id").to_owned();
    let mut landed = vec![];
    for number in [3, 4] {
        let stored = stream.until("stored").await;
        assert_eq!(stored.id, Some(number));
        let link = stored.data["url"].as_str().unwrap();
        assert_eq!(gateway.get(link).await.status, 200);
        landed.push(stored.data["index"].as_u64().unwrap());
    }
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["state"], "storing", "the third is still on its way");
    assert_eq!(gateway.pictures().len(), 2);

    gateway.kill();
    assert_eq!(stream.next().await, None);
    gateway.simulator.clear_faults();
    gateway.restart(&[]).await;
    let rest = gateway.follow(&id, Some("4")).await.rest().await;
    assert_eq!(names(&rest), ["stored", "done"]);
    assert_eq!((rest[0].id, rest[1].id), (Some(5), Some(6)));
    landed.push(rest[0].data["index"].as_u64().unwrap());
    landed.sort_unstable();
    assert_eq!(landed, [0, 1, 2]);
    assert_eq!(gateway.pictures().len(), 3);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, 3 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_became_of_a_call_that_a_restart_has_cut_off_is_told_afterwards() {
    let mut gateway = Gateway::start(&[]).await;
    let hang = GenerationFault::Hang { billed: true };
    gateway.simulator.script(hang, 1);
    let fields = json!({"prompt": "a fox"});
    let mut stream = gateway.generate_and_follow(&fields).await;
    let id = stream.header("x-generation-id").to_owned();
    let generating = stream.until("generating").await;
    assert_eq!(generating.id, Some(2));
    gateway.restart(&[]).await;
    assert_eq!(stream.next().await, None);
    let rest = gateway.follow(&id, Some("2")).await.rest().await;
    assert_eq!(names(&rest), ["failed"]);
    assert_eq!(rest[0].id, Some(3));
    assert_eq!(rest[0].data["code"], "interrupted");
    assert_eq!(gateway.booked().unconfirmed, PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_is_not_kept_yet_is_told_as_it_would_be_answered() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.script(ImageFault::status(503), 1);
    let fields = json!({"prompt": "a fox", "num_images": 2});
    let stream = gateway.generate_and_follow(&fields).await;
    let told = without_repetitions(stream.rest().await);
    assert_eq!(names(&told), ["queued", "generating", "stored", "done"]);
    let images = told[3].data["gateway"]["images"].as_array().unwrap();
    let kept = images.iter().filter(|image| image["persisted"] == true);
    assert_eq!(kept.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_hears_all_and_whoever_leaves_changes_nothing() {
    let gateway = client_keys::gateway().await;
    gateway.simulator.set_latency_ms(3_000);
    let mut keys = vec![];
    for name in ["first", "second", "stranger"] {
        let key = gateway.make_key(json!({"name": name})).await["key"].clone();
        keys.push(key.as_str().unwrap().to_owned());
    }
    let fields = json!({"prompt": "a fox"});
    let ask = |key: &String| {
        let request = gateway.generation(&fields).bearer_auth(key);
        EventStream::of(request.header("accept", "text/event-stream"))
    };
    let mut first = ask(&keys[0]).await;
    first.until("generating").await;
    let second = ask(&keys[1]).await;
    let id = second.header("x-generation-id").to_owned();
    assert_eq!(first.header("x-generation-id"), id);
    assert_eq!(second.header("x-cache"), "joined");
    drop(first);
    let stranger = gateway.events(&id, None).bearer_auth(&keys[2]);
    let refused = Answer::to(stranger).await;
    assert_eq!(refused.error(), (404, "not_found".into()));

    let told = without_repetitions(second.rest().await);
    assert_eq!(names(&told), ["queued", "generating", "stored", "done"]);
    let costs = |told: &[Event]| {
        let gateway = &told[3].data["gateway"];
        (gateway["cache"].clone(), gateway["cost_usd"].clone())
    };
    assert_eq!(costs(&told), (json!("joined"), json!(0.0)));
    for (key, expected) in [(0, ("miss", 0.08)), (1, ("joined", 0.0))] {
        let request = gateway.events(&id, None).bearer_auth(&keys[key]);
        let told = EventStream::of(request).await.rest().await;
        assert_eq!(costs(&told), (json!(expected.0), json!(expected.1)));
    }
    assert_eq!(gateway.calls(), 1);
}

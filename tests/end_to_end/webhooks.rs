//! Ideogram's webhooks: they make the gateway ask at once, and nothing else, whoever sends what.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::ids::GenerationId;
use domain::webhook::webhook_url;
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use simulator::{GenerationRecord, WebhookFault};

use crate::gateway::relay::Relay;
use crate::gateway::{Answer, Gateway, PRICE, eventually};

const PATH: &str = "/ideogram/webhook";
/// A gateway that listens to Ideogram; where Ideogram would reach it does not matter.
const LISTENS: (&str, &str) = ("PUBLIC_URL", "http://127.0.0.1:1");
/// So long, in microseconds, a model of which nothing is known is left to Ideogram to tell of
/// (`domain::pace`).
const LEFT_TO_TELL_US: u64 = 15_000_000;
/// A generation that there is not.
const NO_GENERATION: &str =
    "00000000000000000000000000000000000000000000000000000000000000ff-00000000000000ff";

/// Has Ideogram tell the gateway of a generation that it did not submit under this id, as anybody with
/// an account at Ideogram can. Returns what each delivery was answered, once there are so many.
async fn told_by_ideogram(gateway: &Gateway, id: &str, deliveries: usize) -> Vec<Option<u16>> {
    let id: GenerationId = id.parse().unwrap();
    let path = format!(
        "{}/v2/image/generate/ideogram-3",
        gateway.simulator.base_url()
    );
    let address = webhook_url(gateway.url(), &id);
    let submission = reqwest::Client::builder().no_proxy().build().unwrap();
    let submission = submission
        .post(path)
        .header("api-key", gateway.simulator.api_key())
        .json(&json!({"prompt": "a lynx", "webhook_url": address}));
    let taken = Answer::to(submission).await.result();
    let upstream_id = taken["generation_id"].as_str().unwrap().to_owned();
    let record = eventually("Ideogram has told of it", async || {
        let mut records = gateway.simulator.generations();
        records.retain(|record| record.generation_id == upstream_id);
        let record = records.pop()?;
        (record.webhooks.len() >= deliveries).then_some(record)
    })
    .await;
    statuses(&record)
}

fn statuses(record: &GenerationRecord) -> Vec<Option<u16>> {
    record.webhooks.iter().map(|sent| sent.status).collect()
}

async fn done(gateway: &Gateway) -> String {
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    made.result()["gateway"]["id"].as_str().unwrap().to_owned()
}

/// A delivery that nobody at Ideogram has signed, dated now.
fn delivery(gateway: &Gateway, id: &str) -> RequestBuilder {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    gateway
        .request(Method::POST, &format!("{PATH}?generation={id}"))
        .header("x-ideogram-webhook-generation-id", "aB3_")
        .header("x-ideogram-webhook-user-id", "user")
        .header("x-ideogram-webhook-timestamp", now.as_secs())
        .header("x-ideogram-webhook-signature", "0".repeat(128))
        .body("{}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_about_another_generation_is_taken_as_often_as_it_comes_and_leads_to_nothing() {
    let gateway = Gateway::start(&[LISTENS]).await;
    let fox = done(&gateway).await;
    gateway.simulator.script(WebhookFault::Twice, 1);
    let told = told_by_ideogram(&gateway, &fox, 2).await;
    assert_eq!(told, [Some(200), Some(200)]);
    assert_eq!(gateway.simulator.polls(), 0);
    let line = gateway.log_line("a delivery is in the log", |line| line["route"] == PATH);
    let line = line.await;
    assert_eq!(line["webhook"], "idle");
    assert_eq!(line["generation_id"], fox.as_str());

    let told = told_by_ideogram(&gateway, NO_GENERATION, 1).await;
    assert_eq!(told.first(), Some(&Some(404)));
    assert_eq!(gateway.simulator.key_fetches(), 1, "the keys are kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_ideogram_has_not_signed_or_not_lately_is_refused_and_nothing_is_asked() {
    let gateway = Gateway::start(&[LISTENS]).await;
    let fox = done(&gateway).await;
    let changed = WebhookFault::WrongBody {
        body: r#"{"generation_id": "another"}"#.to_owned(),
        signed: false,
    };
    for fault in [
        WebhookFault::BadSignature,
        WebhookFault::UnknownKey,
        WebhookFault::OldTimestamp { seconds: 400 },
        changed,
    ] {
        gateway.simulator.script(fault.clone(), 1);
        let told = told_by_ideogram(&gateway, &fox, 1).await;
        assert_eq!(told.first(), Some(&Some(401)), "{fault:?}");
    }
    let refused = Answer::to(delivery(&gateway, &fox)).await;
    assert_eq!(refused.error(), (401, "unauthorized".into()));
    assert_eq!(gateway.simulator.polls(), 0);
    assert_eq!(gateway.simulator.key_fetches(), 1, "once a minute at most");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_signed_with_a_new_key_is_taken_once_the_keys_are_asked_for_anew() {
    let mut gateway = Gateway::start(&[LISTENS]).await;
    let fox = done(&gateway).await;
    assert_eq!(told_by_ideogram(&gateway, &fox, 1).await, [Some(200)]);
    gateway.simulator.rotate_webhook_key();
    gateway.simulator.withdraw_older_webhook_keys();
    let told = told_by_ideogram(&gateway, &fox, 1).await;
    assert_eq!(told.first(), Some(&Some(401)), "within the minute");
    assert_eq!(gateway.simulator.key_fetches(), 1);
    gateway.restart_later(90).await;
    assert_eq!(told_by_ideogram(&gateway, &fox, 1).await, [Some(200)]);
    assert_eq!(gateway.simulator.key_fetches(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_keys_cannot_be_had_ideogram_is_asked_to_send_it_again() {
    // Nobody listens there.
    let nobody = ("IDEOGRAM_BASE_URL", "http://127.0.0.1:1");
    let gateway = Gateway::start(&[LISTENS, nobody]).await;
    for _ in 0..2 {
        let refused = Answer::to(delivery(&gateway, NO_GENERATION)).await;
        assert_eq!(refused.error(), (503, "busy".into()));
        assert_eq!(refused.retry_after(), 60);
    }
    gateway.logged(2).await;
    let mut faults = gateway.all_log_lines();
    faults.retain(|line| line["part"] == "webhook keys");
    assert_eq!(faults.len(), 1, "once a minute at most: {faults:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_a_delivery_is_told_what_is_wrong() {
    let gateway = Gateway::start(&[LISTENS]).await;
    let bare = gateway.request(Method::POST, &format!("{PATH}?generation={NO_GENERATION}"));
    let refused = Answer::to(bare.body("{}")).await;
    assert_eq!(refused.error(), (400, "invalid_request".into()));
    let header = "x-ideogram-webhook-generation-id";
    assert_eq!(refused.json()["header"], header);

    for query in ["", "?generation=x", "?generation="] {
        let mut request = delivery(&gateway, "x").build().unwrap();
        let url = format!("{}{PATH}{query}", gateway.url());
        *request.url_mut() = url.parse().unwrap();
        let refused = RequestBuilder::from_parts(reqwest::Client::new(), request);
        let refused = Answer::to(refused).await;
        assert_eq!(refused.error(), (404, "not_found".into()), "{query}");
    }
    let large = delivery(&gateway, NO_GENERATION).body("x".repeat(1024 * 1024 + 1));
    let refused = Answer::to(large).await;
    assert_eq!(refused.error(), (413, "payload_too_large".into()));
    assert_eq!(gateway.simulator.key_fetches(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_ideogram_is_not_asked_to_tell_nothing_is_listened_to() {
    let gateway = Gateway::start(&[]).await;
    let fox = done(&gateway).await;
    let refused = Answer::to(delivery(&gateway, &fox)).await;
    assert_eq!(refused.error(), (404, "not_found".into()));
    let told = told_by_ideogram(&gateway, &fox, 1).await;
    assert_eq!(told.first(), Some(&Some(404)));
    assert_eq!(gateway.simulator.key_fetches(), 0);
}

/// A gateway that submits, and that Ideogram reaches.
async fn reachable() -> (Gateway, Relay) {
    let relay = Relay::start().await;
    let vars = [("UPSTREAM", "v2"), ("PUBLIC_URL", &relay.url)];
    let gateway = Gateway::start(&vars).await;
    relay.leads_to(gateway.url());
    // Long enough for a poll that nothing told of.
    gateway.simulator.set_latency_ms(4_000);
    (gateway, relay)
}

fn submitted(gateway: &Gateway) -> GenerationRecord {
    let records = gateway.simulator.generations();
    let [record] = &records[..] else {
        panic!("one generation: {records:?}");
    };
    record.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_asked_for_the_moment_ideogram_tells_of_it() {
    let (gateway, _relay) = reachable().await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    let record = submitted(&gateway);
    assert_eq!(statuses(&record), [Some(200)]);
    assert_eq!(record.polls, 1, "not before it was told");
    let seen_after = record.seen_at_us.unwrap() - record.submitted_at_us;
    assert!(seen_after < LEFT_TO_TELL_US, "not because it was told");
    let line = gateway.log_line("the delivery is in the log", |line| line["route"] == PATH);
    assert_eq!(line.await["webhook"], "polls");
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_which_ideogram_tells_nothing_is_found_by_polling() {
    let (gateway, _relay) = reachable().await;
    gateway.simulator.script(WebhookFault::Lost, 1);
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    let record = submitted(&gateway);
    assert_eq!(statuses(&record), []);
    assert!(record.polls >= 1);
    assert_eq!(gateway.billed(), PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_which_ideogram_tells_twice_or_wrongly_is_made_once() {
    for (fault, status) in [(WebhookFault::Twice, 200), (WebhookFault::UnknownKey, 401)] {
        let (gateway, _relay) = reachable().await;
        gateway.simulator.script(fault.clone(), 1);
        let made = gateway.generate(json!({"prompt": "a fox"})).await;
        assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
        eventually("Ideogram has told twice", async || {
            (submitted(&gateway).webhooks.len() >= 2).then_some(())
        })
        .await;
        let statuses = statuses(&submitted(&gateway));
        assert!(
            statuses.iter().all(|told| *told == Some(status)),
            "{fault:?}"
        );
        assert_eq!(gateway.billed(), PRICE, "{fault:?}");
    }
}

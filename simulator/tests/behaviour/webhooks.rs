//! Webhooks: what is sent, how it is signed, and what can go wrong with it.
//! Holds true: headers, signed text and keys are those of Ideogram's webhooks page, 2026-11, and
//! are checked here by a caller's means: the published keys and RFC 8032.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simulator::{GenerationFault, Settings, SettingsChange, Simulator, WebhookFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::caller::{get, start, start_with, until};
use crate::forms::{post, send_json};
use crate::generations::{IDEOGRAM_3, submitted};
use crate::polls::completed;

/// A webhook as it was received: headers by name in lower case, and the body.
#[derive(Clone)]
struct Received {
    head: String,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let line = self.head.lines().find_map(|line| line.strip_prefix(&start));
        line.expect("the header")
    }

    fn signed_text(&self) -> String {
        let header = |name: &str| self.header(&format!("x-ideogram-webhook-{name}"));
        let digest = hex::encode(Sha256::digest(self.body.as_bytes()));
        let id = header("generation-id");
        format!(
            "{id}\n{}\n{}\n{digest}",
            header("user-id"),
            header("timestamp")
        )
    }

    /// Whether one of the published keys has signed it.
    async fn is_signed(&self, simulator: &Simulator) -> bool {
        let signature = hex::decode(self.header("x-ideogram-webhook-signature")).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        let text = self.signed_text();
        let mut keys = published(simulator).await.into_iter();
        keys.any(|(_, key)| key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

/// Name and key of each.
async fn published(simulator: &Simulator) -> Vec<(String, VerifyingKey)> {
    let url = format!("{}/v1/.well-known/jwks.json", simulator.base_url());
    let set: Value = get(&url).await.json().await.unwrap();
    let keys = set["keys"].as_array().unwrap().iter().map(|key| {
        assert_eq!(
            (&key["kty"], &key["crv"]),
            (&json!("OKP"), &json!("Ed25519"))
        );
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let x = VerifyingKey::from_bytes(&x.try_into().unwrap()).unwrap();
        (key["kid"].as_str().unwrap().to_owned(), x)
    });
    keys.collect()
}

/// Somebody whom webhooks reach, and who answers with these statuses in turn, then 204.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    async fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        tokio::spawn(async move {
            let mut statuses = statuses.iter();
            while let Ok((stream, _)) = listener.accept().await {
                let status = *statuses.next().unwrap_or(&204);
                receive(stream, status, &kept).await;
            }
        });
        let url = format!("http://127.0.0.1:{port}/hook?generation=1");
        Self { url, received }
    }

    fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    async fn next(&self, count: usize) -> Received {
        until(|| self.all().len() >= count).await;
        self.all().remove(count - 1)
    }

    async fn submitted(&self, simulator: &Simulator) -> String {
        let body = json!({"prompt": "a fox", "seed": 7, "webhook_url": self.url});
        submitted(simulator, body).await
    }
}

async fn receive(mut stream: TcpStream, status: u16, kept: &Mutex<Vec<Received>>) {
    let mut text = String::new();
    let mut piece = [0; 4_096];
    let whole = |text: &str| {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let length = lines.find_map(|line| line.strip_prefix("content-length: "))?;
        (body.len() == length.parse::<usize>().ok()?).then(|| Received {
            head: head.to_owned(),
            body: body.to_owned(),
        })
    };
    while whole(&text).is_none() {
        let length = stream.read(&mut piece).await.unwrap();
        assert_ne!(length, 0, "{text}");
        text.push_str(std::str::from_utf8(&piece[..length]).unwrap());
    }
    kept.lock().unwrap().extend(whole(&text));
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
}

async fn quick() -> Simulator {
    start_with(Settings {
        webhook_retry_ms: 1,
        ..Settings::default()
    })
    .await
}

#[tokio::test]
async fn a_webhook_makes_a_request_a_submission_and_tells_of_its_end_signed() {
    let simulator = start().await;
    let receiver = Receiver::start(&[]).await;
    let id = receiver.submitted(&simulator).await;
    let webhook = receiver.next(1).await;
    assert!(webhook.head.starts_with("POST /hook?generation=1 HTTP/1.1"));
    assert_eq!(webhook.header("content-type"), "application/json");
    assert_eq!(webhook.header("x-ideogram-webhook-generation-id"), id);
    let (name, _) = published(&simulator).await.remove(0);
    assert_eq!(webhook.header("x-ideogram-webhook-key-id"), name);
    assert!(webhook.is_signed(&simulator).await);
    let mut body: Value = serde_json::from_str(&webhook.body).unwrap();
    assert!(body["data"][0]["url"].take().is_string());
    let created = completed(&simulator, &id).await["created"].take();
    let image = json!({
        "url": null, "prompt": "a fox", "resolution": "1024x1024", "seed": 7,
        "is_image_safe": true
    });
    let expected = json!({"generation_id": id, "created": created, "data": [image]});
    assert_eq!(body, expected);
    until(|| !simulator.generations()[0].webhooks.is_empty()).await;
    assert_eq!(simulator.generations()[0].webhooks[0].status, Some(204));
    assert_eq!(simulator.key_fetches(), 2);
}

#[tokio::test]
async fn a_webhook_that_is_not_accepted_is_sent_again_three_times_at_most() {
    let simulator = quick().await;
    let receiver = Receiver::start(&[500, 302, 204, 500, 500, 500, 500]).await;
    receiver.submitted(&simulator).await;
    until(|| simulator.generations()[0].webhooks.len() == 3).await;
    receiver.submitted(&simulator).await;
    until(|| simulator.generations()[1].webhooks.len() == 4).await;
    receiver.submitted(&simulator).await;
    until(|| simulator.generations()[2].webhooks.len() == 1).await;
    let statuses = |generation: usize| {
        let webhooks = simulator.generations().remove(generation).webhooks;
        webhooks
            .into_iter()
            .map(|sent| sent.status.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(statuses(0), [500, 302, 204]);
    assert_eq!(statuses(1), [500; 4]);
    let bodies = receiver.all();
    assert_eq!(bodies[0].body, bodies[2].body);
    // Nobody is there.
    let body = json!({"prompt": "a fox", "webhook_url": "http://127.0.0.1:1/"});
    submitted(&simulator, body).await;
    until(|| simulator.generations()[3].webhooks.len() == 4).await;
    assert_eq!(simulator.generations()[3].webhooks[3].status, None);
}

#[tokio::test]
async fn a_key_that_was_replaced_is_published_until_it_is_withdrawn() {
    let simulator = start().await;
    let receiver = Receiver::start(&[]).await;
    receiver.submitted(&simulator).await;
    let first = receiver.next(1).await;
    let rotate = format!("{}/control/rotate-webhook-key", simulator.base_url());
    reqwest::Client::new().post(rotate).send().await.unwrap();
    receiver.submitted(&simulator).await;
    let second = receiver.next(2).await;
    let key = "x-ideogram-webhook-key-id";
    assert_ne!(first.header(key), second.header(key));
    assert_eq!(published(&simulator).await.len(), 2);
    assert!(first.is_signed(&simulator).await && second.is_signed(&simulator).await);
    simulator.withdraw_older_webhook_keys();
    assert!(!first.is_signed(&simulator).await);
    assert!(second.is_signed(&simulator).await);
}

#[tokio::test]
async fn webhooks_have_faults_of_their_own() {
    let simulator = quick().await;
    let receiver = Receiver::start(&[]).await;
    simulator.script(WebhookFault::Lost, 1);
    simulator.script(WebhookFault::Twice, 1);
    let lost = receiver.submitted(&simulator).await;
    completed(&simulator, &lost).await;
    let twice = receiver.submitted(&simulator).await;
    let id = "x-ideogram-webhook-generation-id";
    assert_eq!(receiver.next(1).await.header(id), twice);
    assert_eq!(receiver.next(2).await.header(id), twice);
    let wrong = |signed| WebhookFault::WrongBody {
        body: r#"{"generation_id":"another"}"#.to_owned(),
        signed,
    };
    let faults = [
        (WebhookFault::Late { millis: 20 }, true),
        (WebhookFault::BadSignature, false),
        (WebhookFault::UnknownKey, false),
        (WebhookFault::OldTimestamp { seconds: 3_600 }, true),
        (wrong(false), false),
        (wrong(true), true),
    ];
    for (count, (fault, is_signed)) in (3..).zip(faults) {
        simulator.script(fault.clone(), 1);
        receiver.submitted(&simulator).await;
        let webhook = receiver.next(count).await;
        assert_eq!(webhook.is_signed(&simulator).await, is_signed, "{fault:?}");
    }
    let all = receiver.all();
    let timestamp = |at: usize| {
        let header = all[at].header("x-ideogram-webhook-timestamp");
        header.parse::<u64>().unwrap()
    };
    assert!(timestamp(4) - timestamp(5) >= 3_590);
    assert_eq!(all[7].body, r#"{"generation_id":"another"}"#);
    assert_eq!(simulator.bill().lines.len(), 8);
}

#[tokio::test]
async fn a_failed_generation_has_a_webhook_only_if_so_set() {
    let simulator = start().await;
    let receiver = Receiver::start(&[]).await;
    let reason = "content_policy_violation".to_owned();
    simulator.script(GenerationFault::Fails { reason }, 2);
    receiver.submitted(&simulator).await;
    until(|| simulator.generations()[0].completed_at_us.is_some()).await;
    simulator.change_settings(&SettingsChange {
        webhooks_of_failures: Some(true),
        ..SettingsChange::default()
    });
    let second = receiver.submitted(&simulator).await;
    let webhook = receiver.next(1).await;
    let body: Value = serde_json::from_str(&webhook.body).unwrap();
    assert_eq!(
        (&body["generation_id"], &body["data"]),
        (&json!(second), &json!([]))
    );
}

/// "uri, https, ≤2048": a simulator reaches nothing but this machine, over http.
#[tokio::test]
async fn addresses_that_are_not_of_this_machine_are_refused() {
    let simulator = start().await;
    let long = format!("http://127.0.0.1:1/{}", "a".repeat(2_048));
    for url in [
        "https://example.com/hook",
        "http://10.0.0.1/",
        "http://127.0.0.1.example.com/",
        "/hook",
        "",
        &long,
    ] {
        let body = json!({"prompt": "a fox", "webhook_url": url});
        let (status, _) = send_json(&simulator, IDEOGRAM_3, body).await;
        assert_eq!(status, 400, "{url}");
    }
    let request = post(&simulator, "/v2/image/reframe/ideogram-3");
    let body = json!({"resolution": "512x1536", "webhook_url": "http://127.0.0.1:1/"});
    assert_eq!(request.json(&body).send().await.unwrap().status(), 400);
    assert_eq!(simulator.generations(), []);
}

//! Webhooks: a signed message when a generation has ended.
//! Holds true: one goes out after the end can be polled, and never before; it is sent again a few
//! times if it is not accepted, and nothing depends on whether it arrives (Ideogram's webhooks
//! page, 2026-11).

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Uri};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::clock::{unix_seconds, unix_us};
use crate::envelope::Envelope;
use crate::generations::WebhookDelivery;
use crate::keys::Key;
use crate::later_fault::WebhookFault;
use crate::state::State;

/// How often one is sent again; Ideogram says "a limited number".
const RETRIES: u32 = 3;
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Whose generations these are.
const USER_ID: &str = "simulator-user";

/// All that is sent, but where to.
struct Message {
    generation_id: String,
    timestamp: u64,
    key_id: String,
    signature: String,
    body: String,
}

/// Sends one, if there is an address and something to tell.
pub(crate) async fn notify(state: &Arc<State>, envelope: &Envelope) {
    let id = &envelope.generation_id;
    let address = envelope.webhook_url.as_ref();
    let Some(address) = address.and_then(|url| url.parse::<Uri>().ok()) else {
        return;
    };
    let Some(body) = state.generations.webhook_body(state, id) else {
        return;
    };
    let fault = state.script.next_webhook_fault();
    let times = match fault {
        Some(WebhookFault::Lost) => return,
        Some(WebhookFault::Twice) => 2,
        Some(WebhookFault::Late { millis }) => {
            sleep(Duration::from_millis(millis)).await;
            1
        }
        _ => 1,
    };
    let message = Message::new(state.keys.newest(), id, body, fault);
    for _ in 0..times {
        deliver(state, &address, &message).await;
    }
}

impl Message {
    fn new(key: Key, id: &str, usual: String, fault: Option<WebhookFault>) -> Self {
        let mut timestamp = unix_seconds();
        let mut signing = key.clone();
        let mut signed = usual.clone();
        let mut body = usual;
        let mut spoilt = false;
        match fault {
            Some(WebhookFault::BadSignature) => spoilt = true,
            Some(WebhookFault::UnknownKey) => signing = Key::random(),
            Some(WebhookFault::OldTimestamp { seconds }) => {
                timestamp = timestamp.saturating_sub(seconds);
            }
            Some(WebhookFault::WrongBody {
                body: wrong,
                signed: is_signed,
            }) => {
                if is_signed {
                    signed.clone_from(&wrong);
                }
                body = wrong;
            }
            _ => {}
        }
        let digest = hex::encode(Sha256::digest(signed.as_bytes()));
        let text = format!("{id}\n{USER_ID}\n{timestamp}\n{digest}");
        let signature = signing.sign(&if spoilt { text + " " } else { text });
        Self {
            generation_id: id.to_owned(),
            timestamp,
            key_id: signing.name,
            signature,
            body,
        }
    }

    fn request(&self, address: &Uri) -> Option<Request<Body>> {
        let host = address.authority()?.as_str();
        let path = address.path_and_query().map_or("/", |path| path.as_str());
        let request = Request::post(path)
            .header("host", host)
            .header("content-type", "application/json")
            .header("content-length", self.body.len())
            .header("X-Ideogram-Webhook-Generation-Id", &self.generation_id)
            .header("X-Ideogram-Webhook-User-Id", USER_ID)
            .header("X-Ideogram-Webhook-Timestamp", self.timestamp)
            .header("X-Ideogram-Webhook-Key-Id", &self.key_id)
            .header("X-Ideogram-Webhook-Signature", &self.signature);
        request.body(Body::from(self.body.clone())).ok()
    }
}

/// Sends it until it is accepted or enough is enough.
async fn deliver(state: &Arc<State>, address: &Uri, message: &Message) {
    for tried in 0..=RETRIES {
        if tried > 0 {
            sleep(Duration::from_millis(state.settings.webhook_retry_ms)).await;
        }
        let at_us = unix_us();
        let answer = timeout(PATIENCE, send(state, address, message)).await;
        let status = answer.ok().flatten();
        let delivery = WebhookDelivery { at_us, status };
        state
            .generations
            .webhook_sent(&message.generation_id, delivery);
        if status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
    }
}

async fn send(state: &Arc<State>, address: &Uri, message: &Message) -> Option<u16> {
    let request = message.request(address)?;
    let host = address.host()?.trim_matches(['[', ']']);
    let port = address.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((host, port)).await.ok()?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    state.work.spawn(async move {
        // Its failure is the request's, too.
        let _outcome = connection.await;
    });
    let answer = sender.send_request(request).await.ok()?;
    Some(answer.status().as_u16())
}

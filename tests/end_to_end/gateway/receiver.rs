//! Somebody who is told of alerts: an HTTP server on this machine.
//! Holds true: it keeps everything it was sent, also what it refused; what it has taken counts once,
//! however often it came.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::eventually;

/// One that was sent.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// What it was answered.
    pub status: u16,
    /// The name of the notice.
    pub id: String,
    /// The signature, if it has one.
    pub signature: Option<String>,
    /// The body's bytes, which are text.
    pub text: String,
}

impl Delivered {
    /// The body as JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// Rule and state, in the gateway's own shape.
    pub fn change(&self) -> (String, String) {
        let body = self.body();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (text("rule"), text("state"))
    }

    /// Holds that it is signed with this secret, as the README says to verify it.
    pub fn assert_signed(&self, secret: &str) {
        let signature = self.signature.as_ref().expect("a signature");
        let (seconds, digest) = signature.split_once(",v1=").expect("two parts");
        let seconds = seconds.strip_prefix("t=").expect("a time");
        let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        hmac.update(format!("{seconds}.{}", self.text).as_bytes());
        hmac.verify_slice(&hex::decode(digest).unwrap())
            .expect("the signature of this body");
        seconds.parse::<u64>().expect("whole seconds");
    }
}

/// A running one.
pub struct Receiver {
    /// Its address.
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    /// So many are refused before one is taken.
    to_refuse: usize,
    delivered: Vec<Delivered>,
}

impl Receiver {
    /// Starts one on a free port that refuses so many deliveries and then takes all.
    pub async fn start(to_refuse: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
        let kept = Arc::new(Mutex::new(Kept {
            to_refuse,
            ..Kept::default()
        }));
        let keeps = Arc::clone(&kept);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&keeps)));
            }
        });
        Self { url, kept, task }
    }

    /// From now on it refuses so many, and then takes all.
    pub fn refuse(&self, deliveries: usize) {
        self.kept.lock().unwrap().to_refuse = deliveries;
    }

    /// Everything that it was sent, in order.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.kept.lock().unwrap().delivered.clone()
    }

    /// What it has taken, each once.
    pub fn taken(&self) -> Vec<Delivered> {
        let mut seen = BTreeSet::new();
        let mut taken = self.delivered();
        taken.retain(|one| one.status == 200 && seen.insert(one.id.clone()));
        taken
    }

    /// Every change that it has taken, in order, in the gateway's own shape.
    pub fn changes(&self) -> Vec<(String, String)> {
        self.taken().iter().map(Delivered::change).collect()
    }

    /// Waits until it has taken that a rule is in a state.
    pub async fn hears(&self, rule: &str, state: &str) -> Delivered {
        eventually(&format!("{rule} is {state}"), async || {
            let mut taken = self.taken();
            taken.retain(|one| one.change() == (rule.to_owned(), state.to_owned()));
            taken.into_iter().next()
        })
        .await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Kept>>) -> Option<()> {
    let mut request = vec![];
    let (head, text) = loop {
        if let Some(whole) = whole(&request) {
            break whole;
        }
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.ok()?;
        if read == 0 {
            return None;
        }
        request.extend(&bytes[..read]);
    };
    let status = {
        let mut kept = kept.lock().unwrap();
        let status = if kept.to_refuse > 0 { 500 } else { 200 };
        kept.to_refuse = kept.to_refuse.saturating_sub(1);
        kept.delivered.push(Delivered {
            status,
            id: header(&head, "x-gateway-delivery").unwrap_or_default(),
            signature: header(&head, "x-gateway-signature"),
            text,
        });
        status
    };
    let answer =
        format!("HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
    stream.write_all(answer.as_bytes()).await.ok()
}

/// Head and body, once all is there.
fn whole(request: &[u8]) -> Option<(String, String)> {
    let request = std::str::from_utf8(request).ok()?;
    let (head, body) = request.split_once("\r\n\r\n")?;
    let length: usize = header(head, "content-length")?.parse().ok()?;
    (body.len() >= length).then(|| (head.to_owned(), body.to_owned()))
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        let is_it = found.eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().to_owned())
    })
}

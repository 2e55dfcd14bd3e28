//! Deliveries that tests sign themselves, with keys of their own.

mod deliveries;
mod ed25519;
mod keys;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Delivery, DeliveryHead, DeliveryRefused, FetchedKeys, KeySet};
use crate::time::{Millis, UnixMillis};

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);
const ID: &str = "aB3_-w==";
const USER: &str = "user:1";
const BODY: &[u8] = br#"{"generation_id":"aB3_-w=="}"#;

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn published(key: &SigningKey) -> Value {
    let x = BASE64_URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "any", "x": x})
}

fn key_set(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// The set of these keys, as it was at this moment.
fn fetched(keys: &[&SigningKey], fetched_at: UnixMillis) -> FetchedKeys {
    let keys: Vec<_> = keys.iter().map(|key| published(key)).collect();
    FetchedKeys {
        keys: key_set(&keys),
        fetched_at,
    }
}

/// The headers of a delivery, and its body.
#[derive(Clone)]
struct Sent {
    id: String,
    user: String,
    timestamp: String,
    signature: String,
    body: Vec<u8>,
}

impl Sent {
    /// Signed with a key at a moment, as Ideogram describes it.
    fn signed(key: &SigningKey, at: UnixMillis) -> Self {
        let timestamp = (at.get() / 1000).to_string();
        let digest = hex::encode(Sha256::digest(BODY));
        let message = format!("{ID}\n{USER}\n{timestamp}\n{digest}");
        Self {
            id: ID.to_owned(),
            user: USER.to_owned(),
            timestamp,
            signature: hex::encode(key.sign(message.as_bytes()).to_bytes()),
            body: BODY.to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        let value = match name.strip_prefix("x-ideogram-webhook-")? {
            "generation-id" => &self.id,
            "user-id" => &self.user,
            "timestamp" => &self.timestamp,
            "signature" => &self.signature,
            _ => return None,
        };
        Some(value.clone())
    }

    fn arrives(&self, now: UnixMillis) -> Result<Delivery, DeliveryRefused> {
        let head = DeliveryHead::parse(|name| self.header(name), now)?;
        Ok(head.with_body(&self.body))
    }
}

fn seconds(count: u64) -> Millis {
    Millis::from_seconds(count)
}

//! The keys that webhooks are signed with, and the address at which they are published.
//! Holds true: the newest signs; older ones stay published until they are withdrawn, so that what
//! was signed before a change can still be checked.

use std::sync::{Arc, Mutex};

use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use crate::envelope::url_safe;
use crate::lock::lock;
use crate::state::State;

/// Length of a key's name in characters.
const NAME_LENGTH: usize = 12;

#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) name: String,
    secret: SigningKey,
}

impl Key {
    /// Its randomness is good enough for what must be told apart, not for what must be kept secret.
    pub(crate) fn random() -> Self {
        let mut secret = [0; 32];
        fastrand::fill(&mut secret);
        Self {
            name: url_safe(NAME_LENGTH),
            secret: SigningKey::from_bytes(&secret),
        }
    }

    /// The signature in lower-case hexadecimal digits.
    pub(crate) fn sign(&self, message: &str) -> String {
        hex::encode(self.secret.sign(message.as_bytes()).to_bytes())
    }

    /// RFC 8037.
    fn published(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.secret.verifying_key().as_bytes());
        json!({
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.name, "x": x
        })
    }
}

pub(crate) struct Keys {
    ring: Mutex<Ring>,
    fetches: Mutex<u64>,
}

struct Ring {
    newest: Key,
    older: Vec<Key>,
}

impl Keys {
    pub(crate) fn new() -> Self {
        let newest = Key::random();
        let older = Vec::new();
        Self {
            ring: Mutex::new(Ring { newest, older }),
            fetches: Mutex::default(),
        }
    }

    pub(crate) fn newest(&self) -> Key {
        lock(&self.ring).newest.clone()
    }

    pub(crate) fn rotate(&self) {
        let mut ring = lock(&self.ring);
        let replaced = std::mem::replace(&mut ring.newest, Key::random());
        ring.older.push(replaced);
    }

    pub(crate) fn withdraw_older(&self) {
        lock(&self.ring).older.clear();
    }

    pub(crate) fn fetches(&self) -> u64 {
        *lock(&self.fetches)
    }

    pub(crate) fn forget_fetches(&self) {
        *lock(&self.fetches) = 0;
    }

    fn published(&self) -> Value {
        let ring = lock(&self.ring);
        let keys = [&ring.newest].into_iter().chain(&ring.older);
        json!({ "keys": keys.map(Key::published).collect::<Vec<_>>() })
    }
}

/// `GET /v1/.well-known/jwks.json`, for which no key is needed.
pub(crate) async fn published(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
) -> Json<Value> {
    *lock(&state.keys.fetches) += 1;
    Json(state.keys.published())
}

//! The keys that Ideogram signs webhooks with, as it publishes them: a JSON Web Key Set (RFC 7517)
//! with the current key and those that it has replaced lately.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::signature::{PublicKey, Signature};

/// So many keys are looked at. Each costs a delivery with a bad signature about a millisecond.
const MOST_KEYS: usize = 16;

/// At least one key. What Ideogram says of them besides, their names too, does not matter: every key
/// is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct KeySet(Vec<PublicKey>);

/// Why something is no set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKeySet {
    /// It is not JSON, or has no list of keys.
    NotOne,
    /// None of its keys is one of Ed25519.
    NoKeys,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// What of a key matters here.
#[derive(Deserialize)]
struct PublishedKey {
    kty: String,
    crv: String,
    x: String,
}

impl KeySet {
    /// Reads it as Ideogram publishes it. Keys of other kinds are left out, and so is whatever comes
    /// after the sixteenth.
    ///
    /// # Errors
    /// There is no key to be had from it.
    pub fn parse(body: &[u8]) -> Result<Self, NoKeySet> {
        let published: Published = serde_json::from_slice(body).map_err(|_| NoKeySet::NotOne)?;
        Self::of(published.keys.into_iter().filter_map(PublishedKey::read))
    }

    fn of(keys: impl Iterator<Item = PublicKey>) -> Result<Self, NoKeySet> {
        let keys: Vec<_> = keys.take(MOST_KEYS).collect();
        if keys.is_empty() {
            return Err(NoKeySet::NoKeys);
        }
        Ok(Self(keys))
    }

    /// Whether the signature is one of these keys', of this message.
    pub(super) fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.iter().any(|key| key.verifies(message, signature))
    }

    /// How many keys there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a key")]
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

impl PublishedKey {
    /// The key, if it is one of Ed25519 (RFC 8037, section 2).
    fn read(value: Value) -> Option<PublicKey> {
        let Self { kty, crv, x } = serde_json::from_value(value).ok()?;
        let is_ed25519 = kty == "OKP" && crv == "Ed25519";
        is_ed25519.then(|| PublicKey::from_base64(&x)).flatten()
    }
}

impl TryFrom<Vec<String>> for KeySet {
    type Error = NoKeySet;

    fn try_from(keys: Vec<String>) -> Result<Self, NoKeySet> {
        Self::of(keys.iter().filter_map(|text| PublicKey::from_base64(text)))
    }
}

impl From<KeySet> for Vec<String> {
    fn from(set: KeySet) -> Self {
        set.0.iter().map(PublicKey::to_base64).collect()
    }
}

impl fmt::Display for NoKeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotOne => "it is not a JSON object with a list of keys",
            Self::NoKeys => "none of its keys is an Ed25519 key",
        })
    }
}

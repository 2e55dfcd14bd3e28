//! A client's key: `igw_{id, 16 hex digits}_{secret, 64 hex digits}`. The id finds the client, the
//! secret proves it. Only the secret's SHA-256 is kept: it is random to the last bit, so nothing
//! slower is needed, and it is compared in constant time.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ids::ClientId;

/// How many random bytes make a key: those of the id, then those of the secret.
pub const KEY_BYTES: usize = ID_BYTES + SECRET_BYTES;
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;
const PREFIX: &str = "igw_";

/// A key that was just drawn. The only moment at which it is there as a whole.
#[derive(Clone)]
pub struct ClientKey {
    id: String,
    secret: String,
}

impl ClientKey {
    /// A key of these random bytes.
    #[must_use]
    pub fn new(random: [u8; KEY_BYTES]) -> Self {
        let (id, secret) = random.split_at(ID_BYTES);
        Self {
            id: hex::encode(id),
            secret: hex::encode(secret),
        }
    }

    /// The client it is for.
    #[must_use]
    pub fn client(&self) -> ClientId {
        ClientId::new(self.id.clone())
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        KeyDigest::of(&self.secret)
    }

    /// The key as its owner gets it, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }
}

/// A key as a caller presented it; whether it is a client's, only the client's digest tells.
#[derive(Clone, PartialEq, Eq)]
pub struct PresentedKey {
    /// The client it claims to be.
    pub client: ClientId,
    digest: KeyDigest,
}

impl PresentedKey {
    /// Reads a key; none if it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        if !is_client_id(id) || secret.len() != 2 * SECRET_BYTES {
            return None;
        }
        Some(Self {
            client: ClientId::new(id.to_owned()),
            digest: KeyDigest::of(secret),
        })
    }

    /// Whether it is the key of which this was kept. Takes the same time for every key.
    #[must_use]
    pub fn fits(&self, digest: &KeyDigest) -> bool {
        self.digest.0.ct_eq(&digest.0).into()
    }
}

/// Whether a text can be the id of a client with a key.
#[must_use]
pub(super) fn is_client_id(text: &str) -> bool {
    let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 2 * ID_BYTES && text.bytes().all(digit)
}

/// The SHA-256 of a key's secret. As text and in JSON it is 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }
}

impl From<KeyDigest> for String {
    fn from(digest: KeyDigest) -> Self {
        hex::encode(digest.0)
    }
}

impl TryFrom<String> for KeyDigest {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Neither a digest nor a key is ever written anywhere by accident.
impl fmt::Debug for KeyDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyDigest(…)")
    }
}

/// Whether two secrets of any length are the same, in a time that does not depend on where they
/// differ.
#[must_use]
pub fn same_secret(one: &str, other: &str) -> bool {
    let (one, other) = (Sha256::digest(one), Sha256::digest(other));
    one.as_slice().ct_eq(other.as_slice()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ClientKey {
        ClientKey::new([byte; KEY_BYTES])
    }

    #[test]
    fn a_key_proves_its_own_client_and_no_other() {
        let (key, other) = (key(7), key(8));
        let presented = PresentedKey::parse(&key.reveal()).unwrap();
        assert_eq!(presented.client, key.client());
        assert!(presented.fits(&key.digest()));
        assert!(!presented.fits(&other.digest()));
    }

    #[test]
    fn what_is_kept_does_not_hold_the_secret() {
        let key = key(7);
        let kept = serde_json::to_string(&key.digest()).unwrap();
        assert!(!kept.contains(&key.secret));
        assert_eq!(
            serde_json::from_str::<KeyDigest>(&kept).unwrap(),
            key.digest()
        );
        assert!(!format!("{:?}", key.digest()).contains("07"));
    }

    #[test]
    fn what_cannot_be_a_key_is_none() {
        let key = key(7).reveal();
        for text in [
            String::new(),
            key.replace("igw_", "sk_"),
            key.replacen('0', "A", 2),
            format!("{key}0"),
            key.replace('_', ""),
            format!("igw_admin_{}", "0".repeat(64)),
        ] {
            assert!(PresentedKey::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn secrets_are_the_same_only_as_a_whole() {
        assert!(same_secret("operator", "operator"));
        for other in ["", "operato", "operators", "Operator"] {
            assert!(!same_secret("operator", other), "{other}");
        }
    }
}

//! Ed25519 (RFC 8032), only to verify. Strict: of a signature only one spelling is good, and no key
//! for which anything would be.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::{PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, VerifyingKey};

/// A key that Ideogram signs with, its public half.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PublicKey(VerifyingKey);

/// A signature, good or not.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Signature(ed25519_dalek::Signature);

impl PublicKey {
    /// The key with these bytes; none if no good signature can be told from a bad one by it.
    fn new(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; PUBLIC_KEY_LENGTH] = bytes.try_into().ok()?;
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        (!key.is_weak()).then_some(Self(key))
    }

    /// As a JSON Web Key has it (RFC 8037): base64 for URLs.
    pub(super) fn from_base64(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
        Self::new(&bytes.ok()?)
    }

    /// As `from_base64` reads it.
    pub(super) fn to_base64(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0.as_bytes())
    }

    /// Whether the signature is this key's, of this message.
    pub(super) fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(message, &signature.0).is_ok()
    }
}

impl Signature {
    /// From hexadecimal digits in lower case.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; SIGNATURE_LENGTH];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        let is_lower_case = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        is_lower_case.then(|| Self(ed25519_dalek::Signature::from_bytes(&bytes)))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.to_base64())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signature(…)")
    }
}

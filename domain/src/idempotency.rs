//! `Idempotency-Key`: a caller's own name for one request, so that sending it again cannot be paid
//! again. The first request with a key claims it; whatever comes later with the same key is the same
//! request, and goes the same way, or a conflict.
//!
//! A claim is decided in one object, one command after another, so of two first requests at the same
//! moment with different bodies exactly one has the key and the other conflicts, whatever becomes of
//! the first. Only a digest of the key is kept. What a key is bound to is a generation that may have
//! cost something; a failure that was free leaves it open for another try.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cache_control::CacheUse;
use crate::fingerprint::Fingerprint;
use crate::ids::{ClientId, GenerationId};
use crate::time::Millis;

/// How long a key is remembered after it was claimed or bound.
pub const KEY_LIFE: Millis = Millis::from_seconds(24 * 60 * 60);
/// How long the reply it leads to is kept: longer, so that no key leads nowhere.
pub const REPLY_LIFE: Millis = Millis::from_seconds(25 * 60 * 60);
/// The longest key, in characters.
const LONGEST: usize = 255;
/// Changed when the digest changes.
const VERSION: &str = "v1";

/// The SHA-256 of a client's key for a path, as 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdempotencyKey(String);

/// The header's value is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnIdempotencyKey;

impl fmt::Display for NotAnIdempotencyKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Idempotency-Key has to be 1 to {LONGEST} visible ASCII characters"
        )
    }
}

impl IdempotencyKey {
    /// Reads a header's value. Each client has keys of its own, for each path.
    ///
    /// # Errors
    /// It is empty, too long, or holds anything but visible ASCII characters.
    pub fn parse(header: &str, client: &ClientId, path: &str) -> Result<Self, NotAnIdempotencyKey> {
        let visible = header.bytes().all(|byte| byte.is_ascii_graphic());
        if header.is_empty() || header.len() > LONGEST || !visible {
            return Err(NotAnIdempotencyKey);
        }
        // Neither a path nor a key holds a line end, so no two can pass for two others.
        let named = format!("{VERSION}\nidempotency\n{path}\n{header}\n{client}");
        Ok(Self(hex::encode(Sha256::digest(named))))
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key that was claimed, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What was asked for, whatever was wanted of the cache.
    pub fingerprint: Fingerprint,
    /// What the first request wanted of the cache. All later ones with the key are that request, so
    /// they meet it where it is.
    pub cache: CacheUse,
    /// The generation whose reply is replayed, once there is one.
    #[serde(default)]
    pub bound: Option<GenerationId>,
}

/// A request's word with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claimed {
    /// It is the key's request, and goes on as this says.
    Granted(Claim),
    /// The key names another request.
    Conflict,
}

impl Claim {
    /// Of a request that has just come.
    #[must_use]
    pub const fn new(fingerprint: Fingerprint, cache: CacheUse) -> Self {
        Self {
            fingerprint,
            cache,
            bound: None,
        }
    }

    /// Whether a request may have the key that `stored` has, if anything. What was claimed first
    /// stays; a claim that was free is to be stored.
    #[must_use]
    pub fn meet(self, stored: Option<Self>) -> Claimed {
        match stored {
            None => Claimed::Granted(self),
            Some(first) if first.fingerprint == self.fingerprint => Claimed::Granted(first),
            Some(_) => Claimed::Conflict,
        }
    }

    /// The claim bound to a generation, over what is stored; none if that has come to lead elsewhere
    /// since the claim was granted, or is another request's.
    #[must_use]
    pub fn bind(self, id: GenerationId, stored: Option<Self>) -> Option<Self> {
        let bound = Some(id);
        match stored {
            Some(first) if first.fingerprint != self.fingerprint => None,
            Some(first) if first.bound != self.bound => None,
            Some(first) => Some(Self { bound, ..first }),
            // It was forgotten meanwhile; the generation counts all the same.
            None => Some(Self { bound, ..self }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::cache_control::{CacheControl, NONCE_BYTES, Nonce};

    fn client(name: &str) -> ClientId {
        ClientId::new(name.into())
    }

    fn key(text: &str) -> Result<IdempotencyKey, NotAnIdempotencyKey> {
        IdempotencyKey::parse(text, &client("shop"), "/generate")
    }

    #[test]
    fn a_key_is_1_to_255_visible_ascii_characters() {
        let longest = "k".repeat(LONGEST);
        for text in ["k", "!", "~", "order-17:retry/2", "\"quoted\"", &longest] {
            assert!(key(text).is_ok(), "{text}");
        }
        let too_long = "k".repeat(LONGEST + 1);
        for text in ["", " ", "a b", "a\t", "a\n", "\u{7F}", "kéy", &too_long] {
            assert_eq!(key(text), Err(NotAnIdempotencyKey), "{text:?}");
        }
    }

    #[test]
    fn a_key_belongs_to_one_client_and_one_path_and_is_kept_as_a_digest() {
        let of = |name, path| IdempotencyKey::parse("order-17", &client(name), path).unwrap();
        let keys = [
            of("a", "/generate"),
            of("b", "/generate"),
            of("a", "/v1/ideogram-v3/generate"),
            key("order-18").unwrap(),
        ];
        for key in &keys {
            assert_eq!(key.as_str().len(), 64);
            assert!(!key.as_str().contains("order"));
        }
        assert_eq!(BTreeSet::from(keys).len(), 4);
        assert_eq!(of("a", "/generate"), of("a", "/generate"));
    }

    fn fingerprint(byte: &str) -> Fingerprint {
        byte.repeat(32).parse().unwrap()
    }

    fn id(byte: &str) -> GenerationId {
        GenerationId::new(fingerprint(byte), [7; 8])
    }

    #[test]
    fn the_first_request_has_the_key_and_the_same_one_goes_its_way() {
        let nonce = |byte| Nonce::new([byte; NONCE_BYTES]);
        let bypass = |byte| CacheUse::of(CacheControl::NoStore, nonce(byte));
        let first = Claim::new(fingerprint("aa"), bypass(1));
        let Claimed::Granted(stored) = first.clone().meet(None) else {
            panic!("nobody had it");
        };
        assert_eq!(stored, first);
        for cache in [CacheUse::Usual, CacheUse::Renew(nonce(3)), bypass(2)] {
            let again = Claim::new(fingerprint("aa"), cache);
            let claimed = again.meet(Some(stored.clone()));
            assert_eq!(claimed, Claimed::Granted(first.clone()));
        }
        let other = Claim::new(fingerprint("bb"), bypass(1));
        assert_eq!(other.meet(Some(stored)), Claimed::Conflict);
    }

    #[test]
    fn what_a_key_was_bound_to_first_stays_unless_whoever_replaces_it_has_seen_it() {
        let claim = Claim::new(fingerprint("aa"), CacheUse::Usual);
        let bound = claim.clone().bind(id("aa"), Some(claim.clone())).unwrap();
        assert_eq!(bound.bound, Some(id("aa")));
        assert_eq!(claim.clone().bind(id("cc"), Some(bound.clone())), None);
        let claimed = claim.clone().meet(Some(bound.clone()));
        assert_eq!(claimed, Claimed::Granted(bound.clone()));
        let erased = bound.clone().bind(id("cc"), Some(bound)).unwrap();
        assert_eq!(erased.bound, Some(id("cc")), "who saw it may replace it");
        let other = Claim::new(fingerprint("bb"), CacheUse::Usual);
        assert_eq!(other.bind(id("bb"), Some(claim.clone())), None);
        let forgotten = claim.clone().bind(id("aa"), None).unwrap();
        assert_eq!(forgotten.bound, Some(id("aa")));
    }

    proptest! {
        /// Requests with one key, in any order, some of which never get to bind it.
        #[test]
        fn a_key_names_one_request_and_leads_to_one_generation(
            arrivals in prop::collection::vec((0..3_u8, any::<bool>(), any::<u8>()), 1..20)
        ) {
            let mut stored: Option<Claim> = None;
            let first = arrivals.first().map(|(body, ..)| *body);
            let mut leads_to = None;
            for (body, binds, nonce) in arrivals {
                let asked = format!("{body:02x}");
                let claim = Claim::new(fingerprint(&asked), CacheUse::Usual);
                let claimed = claim.meet(stored.clone());
                let Claimed::Granted(claim) = claimed else {
                    prop_assert_ne!(Some(body), first);
                    continue;
                };
                prop_assert_eq!(Some(body), first);
                prop_assert_eq!(&claim.bound, &leads_to);
                stored = stored.or(Some(claim.clone()));
                if binds && claim.bound.is_none() {
                    let made = GenerationId::new(fingerprint(&asked), [nonce; 8]);
                    if let Some(bound) = claim.bind(made, stored.clone()) {
                        leads_to = bound.bound.clone();
                        stored = Some(bound);
                    }
                }
            }
        }
    }
}

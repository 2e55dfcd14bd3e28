//! The keys that Ideogram publishes: which of what it says is one, and when it is asked for them.

use proptest::prelude::*;

use super::super::{Judgement, KnownKeys, NoKeySet};
use super::*;

const HOUR: u64 = 60 * 60;

fn delivery(by: u8, now: UnixMillis) -> Delivery {
    Sent::signed(&key(by), now).arrives(now).unwrap()
}

fn known(keys: &[&SigningKey], fetched_at: UnixMillis) -> KnownKeys {
    let mut known = KnownKeys::NONE;
    known.learn(fetched(keys, fetched_at));
    known
}

fn judge(known: &KnownKeys, by: u8, now: UnixMillis) -> Judgement {
    known.judge(&delivery(by, now), now)
}

fn is_genuine(known: &KnownKeys, by: u8, now: UnixMillis) -> bool {
    matches!(judge(known, by, now), Judgement::Genuine(_))
}

const FORGED: Judgement = Judgement::Refused(DeliveryRefused::Forged);
const UNKNOWN: Judgement = Judgement::Refused(DeliveryRefused::KeysUnknown);

#[test]
fn every_published_key_counts_wherever_it_stands() {
    let known = known(&[&key(1), &key(2), &key(3)], NOW);
    for by in 1..=3 {
        assert!(is_genuine(&known, by, NOW), "{by}");
    }
    assert_eq!(judge(&known, 4, NOW), FORGED);
}

#[test]
fn keys_of_other_kinds_are_left_out() {
    let others = [
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        json!({"kty": "OKP", "crv": "X25519", "x": published(&key(1))["x"]}),
        json!({"kty": "OKP", "crv": "Ed25519"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": "AQAB"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": 1}),
        json!("a key"),
        json!(null),
    ];
    let mut keys = others.to_vec();
    keys.push(published(&key(1)));
    assert_eq!(key_set(&keys), key_set(&[published(&key(1))]));
    let parse = |json: Value| KeySet::parse(json.to_string().as_bytes());
    assert_eq!(parse(json!({"keys": others})), Err(NoKeySet::NoKeys));
    assert_eq!(parse(json!({"keys": []})), Err(NoKeySet::NoKeys));
    for json in [json!({}), json!([]), json!({"keys": {}}), json!("keys")] {
        assert_eq!(parse(json.clone()), Err(NoKeySet::NotOne), "{json}");
    }
    assert_eq!(KeySet::parse(b"{"), Err(NoKeySet::NotOne));
}

#[test]
fn sixteen_keys_are_looked_at_and_no_more() {
    let keys: Vec<_> = (1..=17).map(|number| published(&key(number))).collect();
    let set = key_set(&keys);
    assert_eq!(set.len(), 16);
    let mut known = KnownKeys::NONE;
    known.learn(FetchedKeys {
        keys: set,
        fetched_at: NOW,
    });
    assert!(is_genuine(&known, 16, NOW));
    assert_eq!(judge(&known, 17, NOW), FORGED);
}

#[test]
fn a_padded_key_is_the_same_key() {
    let mut padded = published(&key(1));
    padded["x"] = format!("{}=", padded["x"].as_str().unwrap()).into();
    assert_eq!(key_set(&[padded]), key_set(&[published(&key(1))]));
}

#[test]
fn keys_that_are_stored_are_the_same_when_they_are_read() {
    let fetched = fetched(&[&key(1), &key(2)], NOW);
    let stored = serde_json::to_string(&fetched).unwrap();
    assert_eq!(
        serde_json::from_str::<FetchedKeys>(&stored).unwrap(),
        fetched
    );
    let emptied = r#"{"keys": [], "fetched_at": 0}"#;
    assert!(serde_json::from_str::<FetchedKeys>(emptied).is_err());
}

#[test]
fn without_keys_ideogram_is_asked_and_if_it_does_not_answer_nothing_is_known() {
    let mut known = KnownKeys::NONE;
    assert_eq!(judge(&known, 1, NOW), Judgement::NeedsKeys);
    known.ask(NOW);
    assert_eq!(judge(&known, 1, NOW), UNKNOWN);
    let later = NOW.plus(seconds(59));
    assert_eq!(judge(&known, 1, later), UNKNOWN);
    let later = NOW.plus(seconds(60));
    assert_eq!(judge(&known, 1, later), Judgement::NeedsKeys);
}

#[test]
fn keys_are_good_for_a_day() {
    let known = known(&[&key(1)], NOW);
    let last = NOW.plus(seconds(24 * HOUR)).minus(Millis::new(1));
    assert!(is_genuine(&known, 1, last));
    let over = NOW.plus(seconds(24 * HOUR));
    assert_eq!(judge(&known, 1, over), Judgement::NeedsKeys);
}

#[test]
fn a_key_that_is_new_is_asked_for_and_then_taken() {
    let mut known = known(&[&key(1)], NOW);
    let later = NOW.plus(seconds(HOUR));
    assert_eq!(judge(&known, 2, later), Judgement::NeedsKeys);
    known.ask(later);
    assert_eq!(judge(&known, 2, later), UNKNOWN, "it may be a new key's");
    known.learn(fetched(&[&key(2)], later));
    assert!(is_genuine(&known, 2, later));
    assert_eq!(judge(&known, 1, later), FORGED, "the old key is gone");
}

#[test]
fn keys_that_somebody_else_has_just_asked_for_are_not_asked_for_again() {
    let known = known(&[&key(1)], NOW);
    let later = NOW.plus(seconds(59));
    assert_eq!(judge(&known, 2, later), FORGED);
    let later = NOW.plus(seconds(60));
    assert_eq!(judge(&known, 2, later), Judgement::NeedsKeys);
}

#[test]
fn older_keys_never_take_the_place_of_newer_ones() {
    let mut known = known(&[&key(2)], NOW);
    known.learn(fetched(&[&key(1)], NOW.minus(seconds(1))));
    assert!(is_genuine(&known, 2, NOW));
    assert!(!is_genuine(&known, 1, NOW));
}

proptest! {
    #[test]
    fn whatever_is_published_is_read_or_refused(body in any::<Vec<u8>>()) {
        let set = KeySet::parse(&body);
        prop_assert!(set.is_err());
    }

    /// Forged deliveries at any moments, with Ideogram answering or not.
    #[test]
    fn ideogram_is_asked_at_most_once_a_minute(
        pauses in prop::collection::vec((0..90_000_u64, any::<bool>()), 1..60),
    ) {
        let forged = delivery(9, NOW);
        let keys = key_set(&[published(&key(1))]);
        let mut known = KnownKeys::NONE;
        let mut now = NOW;
        let mut asked: Option<UnixMillis> = None;
        for (pause, answers) in pauses {
            now = now.plus(Millis::new(pause));
            match known.judge(&forged, now) {
                Judgement::NeedsKeys => {
                    prop_assert!(asked.is_none_or(|last| now.since(last) >= seconds(60)));
                    asked = Some(now);
                    known.ask(now);
                    if answers {
                        known.learn(FetchedKeys { keys: keys.clone(), fetched_at: now });
                    }
                    let again = known.judge(&forged, now);
                    prop_assert_eq!(again, if answers { FORGED } else { UNKNOWN });
                }
                Judgement::Genuine(_) => prop_assert!(false, "it was forged"),
                Judgement::Refused(_) => prop_assert!(asked.is_some()),
            }
        }
    }
}

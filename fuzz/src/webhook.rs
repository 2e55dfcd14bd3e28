//! Ideogram's webhooks as they arrive, and the keys that they are verified with as they are published.

use domain::time::{Millis, UnixMillis};
use domain::webhook::{
    Delivery, DeliveryHead, DeliveryRefused, FetchedKeys, Judgement, KeySet, KnownKeys,
};

pub(crate) const TOKENS: &[&str] = &[
    "\"keys\":[",
    "\"kty\":\"OKP\"",
    "\"crv\":\"Ed25519\"",
    "\"x\":\"",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "null",
    "\n",
    "1795262400",
    "18446744073709551615",
    "00000000",
    "ffffffff",
];

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);
/// A key of RFC 8032, section 7.1. Nobody here signs with it.
const PUBLISHED: &[u8] = br#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
const MOST_KEYS: usize = 16;

/// The first four lines are taken for the headers, the rest for the body; all of it for a set of keys.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(5, '\n');
    let headers: Vec<_> = lines.by_ref().take(4).collect();
    let body = lines.next().unwrap_or_default();
    nothing_is_genuine(&headers, body.as_bytes(), PUBLISHED);
    if let Ok(keys) = KeySet::parse(data) {
        keys_are_few_and_lasting(&keys);
        nothing_is_genuine(&headers, body.as_bytes(), data);
    }
}

/// Whatever is not signed is refused, by whichever keys.
fn nothing_is_genuine(headers: &[&str], body: &[u8], published: &[u8]) {
    let Ok(keys) = KeySet::parse(published) else {
        return;
    };
    let delivery = match arrive(headers, body) {
        Ok(delivery) => delivery,
        Err(refused) => {
            let by_itself = [DeliveryRefused::Forged, DeliveryRefused::KeysUnknown];
            return assert!(!by_itself.contains(&refused));
        }
    };
    let mut known = KnownKeys::NONE;
    assert_eq!(known.judge(&delivery, NOW), Judgement::NeedsKeys);
    known.learn(FetchedKeys {
        keys,
        fetched_at: NOW,
    });
    let forged = Judgement::Refused(DeliveryRefused::Forged);
    assert_eq!(known.judge(&delivery, NOW), forged);
    let later = NOW.plus(Millis::from_seconds(60));
    assert_eq!(known.judge(&delivery, later), Judgement::NeedsKeys);
}

fn arrive(headers: &[&str], body: &[u8]) -> Result<Delivery, DeliveryRefused> {
    let names = ["generation-id", "user-id", "timestamp", "signature"];
    let get = |name: &str| {
        let name = name.strip_prefix("x-ideogram-webhook-")?;
        let place = names.iter().position(|known| *known == name)?;
        headers.get(place).map(|value| (*value).to_owned())
    };
    Ok(DeliveryHead::parse(get, NOW)?.with_body(body))
}

fn keys_are_few_and_lasting(keys: &KeySet) {
    assert!((1..=MOST_KEYS).contains(&keys.len()));
    let stored = serde_json::to_string(keys).unwrap_or_default();
    let read = serde_json::from_str::<KeySet>(&stored);
    assert!(matches!(read, Ok(same) if same == *keys), "{stored}");
}

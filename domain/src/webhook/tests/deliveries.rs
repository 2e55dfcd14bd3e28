//! What is taken for a delivery of Ideogram's: nothing but what one of its keys has signed lately.

use proptest::prelude::*;

use super::super::{Judgement, KnownKeys, LONGEST_PUBLIC_URL, webhook_url};
use super::*;
use crate::fingerprint::Fingerprint;
use crate::ids::GenerationId;
use crate::route::{Place, Route};

/// What it comes to where only this key is known, just fetched.
fn judged(sent: &Sent, by: &SigningKey) -> Result<Judgement, DeliveryRefused> {
    let mut known = KnownKeys::NONE;
    known.learn(fetched(&[by], NOW));
    Ok(known.judge(&sent.arrives(NOW)?, NOW))
}

fn is_genuine(sent: &Sent, by: &SigningKey) -> bool {
    matches!(judged(sent, by), Ok(Judgement::Genuine(_)))
}

#[test]
fn what_ideogram_has_signed_is_about_the_generation_that_it_names() {
    let judgement = judged(&Sent::signed(&key(1), NOW), &key(1));
    let Ok(Judgement::Genuine(id)) = judgement else {
        panic!("{judgement:?}");
    };
    assert_eq!(id.as_str(), ID);
}

#[test]
fn what_somebody_else_has_signed_is_forged() {
    let judgement = judged(&Sent::signed(&key(2), NOW), &key(1));
    assert_eq!(judgement, Ok(Judgement::Refused(DeliveryRefused::Forged)));
}

#[test]
fn the_signed_lines_are_the_ones_that_ideogram_describes() {
    let delivery = Sent::signed(&key(1), NOW).arrives(NOW).unwrap();
    // printf '{"generation_id":"aB3_-w=="}' | sha256sum
    let expected = "aB3_-w==\nuser:1\n1795262400\ndb1d6d8d8543530d702a40247757272a1881b9defe530c17f6fcac9fbd2e5bed";
    assert_eq!(delivery.message, expected);
}

#[test]
fn a_delivery_is_recent_for_five_minutes_in_either_direction() {
    let arrives = |signed_at, now| Sent::signed(&key(1), signed_at).arrives(now);
    for (signed_at, now) in [
        (NOW, NOW),
        (NOW, NOW.plus(seconds(300))),
        (NOW.plus(seconds(300)), NOW),
    ] {
        assert!(arrives(signed_at, now).is_ok(), "{signed_at:?}, {now:?}");
    }
    let moment = Millis::new(1);
    for (signed_at, now) in [
        (NOW, NOW.plus(seconds(300)).plus(moment)),
        (NOW.plus(seconds(301)), NOW.plus(seconds(1)).minus(moment)),
        (UnixMillis::new(0), NOW),
    ] {
        let refused = arrives(signed_at, now);
        assert_eq!(refused, Err(DeliveryRefused::NotRecent), "{signed_at:?}");
    }
}

type Change = fn(&mut Sent);

#[test]
fn a_header_that_is_missing_or_does_not_fit_is_named() {
    let sent = Sent::signed(&key(1), NOW);
    let wrong = |change: Change| {
        let mut sent = sent.clone();
        change(&mut sent);
        sent.arrives(NOW).unwrap_err().header()
    };
    let name = |rest: &str| format!("x-ideogram-webhook-{rest}");
    let cases: [(&str, Change); 10] = [
        ("generation-id", |sent| sent.id.clear()),
        ("generation-id", |sent| sent.id.push('/')),
        ("user-id", |sent| sent.user.clear()),
        ("user-id", |sent| sent.user = "two\nlines".to_owned()),
        ("user-id", |sent| sent.user = "u".repeat(257)),
        ("timestamp", |sent| sent.timestamp.clear()),
        ("timestamp", |sent| sent.timestamp.insert(0, '+')),
        ("timestamp", |sent| sent.timestamp.push_str(".5")),
        ("signature", |sent| sent.signature.truncate(127)),
        ("signature", |sent| sent.signature.make_ascii_uppercase()),
    ];
    for (header, change) in cases {
        assert_eq!(wrong(change), Some(&*name(header)));
    }
    let none = DeliveryHead::parse(|_| None, NOW).unwrap_err();
    assert_eq!(none.header(), Some(&*name("generation-id")));
}

#[test]
fn a_timestamp_beyond_all_time_is_not_recent() {
    let mut sent = Sent::signed(&key(1), NOW);
    sent.timestamp = u64::MAX.to_string();
    assert_eq!(sent.arrives(NOW), Err(DeliveryRefused::NotRecent));
}

#[test]
fn the_address_of_a_webhook_leads_back_to_its_generation() {
    let fingerprint: Fingerprint = "ab".repeat(32).parse().unwrap();
    let id = GenerationId::new(fingerprint, [7; 8]);
    let url = webhook_url("https://gateway.example/images", &id);
    let (address, named) = url.split_once("?generation=").unwrap();
    let path = address.strip_prefix("https://gateway.example/images");
    assert_eq!(
        path.and_then(Route::of),
        Some(Route::To(Place::Webhook, ""))
    );
    assert_eq!(named.parse(), Ok(id.clone()));
    let longest = webhook_url(&"a".repeat(LONGEST_PUBLIC_URL), &id);
    assert!(longest.len() <= 2048, "longer than Ideogram takes");
}

/// One bit of one part of a delivery the other way round.
fn flip(sent: &mut Sent, part: u8, bit: usize) {
    let flip = |text: &mut String| {
        let mut bytes = text.clone().into_bytes();
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        *text = String::from_utf8_lossy(&bytes).into_owned();
    };
    match part {
        0 => flip(&mut sent.id),
        1 => flip(&mut sent.user),
        2 => flip(&mut sent.timestamp),
        3 => flip(&mut sent.signature),
        _ => {
            let bit = bit % (sent.body.len() * 8);
            sent.body[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

proptest! {
    #[test]
    fn with_any_bit_flipped_it_is_not_taken(part in 0..5_u8, bit in 0..100_000_usize) {
        let mut sent = Sent::signed(&key(1), NOW);
        prop_assert!(is_genuine(&sent, &key(1)));
        flip(&mut sent, part, bit);
        prop_assert!(!is_genuine(&sent, &key(1)));
    }

    #[test]
    fn whatever_the_headers_are_they_are_read_or_refused(
        values in prop::array::uniform4(any::<String>()),
        body in any::<Vec<u8>>(),
    ) {
        let [id, user, timestamp, signature] = values;
        let sent = Sent { id, user, timestamp, signature, body };
        prop_assert!(!is_genuine(&sent, &key(1)));
    }

    #[test]
    fn four_lines_are_signed_whatever_the_headers_are(
        id in "[a-zA-Z0-9=_-]{1,128}",
        user in "[!-~]{1,256}",
        body in any::<Vec<u8>>(),
    ) {
        let mut sent = Sent::signed(&key(1), NOW);
        (sent.id, sent.user, sent.body) = (id, user, body);
        let message = sent.arrives(NOW).unwrap().message;
        let lines: Vec<_> = message.split('\n').collect();
        let digest = hex::encode(Sha256::digest(&sent.body));
        prop_assert_eq!(lines, [&*sent.id, &*sent.user, &*sent.timestamp, &*digest]);
    }
}

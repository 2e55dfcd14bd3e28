//! Headers from outside: ranges, conditions, wishes and keys of callers, `Retry-After` of Ideogram.

use domain::byte_range::ByteRange;
use domain::cache_control::CacheControl;
use domain::entity_tag::EntityTag;
use domain::idempotency::IdempotencyKey;
use domain::ids::ClientId;
use domain::request::Product;
use domain::retry::{Again, CallOutcome, Verdict, judge, wait_before_retry};
use domain::time::{Millis, UnixMillis};

pub(crate) const TOKENS: &[&str] = &[
    "bytes=",
    "0-",
    "-1",
    "18446744073709551615",
    "18446744073709551616",
    ",",
    "W/",
    "\"a\"",
    "*",
    "\n",
    "Sat, 21 Nov 2026 09:30:00 GMT",
    "Saturday, 21-Nov-26 09:30:00 GMT",
    "Sat Nov 21 09:30:00 2026",
    "no-cache",
    "no-store",
    "max-age=0",
    "\\\"",
];

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);

/// The first line is taken for every header, the second for what a condition compares it with.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (header, other) = text.split_once('\n').unwrap_or((&text, ""));
    for size in [0, 1, 1000, u64::MAX] {
        range_lies_inside(header, size);
    }
    if let Ok(tag) = header.parse() {
        tag_names_itself(&tag, header, other);
    }
    retry_is_not_sooner_than_asked(header);
    a_wish_is_heard_wherever_it_stands(header);
    a_key_is_one_for_each_text(header, other);
}

/// Only a quotation mark before it can hide a word; nothing can take back what was said.
fn a_wish_is_heard_wherever_it_stands(header: &str) {
    let meaning = CacheControl::parse(header);
    let stricter = CacheControl::parse(&format!("no-store,{header}"));
    assert_eq!(stricter, CacheControl::NoStore);
    let at_least = CacheControl::parse(&format!("No-Cache , {header}"));
    assert_eq!(
        at_least == CacheControl::NoStore,
        meaning == CacheControl::NoStore
    );
    assert_ne!(at_least, CacheControl::Usual);
    if !header.contains('"') {
        let after = CacheControl::parse(&format!("{header}\t,no-store"));
        assert_eq!(after, CacheControl::NoStore);
    }
}

fn a_key_is_one_for_each_text(header: &str, other: &str) {
    let key = |text, client: &str| {
        let client = ClientId::new(client.to_owned());
        IdempotencyKey::parse(text, &client, "/generate")
    };
    let Ok(one) = key(header, "a") else {
        return;
    };
    assert!(
        (1..=255).contains(&header.len()) && header.bytes().all(|byte| byte.is_ascii_graphic())
    );
    assert_eq!(one.as_str().len(), 64);
    assert_ne!(key(header, "b").as_ref(), Ok(&one));
    assert_eq!(key(other, "a").as_ref() == Ok(&one), header == other);
}

fn range_lies_inside(header: &str, size: u64) {
    let ByteRange::Part { first, last } = ByteRange::parse(header, size) else {
        return;
    };
    assert!(first <= last && last < size);
    let part = ByteRange::Part { first, last };
    let spelled_out = format!("bytes={first}-{last}");
    assert_eq!(ByteRange::parse(&spelled_out, size), part);
    let length = last - first + 1;
    if last + 1 == size {
        assert_eq!(ByteRange::parse(&format!("bytes=-{length}"), size), part);
        assert_eq!(ByteRange::parse(&format!("bytes={first}-"), size), part);
    }
    let beyond = format!("bytes={size}-");
    assert_eq!(ByteRange::parse(&beyond, size), ByteRange::Unsatisfiable);
    let several = format!("{spelled_out},{spelled_out}");
    assert_eq!(ByteRange::parse(&several, size), ByteRange::Whole);
}

fn tag_names_itself(tag: &EntityTag, text: &str, condition: &str) {
    assert_eq!(tag.to_string(), text);
    let controls = '\0'..=' ';
    assert!(!text.contains(|character| controls.contains(&character)));
    assert!(tag.is_in_if_none_match(text));
    assert!(tag.is_in_if_none_match(&format!("\"another\" , {text},")));
    assert!(tag.is_in_if_none_match("*"));
    assert_eq!(tag.is_if_range(text), !text.starts_with("W/"));
    if tag.is_if_range(condition) {
        assert!(tag.is_in_if_none_match(condition), "{condition:?}");
    }
    if tag.is_in_if_none_match(condition) {
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        assert!(condition.contains(opaque) || condition.trim() == "*");
    }
}

fn retry_is_not_sooner_than_asked(header: &str) {
    let outcome = CallOutcome::Answered {
        status: 429,
        retry_after: Some(header.to_owned()),
        body: vec![],
    };
    let Verdict::Failed(call) = judge(outcome, Product::Pictures, NOW) else {
        return;
    };
    let Again::After(wait) = call.again else {
        return;
    };
    assert!(call.failure.retry_after >= Some(wait.max(Millis::from_seconds(1))));
    if let Ok(seconds) = header.parse() {
        // Years are taken for an hour.
        let most = Millis::from_seconds(3600);
        assert_eq!(wait, Millis::from_seconds(seconds).min(most));
    }
    for tries in [0, 1, 40, u32::MAX] {
        assert!(wait_before_retry(tries, wait, u64::MAX) >= wait);
    }
}

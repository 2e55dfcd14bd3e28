//! Each check: what is well, what is not, and that no secret is told.

use super::*;
use crate::ledger::{Frozen, Ledger, Limits, Stored};
use crate::money::MicroDollars;

fn refused(health: Health) -> QuoteAnswer {
    let why = "because".to_owned();
    QuoteAnswer::Refused { health, why }
}

fn failed() -> QuoteAnswer {
    let why = "no connection".to_owned();
    QuoteAnswer::Failed { why }
}

#[test]
fn a_picture_is_made_only_when_it_is_asked_for() {
    let parsed = |body: Value| Asked::parse(&body).map(|asked| asked.generate);
    assert_eq!(parsed(serde_json::json!({})), Ok(false));
    assert_eq!(parsed(serde_json::json!({"generate": true})), Ok(true));
    for wrong in [
        serde_json::json!({"generate": "yes"}),
        serde_json::json!({"other": 1}),
        serde_json::json!([]),
    ] {
        assert!(parsed(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn every_wrong_setting_is_named_with_what_it_takes() {
    assert!(settings([]).ok);
    let found = settings([("MAX_IN_FLIGHT", "a number"), ("PRICES", "JSON")]);
    assert!(!found.ok);
    assert_eq!(
        found.details,
        "MAX_IN_FLIGHT takes a number; PRICES takes JSON"
    );
}

#[test]
fn a_secret_that_may_be_missing_is_named_and_one_that_may_not_fails() {
    assert_eq!(secrets(|_| true), Finding::well("all are set"));
    let found = secrets(|name| name != "TOKEN_SECRET");
    assert!(found.ok && found.details.contains("TOKEN_SECRET"));
    for needed in ["IDEOGRAM_API_KEY", "ADMIN_KEY"] {
        let found = secrets(|name| name != needed);
        assert!(!found.ok && found.details.contains(needed), "{found:?}");
    }
}

#[test]
fn the_key_is_taken_unless_ideogram_refuses_it_or_cannot_be_asked() {
    let price = QuoteAnswer::Price(MicroDollars::new(25_000));
    assert!(key(&price).ok);
    assert!(key(&refused(Health::Working)).ok);
    assert!(key(&refused(Health::NoCredits)).ok);
    for answer in [
        refused(Health::KeyRefused),
        refused(Health::RateLimited),
        refused(Health::Failing),
        failed(),
    ] {
        assert!(!key(&answer).ok, "{answer:?}");
    }
}

#[test]
fn a_quote_that_is_not_the_tables_is_told_and_no_quote_fails() {
    let table = PriceTable::standard();
    let rate = Rate {
        model: Model::V2ATurbo,
        extra: Extra::None,
    };
    let quoted = |micros| QuoteAnswer::Price(MicroDollars::new(micros));
    let as_listed = price(&quoted(25_000), rate, &table);
    assert!(as_listed.ok && as_listed.details.contains("as in the table"));
    let dearer = price(&quoted(30_000), rate, &table);
    assert!(
        dearer.ok
            && dearer
                .details
                .contains("0.03 dollars where the table has 0.025")
    );
    assert!(!price(&failed(), rate, &table).ok);
    assert!(!price(&refused(Health::Working), rate, &table).ok);
}

#[test]
fn a_clock_may_be_a_minute_off_either_way_and_no_more() {
    let at = |now: u64, date: Option<u64>| {
        let outcome = QuoteOutcome {
            answer: failed(),
            latency: Millis::ZERO,
            date: date.map(|seconds| UnixMillis::new(seconds * 1000)),
        };
        clock(UnixMillis::new(now * 1000), &outcome)
    };
    assert_eq!(
        at(1060, Some(1000)),
        Finding::well("60 s ahead of Ideogram's")
    );
    assert_eq!(
        at(1000, Some(1060)),
        Finding::well("60 s behind Ideogram's")
    );
    assert!(!at(1061, Some(1000)).ok);
    assert!(!at(1000, Some(1061)).ok);
    assert!(!at(1000, None).ok);
}

#[test]
fn only_what_was_written_is_well_read_back() {
    assert!(read_back("a", Some("a")).ok);
    assert!(!read_back("a", Some("b")).ok);
    assert!(!read_back("a", None).ok);
}

fn status(change: impl FnOnce(&mut Status)) -> Status {
    let limits = Limits {
        enabled: true,
        daily_budget: MicroDollars::ZERO,
        max_in_flight: 8,
        queue_limit: 0,
        queue_timeout: Millis::ZERO,
        lease_duration: Millis::ZERO,
        unconfirmed_hold: Millis::ZERO,
    };
    let mut status = Ledger::restore(limits, Stored::default(), UnixMillis::new(0)).status();
    change(&mut status);
    status
}

#[test]
fn a_ledger_whose_books_are_wrong_fails_and_one_that_is_switched_off_says_so() {
    let stored = || Finding::well("stored");
    assert_eq!(ledger(stored(), Some(&status(|_| ()))), stored());
    assert_eq!(ledger(stored(), None), stored());
    let frozen = status(|status| status.frozen = Some(Frozen::TotalsBelowZero));
    assert!(!ledger(stored(), Some(&frozen)).ok);
    let off = ledger(stored(), Some(&status(|status| status.enabled = false)));
    assert!(off.ok && off.details.contains("switched off"));
    assert!(!ledger(Finding::amiss("lost"), Some(&status(|_| ()))).ok);
}

#[test]
fn a_cron_that_never_struck_is_given_time_and_one_that_stopped_fails() {
    let minutes = |count: u64| UnixMillis::new(count * 60_000);
    assert!(cron(minutes(100), true, None).ok);
    assert!(cron(minutes(101), false, Some(minutes(85))).ok);
    assert!(cron(minutes(100), true, Some(minutes(85))).ok);
    assert!(!cron(minutes(101), true, Some(minutes(85))).ok);
    assert!(cron(minutes(85), true, Some(minutes(100))).ok);
}

#[test]
fn who_may_call_is_told_and_never_fails() {
    let told = |text: &str| {
        let found = origins(&text.parse().unwrap());
        assert!(found.ok);
        found.details
    };
    assert!(told("*").starts_with("warning"));
    assert!(told("").starts_with("no page"));
    assert_eq!(
        told("https://b.example, https://a.example"),
        "https://a.example, https://b.example"
    );
}

#[test]
fn a_policy_that_cannot_be_read_fails() {
    assert!(policy(None).ok && policy(Some(Ok(()))).ok);
    assert!(!policy(Some(Err("no JSON".to_owned()))).ok);
}

#[test]
fn the_cheapest_model_is_the_tables_the_operators_own_prices_included() {
    assert_eq!(cheapest(&PriceTable::standard()), Model::V1Turbo);
    let dear = PriceTable::with_overrides("{\"V_1_TURBO\": 0.5}").unwrap();
    assert_eq!(cheapest(&dear), Model::V2ATurbo);
}

#[test]
fn a_secret_in_somebody_elses_words_is_not_told() {
    let found = Finding::amiss("the key abc is wrong");
    let told = found.details_without(&[String::new(), "abc".to_owned()]);
    assert_eq!(told, "the key … is wrong");
}

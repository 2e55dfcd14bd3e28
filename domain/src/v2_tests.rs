//! The shapes of v2's answers, and what is a question for a price.

use super::*;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::request::ImageRequest;
use crate::request::generated::LIMITS;
use crate::retry::FailureCost;

fn id() -> GenerationId {
    let endpoint = Endpoint::at("/v2/image/generate/ideogram-3").unwrap();
    let asked = ImageRequest::parse(endpoint, &json!({"prompt": "a fox"}), &LIMITS).unwrap();
    GenerationId::new(Fingerprint::of(&asked.request, &CacheScope::Shared), [7; 8])
}

#[test]
fn an_answer_names_the_gateways_generation_and_is_the_same_whether_it_was_polled_or_not() {
    let image = json!({"url": "x", "prompt": "a fox", "seed": 5, "new": [1]});
    let expected = json!({"generation_id": id(), "seed": 5, "data": [image], "new": true});
    for mut body in [
        json!({"generation_id": "aGk", "seed": 5, "data": [image], "new": true}),
        json!({"generation_id": "aGk", "created": "2026-10-07T15:09:24Z", "status": "completed",
            "response_type": "url", "usage_cost_usd_micros": 1, "data": [image], "new": true}),
    ] {
        bring_into_shape(&mut body, &id());
        assert_eq!(body, expected);
    }
}

#[test]
fn an_answer_of_another_api_stays_as_it_is_and_placeholders_are_turned_into_one() {
    let older = json!({"created": "2026-10-07T15:09:24Z", "data": [{"seed": 0}]});
    let mut body = older.clone();
    bring_into_shape(&mut body, &id());
    assert_eq!(body, older);
    turn_into_shape(&mut body, &id());
    let expected = json!({"generation_id": id(), "seed": 0, "data": [{"seed": 0}]});
    assert_eq!(body, expected);
}

#[test]
fn whoever_does_not_wait_is_told_the_seed_if_it_is_known() {
    let with = json!({"generation_id": id(), "seed": 9});
    assert_eq!(submitted(&id(), Some(9)), with);
    assert_eq!(submitted(&id(), None), json!({ "generation_id": id() }));
}

#[test]
fn a_generation_is_pending_completed_or_failed() {
    let created = "2026-11-22T00:00:00.000Z";
    let at = UnixMillis::from_rfc3339(created).unwrap();
    let told = |standing| stands(&id(), at, standing);
    let pending = json!({"generation_id": id(), "created": created, "status": "pending"});
    assert_eq!(told(Standing::Pending), pending);
    let answer = json!({"generation_id": id(), "seed": 5, "data": [{"seed": 5}]});
    let cost = MicroDollars::new(60_000);
    let completed = json!({"generation_id": id(), "created": created, "status": "completed",
        "response_type": "url", "usage_cost_usd_micros": 60_000, "seed": 5, "data": [{"seed": 5}]});
    assert_eq!(told(Standing::Completed { answer, cost }), completed);
    let failure = Failure::new(FailureCode::PromptRejected, "No");
    let failed = json!({"generation_id": id(), "created": created, "status": "failed",
        "failure_reason": "prompt_rejected", "error": "No"});
    assert_eq!(told(Standing::Failed(&failure)), failed);
}

#[test]
fn a_price_is_asked_for_only_where_there_is_one_and_never_by_mistake() {
    let generate = Endpoint::at("/v2/image/generate/ideogram-3").unwrap();
    let dry = |endpoint, pairs: &[(&str, &str)]| {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        is_dry_run(endpoint, &pairs.iter().map(owned).collect::<Vec<_>>())
    };
    for (pairs, expected) in [
        (&[][..], false),
        (&[("x", "true")], false),
        (&[("dry_run", "false")], false),
        (&[("x", "1"), ("dry_run", "true")], true),
    ] {
        assert_eq!(dry(generate, pairs), Ok(expected), "{pairs:?}");
    }
    for pairs in [
        &[("dry_run", "")][..],
        &[("dry_run", "1")],
        &[("dry_run", "false"), ("dry_run", "true")],
    ] {
        assert_eq!(
            dry(generate, pairs).unwrap_err().field,
            "dry_run",
            "{pairs:?}"
        );
    }
    for endpoint in Endpoint::all() {
        let quoted = endpoint.is_v2() && !endpoint.path().contains("/describe/");
        let answer = dry(endpoint, &[("dry_run", "true")]);
        assert_eq!(answer.is_ok(), quoted, "{endpoint:?}");
        assert_eq!(dry(endpoint, &[("dry_run", "false")]), Ok(false));
    }
}

#[test]
fn whoever_asks_for_a_price_is_told_ideograms_quote_as_it_came_or_why_there_is_none() {
    let answered = |status, body: &str| {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        };
        price_told(outcome, UnixMillis::new(0)).map_err(|failure| (failure.code, failure.cost))
    };
    let quote = r#"{"object":"price_quote","quantity":3,"usd_micros":180000,"new":[1]}"#;
    assert_eq!(
        answered(200, quote),
        Ok(serde_json::from_str(quote).unwrap())
    );
    for (status, body, code) in [
        (200, r#"{"data":[]}"#, FailureCode::UpstreamError),
        (200, "", FailureCode::UpstreamError),
        (400, r#"{"error":"No"}"#, FailureCode::InvalidRequest),
        (401, "", FailureCode::UpstreamAuth),
        (429, "", FailureCode::Busy),
        (500, "", FailureCode::UpstreamError),
        (504, "", FailureCode::UpstreamError),
    ] {
        let expected = Err((code, FailureCost::Nothing));
        assert_eq!(answered(status, body), expected, "{status} {body}");
    }
    for (outcome, code) in [
        (CallOutcome::TimedOut, FailureCode::UpstreamTimeout),
        (CallOutcome::ConnectionLost, FailureCode::UpstreamError),
        (CallOutcome::ReferencesUnknown, FailureCode::Busy),
    ] {
        let failure = price_told(outcome, UnixMillis::new(0)).unwrap_err();
        assert_eq!(failure.code, code);
        assert!(!failure.message.contains("billed"), "{failure:?}");
    }
}

//! The table of outcomes, status by status, and the waits between tries.

use super::*;
use proptest::prelude::*;

const NOW: UnixMillis = UnixMillis::new(1_795_305_600_000);

fn answered(status: u16, retry_after: Option<&str>, body: &str) -> Verdict {
    let outcome = CallOutcome::Answered {
        status,
        retry_after: retry_after.map(str::to_owned),
        body: body.as_bytes().to_vec(),
    };
    judge(outcome, Product::Pictures, NOW)
}

fn failed(verdict: Verdict) -> (FailureCost, Again, Health, FailureCode) {
    match verdict {
        Verdict::Failed(call) => (call.cost, call.again, call.health, call.failure.code),
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn what_ideogram_refuses_is_free_and_not_tried_again() {
    for (status, health, code) in [
        (400, Health::Working, FailureCode::InvalidRequest),
        (401, Health::KeyRefused, FailureCode::UpstreamAuth),
        (402, Health::NoCredits, FailureCode::NoCredits),
        (403, Health::Working, FailureCode::UpstreamError),
        (404, Health::Working, FailureCode::UpstreamError),
        (413, Health::Working, FailureCode::InvalidRequest),
        (422, Health::Working, FailureCode::PromptRejected),
    ] {
        let expected = (FailureCost::Nothing, Again::Never, health, code);
        assert_eq!(failed(answered(status, None, "{}")), expected, "{status}");
    }
}

#[test]
fn rate_limits_and_failed_generations_are_free_and_tried_again() {
    for (status, health) in [
        (429, Health::RateLimited),
        (500, Health::Failing),
        (502, Health::Failing),
        (503, Health::Failing),
    ] {
        let (cost, again, said, _) = failed(answered(status, None, "oops"));
        assert_eq!(
            (cost, again, said),
            (FailureCost::Nothing, Again::After(Millis::ZERO), health)
        );
    }
}

#[test]
fn what_may_have_been_billed_is_unconfirmed() {
    let unclear = [
        answered(504, None, ""),
        answered(520, None, ""),
        answered(522, None, ""),
        answered(524, None, ""),
        answered(302, None, ""),
        answered(408, None, ""),
        answered(200, None, "<html>"),
        answered(200, None, "{}"),
        judge(CallOutcome::TimedOut, Product::Pictures, NOW),
        judge(CallOutcome::ConnectionLost, Product::Pictures, NOW),
    ];
    for verdict in unclear {
        let (cost, again, health, _) = failed(verdict);
        assert_eq!(cost, FailureCost::Unconfirmed);
        assert_eq!(again, Again::IfPaidTwice);
        assert_eq!(health, Health::Failing);
    }
}

#[test]
fn a_failure_told_in_the_body_of_a_200_is_that_failure_and_free_only_if_it_was_refused() {
    let late = |status: u16| {
        let body = format!(r#"{{"error":"No","status_code":{status}}}"#);
        failed(answered(200, None, &body))
    };
    for status in [400, 401, 402, 403, 422, 429] {
        let sent = failed(answered(status, None, r#"{"error":"No"}"#));
        assert_eq!(late(status), sent, "{status}");
        assert_eq!(late(status).0, FailureCost::Nothing, "{status}");
    }
    for status in [500, 502, 503, 504] {
        let unconfirmed = (
            FailureCost::Unconfirmed,
            Again::IfPaidTwice,
            Health::Failing,
            FailureCode::UpstreamError,
        );
        assert_eq!(late(status), unconfirmed, "{status}");
    }
    let made = answered(200, None, r#"{"error":"No","status_code":500,"data":[{}]}"#);
    assert!(matches!(made, Verdict::Made(_)), "{made:?}");
}

#[test]
fn retry_after_is_read_as_seconds_and_as_a_date() {
    let wait = |value| failed(answered(429, Some(value), "")).1;
    assert_eq!(wait("7"), Again::After(Millis::from_seconds(7)));
    let in_ten_seconds = "Sun, 22 Nov 2026 00:00:10 GMT";
    assert_eq!(wait(in_ten_seconds), Again::After(Millis::from_seconds(10)));
    let long_ago = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(wait(long_ago), Again::After(Millis::ZERO));
    for too_long in [
        "3601",
        "18446744073709551615",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        assert_eq!(wait(too_long), Again::After(MOST_RETRY_AFTER), "{too_long}");
    }
    for nonsense in ["soon", "-1", "", "1.5"] {
        assert_eq!(wait(nonsense), Again::After(Millis::ZERO), "{nonsense}");
    }
}

#[test]
fn the_caller_is_told_what_ideogram_said() {
    let Verdict::Failed(call) = answered(400, None, r#"{"message":"bad size"}"#) else {
        panic!("no failure");
    };
    assert_eq!(
        call.failure.message,
        "Ideogram refused the request: bad size"
    );
}

proptest! {
    #[test]
    fn a_wait_is_at_least_what_was_asked_for_and_otherwise_bounded(
        tries in 0_u32..100, asked in 0_u64..100_000, random: u64
    ) {
        let wait = wait_before_retry(tries, Millis::new(asked), random);
        prop_assert!(wait >= Millis::new(asked));
        prop_assert!(wait <= BACKOFF_CAP.max(Millis::new(asked)));
    }
}

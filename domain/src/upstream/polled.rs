//! What an answer to `GET /v2/generations/{id}` means (Ideogram's OpenAPI document, 2026-10). Nothing
//! that Ideogram says there costs anything, so whatever is not an answer is asked for again.

use serde_json::Value;

use crate::answer;
use crate::money::MicroDollars;
use crate::retry::{CallOutcome, wait_asked_for};
use crate::time::{Millis, UnixMillis};

use super::UpstreamId;

/// What a poll came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Polled {
    /// Ideogram is still at work.
    Pending,
    /// It is done, and billed.
    Completed {
        /// What was made, as Ideogram says it.
        answer: Value,
        /// What it cost, where Ideogram says that.
        cost: Option<MicroDollars>,
    },
    /// Ideogram gave it up, and bills nothing.
    Failed {
        /// Why, in Ideogram's word for it.
        reason: String,
    },
    /// Ideogram knows no such generation.
    Unknown,
    /// No word about it.
    Unanswered {
        /// It should not be asked again before.
        wait: Millis,
        /// Why, in words.
        why: String,
    },
}

/// The path at which a generation is asked for.
#[must_use]
pub fn poll_path(id: &UpstreamId) -> String {
    format!("/v2/generations/{id}")
}

/// Reads what a poll came to. `now` is only for a `Retry-After` written as a date.
#[must_use]
pub fn read_poll(outcome: CallOutcome, now: UnixMillis) -> Polled {
    let (status, retry_after, body) = match outcome {
        CallOutcome::Answered {
            status,
            retry_after,
            body,
        } => (status, retry_after, body),
        CallOutcome::TimedOut => return unanswered("Ideogram did not answer in time"),
        CallOutcome::ConnectionLost => return unanswered("the connection to Ideogram was lost"),
        CallOutcome::ReferenceGone | CallOutcome::ReferencesUnknown => {
            return unanswered("nothing was sent to Ideogram");
        }
    };
    match status {
        200 => read(&body),
        // An id that it calls malformed is one that it does not know.
        400 | 404 => Polled::Unknown,
        _ => {
            let said = answer::error_message(&body).map(|said| format!(": {said}"));
            Polled::Unanswered {
                wait: wait_asked_for(retry_after.as_deref(), now).unwrap_or_default(),
                why: format!("status {status}{}", said.unwrap_or_default()),
            }
        }
    }
}

fn unanswered(why: &str) -> Polled {
    Polled::Unanswered {
        wait: Millis::ZERO,
        why: why.to_owned(),
    }
}

fn read(body: &[u8]) -> Polled {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return unanswered("an answer that is not JSON");
    };
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    match text("status") {
        Some("pending") => Polled::Pending,
        Some("failed") => Polled::Failed {
            reason: text("failure_reason")
                .unwrap_or("no reason given")
                .to_owned(),
        },
        Some("completed") if answer.get("data").is_some_and(Value::is_array) => {
            let cost = answer.get("usage_cost_usd_micros").and_then(Value::as_u64);
            Polled::Completed {
                cost: cost.map(MicroDollars::new),
                answer,
            }
        }
        _ => unanswered("an answer without a status that is known"),
    }
}

/// Ideogram's id in the answer to a submission, if it has taken it and pictures are still to come.
#[must_use]
pub fn read_submission(body: &[u8]) -> Option<UpstreamId> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    if answer.get("data").is_some_and(|data| !data.is_null()) {
        return None;
    }
    let id = answer.get("generation_id")?.as_str()?;
    UpstreamId::try_from(id.to_owned()).ok()
}

/// Whether a failed generation failed for what its prompt or its pictures show.
#[must_use]
pub fn is_for_safety(reason: &str) -> bool {
    let reason = reason.to_ascii_lowercase();
    ["content_policy", "safety", "moderation"]
        .iter()
        .any(|word| reason.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);

    fn answered(status: u16, body: &Value) -> Polled {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: Some("7".to_owned()),
            body: body.to_string().into_bytes(),
        };
        read_poll(outcome, NOW)
    }

    #[test]
    fn each_status_of_a_generation_is_told_apart() {
        assert_eq!(
            answered(200, &json!({"status": "pending"})),
            Polled::Pending
        );
        let failed = json!({"status": "failed", "failure_reason": "content_policy_violation"});
        let Polled::Failed { reason } = answered(200, &failed) else {
            panic!("{failed}");
        };
        assert!(is_for_safety(&reason) && !is_for_safety("internal_error"));
        let completed = json!({"status": "completed", "data": [], "usage_cost_usd_micros": 61_000});
        let Polled::Completed { answer, cost } = answered(200, &completed) else {
            panic!("{completed}");
        };
        assert_eq!((answer, cost), (completed, Some(MicroDollars::new(61_000))));
    }

    #[test]
    fn what_is_no_word_about_the_generation_is_asked_again_after_the_time_ideogram_names() {
        for status in [401, 402, 403, 408, 429, 500, 502, 503, 504, 524] {
            let polled = answered(status, &json!({"error": "not now"}));
            let Polled::Unanswered { wait, why } = polled else {
                panic!("{status}: {polled:?}");
            };
            assert_eq!(wait, Millis::from_seconds(7));
            assert!(why.contains(&status.to_string()) && why.contains("not now"));
        }
        for body in [
            json!({}),
            json!([]),
            json!({"status": "completed"}),
            json!({"status": "new"}),
        ] {
            assert!(
                matches!(answered(200, &body), Polled::Unanswered { .. }),
                "{body}"
            );
        }
        for outcome in [CallOutcome::TimedOut, CallOutcome::ConnectionLost] {
            assert!(matches!(read_poll(outcome, NOW), Polled::Unanswered { .. }));
        }
        assert_eq!(answered(404, &json!({})), Polled::Unknown);
        assert_eq!(answered(400, &json!({})), Polled::Unknown);
    }

    #[test]
    fn a_submission_is_taken_where_an_id_comes_without_pictures() {
        let id = |body: Value| read_submission(body.to_string().as_bytes());
        assert_eq!(
            id(json!({"generation_id": "aB3_", "seed": 1}))
                .unwrap()
                .as_str(),
            "aB3_"
        );
        assert!(id(json!({"generation_id": "aB3_", "data": null})).is_some());
        assert_eq!(id(json!({"generation_id": "aB3_", "data": []})), None);
        assert_eq!(id(json!({"generation_id": "../x"})), None);
        assert_eq!(id(json!({"seed": 1})), None);
        assert_eq!(read_submission(b"{"), None);
    }
}

//! What Ideogram's error bodies say. Only the safety check's and those of 402 and 429 have a
//! documented shape; the others are read in every shape that servers of its kind send.

use serde_json::Value;

use crate::visible_text::visible_text;

const MOST_CHARACTERS: usize = 300;

/// Why Ideogram refused with 402 or 429, its `reject_reason` (documentation of 2026-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectReason {
    /// The account has no money left.
    InsufficientFunds,
    /// The account lacks the subscription this needs.
    SubscriptionRequired,
    /// Ideogram's own limit for the day is reached.
    DailyLimit,
    /// Priority credits are needed.
    PriorityCreditRequired,
    /// Too many images are in progress.
    InflightLimit,
    /// A limit of this feature is reached.
    FeatureLimit,
}

/// The sentence in an error body, on one line and of at most 300 characters. None if the body is
/// no JSON or has no sentence where one is known to be.
#[must_use]
pub fn error_message(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["error", "message", "detail", "title"]
        .into_iter()
        .find_map(|name| sentence(body.get(name)?))
}

/// The `reject_reason` in an error body, if it is one of those known.
#[must_use]
pub fn reject_reason(body: &[u8]) -> Option<RejectReason> {
    let body: Value = serde_json::from_slice(body).ok()?;
    match body.get("reject_reason")?.as_str()? {
        "insufficient_funds" => Some(RejectReason::InsufficientFunds),
        "subscription_required" => Some(RejectReason::SubscriptionRequired),
        "daily_limit" => Some(RejectReason::DailyLimit),
        "priority_credit_required" => Some(RejectReason::PriorityCreditRequired),
        "inflight_limit" => Some(RejectReason::InflightLimit),
        "feature_limit" => Some(RejectReason::FeatureLimit),
        _ => None,
    }
}

/// The sentence that a text, an object with one, or a list of either makes.
fn sentence(value: &Value) -> Option<String> {
    let parts = match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        one => vec![text(one)?],
    };
    let visible = visible_text(&parts.join("; "));
    let short: String = visible.chars().take(MOST_CHARACTERS).collect();
    (!short.is_empty()).then_some(short)
}

fn text(value: &Value) -> Option<&str> {
    // `msg` is what schema validators call it; what else they say repeats the request.
    let message = || {
        ["message", "msg"]
            .into_iter()
            .find_map(|name| value.get(name)?.as_str())
    };
    value.as_str().or_else(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_found_in_any_shape() {
        for (body, sentence) in [
            (r#"{"error":"Prompt failed"}"#, "Prompt failed"),
            (r#"{"error":{"message":"No","code":1}}"#, "No"),
            (r#"{"error":true,"message":"No"}"#, "No"),
            (r#"{"error":"","detail":"No"}"#, "No"),
            (
                r#"{"detail":"'x' is required","title":"Bad Request"}"#,
                "'x' is required",
            ),
            (r#"{"detail":["a",{"msg":"b","input":"secret"},3]}"#, "a; b"),
            (r#"{"title":"Bad Request","status":400}"#, "Bad Request"),
            (r#"{"error":"a\n\u001b[31mb\u202e"}"#, "a [31mb"),
        ] {
            assert_eq!(
                error_message(body.as_bytes()).as_deref(),
                Some(sentence),
                "{body}"
            );
        }
    }

    #[test]
    fn a_body_without_a_sentence_has_none() {
        for body in [
            "",
            "<html>502</html>",
            "[]",
            "7",
            "{}",
            r#"{"error":null}"#,
            "\"no\"",
            r#"{"error":" "}"#,
            r#"{"detail":[]}"#,
        ] {
            assert_eq!(error_message(body.as_bytes()), None, "{body}");
        }
        assert_eq!(error_message(b"\xFF"), None);
    }

    #[test]
    fn a_sentence_is_cut_at_300_characters() {
        let body = format!(r#"{{"error":"{}"}}"#, "é".repeat(1000));
        assert_eq!(error_message(body.as_bytes()), Some("é".repeat(300)));
    }

    #[test]
    fn a_reason_is_read_if_it_is_a_known_one() {
        let reason =
            |name: &str| reject_reason(format!(r#"{{"reject_reason":{name}}}"#).as_bytes());
        assert_eq!(
            reason("\"inflight_limit\""),
            Some(RejectReason::InflightLimit)
        );
        assert_eq!(
            reason("\"insufficient_funds\""),
            Some(RejectReason::InsufficientFunds)
        );
        assert_eq!(reason("\"else\""), None);
        assert_eq!(reason("null"), None);
        assert_eq!(reject_reason(b"<html>"), None);
    }
}

//! What Ideogram's error bodies say. Only the safety check's and those of 402 and 429 have a
//! documented shape; the others are read in every shape that servers of its kind send.

use serde_json::Value;

use crate::visible_text::visible_text;

const MOST_CHARACTERS: usize = 300;

/// The sentence in an error body, on one line and of at most 300 characters. None if the body is
/// no JSON or has no sentence where one is known to be.
#[must_use]
pub fn error_message(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["error", "message", "detail", "title"]
        .into_iter()
        .find_map(|name| sentence(body.get(name)?))
}

/// The status of what failed after its answer had begun, with status 200: an `error` and a
/// `status_code` in the place of pictures (Ideogram's OpenAPI document of 2026-10, remove-background).
/// None if it is anything else.
#[must_use]
pub fn failed_late(body: &[u8]) -> Option<u16> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let has_pictures = || {
        let data = body.get("data").and_then(Value::as_array);
        data.is_some_and(|data| !data.is_empty())
    };
    body.get("error").filter(|error| !error.is_null())?;
    let status = body.get("status_code").and_then(Value::as_u64)?;
    let status = u16::try_from(status).ok()?;
    let failed = (400..=599).contains(&status) && !has_pictures();
    failed.then_some(status)
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
    fn a_failure_that_came_late_has_its_status_in_the_body() {
        for (body, status) in [
            (r#"{"error":"No","status_code":500}"#, Some(500)),
            (
                r#"{"error":{"message":"No"},"status_code":422,"data":[]}"#,
                Some(422),
            ),
            (r#"{"error":"No","status_code":400,"data":null}"#, Some(400)),
            (r#"{"error":"No","status_code":500,"data":[{}]}"#, None),
            (r#"{"error":null,"status_code":500}"#, None),
            (r#"{"status_code":500}"#, None),
            (r#"{"error":"No","status_code":200}"#, None),
            (r#"{"error":"No","status_code":"500"}"#, None),
            (r#"{"error":"No","status_code":66036}"#, None),
            (r#"{"error":"No"}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(failed_late(body.as_bytes()), status, "{body}");
        }
    }

    #[test]
    fn a_sentence_is_cut_at_300_characters() {
        let body = format!(r#"{{"error":"{}"}}"#, "é".repeat(1000));
        assert_eq!(error_message(body.as_bytes()), Some("é".repeat(300)));
    }
}

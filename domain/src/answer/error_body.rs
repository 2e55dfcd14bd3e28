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
}

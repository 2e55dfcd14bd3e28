//! The words of a moderation endpoint in OpenAI's shape (its API reference, "Create moderation",
//! 2026): a text goes in, a verdict with categories comes out.

use serde_json::{Value, json};

use crate::prompt::SanitisedPrompt;

/// The largest answer that is read, in bytes; one verdict with scores has about two thousand.
pub const MODERATION_MOST_BYTES: usize = 64 * 1024;
/// More categories, or longer names, are not passed on to callers.
const MOST_CATEGORIES: usize = 20;
const LONGEST_CATEGORY: usize = 60;

/// What a moderation endpoint says of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing against it.
    Passed,
    /// Something against it.
    Flagged {
        /// The categories it falls into, as the endpoint names them.
        categories: Vec<String>,
    },
}

/// What the endpoint is sent.
#[must_use]
pub fn question(prompt: &SanitisedPrompt) -> Value {
    json!({ "input": prompt.as_str() })
}

impl Verdict {
    /// Reads an answer; none if there is no verdict in it.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        let answer: Value = serde_json::from_slice(body).ok()?;
        let results = answer.get("results")?.as_array()?;
        if results.is_empty() {
            return None;
        }
        let mut flagged = false;
        let mut categories = vec![];
        for result in results {
            flagged |= result.get("flagged")?.as_bool()?;
            let found = result.get("categories").and_then(Value::as_object);
            let found = found.into_iter().flatten();
            let found = found.filter(|(name, hit)| **hit == Value::Bool(true) && is_name(name));
            categories.extend(found.map(|(name, _)| name.clone()));
        }
        categories.truncate(MOST_CATEGORIES);
        Some(if flagged {
            Self::Flagged { categories }
        } else {
            Self::Passed
        })
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/ ".contains(&byte);
    text.len() <= LONGEST_CATEGORY && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::sanitise;

    fn verdict(answer: &Value) -> Option<Verdict> {
        Verdict::parse(answer.to_string().as_bytes())
    }

    #[test]
    fn a_verdict_has_the_categories_that_were_hit() {
        let answer = json!({"id": "modr-1", "model": "m", "results": [{"flagged": true,
            "categories": {"violence": true, "hate": false, "self-harm/intent": true, "<b>": true},
            "category_scores": {"violence": 0.9}}]});
        let Some(Verdict::Flagged { mut categories }) = verdict(&answer) else {
            panic!("{answer}")
        };
        categories.sort();
        assert_eq!(categories, ["self-harm/intent", "violence"]);
        let passed = json!({"results": [{"flagged": false, "categories": {"violence": false}}]});
        assert_eq!(verdict(&passed), Some(Verdict::Passed));
        let two = json!({"results": [{"flagged": false}, {"flagged": true}]});
        assert_eq!(verdict(&two), Some(Verdict::Flagged { categories: vec![] }));
    }

    #[test]
    fn an_answer_without_a_verdict_is_none() {
        for answer in [
            json!({}),
            json!([]),
            json!({"results": []}),
            json!({"results": [{}]}),
            json!({"results": [{"flagged": "no"}]}),
            json!({"results": [{"flagged": false}, {}]}),
            json!({"error": {"message": "no"}}),
        ] {
            assert_eq!(verdict(&answer), None, "{answer}");
        }
        assert_eq!(Verdict::parse(b"<html>"), None);
    }

    #[test]
    fn the_endpoint_is_sent_the_prompt_and_nothing_else() {
        let prompt = sanitise("a fox").unwrap();
        assert_eq!(question(&prompt), json!({"input": "a fox"}));
    }
}

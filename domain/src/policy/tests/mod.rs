//! What a policy finds, what it leaves alone, and what is no policy.

mod disguises;
mod invalid;
mod look_alikes;
mod properties;
mod rules;

use serde_json::json;

use super::ContentPolicy;
use crate::visible_text::visible_text;

/// A policy of one category with these terms.
fn terms(terms: &[&str]) -> ContentPolicy {
    list("terms", terms)
}

/// A policy of one category with these entries in the list of this name.
fn list(name: &str, entries: &[&str]) -> ContentPolicy {
    let policy = json!({ "categories": { "only": { name: entries } } });
    policy.to_string().parse().unwrap()
}

/// Whether the policy rejects the text as it is once sanitised.
fn rejects(policy: &ContentPolicy, text: &str) -> bool {
    policy.check(&visible_text(text)).is_some()
}

fn assert_rejects(policy: &ContentPolicy, texts: &[&str]) {
    for text in texts {
        assert!(rejects(policy, text), "{text} passes");
    }
}

fn assert_passes(policy: &ContentPolicy, texts: &[&str]) {
    for text in texts {
        assert!(!rejects(policy, text), "{text} is rejected");
    }
}

//! The operator's word on whether pictures may be made, as `PUT /admin/mode` reads it.

use domain::ledger::ModeChange;
use domain::request::parse_json;
use unicode_normalization::is_nfc;

pub(crate) const TOKENS: &[&str] = &[
    "\"enabled\":",
    "\"reason\":",
    "\"by\":",
    "true",
    "false",
    "null",
    "\u{200B}",
    "\u{202E}",
];

/// What is taken has a reason where it has to, shows what it says, and is taken again unchanged.
pub(crate) fn check(data: &[u8]) {
    let Ok(body) = parse_json(data) else {
        return;
    };
    let change = match ModeChange::parse(&body) {
        Ok(change) => change,
        Err(invalid) => return assert!(!invalid.field.is_empty()),
    };
    assert!(
        change.enabled || change.reason.is_some(),
        "off without a reason"
    );
    shows(&change.by, ModeChange::LONGEST_NAME);
    if let Some(reason) = &change.reason {
        shows(reason, ModeChange::LONGEST_REASON);
    }
    let again = serde_json::to_value(&change).map(|body| ModeChange::parse(&body));
    assert!(
        matches!(again, Ok(Ok(same)) if same == change),
        "it is not taken again"
    );
}

fn shows(text: &str, most: usize) {
    let characters = text.chars().count();
    assert!((1..=most).contains(&characters) && is_nfc(text));
    assert!(!text.chars().any(char::is_control));
}

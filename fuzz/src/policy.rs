//! The operator's content policy, on any policy and any text: before the first zero byte is the
//! policy, after it the text.

use domain::policy::ContentPolicy;

pub(crate) const TOKENS: &[&str] = &[
    r#"{"categories":{"#,
    r#""terms":["#,
    r#""phrases":["#,
    r#""patterns":["#,
    r#""message":""#,
    "grenade",
    "build * bomb*",
    "g.r.e.n.a.d.e",
    "gr3nade",
    "\u{430}",
    "\u{FF47}",
    "\u{4E2D}\u{6587}",
    "\u{e}\u{301}",
    "\0",
];

/// A policy is read, or refused with the place that is wrong; what it rejects is one of its own
/// categories, and a text with the same words after it is rejected no less.
pub(crate) fn check(data: &[u8]) {
    let cut = data
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(data.len());
    let (policy, text) = data.split_at(cut);
    let text = String::from_utf8_lossy(text);
    match String::from_utf8_lossy(policy).parse::<ContentPolicy>() {
        Err(invalid) => assert!(!invalid.place.is_empty() && !invalid.complaint.is_empty()),
        Ok(policy) => {
            let rejects = |text: &str| policy.check(text).is_some();
            if rejects(&text) {
                assert!(rejects(&format!("{text}. {text}")), "{text:?}");
            }
        }
    }
}

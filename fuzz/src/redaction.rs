//! The redactor, on any text.

use domain::prompt::sanitise;
use domain::redaction::{find, redact};

pub(crate) const TOKENS: &[&str] = &[
    "@example.com",
    "+44 20 7946 0958",
    "4242 4242 4242 4242",
    "DE89370400440532013000",
    "078-05-1120",
    "QQ 12 34 56 C",
    "192.168.0.1",
    "fe80::1",
    "00:1a:2b:3c:4d:5e",
    "https://u:p@h.example/",
    "52.5200, 13.4050",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "sk_live_",
    "eyJhbGciOiJIUzI1NiJ9.",
    "password: ",
    "born 12.03.1990",
    "passport no. ",
    "221B Baker Street",
    "[email]",
    "[phone]",
    "\u{FF10}\u{FF11}",
    "\u{966}\u{967}",
    "\u{2011}",
];

/// Finds are disjoint and lie on the borders of characters; around them nothing changes; a redacted
/// text has nothing left to find.
pub(crate) fn check(data: &[u8]) {
    let Ok(prompt) = sanitise(&String::from_utf8_lossy(data)) else {
        return;
    };
    let text = prompt.as_str();
    let mut end = 0;
    for span in find(text) {
        assert!(
            end <= span.start && span.start < span.end,
            "{span:?} in {text:?}"
        );
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} in {text:?}"
        );
        end = span.end;
    }
    let redacted = redact(text);
    assert_eq!(redacted.found.is_empty(), redacted.text == text, "{text:?}");
    assert_eq!(
        find(&redacted.text),
        [],
        "{text:?} became {:?}",
        redacted.text
    );
    let again = sanitise(&redacted.text);
    assert_eq!(
        again.as_ref().map(|prompt| prompt.as_str()),
        Ok(redacted.text.as_str())
    );
}

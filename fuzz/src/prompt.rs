//! The sanitiser, on any text.

use domain::prompt::{SanitisedPrompt, sanitise};
use unicode_normalization::is_nfc;

use crate::invisible::is_invisible;

pub(crate) const TOKENS: &[&str] = &[
    " ",
    "\u{3000}",
    "\u{2028}",
    "\u{200B}",
    "\u{200D}",
    "\u{202E}",
    "\u{301}",
    "\u{327}",
    "\u{34F}",
    "\u{FE0F}",
    "\u{1160}",
    "\u{1100}\u{1161}\u{11A8}",
    "\u{3164}",
    "\u{FFF9}",
    "\u{E0041}",
    "\u{FFFE}",
    "\u{2126}",
    "\u{FB2C}",
    "e\u{301}",
];

/// A text cannot grow more than this when it is composed (Unicode Standard Annex 15, section 11).
const GROWTH: usize = 3;

/// Whatever text comes in, what goes out is visible, composed and the same after a second pass.
pub(crate) fn check(data: &[u8]) {
    let raw = String::from_utf8_lossy(data);
    let sanitised = sanitise(&raw);
    // What shows nothing makes no difference, wherever it stands.
    let riddled: String = raw
        .chars()
        .flat_map(|character| [character, '\u{200B}'])
        .collect();
    assert_eq!(sanitise(&riddled), sanitised);
    if raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let words: Vec<_> = raw.split_ascii_whitespace().collect();
        let kept = sanitised.as_ref().map_or("", SanitisedPrompt::as_str);
        assert_eq!(kept, words.join(" "), "plain words stay");
    }
    if let Ok(prompt) = sanitised {
        assert!(prompt.characters() <= GROWTH * raw.chars().count());
        is_sanitised(&prompt);
    }
}

/// What holds of every sanitised prompt, wherever it comes from.
pub(crate) fn is_sanitised(prompt: &SanitisedPrompt) {
    let text = prompt.as_str();
    assert!(!text.is_empty());
    assert!(is_nfc(text), "{text:?} is not composed");
    let hidden = text.chars().find(|&character| is_invisible(character));
    assert_eq!(hidden, None, "{text:?}");
    let other_space = |character: char| character.is_whitespace() && character != ' ';
    assert!(!text.contains(other_space) && !text.contains("  ") && text.trim() == text);
    assert_eq!(sanitise(text).as_ref(), Ok(prompt), "a second pass");
    let json = serde_json::to_string(prompt).unwrap_or_default();
    assert_eq!(serde_json::from_str(&json).ok().as_ref(), Some(prompt));
}

//! The prompt as it may leave the gateway. Ideogram, logs, storage and history see a
//! `SanitisedPrompt`; the raw text ends where one is made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::visible_text::visible_text;

/// A prompt in composed Unicode, without invisible characters, its white space folded to single
/// blanks; never empty. In JSON it is the plain string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SanitisedPrompt(String);

/// Nothing a reader could see was in the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmptyPrompt;

impl fmt::Display for EmptyPrompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the prompt has no visible character")
    }
}

impl std::error::Error for EmptyPrompt {}

/// The prompt that may leave the gateway for what a caller wrote.
///
/// # Errors
/// When nothing visible is left of `raw`.
pub fn sanitise(raw: &str) -> Result<SanitisedPrompt, EmptyPrompt> {
    let text = visible_text(raw);
    if text.is_empty() {
        return Err(EmptyPrompt);
    }
    Ok(SanitisedPrompt(text))
}

impl SanitisedPrompt {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many characters (Unicode scalar values) it has.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Display for SanitisedPrompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<SanitisedPrompt> for String {
    fn from(prompt: SanitisedPrompt) -> Self {
        prompt.0
    }
}

/// Sanitises again what is read back, so that no text becomes a `SanitisedPrompt` unchecked.
impl TryFrom<String> for SanitisedPrompt {
    type Error = EmptyPrompt;

    fn try_from(text: String) -> Result<Self, EmptyPrompt> {
        sanitise(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_of_nothing_but_invisible_characters_is_empty() {
        for raw in ["", " \n\t", "\u{200B}\u{FEFF}", "\u{0} \u{E0041}"] {
            assert_eq!(sanitise(raw), Err(EmptyPrompt), "{raw:?}");
        }
    }

    #[test]
    fn a_prompt_is_a_plain_string_in_json_and_is_sanitised_when_read() {
        let prompt: SanitisedPrompt = serde_json::from_str(r#"" a\u200b  fox""#).unwrap();
        assert_eq!(prompt.as_str(), "a fox");
        assert_eq!(serde_json::to_string(&prompt).unwrap(), r#""a fox""#);
        assert!(serde_json::from_str::<SanitisedPrompt>(r#""""#).is_err());
    }
}

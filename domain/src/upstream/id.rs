//! Ideogram's own name for a generation that it was given: what it is asked for by, later.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest one that is taken. Ideogram's are a few dozen characters.
const LONGEST: usize = 128;

/// Ideogram's id of a generation: URL-safe base64 (Ideogram's OpenAPI document, 2026-10), so that it
/// can stand in a path as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UpstreamId(String);

/// A text that is no such id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnUpstreamId;

impl UpstreamId {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UpstreamId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for NotAnUpstreamId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an id of Ideogram's: URL-safe base64 of at most 128 characters")
    }
}

impl std::error::Error for NotAnUpstreamId {}

impl TryFrom<String> for UpstreamId {
    type Error = NotAnUpstreamId;

    fn try_from(text: String) -> Result<Self, NotAnUpstreamId> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
        let is_one = !text.is_empty() && text.len() <= LONGEST && text.bytes().all(fits);
        is_one.then_some(Self(text)).ok_or(NotAnUpstreamId)
    }
}

impl From<UpstreamId> for String {
    fn from(id: UpstreamId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_stand_in_a_path_is_an_id() {
        let id = |text: &str| UpstreamId::try_from(text.to_owned());
        assert_eq!(id("aB3_-w==").unwrap().as_str(), "aB3_-w==");
        for text in ["", "a/b", "a?b", "..", "a b", "ä", "a%2Fb"] {
            assert_eq!(id(text), Err(NotAnUpstreamId), "{text}");
        }
        assert!(id(&"a".repeat(128)).is_ok());
        assert!(id(&"a".repeat(129)).is_err());
    }
}

//! The texts of a request on their way in: sanitised, and personal data taken out of them, unless the
//! operator lets it pass. What was found is counted over all of them.

use std::fmt;
use std::str::FromStr;

use crate::prompt::{EmptyPrompt, SanitisedPrompt, sanitise};
use crate::redaction::{Findings, redact};

/// What becomes of personal and secret data in a request's texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PiiPolicy {
    /// It is replaced, and the request goes on without it.
    #[default]
    Redact,
    /// The request is refused.
    Reject,
    /// It stays.
    Allow,
}

/// The text names no policy; says which there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownPiiPolicy;

impl fmt::Display for UnknownPiiPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("redact, reject or allow")
    }
}

impl FromStr for PiiPolicy {
    type Err = UnknownPiiPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownPiiPolicy> {
        match text {
            "redact" => Ok(Self::Redact),
            "reject" => Ok(Self::Reject),
            "allow" => Ok(Self::Allow),
            _ => Err(UnknownPiiPolicy),
        }
    }
}

/// Takes a request's texts in.
#[derive(Debug)]
pub(super) struct Texts {
    /// The longest one, in characters.
    pub most_characters: usize,
    pub policy: PiiPolicy,
    /// What has been found so far.
    pub found: Findings,
}

impl Texts {
    /// A text as it may leave. Also where it will be refused nothing personal stays in it.
    pub fn take(&mut self, raw: &str) -> Result<SanitisedPrompt, EmptyPrompt> {
        let text = sanitise(raw)?;
        if self.policy == PiiPolicy::Allow {
            return Ok(text);
        }
        let redacted = redact(text.as_str());
        self.found.add_all(&redacted.found);
        sanitise(&redacted.text)
    }
}

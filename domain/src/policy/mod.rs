//! The operator's own content policy: words and phrases for which a prompt is rejected before
//! anything is spent. A policy is JSON:
//!
//! ```json
//! {"categories": {
//!    "weapons": {"terms": ["grenade"], "phrases": ["pipe bomb"], "patterns": ["build * bomb*"]},
//!    "brand": {"terms": ["acme"], "message": "Our own brand may not be shown."}
//! }}
//! ```
//!
//! - A **term** is one word. It is found as a whole word, never inside another one, and from three
//!   letters on also with the plain plural `s` or `es`; `acme` is found in "Acmes" and "Acme's".
//! - A **phrase** is words that follow each other, whatever blanks or signs are between them; each
//!   of its words is found as a term is.
//! - A **pattern** is a phrase in which `*` at the beginning or the end of a word stands for any
//!   letters or none (`bomb*`, `*bomb`, `*bomb*`), and `*` alone for up to three words or none.
//! - In scripts without blanks between words (Chinese, Japanese, Thai, …) a word is found wherever
//!   its letters stand.
//!
//! Case, accents, full-width and mathematical letters do not count, on either side (`fold`); nor do
//! digits and foreign letters that stand for Latin ones, letters three times in a row, and words
//! spelled out letter by letter (`word`). Of several categories the first in the policy rejects.
//!
//! The way: `json` and `parse` read a policy, `entry` what is in its lists; `vocabulary` finds its
//! words in a word of the text, `sequence` its sequences of words.

mod entry;
mod fold;
mod json;
mod parse;
mod sequence;
#[cfg(test)]
mod tests;
mod token;
mod vocabulary;
mod word;

use std::fmt;
use std::str::FromStr;

use sequence::Sequences;
use vocabulary::Vocabulary;

/// A content policy, ready to be applied. Reading one takes far longer than applying it; keep it.
#[derive(Debug, Clone, Default)]
pub struct ContentPolicy {
    categories: Vec<Category>,
    vocabulary: Vocabulary,
    sequences: Sequences,
}

#[derive(Debug, Clone)]
struct Category {
    name: String,
    message: Option<String>,
}

/// A text that the policy does not let pass, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection<'policy> {
    /// The name of the first category in the policy that the text falls into.
    pub category: &'policy str,
    /// The operator's sentence for the caller, if the category has one.
    pub message: Option<&'policy str>,
}

/// A text that is not a policy. It names the place and says what belongs there, never what was
/// written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPolicy {
    /// The path of what is wrong, `categories.weapons.patterns[2]`; `policy` when it is the whole.
    pub place: String,
    /// What belongs there.
    pub complaint: String,
}

impl InvalidPolicy {
    fn new(place: &str, complaint: impl fmt::Display) -> Self {
        Self {
            place: place.to_owned(),
            complaint: complaint.to_string(),
        }
    }
}

impl fmt::Display for InvalidPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.complaint)
    }
}

impl std::error::Error for InvalidPolicy {}

impl FromStr for ContentPolicy {
    type Err = InvalidPolicy;

    fn from_str(text: &str) -> Result<Self, InvalidPolicy> {
        parse::parse(text)
    }
}

impl ContentPolicy {
    /// Why a sanitised text is rejected, if it is. Takes time in proportion to the text, however
    /// many entries the policy has.
    #[must_use]
    pub fn check(&self, text: &str) -> Option<Rejection<'_>> {
        if self.categories.is_empty() {
            return None;
        }
        let found = word::readings(text)
            .iter()
            .filter_map(|words| self.sequences.first_category(words, &self.vocabulary))
            .min()?;
        let category = self.categories.get(found)?;
        Some(Rejection {
            category: &category.name,
            message: category.message.as_deref(),
        })
    }
}

//! OpenAI's `quality` as a speed of Ideogram's. A name that ends in a speed has chosen one; then only
//! the words for that speed are taken, so that nothing is made cheaper or dearer than it is called.

use serde_json::Value;

use super::models::{NamedModel, Speed};
use crate::request::InvalidRequest;

const FIELD: &str = "quality";
/// The word that leaves it to the model.
const AUTO: &str = "auto";

/// Each of OpenAI's words and its speed.
const WORDS: &[(&str, Speed)] = &[
    ("low", Speed::Turbo),
    ("standard", Speed::Default),
    ("medium", Speed::Default),
    ("hd", Speed::Quality),
    ("high", Speed::Quality),
];

/// The words that are taken, each with some model.
pub fn quality_words() -> impl Iterator<Item = &'static str> {
    let words = WORDS.iter().map(|(word, _)| *word);
    std::iter::once(AUTO).chain(words)
}

/// The model of the same family that a request with this quality gets.
///
/// # Errors
/// The model has no such speed, or has another one in its name.
pub(super) fn choose(value: &Value, named: NamedModel) -> Result<NamedModel, InvalidRequest> {
    if value == AUTO {
        return Ok(named);
    }
    let word = WORDS.iter().find(|(word, _)| value == word);
    let chosen = word.and_then(|(_, speed)| with(named, *speed));
    chosen.ok_or_else(|| {
        let taken = WORDS
            .iter()
            .filter(|(_, speed)| with(named, *speed).is_some());
        let words: Vec<_> = taken.map(|(word, _)| *word).collect();
        let words = [&[AUTO], words.as_slice()].concat().join(", ");
        let complaint = format_args!("must be one of {words} with the model {}", named.id);
        InvalidRequest::new(FIELD, complaint)
    })
}

/// The model at this speed, unless its name has another.
fn with(named: NamedModel, speed: Speed) -> Option<NamedModel> {
    match named.speed {
        Speed::Default => named.at(speed),
        own => (own == speed).then_some(named),
    }
}

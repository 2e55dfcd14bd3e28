//! A field on its way to v2: what it is called there, and how its values are written. A value that
//! v2 does not have, or might take for something else, has no way.

use serde_json::{Map, Value};

/// The most characters that v2 takes for a prompt or a negative prompt (Ideogram's OpenAPI document
/// of 2026-10).
const MOST_CHARACTERS: usize = 10_000;

/// A field that goes to v2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// The endpoint's own name for it.
    pub name: &'static str,
    /// v2's.
    pub at_v2: &'static str,
    pub carried: Carried,
}

impl Field {
    /// A field that both have the same name for.
    pub const fn new(name: &'static str, carried: Carried) -> Self {
        Self {
            name,
            at_v2: name,
            carried,
        }
    }

    /// The same, called so by v2.
    pub const fn called(mut self, at_v2: &'static str) -> Self {
        self.at_v2 = at_v2;
        self
    }
}

/// How the values of a field are written at v2.
#[derive(Debug, Clone, Copy)]
pub(super) enum Carried {
    /// As they are.
    AsIs,
    /// As they are, texts not longer than v2 takes.
    Text,
    /// The same, but for texts that v2 could take for a prompt in parts.
    Words,
    /// In lower case.
    LowerCase,
    /// In lower case, and only these.
    LowerCaseOf(&'static [&'static str]),
    /// `ASPECT_16_9` as `16x9`.
    Ratio,
    /// A preset in lower case; colours as they are.
    Palette,
    /// An object as the text of it.
    JsonText,
}

impl Carried {
    /// The value as v2 has it; none if there is no such one.
    pub fn carry(self, value: Value) -> Option<Value> {
        match self {
            Self::AsIs => Some(value),
            Self::Text => fitting(value.as_str()?),
            Self::Words => fitting(value.as_str().filter(|text| !is_like_json(text))?),
            Self::LowerCase => lower_case(&value),
            Self::LowerCaseOf(words) => {
                let has_it = words.iter().any(|word| value == *word);
                lower_case(&value).filter(|_| has_it)
            }
            Self::Ratio => {
                let sides = value.as_str()?.strip_prefix("ASPECT_")?;
                Some(sides.replace('_', "x").into())
            }
            Self::Palette => palette(value),
            Self::JsonText => fitting(&value.to_string()),
        }
    }
}

fn fitting(text: &str) -> Option<Value> {
    (text.chars().count() <= MOST_CHARACTERS).then(|| text.into())
}

/// v2 takes a text that is JSON for a picture described part by part; no such text begins otherwise.
fn is_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn lower_case(word: &Value) -> Option<Value> {
    word.as_str().map(|word| word.to_ascii_lowercase().into())
}

fn palette(palette: Value) -> Option<Value> {
    let Value::Object(fields) = palette else {
        return None;
    };
    let carry = |(name, value): (String, Value)| match name.as_str() {
        "name" => Some((name, lower_case(&value)?)),
        "members" => Some((name, value)),
        _ => None,
    };
    let carried: Option<Map<String, Value>> = fields.into_iter().map(carry).collect();
    carried.map(Value::from)
}

//! One option of an endpoint: its name, what it takes, which models take it and what it is when
//! left out. Values are checked here and brought to one form each, so that two spellings of the
//! same value are the same request.

use serde_json::Value;

use super::Model;
use super::invalid::{InvalidRequest, name_to_echo};
use super::palette;
use super::texts::Texts;

/// A row of an endpoint's table of options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub models: Models,
    pub default: Option<&'static str>,
}

/// The values an option takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Free text, sanitised like the prompt; as good as left out when nothing visible remains.
    Text,
    /// A whole number, both ends included.
    Integer { lowest: u32, highest: u32 },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A preset or a list of colours.
    Palette,
}

/// The models that take an option.
#[derive(Debug, Clone, Copy)]
pub(super) enum Models {
    Any,
    Except(&'static [Model]),
}

impl Field {
    /// An option that every model takes and that has no default.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            models: Models::Any,
            default: None,
        }
    }

    /// The same, not taken by these models.
    pub const fn except(mut self, models: &'static [Model]) -> Self {
        self.models = Models::Except(models);
        self
    }

    /// The same, with the value it has when left out.
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
}

impl Models {
    /// Refuses the field at `path` for a model that does not take it.
    pub fn require(self, model: Model, path: &str) -> Result<(), InvalidRequest> {
        let takes = |candidate: &Model| match self {
            Self::Any => true,
            Self::Except(models) => !models.contains(candidate),
        };
        if takes(&model) {
            return Ok(());
        }
        let names: Vec<_> = Model::ALL
            .into_iter()
            .filter(takes)
            .map(Model::name)
            .collect();
        let names = names.join(", ");
        Err(InvalidRequest::new(
            path,
            format_args!("is taken only by the models {names}, and the model asked for is {model}"),
        ))
    }
}

impl Kind {
    /// The value in its one form; none if it is as good as left out.
    pub fn check(
        self,
        value: &Value,
        path: &str,
        texts: &mut Texts,
    ) -> Result<Option<Value>, InvalidRequest> {
        match self {
            Self::Text => text(value, path, texts),
            Self::Integer { lowest, highest } => whole_number(value)
                .filter(|number| (lowest..=highest).contains(number))
                .map(|number| Some(number.into()))
                .ok_or_else(|| not_in_range(path, lowest, highest)),
            Self::Choice(words) => choice(value, path, words).map(|word| Some(word.into())),
            Self::Palette => palette::check(value, path).map(Some),
        }
    }
}

fn text(value: &Value, path: &str, texts: &mut Texts) -> Result<Option<Value>, InvalidRequest> {
    let raw = value
        .as_str()
        .ok_or_else(|| InvalidRequest::new(path, "must be text"))?;
    let Ok(text) = texts.take(raw) else {
        return Ok(None);
    };
    at_most(text.characters(), texts.most_characters, path)?;
    Ok(Some(String::from(text).into()))
}

/// Refuses a text at `path` that is too long.
pub(super) fn at_most(characters: usize, most: usize, path: &str) -> Result<(), InvalidRequest> {
    if characters <= most {
        return Ok(());
    }
    Err(InvalidRequest::new(
        path,
        format_args!("must have at most {most} characters, and has {characters}"),
    ))
}

/// A whole number written as one: `1.0` and `"1"` are not.
pub(super) fn whole_number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

pub(super) fn not_in_range(path: &str, lowest: u32, highest: u32) -> InvalidRequest {
    let range = format_args!("must be a whole number from {lowest} to {highest}");
    InvalidRequest::new(path, range)
}

/// The word of the list that `value` is.
pub(super) fn choice(
    value: &Value,
    path: &str,
    words: &[&'static str],
) -> Result<&'static str, InvalidRequest> {
    let word = words.iter().copied().find(|word| value == word);
    word.ok_or_else(|| not_one_of(value, path, words))
}

pub(super) fn not_one_of(value: &Value, path: &str, words: &[&str]) -> InvalidRequest {
    let list = words.join(", ");
    match value.as_str().and_then(name_to_echo) {
        Some(given) => {
            InvalidRequest::new(path, format_args!("must be one of {list}, and is {given}"))
        }
        None => InvalidRequest::new(path, format_args!("must be one of {list}")),
    }
}

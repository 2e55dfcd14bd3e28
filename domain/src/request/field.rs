//! One option of an endpoint: its name, what it takes, which models take it and what it is when
//! left out. Values are checked here and brought to one form each, so that two spellings of the
//! same value are the same request.

use serde_json::Value;

use super::Model;
use super::invalid::{InvalidRequest, name_to_echo};
use super::json_prompt;
use super::palette;
use super::shape;
use super::texts::Texts;

pub(super) const STYLE_CODE_DIGITS: usize = 8;
/// Ideogram's OpenAPI document of 2026-10 for its newer endpoint, in bytes.
pub(super) const LONGEST_MODEL_URI: usize = 512;

/// A row of an endpoint's table of options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub models: Models,
    pub default: Option<Default>,
    pub required: bool,
}

/// What an option is when it is left out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Default {
    Word(&'static str),
    Number(u32),
    Flag(bool),
}

impl From<Default> for Value {
    fn from(default: Default) -> Self {
        match default {
            Default::Word(word) => word.into(),
            Default::Number(number) => number.into(),
            Default::Flag(flag) => flag.into(),
        }
    }
}

/// The values an option takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Free text, sanitised like the prompt; as good as left out when nothing visible remains.
    Text,
    /// A whole number, both ends included.
    Integer {
        lowest: u32,
        highest: u32,
    },
    /// The same; null is as good as left out.
    IntegerOrNull {
        lowest: u32,
        highest: u32,
    },
    Boolean,
    /// The same; null is as good as left out.
    BooleanOrNull,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, or a size that a picture may be given.
    Size(&'static [&'static str]),
    /// One of these words, or a part of a picture: left edge, top edge, width and height in pixels.
    Region(&'static [&'static str]),
    /// One of these presets or a list of colours.
    Palette(&'static [&'static str]),
    /// Styles by their codes, of eight hexadecimal digits each.
    StyleCodes,
    /// A model of the account's own: `model/{name}/version/{version}`.
    CustomModel,
    /// A picture described part by part.
    JsonPrompt,
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
            required: false,
        }
    }

    /// The same, not taken by these models.
    pub const fn except(mut self, models: &'static [Model]) -> Self {
        self.models = Models::Except(models);
        self
    }

    /// The same, with the value it has when left out.
    pub const fn default(mut self, word: &'static str) -> Self {
        self.default = Some(Default::Word(word));
        self
    }

    /// The same, with the number it is when left out.
    pub const fn default_number(mut self, number: u32) -> Self {
        self.default = Some(Default::Number(number));
        self
    }

    /// The same, with what it says when left out.
    pub const fn default_flag(mut self, flag: bool) -> Self {
        self.default = Some(Default::Flag(flag));
        self
    }

    /// The same, not to be left out.
    pub const fn required(mut self) -> Self {
        self.required = true;
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
        // Only the unversioned endpoints have options that not every model takes.
        let names: Vec<_> = Model::UNVERSIONED
            .iter()
            .copied()
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
            Self::IntegerOrNull { .. } | Self::BooleanOrNull if value.is_null() => Ok(None),
            Self::Integer { lowest, highest } | Self::IntegerOrNull { lowest, highest } => {
                whole_number(value)
                    .filter(|number| (lowest..=highest).contains(number))
                    .map(|number| Some(number.into()))
                    .ok_or_else(|| not_in_range(path, lowest, highest))
            }
            Self::Boolean | Self::BooleanOrNull => flag(value, path).map(|flag| Some(flag.into())),
            Self::Choice(words) => choice(value, path, words).map(|word| Some(word.into())),
            Self::Size(words) => shape::size(value, path, words).map(Some),
            Self::Region(words) => shape::region(value, path, words).map(Some),
            Self::Palette(presets) => palette::check(value, path, presets).map(Some),
            Self::StyleCodes => style_codes(value, path).map(Some),
            Self::CustomModel => custom_model(value, path).map(Some),
            Self::JsonPrompt => json_prompt::check(value, path, texts).map(Some),
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

/// Codes as a list, or in one text with commas between them; upper case is their one form.
fn style_codes(value: &Value, path: &str) -> Result<Value, InvalidRequest> {
    let codes: Option<Vec<&str>> = match value {
        Value::String(joined) => Some(joined.split(',').map(str::trim).collect()),
        Value::Array(codes) => codes.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let is_code = |code: &&str| {
        code.len() == STYLE_CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let codes = codes.filter(|codes| !codes.is_empty() && codes.iter().all(is_code));
    let codes = codes.ok_or_else(|| {
        let form = "must be a list of style codes, of eight hexadecimal digits each";
        InvalidRequest::new(path, form)
    })?;
    Ok(codes.into_iter().map(str::to_ascii_uppercase).collect())
}

fn custom_model(value: &Value, path: &str) -> Result<Value, InvalidRequest> {
    let uri = value.as_str().filter(|uri| uri.len() <= LONGEST_MODEL_URI);
    let pieces: Vec<_> = uri.unwrap_or_default().split('/').collect();
    let is_name =
        |piece: &str| !piece.is_empty() && piece.chars().all(|char| char.is_ascii_graphic());
    match (pieces.as_slice(), uri) {
        (["model", name, "version", version], Some(uri)) if is_name(name) && is_name(version) => {
            Ok(uri.into())
        }
        _ => Err(InvalidRequest::new(
            path,
            "must be the address of a custom model, model/{name}/version/{version}",
        )),
    }
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

/// True or false.
pub(super) fn flag(value: &Value, path: &str) -> Result<bool, InvalidRequest> {
    let wrong = || InvalidRequest::new(path, "must be true or false");
    value.as_bool().ok_or_else(wrong)
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

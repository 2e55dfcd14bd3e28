//! A row of the table as whoever documents it needs it: what each field takes, without how it is
//! checked. Nothing of the Worker's reads it.

use serde_json::Value;

use super::endpoint::{DefaultModel, Endpoint, PictureField, PromptField, Row, Rule};
use super::field::{Field, Kind, LONGEST_MODEL_URI, Models, STYLE_CODE_DIGITS};
use super::{ImageCount, Model, json_prompt, palette};

/// A field of an endpoint's that is no picture.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDescription {
    /// Its name.
    pub name: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// The values it takes.
    pub takes: Takes,
    /// The value it has when it is left out.
    pub default: Option<Value>,
    /// The models that do not take it, by the words they are asked for with.
    pub not_with: Vec<&'static str>,
}

/// The values that a field takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Takes {
    /// Text with something to see in it.
    Prompt,
    /// Any text.
    Text,
    /// A whole number, both ends included.
    Integer {
        /// The lowest one.
        lowest: u32,
        /// The highest one.
        highest: u32,
        /// Whether null is taken for leaving it out.
        or_null: bool,
    },
    /// True or false.
    Boolean {
        /// Whether null is taken for leaving it out.
        or_null: bool,
    },
    /// One of these words.
    Words(Vec<&'static str>),
    /// One of these words, or `{width}x{height}`.
    Size {
        /// The words, sizes among them that are taken though they are not of the usual kind.
        words: &'static [&'static str],
    },
    /// One of these words, or `{left},{top},{width},{height}`.
    Region {
        /// The words.
        words: &'static [&'static str],
    },
    /// A preset, or colours with optional weights.
    Palette {
        /// The presets.
        presets: &'static [&'static str],
        /// The most colours.
        most_members: usize,
        /// The lowest weight.
        lightest: f64,
        /// The highest weight.
        heaviest: f64,
    },
    /// Codes of so many hexadecimal digits each.
    StyleCodes {
        /// So many.
        digits: usize,
    },
    /// `model/{name}/version/{version}`.
    CustomModel {
        /// The most bytes.
        longest: usize,
    },
    /// A picture described part by part.
    JsonPrompt {
        /// The highest coordinate of a box.
        largest_coordinate: u64,
    },
}

impl Endpoint {
    /// The one field in which all others but pictures are.
    #[must_use]
    pub const fn wrapper(self) -> Option<&'static str> {
        self.row().wrapper
    }

    /// The field that chooses the model.
    #[must_use]
    pub fn model_field(self) -> Option<&'static str> {
        self.row().model.field.as_ref().map(|field| field.name)
    }

    /// Its fields but pictures: the prompt, the model, how many, and the options in the table's order.
    #[must_use]
    pub fn fields(self) -> Vec<FieldDescription> {
        let row = self.row();
        let first = [
            row.prompt_field(),
            row.model_choice(),
            row.count_field(),
            row.asynchronous_field(),
        ];
        let options = row.options.iter().map(|field| field.describe(row));
        first.into_iter().flatten().chain(options).collect()
    }

    /// Its pictures.
    #[must_use]
    pub const fn pictures(self) -> &'static [PictureField] {
        self.row().pictures
    }

    /// What its fields have to do with each other.
    #[must_use]
    pub const fn rules(self) -> &'static [Rule] {
        self.row().rules
    }
}

impl FieldDescription {
    const fn new(name: &'static str, required: bool, takes: Takes) -> Self {
        Self {
            name,
            required,
            takes,
            default: None,
            not_with: vec![],
        }
    }
}

impl Row {
    fn prompt_field(&self) -> Option<FieldDescription> {
        let required = matches!(self.prompt, PromptField::Required(_));
        let name = self.prompt.name()?;
        Some(FieldDescription::new(name, required, Takes::Prompt))
    }

    fn model_choice(&self) -> Option<FieldDescription> {
        let field = self.model.field.as_ref()?;
        let words = field.words.iter().map(|(word, _)| *word).collect();
        let required = matches!(self.model.default, DefaultModel::None);
        let default = match self.model.default {
            DefaultModel::Is(model) => field.word(model).map(Value::from),
            DefaultModel::Setting | DefaultModel::None | DefaultModel::ByPictures { .. } => None,
        };
        Some(FieldDescription {
            default,
            ..FieldDescription::new(field.name, required, Takes::Words(words))
        })
    }

    fn count_field(&self) -> Option<FieldDescription> {
        let takes = Takes::Integer {
            lowest: ImageCount::ONE.get(),
            highest: ImageCount::MOST.get(),
            or_null: false,
        };
        Some(FieldDescription {
            default: Some(ImageCount::ONE.get().into()),
            ..FieldDescription::new(self.image_count?, false, takes)
        })
    }

    fn asynchronous_field(&self) -> Option<FieldDescription> {
        let takes = Takes::Boolean { or_null: false };
        Some(FieldDescription {
            default: Some(false.into()),
            ..FieldDescription::new(self.asynchronous?, false, takes)
        })
    }

    fn words_of(&self, models: &[Model]) -> Vec<&'static str> {
        let words = self.model.field.as_ref().map(|field| field.words);
        let of_models =
            |(word, model): &(&'static str, Model)| models.contains(model).then_some(*word);
        words.into_iter().flatten().filter_map(of_models).collect()
    }
}

impl Field {
    fn describe(&self, row: &Row) -> FieldDescription {
        let not_with = match self.models {
            Models::Any => vec![],
            Models::Except(models) => row.words_of(models),
        };
        FieldDescription {
            default: self.default.map(Value::from),
            not_with,
            ..FieldDescription::new(self.name, self.required, self.kind.into())
        }
    }
}

impl From<Kind> for Takes {
    fn from(kind: Kind) -> Self {
        let integer = |lowest, highest, or_null| Self::Integer {
            lowest,
            highest,
            or_null,
        };
        match kind {
            Kind::Text => Self::Text,
            Kind::Integer { lowest, highest } => integer(lowest, highest, false),
            Kind::IntegerOrNull { lowest, highest } => integer(lowest, highest, true),
            Kind::Boolean => Self::Boolean { or_null: false },
            Kind::BooleanOrNull => Self::Boolean { or_null: true },
            Kind::Choice(words) => Self::Words(words.to_vec()),
            Kind::Size(words) => Self::Size { words },
            Kind::Region(words) => Self::Region { words },
            Kind::Palette(presets) => Self::Palette {
                presets,
                most_members: palette::MOST_MEMBERS,
                lightest: palette::LIGHTEST,
                heaviest: palette::HEAVIEST,
            },
            Kind::StyleCodes => Self::StyleCodes {
                digits: STYLE_CODE_DIGITS,
            },
            Kind::CustomModel => Self::CustomModel {
                longest: LONGEST_MODEL_URI,
            },
            Kind::JsonPrompt => Self::JsonPrompt {
                largest_coordinate: json_prompt::LARGEST_COORDINATE,
            },
        }
    }
}

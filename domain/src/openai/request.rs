//! A request in the words of OpenAI's image API (`POST /v1/images/generations`), brought to one of
//! Ideogram's endpoints. Everything then goes the way of any other request, so that the same picture is
//! the same request however it was asked for. What Ideogram cannot do is refused by the field's name,
//! never left out in silence.

use serde_json::{Map, Value};

use super::models::NamedModel;
use super::size::ChosenSize;
use super::{extras, quality};
use crate::body_fields::BodyFields;
use crate::request::{
    Asked, Composition, Endpoint, ImageRequest, InvalidRequest, Limits, name_to_echo,
};

/// How the pictures are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResponseFormat {
    /// As links.
    #[default]
    Url,
    /// As base64 in the answer itself.
    Base64,
}

/// A request that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAiRequest {
    /// What is asked of Ideogram.
    pub asked: Asked,
    /// The model it comes from.
    pub model: NamedModel,
    /// The size, if one was asked for.
    pub size: Option<ChosenSize>,
    /// How the pictures are answered.
    pub format: ResponseFormat,
}

/// A request that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// A field is wrong.
    Invalid(InvalidRequest),
    /// There is no such model; the sentence says where to find those there are.
    NoSuchModel(String),
}

impl From<InvalidRequest> for NotTaken {
    fn from(invalid: InvalidRequest) -> Self {
        Self::Invalid(invalid)
    }
}

/// A field of OpenAI's that has no effect here. Only the values that mean what happens anyway are
/// taken.
#[derive(Debug, Clone, Copy)]
pub struct NoChoice {
    /// Its name.
    pub name: &'static str,
    /// The values that are taken.
    pub takes: Taken,
    /// What is said of others, without the name before it.
    pub why: &'static str,
}

/// The values that a field without effect takes.
#[derive(Debug, Clone, Copy)]
pub enum Taken {
    /// One of these words; no value at all if there are none.
    Words(&'static [&'static str]),
    /// This number.
    Number(u64),
    /// False.
    False,
    /// Text of at most so many characters.
    Text(usize),
}

impl Taken {
    fn takes(self, value: &Value) -> bool {
        match self {
            Self::Words(words) => words.iter().any(|word| value == word),
            Self::Number(number) => value.as_u64() == Some(number),
            Self::False => *value == Value::Bool(false),
            Self::Text(longest) => {
                let text = value.as_str();
                text.is_some_and(|text| text.chars().count() <= longest)
            }
        }
    }
}

/// All fields without effect.
pub const NO_CHOICES: &[NoChoice] = &[
    NoChoice {
        name: "style",
        takes: Taken::Words(&[]),
        why: "has no counterpart at Ideogram; style_type and style_preset say what a picture looks like",
    },
    NoChoice {
        name: "background",
        takes: Taken::Words(&["auto", "opaque"]),
        why: "must be auto or opaque; POST /v1/ideogram-v3/generate-transparent makes transparent ones",
    },
    NoChoice {
        name: "moderation",
        takes: Taken::Words(&["auto"]),
        why: "must be auto: Ideogram's safety check cannot be changed",
    },
    NoChoice {
        name: "output_format",
        takes: Taken::Words(&["png"]),
        why: "must be png, which is what Ideogram makes",
    },
    NoChoice {
        name: "output_compression",
        takes: Taken::Number(100),
        why: "must be 100: pictures are kept as Ideogram made them",
    },
    NoChoice {
        name: "stream",
        takes: Taken::False,
        why: "must be false: there are no partial pictures",
    },
    NoChoice {
        name: "partial_images",
        takes: Taken::Number(0),
        why: "must be 0: there are no partial pictures",
    },
    NoChoice {
        name: "user",
        takes: NAMES_SOMEONE,
        why: NAMES_NO_ONE,
    },
    // Its newer name.
    NoChoice {
        name: "safety_identifier",
        takes: NAMES_SOMEONE,
        why: NAMES_NO_ONE,
    },
];

/// Whom the picture is for. It may be personal, so it goes nowhere. The length is OpenAI's limit.
const NAMES_SOMEONE: Taken = Taken::Text(512);
const NAMES_NO_ONE: &str = "must be text of at most 512 characters";

impl OpenAiRequest {
    /// Checks a caller's body.
    ///
    /// # Errors
    /// It asks for what there is not.
    pub fn parse(body: &Value, limits: &Limits) -> Result<Self, NotTaken> {
        let mut fields = BodyFields::of(body)?;
        let prompt = fields.required("prompt", "must be given, as text", Value::as_str)?;
        let model = model(fields.any("model"), limits)?;
        let images = fields.any("n");
        let model = match fields.any("quality") {
            Some(value) => quality::choose(value, model)?,
            None => model,
        };
        let size = match fields.any("size") {
            Some(value) => ChosenSize::of(value, model)?,
            None => None,
        };
        let format = fields.optional("response_format", "must be url or b64_json", format)?;
        for field in NO_CHOICES {
            let taken = |value| field.takes.takes(value).then_some(());
            fields.optional(field.name, field.why, taken)?;
        }
        for name in extras::names() {
            fields.any(name);
        }
        fields.no_others()?;
        check_count(images, model)?;
        let given = |name: &str| body.get(name).filter(|value| !value.is_null());
        let mut options = extras::take(model, given)?;
        options.extend(size.as_ref().map(|size| {
            let (name, word) = size.option;
            (name.to_owned(), word.into())
        }));
        Ok(Self {
            asked: ask(model, prompt, images, options, limits)?,
            model,
            size,
            format: format.unwrap_or_default(),
        })
    }
}

fn model(value: Option<&Value>, limits: &Limits) -> Result<NamedModel, NotTaken> {
    let Some(value) = value else {
        return Ok(NamedModel::when_none_is_named(limits.default_model));
    };
    let Some(name) = value.as_str() else {
        return Err(InvalidRequest::new("model", "must be the name of a model").into());
    };
    NamedModel::named(name).ok_or_else(|| NotTaken::NoSuchModel(no_such_model(name)))
}

/// The sentence about a model that there is not.
#[must_use]
pub fn no_such_model(name: &str) -> String {
    let name = name_to_echo(name).unwrap_or("asked for");
    format!(
        "the model {name} does not exist or is not for this key; GET /v1/models lists those there are"
    )
}

fn format(value: &Value) -> Option<ResponseFormat> {
    match value.as_str()? {
        "url" => Some(ResponseFormat::Url),
        "b64_json" => Some(ResponseFormat::Base64),
        _ => None,
    }
}

/// Refuses several pictures where a model makes one a request.
fn check_count(images: Option<&Value>, model: NamedModel) -> Result<(), InvalidRequest> {
    let several = images.is_some_and(|images| images != 1);
    if several && model.endpoint.image_count_field().is_none() {
        let id = model.id;
        let complaint = format_args!("must be 1: {id} makes one picture a request");
        return Err(InvalidRequest::new("n", complaint));
    }
    Ok(())
}

fn ask(
    model: NamedModel,
    prompt: &str,
    images: Option<&Value>,
    options: Map<String, Value>,
    limits: &Limits,
) -> Result<Asked, InvalidRequest> {
    let body = model.endpoint.compose(Composition {
        model: model.model,
        prompt: prompt.into(),
        images: images.cloned(),
        options,
    });
    let asked = ImageRequest::parse(model.endpoint, &body, limits);
    asked.map_err(|invalid| in_callers_words(model.endpoint, invalid))
}

/// The same error about the field that the caller sent.
fn in_callers_words(endpoint: Endpoint, invalid: InvalidRequest) -> InvalidRequest {
    let InvalidRequest { field, message } = invalid;
    let inside = endpoint.wrapper().and_then(|wrapper| {
        let rest = field.strip_prefix(wrapper)?;
        rest.strip_prefix('.')
    });
    let own = inside.unwrap_or(&field);
    let named = if endpoint.prompt_field() == Some(own) {
        Some("prompt")
    } else if endpoint.image_count_field() == Some(own) {
        Some("n")
    } else {
        extras::callers_name(own)
    };
    let callers = named.unwrap_or(own);
    let complaint = message.strip_prefix(&field).unwrap_or(&message);
    InvalidRequest {
        message: format!("{callers}{complaint}"),
        field: callers.to_owned(),
    }
}

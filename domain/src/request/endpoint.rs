//! What a row of the table of endpoints says. The rows are in `endpoints`; nothing else knows an
//! endpoint by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Model;
use super::field::Field;
use super::{edits_v2, endpoints, endpoints_v2};
use crate::upstream::V2_PATHS;

/// An endpoint of Ideogram's. In JSON it is its name.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(pub(super) &'static Row);

/// All there is to an endpoint.
pub(super) struct Row {
    /// What the gateway calls it, in what is stored, in costs and in its OpenAPI document.
    pub name: &'static str,
    /// The path, at the gateway and at Ideogram.
    pub path: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    pub bodies: Bodies,
    /// The one field in which all others but pictures are.
    pub wrapper: Option<&'static str>,
    /// What the picture shows.
    pub prompt: PromptField,
    /// What makes it, and so what it costs.
    pub model: ModelChoice,
    /// How many pictures; one when left out.
    pub image_count: Option<&'static str>,
    /// Everything else but pictures.
    pub options: &'static [Field],
    /// The pictures that go with it.
    pub pictures: &'static [PictureField],
    pub rules: &'static [Rule],
    /// Fields Ideogram may know but the gateway does not pass on, and why.
    pub refused: &'static [(&'static str, &'static str)],
    pub product: Product,
    pub billing: Billing,
    pub dearer: Dearer,
    /// The field in which a caller says that it does not wait for its pictures. It changes nothing of
    /// what is made.
    pub asynchronous: Option<&'static str>,
    /// Whether Ideogram tells for nothing what a request would cost (`?dry_run=true`).
    pub is_quoted: bool,
}

/// The types of body that an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    Json,
    Form,
    /// JSON, or a form: the only one with pictures.
    Either,
}

impl Bodies {
    pub const fn take_json(self) -> bool {
        matches!(self, Self::Json | Self::Either)
    }

    pub const fn take_forms(self) -> bool {
        matches!(self, Self::Form | Self::Either)
    }
}

/// Where the prompt is.
#[derive(Debug, Clone, Copy)]
pub(super) enum PromptField {
    None,
    Optional(&'static str),
    Required(&'static str),
}

impl PromptField {
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Optional(name) | Self::Required(name) => Some(name),
        }
    }
}

/// How the model is chosen.
pub(super) struct ModelChoice {
    /// The field that chooses it; without one there is nothing to choose.
    pub field: Option<ModelField>,
    /// The model when nothing is chosen.
    pub default: DefaultModel,
}

/// A field that chooses the model: each word with its model.
#[derive(Clone, Copy)]
pub(super) struct ModelField {
    pub name: &'static str,
    pub words: &'static [(&'static str, Model)],
}

impl ModelField {
    /// The word for a model.
    pub fn word(&self, model: Model) -> Option<&'static str> {
        let mut words = self.words.iter();
        words.find_map(|(word, other)| (*other == model).then_some(*word))
    }
}

/// The model when nothing is chosen.
#[derive(Debug, Clone, Copy)]
pub(super) enum DefaultModel {
    /// The one of the settings.
    Setting,
    /// This one.
    Is(Model),
    /// One for requests with pictures, and one for those without.
    ByPictures { with: Model, without: Model },
    /// Something has to be chosen.
    None,
}

/// Pictures that go with a request.
#[derive(Debug, Clone, Copy)]
pub struct PictureField {
    /// Its name.
    pub name: &'static str,
    /// Whether there has to be one.
    pub required: bool,
    /// The most of them.
    pub most: usize,
    /// The largest one, in bytes.
    pub most_bytes: u64,
}

/// What fields have to do with each other.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// A request may have one of them.
    NotTogether(&'static str, &'static str),
    /// A request has one of them.
    ExactlyOne(&'static str, &'static str),
    /// A request that has the first has the other too.
    Needs(&'static str, &'static str),
    /// As many masks as pictures, or none.
    OneEach {
        /// The field of the masks.
        masks: &'static str,
        /// The field of what they are for.
        pictures: &'static str,
    },
}

/// What comes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Pictures.
    Pictures,
    /// Texts about a picture.
    Descriptions,
}

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Billing {
    EachPicture,
    EachRequest,
}

/// What makes pictures dearer than their model alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dearer {
    /// A reference to a character, if there is one.
    WithCharacter,
    /// A reference to a character, which there always is.
    Character,
    /// A transparent background, and more pixels if this option is another word than this.
    Transparent {
        option: &'static str,
        usual: &'static str,
    },
}

impl Endpoint {
    /// `POST /generate`, the unversioned one.
    pub const GENERATE: Self = Self(&endpoints::GENERATE);
    /// `POST /v1/ideogram-v3/generate`.
    pub const V3_GENERATE: Self = Self(&endpoints::V3_GENERATE);
    /// `POST /v1/ideogram-v4/generate`.
    pub const V4_GENERATE: Self = Self(&endpoints::V4_GENERATE);

    /// All endpoints.
    pub fn all() -> impl Iterator<Item = Self> {
        let rows = endpoints::ALL.iter().chain(endpoints_v2::GENERATE);
        rows.chain(edits_v2::ALL).map(|row| Self(row))
    }

    /// The endpoint at a path.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Self::all().find(|endpoint| endpoint.path() == path)
    }

    /// What the gateway calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The path, at the gateway and at Ideogram.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.0.path
    }

    /// What it does, in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        self.0.summary
    }

    /// Whether it takes JSON.
    #[must_use]
    pub const fn takes_json(self) -> bool {
        self.0.bodies.take_json()
    }

    /// Whether it takes `multipart/form-data`.
    #[must_use]
    pub const fn takes_forms(self) -> bool {
        self.0.bodies.take_forms()
    }

    /// What comes of it.
    #[must_use]
    pub const fn product(self) -> Product {
        self.0.product
    }

    /// Whether it is one of Ideogram's v2 API, whose answers name their generation.
    #[must_use]
    pub fn is_v2(self) -> bool {
        self.0.path.starts_with(V2_PATHS)
    }

    /// Whether Ideogram tells for nothing what a request would cost (`?dry_run=true`).
    #[must_use]
    pub const fn is_quoted(self) -> bool {
        self.0.is_quoted
    }

    pub(super) const fn row(self) -> &'static Row {
        self.0
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Endpoint {}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.path)
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0.name.to_owned()
    }
}

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, &'static str> {
        let mut named = Self::all().filter(|endpoint| endpoint.0.name == name);
        named.next().ok_or("not the name of an endpoint")
    }
}

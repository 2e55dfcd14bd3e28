//! What a row in the table of endpoints says, and what a field may hold.
//! Holds true: a row is all there is to an endpoint; nothing else in the simulator knows one by
//! name.

use axum::http::StatusCode;

use crate::size::SizeList;
use crate::tariff::Tariff;

/// An endpoint that generates.
pub(crate) struct Endpoint {
    pub(crate) path: &'static str,
    pub(crate) bodies: Bodies,
    /// The JSON object that holds every field but files; without one, fields stand by themselves.
    pub(crate) inside: Option<&'static str>,
    /// Fields that it has in common with others.
    pub(crate) common: &'static [Field],
    pub(crate) fields: &'static [Field],
    /// Whether a field that is in no list is refused; else it is let through unread.
    pub(crate) refuses_unknown: bool,
    pub(crate) rules: &'static [Rule],
    pub(crate) sizes: SizeList,
    pub(crate) tariff: Tariff,
    pub(crate) product: Product,
    /// What the operations of v2 on images have that the others lack.
    pub(crate) v2: Option<V2>,
    /// How an unknown key is answered: some endpoints declare a 403 where the others have a 401.
    pub(crate) unknown_key: StatusCode,
}

impl Endpoint {
    pub(crate) fn all_fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().chain(self.common)
    }

    /// The name of the model, where the path and not a field names it.
    pub(crate) fn model_in_path(&self) -> Option<&'static str> {
        self.path.strip_prefix("/v2/")?.rsplit('/').next()
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.all_fields().any(|known| known.name == field)
    }
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Images,
    /// Texts, as the legacy endpoint answers them.
    Descriptions,
    /// Texts, with a date and a name.
    NamedDescriptions,
    /// One structured prompt, with a date and a name.
    JsonPrompt,
}

/// An operation of v2 on images: it has a generation to poll, and a price to ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct V2 {
    /// Whether every request is answered before its work is done, whatever it asks for.
    pub(crate) always_later: bool,
    /// What a quote calls it.
    pub(crate) billing_identifier: &'static str,
    pub(crate) item: Item,
    pub(crate) adds: Adds,
}

/// What an answer tells of each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Image,
    /// Of no prompt and no seed.
    WithoutPromptOrSeed,
}

/// What an answer on the call itself tells besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adds {
    Nothing,
    GenerationKind,
    WidthAndHeight,
}

/// The content types that an endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bodies {
    Json,
    Multipart,
    Either,
}

#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
}

/// What a field may hold.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// So many characters.
    TextOf {
        least: usize,
        most: usize,
    },
    /// A text that is not blank.
    Prompt,
    Boolean,
    BooleanOrNull,
    WholeNumber {
        least: u32,
        most: u32,
    },
    /// A seed, or null.
    SeedOrNull,
    OneOf(&'static [&'static str]),
    /// One of these, in lower case.
    LowerCaseOf(&'static [&'static str]),
    /// A model of the legacy endpoints.
    Model,
    /// Some endpoints refuse FLASH, though the document lists it for all.
    Speed {
        flash: bool,
    },
    AspectRatio(SizeList),
    AspectRatioOrAuto(SizeList),
    Resolution(SizeList),
    /// `auto`, `source`, or width and height.
    PictureSize,
    /// By one of these names or by its members.
    Palette(&'static [&'static str]),
    StyleCodes,
    /// Of so many characters at most.
    CustomModel {
        most: usize,
    },
    JsonPrompt,
    /// So many pictures as files, each of so many bytes at most.
    Pictures {
        most: usize,
        most_bytes: u64,
    },
    /// One picture that is kept at Ideogram's.
    Asset,
    Assets {
        most: usize,
    },
    CollectionId,
    /// Where a webhook goes.
    WebhookUrl,
    /// `none`, `auto`, or top, left, bottom and right.
    ContextWindow,
}

impl Kind {
    /// What in multipart/form-data is a part of type application/json.
    pub(crate) fn is_json(self) -> bool {
        matches!(
            self,
            Self::Palette(_) | Self::JsonPrompt | Self::Asset | Self::Assets { .. }
        )
    }
}

/// What fields have to do with each other.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    NotTogether(&'static str, &'static str),
    ExactlyOne(&'static str, &'static str),
    AtMostOne(&'static [&'static str]),
    AtLeastOne(&'static [&'static str]),
    /// This value only with one of these fields.
    ValueNeeds {
        name: &'static str,
        value: &'static str,
        needs: &'static [&'static str],
    },
    /// A mask is of the size of the first of the pictures, and makes them so many at most.
    MaskOfFirst {
        pictures: &'static str,
        /// Pictures that are kept at Ideogram's; their size is not looked at.
        assets: &'static str,
        mask: &'static str,
        most_pictures: usize,
    },
    /// No side is more than so many times the other.
    Proportions {
        picture: &'static str,
        most: u32,
    },
    /// No side of the enlarged picture is longer, in pixels.
    EnlargedSide {
        picture: &'static str,
        most: u32,
    },
    /// A weight is for a picture of the same shape.
    WeightKeepsShape {
        picture: &'static str,
        weight: &'static str,
    },
    /// One mask for each picture, of the same size, or none at all.
    Masks {
        pictures: &'static str,
        masks: &'static str,
    },
}

pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: true,
    }
}

pub(crate) const fn optional(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

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
    pub(crate) fields: &'static [Field],
    pub(crate) rules: &'static [Rule],
    pub(crate) sizes: SizeList,
    pub(crate) tariff: Tariff,
    /// How an unknown key is answered: some endpoints declare a 403 where the others have a 401.
    pub(crate) unknown_key: StatusCode,
}

impl Endpoint {
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known.name == field)
    }
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
    /// A text that is not blank.
    Prompt,
    Boolean,
    WholeNumber {
        least: u32,
        most: u32,
    },
    /// A seed, or null.
    SeedOrNull,
    OneOf(&'static [&'static str]),
    /// A model of the legacy endpoints.
    Model,
    /// Some endpoints refuse FLASH, though the document lists it for all.
    Speed {
        flash: bool,
    },
    AspectRatio(SizeList),
    Resolution(SizeList),
    Palette,
    StyleCodes,
    CustomModel,
    JsonPrompt,
    /// So many pictures as files, each of so many bytes at most.
    Pictures {
        most: usize,
        most_bytes: u64,
    },
}

impl Kind {
    /// What in multipart/form-data is a part of type application/json.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Palette | Self::JsonPrompt)
    }
}

/// What fields have to do with each other.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    NotTogether(&'static str, &'static str),
    ExactlyOne(&'static str, &'static str),
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

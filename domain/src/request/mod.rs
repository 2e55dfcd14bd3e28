//! What may be asked of Ideogram's image API: models, options, and which option goes with which
//! model. An [`ImageRequest`] has been held against its endpoint's table, its text sanitised, its
//! defaults filled in and every value brought to one form; nothing else reaches Ideogram.
//!
//! `endpoints` is the table, put together from `fields`, `endpoints_v2`, `edits_v2` and `fields_v2` the
//! part of it that Ideogram's v2 API is; `endpoint` is what a row says, `field` what an
//! option takes, `reference` a picture that goes along; `texts` takes texts in, `form_reading` and
//! `form` read forms, `check` applies it all, and `upstream` is what Ideogram is sent, as a form in the
//! words of `multipart`. `compose` is for requests in another API's words, `described` shows a row to
//! whoever documents it.

mod check;
mod compose;
mod described;
mod edits_v2;
mod endpoint;
mod endpoints;
mod endpoints_v2;
mod field;
mod fields;
mod fields_v2;
mod form;
mod form_reading;
#[cfg(test)]
pub(crate) mod generated;
mod image_count;
mod invalid;
mod json;
mod json_prompt;
mod lists;
mod lists_v2;
mod model;
mod multipart;
mod palette;
mod reference;
mod shape;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
mod texts;
mod upstream;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use compose::Composition;
pub use described::{FieldDescription, Takes};
pub use endpoint::{Endpoint, PictureField, Product, Rule};
pub use form::Form;
pub use form_reading::{
    FormReading, FormRefused, MOST_PARTS, MOST_TEXT_BYTES, PartHead, PartReading, PictureReading,
    TextReading,
};
pub use image_count::ImageCount;
pub use invalid::InvalidRequest;
pub(crate) use invalid::{name_to_echo, path_to};
pub use json::parse_json;
pub use model::{Model, UnknownModel};
pub use multipart::{BOUNDARY_BYTES, Multipart, Piece};
pub use reference::{
    FOLDER_BYTES, MOST_FORM_BYTES, PictureHash, REFERENCES_PREFIX, Reference, ReferenceKey,
};
pub use texts::{PiiPolicy, UnknownPiiPolicy};
pub use upstream::{Part, UpstreamBody};

use endpoint::{Billing, Dearer};

use crate::price::{Extra, Rate};
use crate::prompt::{SanitisedPrompt, sanitise};
use crate::redaction::Findings;

/// What the request as a whole is called in errors.
pub(crate) const BODY: &str = "body";

/// The settings of the gateway that a request is checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The model of a request that names none.
    pub default_model: Model,
    /// The most characters (Unicode scalar values) of a sanitised prompt or negative prompt.
    pub prompt_max_chars: usize,
    /// What becomes of personal data in a prompt.
    pub pii: PiiPolicy,
    /// The most pictures of one request. More than may be in flight at once could never be made.
    pub max_images: ImageCount,
}

/// A request that was checked. Its JSON is the gateway's own, for storage and between its parts;
/// what callers send goes through [`ImageRequest::parse`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRequest {
    endpoint: Endpoint,
    model: Model,
    #[serde(default)]
    prompt: Option<SanitisedPrompt>,
    images: ImageCount,
    #[serde(default)]
    options: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference>,
}

/// What a caller asks for, and what was found in its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The request, fit to leave.
    pub request: ImageRequest,
    /// What personal and secret data was found in it, by kind and number.
    pub redactions: Findings,
    /// Whether its caller does not wait for what comes of it, but wants to be told where to look. It is
    /// no part of the request: whoever waits gets the same pictures.
    pub asynchronous: bool,
}

impl Asked {
    /// What was found, if the operator wants no request in which something personal was.
    #[must_use]
    pub fn refused_by(&self, policy: PiiPolicy) -> Option<&Findings> {
        let refused = policy == PiiPolicy::Reject && !self.redactions.is_empty();
        refused.then_some(&self.redactions)
    }
}

impl ImageRequest {
    /// Checks a caller's body.
    ///
    /// # Errors
    /// When the endpoint does not take it; the first thing found wrong is named.
    pub fn parse(
        endpoint: Endpoint,
        body: &Value,
        limits: &Limits,
    ) -> Result<Asked, InvalidRequest> {
        check::check(endpoint, body, vec![], limits)
    }

    /// Checks a caller's form, its pictures already stored.
    ///
    /// # Errors
    /// When the endpoint does not take it; the first thing found wrong is named.
    pub fn parse_form(
        endpoint: Endpoint,
        form: Form,
        limits: &Limits,
    ) -> Result<Asked, InvalidRequest> {
        let body = form::body(endpoint.row(), form.texts)?;
        check::check(endpoint, &body, form.pictures, limits)
    }

    /// The endpoint it is for.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The model asked for.
    #[must_use]
    pub const fn model(&self) -> Model {
        self.model
    }

    /// What the pictures are to show, in one text; empty where an endpoint needs no words.
    #[must_use]
    pub fn prompt(&self) -> &str {
        let prompt = self.prompt.as_ref().map(SanitisedPrompt::as_str);
        let described = || self.json_prompt()?.get(json_prompt::DESCRIPTION)?.as_str();
        prompt.or_else(described).unwrap_or_default()
    }

    /// All that is said about what the pictures are to show, for whoever judges it.
    #[must_use]
    pub fn said(&self) -> Option<SanitisedPrompt> {
        let described = self.json_prompt().map(json_prompt::said);
        let described = described.and_then(|texts| sanitise(&texts.join("\n")).ok());
        self.prompt.clone().or(described)
    }

    fn json_prompt(&self) -> Option<&Value> {
        self.option("json_prompt")
    }

    /// How many pictures are asked for.
    #[must_use]
    pub const fn images(&self) -> ImageCount {
        self.images
    }

    /// The value of an option by Ideogram's name for it: asked for or a documented default.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&Value> {
        self.options.get(name)
    }

    /// All options by Ideogram's names for them, without prompt, model and number of images.
    #[must_use]
    pub const fn options(&self) -> &BTreeMap<String, Value> {
        &self.options
    }

    /// The seed asked for.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.option("seed").and_then(Value::as_u64)
    }

    /// The style asked for.
    #[must_use]
    pub fn style(&self) -> Option<&str> {
        self.option("style_type").and_then(Value::as_str)
    }

    /// The pictures that go with it.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// What one unit of it costs.
    #[must_use]
    pub fn rate(&self) -> Rate {
        let has_character = || {
            let mut references = self.references.iter();
            references.any(|reference| reference.field == "character_reference_images")
        };
        let extra = match self.endpoint.row().dearer {
            Dearer::WithCharacter if !has_character() => Extra::None,
            Dearer::WithCharacter | Dearer::Character => Extra::Character,
            Dearer::Transparent { option, usual }
                if self.option(option).is_none_or(|word| word == usual) =>
            {
                Extra::Transparent
            }
            Dearer::Transparent { .. } => Extra::TransparentEnlarged,
        };
        Rate {
            model: self.model,
            extra,
        }
    }

    /// How many units of its rate are billed if so many pictures come of it.
    #[must_use]
    pub fn units(&self, pictures: u32) -> u32 {
        match self.endpoint.row().billing {
            Billing::EachPicture => pictures,
            Billing::EachRequest => pictures.min(1),
        }
    }
}

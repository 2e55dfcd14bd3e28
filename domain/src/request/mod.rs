//! What may be asked of Ideogram's image API: models, options, and which option goes with which
//! model. An [`ImageRequest`] has been held against its endpoint's table, its text sanitised, its
//! defaults filled in and every value brought to one form; nothing else reaches Ideogram.
//!
//! `endpoint` is the table, `field` and `palette` are what its rows take, `texts` takes texts in,
//! `check` applies them all.

mod check;
mod endpoint;
mod field;
#[cfg(test)]
pub(crate) mod generated;
mod image_count;
mod invalid;
mod json;
mod model;
mod palette;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use endpoint::Endpoint;
pub use image_count::ImageCount;
pub use invalid::InvalidRequest;
pub(crate) use invalid::path_to;
pub use json::parse_json;
pub use model::{Model, UnknownModel};
pub use texts::{PiiPolicy, UnknownPiiPolicy};

use crate::prompt::SanitisedPrompt;
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
    prompt: SanitisedPrompt,
    images: ImageCount,
    #[serde(default)]
    options: BTreeMap<String, Value>,
}

/// What a caller asks for, and what was found in its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The request, fit to leave.
    pub request: ImageRequest,
    /// What personal and secret data was found in it, by kind and number.
    pub redactions: Findings,
}

impl Asked {
    /// The same, unless the operator wants no request in which something personal was found.
    ///
    /// # Errors
    /// What was found.
    pub fn unless_refused_by(self, policy: PiiPolicy) -> Result<Self, Findings> {
        if policy == PiiPolicy::Reject && !self.redactions.is_empty() {
            return Err(self.redactions);
        }
        Ok(self)
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
        check::check(endpoint, body, limits)
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

    /// What the pictures are to show.
    #[must_use]
    pub const fn prompt(&self) -> &SanitisedPrompt {
        &self.prompt
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

    /// What Ideogram is sent, and exactly what a fingerprint covers.
    #[must_use]
    pub fn upstream_body(&self) -> Value {
        let row = self.endpoint.row();
        let options = self.options.clone().into_iter();
        let mut fields: Map<String, Value> = options.collect();
        fields.insert(row.prompt.to_owned(), self.prompt.as_str().into());
        fields.insert(row.model.to_owned(), self.model.name().into());
        fields.insert(row.image_count.to_owned(), self.images.get().into());
        let mut body = Map::new();
        body.insert(row.wrapper.to_owned(), fields.into());
        body.into()
    }
}

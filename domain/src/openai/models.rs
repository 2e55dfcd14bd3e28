//! The models under the names that callers of OpenAI's API ask for them by: one table, from which the
//! list of models and the endpoint and speed of a request follow.

use serde_json::{Value, json};

use crate::access::Caller;
use crate::request::{Endpoint, Model};

/// How carefully a picture is made; what makes a model of a family cheaper or dearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speed {
    Flash,
    Turbo,
    Default,
    Quality,
}

/// A model as callers of OpenAI's API name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedModel {
    /// Its name.
    pub id: &'static str,
    /// Where it is asked for.
    pub endpoint: Endpoint,
    /// The model, or the model at this speed.
    pub model: Model,
    pub(super) family: &'static str,
    pub(super) speed: Speed,
}

const fn row(
    id: &'static str,
    family: &'static str,
    speed: Speed,
    endpoint: Endpoint,
    model: Model,
) -> NamedModel {
    NamedModel {
        id,
        endpoint,
        model,
        family,
        speed,
    }
}

const GENERATE: Endpoint = Endpoint::GENERATE;
const V3: Endpoint = Endpoint::V3_GENERATE;
const V4: Endpoint = Endpoint::V4_GENERATE;

/// What a request that names no model gets if the setting's own model has no name here.
const FALLBACK: NamedModel = row(
    "ideogram-v3-default",
    "ideogram-v3",
    Speed::Default,
    V3,
    Model::V3Default,
);

#[rustfmt::skip]
const ALL: &[NamedModel] = &[
    row("ideogram-v1", "ideogram-v1", Speed::Default, GENERATE, Model::V1),
    row("ideogram-v1-turbo", "ideogram-v1", Speed::Turbo, GENERATE, Model::V1Turbo),
    row("ideogram-v2", "ideogram-v2", Speed::Default, GENERATE, Model::V2),
    row("ideogram-v2-turbo", "ideogram-v2", Speed::Turbo, GENERATE, Model::V2Turbo),
    row("ideogram-v2a", "ideogram-v2a", Speed::Default, GENERATE, Model::V2A),
    row("ideogram-v2a-turbo", "ideogram-v2a", Speed::Turbo, GENERATE, Model::V2ATurbo),
    row("ideogram-v3-flash", "ideogram-v3", Speed::Flash, V3, Model::V3Flash),
    row("ideogram-v3-turbo", "ideogram-v3", Speed::Turbo, V3, Model::V3Turbo),
    FALLBACK,
    row("ideogram-v3-quality", "ideogram-v3", Speed::Quality, V3, Model::V3Quality),
    row("ideogram-v4-turbo", "ideogram-v4", Speed::Turbo, V4, Model::V4Turbo),
    row("ideogram-v4-default", "ideogram-v4", Speed::Default, V4, Model::V4Default),
    row("ideogram-v4-quality", "ideogram-v4", Speed::Quality, V4, Model::V4Quality),
];

/// When this table was made, in seconds since 1970. OpenAI's shape has a time for each model, and
/// Ideogram names none.
const CREATED: u64 = 1_795_305_600;

impl NamedModel {
    /// All of them.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The one of this name.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|named| named.id == id)
    }

    /// The one of a request that names none: that of the setting `DEFAULT_MODEL`, or
    /// `ideogram-v3-default` if it has no name here.
    #[must_use]
    pub fn when_none_is_named(setting: Model) -> Self {
        let mut all = ALL.iter().copied();
        all.find(|named| named.model == setting).unwrap_or(FALLBACK)
    }

    /// The one of the same family at another speed.
    pub(super) fn at(self, speed: Speed) -> Option<Self> {
        let mut all = ALL.iter().copied();
        all.find(|named| named.family == self.family && named.speed == speed)
    }

    /// As OpenAI's shape has a model.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({"id": self.id, "object": "model", "created": CREATED, "owned_by": "ideogram"})
    }
}

/// The models that a caller may ask for, as OpenAI's shape has a list of them.
#[must_use]
pub fn list_of_models(caller: &Caller) -> Value {
    let may_use = ALL.iter().filter(|named| caller.may_use(named.model));
    let data: Vec<_> = may_use.copied().map(NamedModel::to_json).collect();
    json!({"object": "list", "data": data})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Client;

    #[test]
    fn every_name_and_every_model_is_there_once_and_its_endpoint_has_a_word_for_it() {
        for (place, named) in ALL.iter().enumerate() {
            assert_eq!(NamedModel::named(named.id), Some(*named));
            assert_eq!(NamedModel::when_none_is_named(named.model), *named);
            assert_eq!(named.at(named.speed), Some(*named), "{}", named.id);
            assert!(named.id.starts_with(named.family));
            let same = ALL.iter().position(|other| other.id == named.id);
            assert_eq!(same, Some(place), "{}", named.id);
        }
        assert_eq!(ALL.len(), 13);
    }

    #[test]
    fn a_setting_without_a_name_here_stands_for_ideogram_3() {
        for model in [Model::V3, Model::Auto] {
            let named = NamedModel::when_none_is_named(model);
            assert_eq!(named.id, "ideogram-v3-default");
        }
    }

    #[test]
    fn openais_own_names_are_not_taken_for_others() {
        for name in [
            "dall-e-2",
            "dall-e-3",
            "gpt-image-1",
            "",
            "V_2",
            "ideogram-v3",
        ] {
            assert_eq!(NamedModel::named(name), None, "{name}");
        }
    }

    #[test]
    fn a_caller_without_bounds_is_told_of_every_model() {
        let client = Client::built_in("local");
        let list = list_of_models(&Caller {
            client,
            token: None,
        });
        assert_eq!(list["object"], "list");
        let data = list["data"].as_array().unwrap();
        assert_eq!(data.len(), ALL.len());
        for field in ["id", "object", "created", "owned_by"] {
            assert!(data.iter().all(|model| !model[field].is_null()), "{field}");
        }
    }
}

//! The fields that the rows of Ideogram's v2 API are put together from, after its OpenAPI document of
//! 2026-10. What is peculiar to one endpoint stands in its row.

use super::Model;
use super::endpoint::{DefaultModel, ModelChoice, ModelField, PictureField, Rule};
use super::field::{Field, Kind};
use super::fields::{MOST_BYTES, PERCENTAGE, SPEED, one};
use super::lists::ASPECT_RATIOS_V3;
use super::lists_v2::{
    ASPECT_RATIOS, MAGIC_PROMPTS, STYLE_PRESETS, STYLE_TYPES_OF_CHARACTERS, STYLE_TYPES_V2,
    STYLE_TYPES_V3,
};
use super::palette::PRESETS_V2;

/// What a caller says that does not wait.
pub(super) const ASYNC: &str = "async";

const OF_THE_ACCOUNT: &str = "cannot be used: it names something of the operator's own account at Ideogram; \
     pictures are sent as files, in a multipart/form-data body";

/// What Ideogram knows and the gateway does not pass on.
#[rustfmt::skip]
pub(super) const REFUSED: &[(&str, &str)] = &[
    (
        "webhook_url",
        "cannot be used: Ideogram tells the gateway itself; with async the answer comes at once, and \
         GET /v2/generations/{id} or GET /generations/{id}/events tell what becomes of it",
    ),
    (
        "target_collection_id",
        "cannot be used: it names a collection of the operator's own account at Ideogram",
    ),
    ("image_asset_identifier", OF_THE_ACCOUNT),
    ("image_asset_identifiers", OF_THE_ACCOUNT),
    ("mask_asset_identifier", OF_THE_ACCOUNT),
    ("reference_image_asset_identifiers", OF_THE_ACCOUNT),
    ("style_reference_asset_identifiers", OF_THE_ACCOUNT),
    ("style_reference_collection_id", OF_THE_ACCOUNT),
    ("style_reference_collection_version_id", OF_THE_ACCOUNT),
    ("character_reference_asset_identifiers", OF_THE_ACCOUNT),
    ("character_reference_collection_id", OF_THE_ACCOUNT),
    ("character_reference_collection_version_id", OF_THE_ACCOUNT),
];

pub(super) const PRESET_OR_CODES: Rule = Rule::NotTogether("style_preset", "style_codes");
pub(super) const PRESET_OR_REFERENCES: Rule =
    Rule::NotTogether("style_preset", "style_reference_images");

/// A choice of `rendering_speed` between these models, of which one is the default.
pub(super) const fn speeds(words: &'static [(&'static str, Model)], default: Model) -> ModelChoice {
    chosen_by(SPEED, words, default)
}

/// A choice of the field `name` between these models, of which one is the default.
pub(super) const fn chosen_by(
    name: &'static str,
    words: &'static [(&'static str, Model)],
    default: Model,
) -> ModelChoice {
    ModelChoice {
        field: Some(ModelField { name, words }),
        default: DefaultModel::Is(default),
    }
}

/// This model and no other.
pub(super) const fn only(model: Model) -> ModelChoice {
    ModelChoice {
        field: None,
        default: DefaultModel::Is(model),
    }
}

pub(super) const SPEEDS_V3: &[(&str, Model)] = &[
    ("turbo", Model::V3Turbo),
    ("default", Model::V3Default),
    ("quality", Model::V3Quality),
];
pub(super) const SPEEDS_V4: &[(&str, Model)] = &[
    ("turbo", Model::V4Turbo),
    ("default", Model::V4Default),
    ("quality", Model::V4Quality),
];
pub(super) const QUALITY: &str = "quality";
pub(super) const QUALITIES: &[(&str, Model)] = &[
    ("very_low", Model::V45VeryLow),
    ("low", Model::V45Low),
    ("medium", Model::V45Medium),
    ("high", Model::V45High),
];

/// True or left out is private, but where left out the account's own setting counts; so it is always
/// said.
pub(super) const PRIVATE: Field = Field::new("private", Kind::BooleanOrNull).default_flag(true);
pub(super) const COPYRIGHT_DETECTION: Field =
    Field::new("enable_copyright_detection", Kind::BooleanOrNull);
pub(super) const MAGIC_PROMPT: Field =
    Field::new("magic_prompt", Kind::Choice(MAGIC_PROMPTS)).default("auto");
/// Left out it is a square, not `auto`.
pub(super) const ASPECT_RATIO: Field =
    Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS)).default("1x1");
/// Left out the shape is the source's own.
pub(super) const ASPECT_RATIO_OF_REMIX: Field =
    Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS_V3));
/// Left out Ideogram chooses it by the prompt.
pub(super) const IMAGE_WEIGHT: Field = Field::new("image_weight", PERCENTAGE);
pub(super) const PALETTE: Field = Field::new("color_palette", Kind::Palette(PRESETS_V2));
pub(super) const STYLE_TYPE_V2: Field = Field::new("style_type", Kind::Choice(STYLE_TYPES_V2));
pub(super) const STYLE_TYPE_V3: Field = Field::new("style_type", Kind::Choice(STYLE_TYPES_V3));
pub(super) const STYLE_TYPE_OF_CHARACTERS: Field =
    Field::new("style_type", Kind::Choice(STYLE_TYPES_OF_CHARACTERS));
pub(super) const STYLE_PRESET: Field = Field::new("style_preset", Kind::Choice(STYLE_PRESETS));

/// 50 MB.
pub(super) const MOST_SOURCE_BYTES: u64 = 50_000_000;
pub(super) const SOURCE: PictureField = one("image", MOST_SOURCE_BYTES).required();
pub(super) const CHARACTER: PictureField = one("character_reference_images", MOST_BYTES).required();
pub(super) const CHARACTER_MASK: PictureField = one("character_reference_mask", MOST_BYTES);

//! The fields that rows of the table of endpoints are put together from: options, models, pictures,
//! rules. What is peculiar to one endpoint stands in its row.

use super::Model;
use super::endpoint::{DefaultModel, ModelChoice, ModelField, PictureField, Rule};
use super::field::{Field, Kind};
use super::lists::{
    ASPECT_RATIOS, MAGIC_PROMPT_OPTIONS, MAGIC_PROMPT_VERSIONS, RESOLUTIONS, RESOLUTIONS_V3,
    STYLE_PRESETS, STYLE_TYPES, STYLE_TYPES_V3,
};
use super::palette::PRESETS;

pub(super) const ONE_SHAPE: Rule = Rule::NotTogether("aspect_ratio", "resolution");
pub(super) const CODES_OR_REFERENCES: Rule =
    Rule::NotTogether("style_codes", "style_reference_images");

pub(super) const MODEL: ModelField = ModelField {
    name: "model",
    words: &[
        ("V_1", Model::V1),
        ("V_1_TURBO", Model::V1Turbo),
        ("V_2", Model::V2),
        ("V_2_TURBO", Model::V2Turbo),
        ("V_2A", Model::V2A),
        ("V_2A_TURBO", Model::V2ATurbo),
        ("V_3", Model::V3),
        ("AUTO", Model::Auto),
    ],
};

pub(super) const ONLY_UPSCALE: ModelChoice = ModelChoice {
    field: None,
    default: DefaultModel::Is(Model::Upscale),
};

pub(super) const SPEED: &str = "rendering_speed";
pub(super) const SPEEDS_V3: &[(&str, Model)] = &[
    ("FLASH", Model::V3Flash),
    ("TURBO", Model::V3Turbo),
    ("BALANCED", Model::V3Balanced),
    ("DEFAULT", Model::V3Default),
    ("QUALITY", Model::V3Quality),
];

pub(super) const LARGEST_SEED: u32 = 2_147_483_647;
pub(super) const PERCENTAGE: Kind = Kind::Integer {
    lowest: 1,
    highest: 100,
};

pub(super) const SEED: Field = Field::new(
    "seed",
    Kind::Integer {
        lowest: 0,
        highest: LARGEST_SEED,
    },
);
pub(super) const IMAGE_WEIGHT: Field = Field::new("image_weight", PERCENTAGE).default_number(50);
pub(super) const PALETTE: Field = Field::new("color_palette", Kind::Palette(PRESETS));

const NOT_2: &[Model] = &[Model::V1, Model::V1Turbo, Model::V2A, Model::V2ATurbo];
pub(super) const UNVERSIONED_SHAPE: [Field; 2] = [
    Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS)).default("ASPECT_1_1"),
    // "For model_version 2.0 only".
    Field::new("resolution", Kind::Choice(RESOLUTIONS)).except(NOT_2),
];
pub(super) const MAGIC_PROMPT_OPTION: Field =
    Field::new("magic_prompt_option", Kind::Choice(MAGIC_PROMPT_OPTIONS));
pub(super) const MAGIC_PROMPT_VERSION: Field =
    Field::new("magic_prompt_version", Kind::Choice(MAGIC_PROMPT_VERSIONS));
pub(super) const STYLE_TYPE: Field =
    Field::new("style_type", Kind::Choice(STYLE_TYPES)).except(&[Model::V1, Model::V1Turbo]);
/// "Only available for model versions V_1, V_1_TURBO, V_2 and V_2_TURBO".
pub(super) const NEGATIVE_PROMPT: Field = NEGATIVE_PROMPT_V3.except(&[Model::V2A, Model::V2ATurbo]);
pub(super) const PALETTE_OF_2: Field = PALETTE.except(NOT_2);

pub(super) const RESOLUTION_V3: Field = Field::new("resolution", Kind::Choice(RESOLUTIONS_V3));
pub(super) const MAGIC_PROMPT: Field =
    Field::new("magic_prompt", Kind::Choice(MAGIC_PROMPT_OPTIONS));
pub(super) const NEGATIVE_PROMPT_V3: Field = Field::new("negative_prompt", Kind::Text);
pub(super) const STYLE_TYPE_V3: Field = Field::new("style_type", Kind::Choice(STYLE_TYPES_V3));
pub(super) const STYLE_PRESET: Field = Field::new("style_preset", Kind::Choice(STYLE_PRESETS));
pub(super) const STYLE_CODES: Field = Field::new("style_codes", Kind::StyleCodes);
pub(super) const CUSTOM_MODEL: Field = Field::new("custom_model_uri", Kind::CustomModel);
/// In the document since 2026-10, as is the next.
pub(super) const COPYRIGHT_DETECTION: Field =
    Field::new("enable_copyright_detection", Kind::Boolean);
pub(super) const MAGIC_PROMPT_CONFIG: Field =
    Field::new("magic_prompt_system_prompt_config_id", Kind::Text);

pub(super) const UNVERSIONED_PICTURE: PictureField =
    one("image_file", UNVERSIONED_MOST_BYTES).required();
pub(super) const UNVERSIONED_MASK: PictureField = one("mask", UNVERSIONED_MOST_BYTES).required();
pub(super) const PICTURE: PictureField = one("image", MOST_BYTES).required();
pub(super) const MASK: PictureField = one("mask", MOST_BYTES).required();
/// The document names no largest number at this endpoint; its newer one takes ten.
pub(super) const STYLE_REFERENCES: PictureField = PictureField {
    most: 10,
    ..one("style_reference_images", MOST_BYTES)
};
/// "Currently only supports 1".
pub(super) const CHARACTER_REFERENCES: PictureField = one("character_reference_images", MOST_BYTES);
pub(super) const CHARACTER_MASKS: PictureField = one("character_reference_images_mask", MOST_BYTES);

/// 10 MB.
pub(super) const UNVERSIONED_MOST_BYTES: u64 = 10_000_000;
/// 25 MB (2026-10).
pub(super) const MOST_BYTES: u64 = 25_000_000;

pub(super) const fn one(name: &'static str, most_bytes: u64) -> PictureField {
    PictureField {
        name,
        required: false,
        most: 1,
        most_bytes,
    }
}

//! The fields of all endpoints, from which rows are put together.
//! Holds true: names, limits and lists are those of Ideogram's OpenAPI document, 2026-04, but for
//! what is said to be of 2026-10.

use crate::endpoint::{Field, Kind, optional, required};
use crate::size::SizeList;
use crate::upload::LARGEST_PICTURE;
use crate::validate::LARGEST_SEED;
use crate::values::{
    DESCRIBE_MODEL_VERSIONS, MAGIC_PROMPT_OPTIONS, MAGIC_PROMPT_VERSIONS, PALETTE_NAMES,
    STYLE_PRESETS_V3, STYLE_TYPES, STYLE_TYPES_V3, UPSCALE_FACTORS,
};

/// Largest picture of the legacy endpoints in bytes (10 MB).
const LARGEST_LEGACY_PICTURE: u64 = 10_000_000;
/// Models of the legacy edit.
const EDIT_MODELS: &[&str] = &["V_2", "V_2_TURBO"];

const SEED_KIND: Kind = whole_number(0, LARGEST_SEED);
const PERCENTAGE: Kind = whole_number(1, 100);
const LEGACY_PICTURE: Kind = Kind::Pictures {
    most: 1,
    most_bytes: LARGEST_LEGACY_PICTURE,
};
const PICTURE: Kind = pictures(1);

pub(crate) const PROMPT: Field = required("prompt", Kind::Prompt);
pub(crate) const NEGATIVE_PROMPT: Field = optional("negative_prompt", Kind::Text);
pub(crate) const SEED: Field = optional("seed", SEED_KIND);
pub(crate) const NUM_IMAGES: Field = optional("num_images", whole_number(1, 8));
pub(crate) const PALETTE: Field = optional("color_palette", Kind::Palette(PALETTE_NAMES));
pub(crate) const IMAGE_WEIGHT: Field = optional("image_weight", PERCENTAGE);
/// In the document since 2026-10.
pub(crate) const COPYRIGHT_DETECTION: Field = optional("enable_copyright_detection", Kind::Boolean);
/// In the document since 2026-10.
pub(crate) const MAGIC_PROMPT_CONFIG: Field =
    optional("magic_prompt_system_prompt_config_id", Kind::Text);

pub(crate) const LEGACY_MODEL: Field = optional("model", Kind::Model);
pub(crate) const LEGACY_REFRAME_MODEL: Field = required("model", Kind::Model);
pub(crate) const LEGACY_EDIT_MODEL: Field = required("model", Kind::OneOf(EDIT_MODELS));
pub(crate) const LEGACY_ASPECT_RATIO: Field =
    optional("aspect_ratio", Kind::AspectRatio(SizeList::Legacy));
pub(crate) const LEGACY_RESOLUTION: Field =
    optional("resolution", Kind::Resolution(SizeList::Legacy));
pub(crate) const LEGACY_REFRAME_RESOLUTION: Field =
    required("resolution", Kind::Resolution(SizeList::Legacy));
pub(crate) const LEGACY_STYLE_TYPE: Field = optional("style_type", Kind::OneOf(STYLE_TYPES));
pub(crate) const MAGIC_PROMPT_OPTION: Field =
    optional("magic_prompt_option", Kind::OneOf(MAGIC_PROMPT_OPTIONS));
pub(crate) const MAGIC_PROMPT_VERSION: Field =
    optional("magic_prompt_version", Kind::OneOf(MAGIC_PROMPT_VERSIONS));
pub(crate) const LEGACY_IMAGE: Field = required("image_file", LEGACY_PICTURE);
pub(crate) const LEGACY_MASK: Field = required("mask", LEGACY_PICTURE);
pub(crate) const UPSCALE_PROMPT: Field = optional("prompt", Kind::Text);
pub(crate) const RESEMBLANCE: Field = optional("resemblance", PERCENTAGE);
pub(crate) const DETAIL: Field = optional("detail", PERCENTAGE);
pub(crate) const DESCRIBE_MODEL_VERSION: Field = optional(
    "describe_model_version",
    Kind::OneOf(DESCRIBE_MODEL_VERSIONS),
);

pub(crate) const ASPECT_RATIO: Field = optional("aspect_ratio", Kind::AspectRatio(SizeList::V3));
pub(crate) const RESOLUTION: Field = optional("resolution", Kind::Resolution(SizeList::V3));
pub(crate) const REFRAME_RESOLUTION: Field = required("resolution", Kind::Resolution(SizeList::V3));
pub(crate) const SPEED: Field = optional("rendering_speed", Kind::Speed { flash: true });
pub(crate) const SPEED_WITHOUT_FLASH: Field =
    optional("rendering_speed", Kind::Speed { flash: false });
pub(crate) const MAGIC_PROMPT: Field = optional("magic_prompt", Kind::OneOf(MAGIC_PROMPT_OPTIONS));
pub(crate) const STYLE_CODES: Field = optional("style_codes", Kind::StyleCodes);
pub(crate) const STYLE_TYPE: Field = optional("style_type", Kind::OneOf(STYLE_TYPES_V3));
pub(crate) const STYLE_PRESET: Field = optional("style_preset", Kind::OneOf(STYLE_PRESETS_V3));
pub(crate) const CUSTOM_MODEL: Field =
    optional("custom_model_uri", Kind::CustomModel { most: usize::MAX });
pub(crate) const UPSCALE_FACTOR: Field = optional("upscale_factor", Kind::OneOf(UPSCALE_FACTORS));
pub(crate) const IMAGE: Field = required("image", PICTURE);
pub(crate) const MASK: Field = required("mask", PICTURE);
/// The document names no largest number.
pub(crate) const STYLE_REFERENCES: Field = optional("style_reference_images", pictures(usize::MAX));
/// "Currently only supports 1", says the document.
pub(crate) const CHARACTER_REFERENCES: Field = optional("character_reference_images", PICTURE);
pub(crate) const CHARACTER_MASKS: Field = optional("character_reference_images_mask", PICTURE);

/// This and what follows: in the document since 2026-10.
pub(crate) const TEXT_PROMPT: Field = optional("text_prompt", Kind::Prompt);
pub(crate) const JSON_PROMPT: Field = optional("json_prompt", Kind::JsonPrompt);
pub(crate) const V4_RESOLUTION: Field = optional("resolution", Kind::Resolution(SizeList::V4));
pub(crate) const SEED_OR_NULL: Field = optional("seed", Kind::SeedOrNull);

pub(crate) const fn whole_number(least: u32, most: u32) -> Kind {
    Kind::WholeNumber { least, most }
}

const fn pictures(most: usize) -> Kind {
    Kind::Pictures {
        most,
        most_bytes: LARGEST_PICTURE,
    }
}

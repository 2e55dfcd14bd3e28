//! The fields of v2's endpoints, from which rows are put together.
//! Holds true: names, limits and lists are those of Ideogram's OpenAPI document, 2026-10. Lists
//! that are older ones in lower case are not written again.

use crate::endpoint::{Field, Kind, optional, required};
use crate::fields::whole_number;
use crate::size::SizeList;
use crate::upload::LARGEST_PICTURE;
use crate::values::{
    ENLARGING_FACTORS, MAGIC_PROMPT_OPTIONS, OUTPUT_RESOLUTIONS, PALETTE_NAMES_V2, QUALITIES,
    SPEEDS_V2, STYLE_PRESETS_V3, STYLE_TYPES_OF_CHARACTERS, STYLE_TYPES_OF_V2, STYLE_TYPES_V3,
    UPSCALE_FACTORS,
};

/// Largest picture of most endpoints that change one, in bytes (50 MB).
const LARGEST_SOURCE: u64 = 50_000_000;
/// Largest picture that is described, in bytes (10 MB).
const LARGEST_DESCRIBED: u64 = 10_000_000;

const fn pictures(most: usize, most_bytes: u64) -> Kind {
    Kind::Pictures { most, most_bytes }
}

const fn prompt(most: usize) -> Field {
    required("prompt", Kind::TextOf { least: 1, most })
}

const ASYNC: Field = optional("async", Kind::Boolean);
const WEBHOOK_URL: Field = optional("webhook_url", Kind::WebhookUrl);
const PRIVATE: Field = optional("private", Kind::BooleanOrNull);
const COLLECTION: Field = optional("target_collection_id", Kind::CollectionId);
const COPYRIGHT: Field = optional("enable_copyright_detection", Kind::BooleanOrNull);

/// What most operations on images have in common.
pub(crate) const ENVELOPE: &[Field] = &[ASYNC, WEBHOOK_URL, PRIVATE, COLLECTION, COPYRIGHT];
pub(crate) const WITHOUT_WEBHOOK: &[Field] = &[ASYNC, PRIVATE, COLLECTION, COPYRIGHT];
pub(crate) const WITHOUT_WEBHOOK_AND_PRIVATE: &[Field] = &[ASYNC, COLLECTION, COPYRIGHT];

pub(crate) const PROMPT: Field = prompt(10_000);
pub(crate) const BACKGROUND_PROMPT: Field = prompt(4_000);
pub(crate) const NEGATIVE_PROMPT: Field = optional(
    "negative_prompt",
    Kind::TextOf {
        least: 0,
        most: 10_000,
    },
);
pub(crate) const MAGIC_PROMPT: Field =
    optional("magic_prompt", Kind::LowerCaseOf(MAGIC_PROMPT_OPTIONS));
pub(crate) const SPEED: Field = optional("rendering_speed", Kind::OneOf(SPEEDS_V2));
pub(crate) const QUALITY: Field = optional("quality", Kind::OneOf(QUALITIES));

pub(crate) const RATIO_OR_AUTO: Field =
    optional("aspect_ratio", Kind::AspectRatioOrAuto(SizeList::V3));
pub(crate) const RATIO: Field = optional("aspect_ratio", Kind::AspectRatio(SizeList::V3));
pub(crate) const V4_RATIO_OR_AUTO: Field =
    optional("aspect_ratio", Kind::AspectRatioOrAuto(SizeList::V4));
pub(crate) const SIZE: Field = optional("size", Kind::PictureSize);
pub(crate) const OUTPUT_RESOLUTION: Field =
    optional("output_resolution", Kind::OneOf(OUTPUT_RESOLUTIONS));
pub(crate) const UPSCALE_FACTOR: Field =
    optional("upscale_factor", Kind::LowerCaseOf(UPSCALE_FACTORS));
pub(crate) const ENLARGING_FACTOR: Field =
    optional("upscale_factor", Kind::OneOf(ENLARGING_FACTORS));

pub(crate) const STYLE_TYPE_OF_V2: Field = optional("style_type", Kind::OneOf(STYLE_TYPES_OF_V2));
pub(crate) const STYLE_TYPE: Field = optional("style_type", Kind::LowerCaseOf(STYLE_TYPES_V3));
pub(crate) const STYLE_TYPE_OF_CHARACTERS: Field =
    optional("style_type", Kind::OneOf(STYLE_TYPES_OF_CHARACTERS));
pub(crate) const STYLE_PRESET: Field =
    optional("style_preset", Kind::LowerCaseOf(STYLE_PRESETS_V3));
pub(crate) const PALETTE: Field = optional("color_palette", Kind::Palette(PALETTE_NAMES_V2));
pub(crate) const STYLE_REFERENCES: Field =
    optional("style_reference_images", pictures(10, LARGEST_PICTURE));
pub(crate) const STYLE_ASSETS: Field = optional(
    "style_reference_asset_identifiers",
    Kind::Assets { most: 10 },
);
pub(crate) const STYLE_COLLECTION: Field =
    optional("style_reference_collection_id", Kind::CollectionId);
pub(crate) const STYLE_COLLECTION_VERSION: Field =
    optional("style_reference_collection_version_id", Kind::Text);
pub(crate) const CHARACTER_REFERENCES: Field =
    optional("character_reference_images", pictures(1, LARGEST_PICTURE));
pub(crate) const CHARACTER_ASSETS: Field = optional(
    "character_reference_asset_identifiers",
    Kind::Assets { most: 1 },
);
pub(crate) const CHARACTER_COLLECTION: Field =
    optional("character_reference_collection_id", Kind::CollectionId);
pub(crate) const CHARACTER_COLLECTION_VERSION: Field =
    optional("character_reference_collection_version_id", Kind::Text);
pub(crate) const CHARACTER_MASK: Field =
    optional("character_reference_mask", pictures(1, LARGEST_PICTURE));
pub(crate) const CUSTOM_MODEL: Field =
    required("custom_model_uri", Kind::CustomModel { most: 512 });

/// The pictures that ideogram-4-5 starts from.
pub(crate) const IMAGES: Field = optional("images", pictures(5, LARGEST_PICTURE));
pub(crate) const IMAGES_MASK: Field = optional("mask", pictures(1, LARGEST_PICTURE));
pub(crate) const IMAGE_ASSETS: Field =
    optional("image_asset_identifiers", Kind::Assets { most: 5 });

pub(crate) const SOURCE: Field = optional("image", pictures(1, LARGEST_SOURCE));
pub(crate) const SMALLER_SOURCE: Field = optional("image", pictures(1, LARGEST_PICTURE));
pub(crate) const DESCRIBED: Field = optional("image", pictures(1, LARGEST_DESCRIBED));
pub(crate) const SOURCE_ASSET: Field = optional("image_asset_identifier", Kind::Asset);
pub(crate) const MASK: Field = required("mask", pictures(1, LARGEST_PICTURE));
pub(crate) const OPTIONAL_MASK: Field = optional("mask", pictures(1, LARGEST_SOURCE));
pub(crate) const REFERENCES: Field = optional("reference_images", pictures(4, LARGEST_SOURCE));
pub(crate) const CONTEXT_WINDOW: Field = optional("context_window", Kind::ContextWindow);
pub(crate) const IMAGE_WEIGHT: Field = optional("image_weight", whole_number(1, 100));

pub(crate) const INCLUDE_BOXES: Field = optional("include_bbox", Kind::Boolean);
pub(crate) const INCLUDE_STYLES: Field = optional("include_style_descriptions", Kind::Boolean);
pub(crate) const INCLUDE_TAGS: Field = optional("include_tags", Kind::Boolean);

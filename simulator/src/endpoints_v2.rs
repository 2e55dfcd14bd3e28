//! The table of v2's endpoints that make pictures of a prompt, and what all rows of v2 share.
//! Holds true: what an endpoint takes is what Ideogram's OpenAPI document, 2026-10, lists for it;
//! another endpoint is another row.

use crate::endpoint::{Adds, Bodies, Endpoint, Item, Rule, V2};
use crate::endpoints::{CODES_OR_TYPE, LEGACY, ONE_SHAPE};
use crate::fields::{NUM_IMAGES, RESOLUTION, SEED, STYLE_CODES, V4_RESOLUTION};
use crate::fields_v2::{
    CHARACTER_ASSETS, CHARACTER_COLLECTION, CHARACTER_COLLECTION_VERSION, CHARACTER_MASK,
    CHARACTER_REFERENCES, CUSTOM_MODEL, ENVELOPE, IMAGE_ASSETS, IMAGES, IMAGES_MASK, MAGIC_PROMPT,
    NEGATIVE_PROMPT, OUTPUT_RESOLUTION, PALETTE, PROMPT, QUALITY, RATIO_OR_AUTO, SIZE, SPEED,
    STYLE_ASSETS, STYLE_COLLECTION, STYLE_COLLECTION_VERSION, STYLE_PRESET, STYLE_REFERENCES,
    STYLE_TYPE, STYLE_TYPE_OF_CHARACTERS, STYLE_TYPE_OF_V2, UPSCALE_FACTOR, V4_RATIO_OR_AUTO,
};
use crate::size::SizeList;
use crate::speed;
use crate::tariff::Tariff;

/// Where a style can be taken from.
pub(crate) const STYLE_SOURCES: Rule = Rule::AtMostOne(&[
    "style_codes",
    "style_reference_images",
    "style_reference_asset_identifiers",
    "style_reference_collection_id",
]);
pub(crate) const PRESET_OR_CODES: Rule = Rule::NotTogether("style_preset", "style_codes");
pub(crate) const PRESET_OR_REFERENCES: Rule =
    Rule::NotTogether("style_preset", "style_reference_images");
pub(crate) const PRESET_OR_ASSETS: Rule =
    Rule::NotTogether("style_preset", "style_reference_asset_identifiers");
pub(crate) const PRESET_OR_COLLECTION: Rule =
    Rule::NotTogether("style_preset", "style_reference_collection_id");
pub(crate) const ONE_CHARACTER: Rule = Rule::AtMostOne(CHARACTERS);
pub(crate) const A_CHARACTER: Rule = Rule::AtLeastOne(CHARACTERS);
pub(crate) const CHARACTERS: &[&str] = &[
    "character_reference_images",
    "character_reference_asset_identifiers",
    "character_reference_collection_id",
];
pub(crate) const CHARACTER_MASKED: Rule = Rule::MaskOfFirst {
    pictures: "character_reference_images",
    assets: "character_reference_asset_identifiers",
    mask: "character_reference_mask",
    most_pictures: 1,
};
const IMAGES_OR_ASSETS: &[&str] = &["images", "image_asset_identifiers"];

pub(crate) const USUAL: V2 = V2 {
    always_later: false,
    billing_identifier: "",
    item: Item::Image,
    adds: Adds::Nothing,
};

/// Identifiers of ideogram-2, -2a, -3 and -4-5 were seen in quotes, 2026-10; the others follow
/// their pattern.
pub(crate) const fn quoted(billing_identifier: &'static str) -> Option<V2> {
    Some(V2 {
        billing_identifier,
        ..USUAL
    })
}

pub(crate) const V2_JSON: Endpoint = Endpoint {
    bodies: Bodies::Json,
    common: ENVELOPE,
    sizes: SizeList::V3,
    ..LEGACY
};

pub(crate) const V2_EITHER: Endpoint = Endpoint {
    bodies: Bodies::Either,
    ..V2_JSON
};

/// Those that make pictures of a prompt.
pub(crate) static V2_GENERATE: &[Endpoint] = &[
    Endpoint {
        path: "/v2/image/generate/ideogram-2",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            NEGATIVE_PROMPT,
            SPEED,
            STYLE_TYPE_OF_V2,
        ],
        tariff: Tariff::BySpeed(speed::V2),
        v2: quoted("ideogram_v2_generation"),
        ..V2_JSON
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-2a",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            SPEED,
            STYLE_TYPE_OF_V2,
        ],
        tariff: Tariff::BySpeed(speed::V2A),
        v2: quoted("ideogram_v2a_generation"),
        ..V2_JSON
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-3",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            RESOLUTION,
            SPEED,
            NEGATIVE_PROMPT,
            PALETTE,
            STYLE_CODES,
            STYLE_PRESET,
            STYLE_TYPE,
            STYLE_REFERENCES,
            STYLE_ASSETS,
            STYLE_COLLECTION,
            STYLE_COLLECTION_VERSION,
        ],
        rules: &[
            ONE_SHAPE,
            CODES_OR_TYPE,
            STYLE_SOURCES,
            PRESET_OR_CODES,
            PRESET_OR_REFERENCES,
            PRESET_OR_ASSETS,
            PRESET_OR_COLLECTION,
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: quoted("ideogram_v3_generation"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-3-character",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            RESOLUTION,
            SPEED,
            NEGATIVE_PROMPT,
            STYLE_TYPE_OF_CHARACTERS,
            CHARACTER_REFERENCES,
            CHARACTER_ASSETS,
            CHARACTER_COLLECTION,
            CHARACTER_COLLECTION_VERSION,
            CHARACTER_MASK,
            STYLE_REFERENCES,
            STYLE_ASSETS,
            STYLE_COLLECTION,
            STYLE_COLLECTION_VERSION,
        ],
        rules: &[
            ONE_SHAPE,
            A_CHARACTER,
            ONE_CHARACTER,
            CHARACTER_MASKED,
            STYLE_SOURCES,
        ],
        tariff: Tariff::BySpeed(speed::V3_WITH_CHARACTER),
        v2: quoted("ideogram_v3_character_generation"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-3-transparent",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            SPEED,
            NEGATIVE_PROMPT,
            UPSCALE_FACTOR,
        ],
        tariff: Tariff::V3Transparent,
        v2: quoted("ideogram_v3_transparent_generation"),
        ..V2_JSON
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-3-custom-model",
        fields: &[
            PROMPT,
            CUSTOM_MODEL,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO_OR_AUTO,
            RESOLUTION,
            SPEED,
            NEGATIVE_PROMPT,
            PALETTE,
            STYLE_CODES,
            STYLE_PRESET,
            STYLE_REFERENCES,
            STYLE_ASSETS,
        ],
        rules: &[
            ONE_SHAPE,
            STYLE_SOURCES,
            PRESET_OR_CODES,
            PRESET_OR_REFERENCES,
            PRESET_OR_ASSETS,
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: quoted("ideogram_v3_custom_model_generation"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-4",
        fields: &[PROMPT, NUM_IMAGES, SEED, MAGIC_PROMPT, V4_RESOLUTION, SPEED],
        sizes: SizeList::V4,
        tariff: Tariff::BySpeed(speed::V4),
        v2: quoted("ideogram_4_generate"),
        ..V2_JSON
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-4-transparent",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            V4_RATIO_OR_AUTO,
            OUTPUT_RESOLUTION,
            SPEED,
        ],
        sizes: SizeList::V4,
        tariff: Tariff::BySpeed(speed::V4_TRANSPARENT),
        v2: quoted("ideogram_4_transparent_generate"),
        ..V2_JSON
    },
    Endpoint {
        path: "/v2/image/generate/ideogram-4-5",
        fields: &[
            PROMPT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            QUALITY,
            SIZE,
            IMAGES,
            IMAGE_ASSETS,
            IMAGES_MASK,
        ],
        rules: &[
            Rule::AtMostOne(IMAGES_OR_ASSETS),
            Rule::NotTogether("mask", "size"),
            Rule::MaskOfFirst {
                pictures: "images",
                assets: "image_asset_identifiers",
                mask: "mask",
                most_pictures: 4,
            },
            Rule::ValueNeeds {
                name: "quality",
                value: "very_low",
                needs: IMAGES_OR_ASSETS,
            },
        ],
        sizes: SizeList::V4,
        tariff: Tariff::ByQuality,
        v2: Some(V2 {
            billing_identifier: "ideogram_4_5_generate",
            adds: Adds::GenerationKind,
            ..USUAL
        }),
        ..V2_EITHER
    },
];

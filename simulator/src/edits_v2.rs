//! The table of v2's endpoints that change, enlarge or describe a picture.
//! Holds true: what an endpoint takes is what Ideogram's OpenAPI document, 2026-10, lists for it;
//! another endpoint is another row.

use crate::endpoint::{Adds, Endpoint, Item, Product, Rule, V2};
use crate::endpoints::{CODES_OR_TYPE, ONE_SHAPE};
use crate::endpoints_v2::{
    A_CHARACTER, CHARACTER_MASKED, ONE_CHARACTER, PRESET_OR_ASSETS, PRESET_OR_CODES,
    PRESET_OR_COLLECTION, PRESET_OR_REFERENCES, STYLE_SOURCES, USUAL, V2_EITHER, quoted,
};
use crate::fields::{NUM_IMAGES, REFRAME_RESOLUTION, RESOLUTION, SEED, STYLE_CODES, V4_RESOLUTION};
use crate::fields_v2::{
    BACKGROUND_PROMPT, CHARACTER_ASSETS, CHARACTER_COLLECTION, CHARACTER_COLLECTION_VERSION,
    CHARACTER_MASK, CHARACTER_REFERENCES, CONTEXT_WINDOW, DESCRIBED, ENLARGING_FACTOR,
    IMAGE_WEIGHT, INCLUDE_BOXES, INCLUDE_STYLES, INCLUDE_TAGS, MAGIC_PROMPT, MASK, NEGATIVE_PROMPT,
    OPTIONAL_MASK, PALETTE, PROMPT, QUALITY, RATIO, REFERENCES, SMALLER_SOURCE, SOURCE,
    SOURCE_ASSET, SPEED, STYLE_ASSETS, STYLE_COLLECTION, STYLE_COLLECTION_VERSION, STYLE_PRESET,
    STYLE_REFERENCES, STYLE_TYPE, STYLE_TYPE_OF_CHARACTERS, WITHOUT_WEBHOOK,
    WITHOUT_WEBHOOK_AND_PRIVATE,
};
use crate::size::SizeList;
use crate::speed;
use crate::tariff::Tariff;
const ONE_SOURCE: Rule = Rule::ExactlyOne("image", "image_asset_identifier");
const MASKED: Rule = Rule::MaskOfFirst {
    pictures: "image",
    assets: "image_asset_identifier",
    mask: "mask",
    most_pictures: 1,
};
const NOT_TOO_LONG: Rule = Rule::EnlargedSide {
    picture: "image",
    most: 8_192,
};

const V2_UPSCALE: Endpoint = Endpoint {
    fields: &[SOURCE, SOURCE_ASSET, ENLARGING_FACTOR],
    rules: &[ONE_SOURCE, NOT_TOO_LONG],
    ..V2_EITHER
};

const V2_DESCRIBE: Endpoint = Endpoint {
    common: &[],
    fields: &[DESCRIBED, SOURCE_ASSET],
    rules: &[ONE_SOURCE],
    tariff: Tariff::Description,
    product: Product::NamedDescriptions,
    ..V2_EITHER
};

/// Those that start from a picture.
pub(crate) static V2_EDITS: &[Endpoint] = &[
    Endpoint {
        path: "/v2/image/remix/ideogram-3",
        fields: &[
            PROMPT,
            SOURCE,
            SOURCE_ASSET,
            IMAGE_WEIGHT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO,
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
            ONE_SOURCE,
            ONE_SHAPE,
            CODES_OR_TYPE,
            STYLE_SOURCES,
            PRESET_OR_CODES,
            PRESET_OR_REFERENCES,
            PRESET_OR_ASSETS,
            PRESET_OR_COLLECTION,
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: quoted("ideogram_v3_remix"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/remix/ideogram-3-character",
        fields: &[
            PROMPT,
            SOURCE,
            SOURCE_ASSET,
            IMAGE_WEIGHT,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            RATIO,
            RESOLUTION,
            SPEED,
            NEGATIVE_PROMPT,
            STYLE_TYPE_OF_CHARACTERS,
            CHARACTER_REFERENCES,
            CHARACTER_ASSETS,
            CHARACTER_COLLECTION,
            CHARACTER_COLLECTION_VERSION,
            CHARACTER_MASK,
        ],
        rules: &[
            ONE_SOURCE,
            ONE_SHAPE,
            A_CHARACTER,
            ONE_CHARACTER,
            CHARACTER_MASKED,
        ],
        tariff: Tariff::BySpeed(speed::V3_WITH_CHARACTER),
        v2: quoted("ideogram_v3_character_remix"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/remix/ideogram-4",
        fields: &[
            PROMPT,
            SOURCE,
            SOURCE_ASSET,
            IMAGE_WEIGHT,
            NUM_IMAGES,
            V4_RESOLUTION,
            SPEED,
        ],
        rules: &[
            ONE_SOURCE,
            Rule::WeightKeepsShape {
                picture: "image",
                weight: "image_weight",
            },
        ],
        sizes: SizeList::V4,
        tariff: Tariff::BySpeed(speed::V4),
        v2: quoted("ideogram_4_remix"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/inpaint/ideogram-3",
        fields: &[
            PROMPT,
            SMALLER_SOURCE,
            SOURCE_ASSET,
            MASK,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            SPEED,
            STYLE_CODES,
            STYLE_PRESET,
            STYLE_TYPE,
            STYLE_REFERENCES,
            STYLE_ASSETS,
            STYLE_COLLECTION,
            STYLE_COLLECTION_VERSION,
        ],
        rules: &[
            ONE_SOURCE,
            MASKED,
            CODES_OR_TYPE,
            STYLE_SOURCES,
            PRESET_OR_CODES,
            PRESET_OR_REFERENCES,
            PRESET_OR_ASSETS,
            PRESET_OR_COLLECTION,
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: Some(V2 {
            billing_identifier: "ideogram_v3_inpaint",
            adds: Adds::WidthAndHeight,
            ..USUAL
        }),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/inpaint/ideogram-3-character",
        fields: &[
            PROMPT,
            SMALLER_SOURCE,
            SOURCE_ASSET,
            MASK,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
            SPEED,
            STYLE_TYPE_OF_CHARACTERS,
            CHARACTER_REFERENCES,
            CHARACTER_ASSETS,
            CHARACTER_COLLECTION,
            CHARACTER_COLLECTION_VERSION,
            CHARACTER_MASK,
        ],
        rules: &[
            ONE_SOURCE,
            MASKED,
            A_CHARACTER,
            ONE_CHARACTER,
            CHARACTER_MASKED,
        ],
        tariff: Tariff::BySpeed(speed::V3_WITH_CHARACTER),
        v2: Some(V2 {
            billing_identifier: "ideogram_v3_character_inpaint",
            adds: Adds::WidthAndHeight,
            ..USUAL
        }),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/precise-edit/ideogram-4-5",
        fields: &[
            PROMPT,
            SOURCE,
            SOURCE_ASSET,
            REFERENCES,
            OPTIONAL_MASK,
            CONTEXT_WINDOW,
            QUALITY,
            NUM_IMAGES,
            SEED,
            MAGIC_PROMPT,
        ],
        rules: &[ONE_SOURCE, MASKED],
        sizes: SizeList::V4,
        tariff: Tariff::ByQuality,
        v2: Some(V2 {
            billing_identifier: "ideogram_4_5_precise_edit",
            adds: Adds::GenerationKind,
            ..USUAL
        }),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/reframe/ideogram-3",
        common: WITHOUT_WEBHOOK_AND_PRIVATE,
        // Those of v1's reframe, in v2's words.
        fields: &[
            SMALLER_SOURCE,
            SOURCE_ASSET,
            REFRAME_RESOLUTION,
            NUM_IMAGES,
            SEED,
            SPEED,
            STYLE_PRESET,
            PALETTE,
            STYLE_CODES,
            STYLE_REFERENCES,
            STYLE_ASSETS,
            STYLE_COLLECTION,
            STYLE_COLLECTION_VERSION,
        ],
        refuses_unknown: true,
        rules: &[
            ONE_SOURCE,
            STYLE_SOURCES,
            PRESET_OR_CODES,
            PRESET_OR_REFERENCES,
            PRESET_OR_ASSETS,
            PRESET_OR_COLLECTION,
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: quoted("ideogram_v3_reframe"),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/replace-background/ideogram-3",
        fields: &[BACKGROUND_PROMPT, SOURCE, SOURCE_ASSET, NUM_IMAGES, SPEED],
        rules: &[
            ONE_SOURCE,
            Rule::Proportions {
                picture: "image",
                most: 3,
            },
        ],
        tariff: Tariff::BySpeed(speed::V3),
        v2: Some(V2 {
            always_later: true,
            billing_identifier: "ideogram_v3_replace_background",
            ..USUAL
        }),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/remove-background/ideogram-1",
        common: WITHOUT_WEBHOOK,
        fields: &[SMALLER_SOURCE, SOURCE_ASSET],
        rules: &[ONE_SOURCE],
        tariff: Tariff::Each(10_000),
        v2: Some(V2 {
            billing_identifier: "ideogram_remove_background",
            item: Item::WithoutPromptOrSeed,
            ..USUAL
        }),
        ..V2_EITHER
    },
    Endpoint {
        path: "/v2/image/upscale/auto",
        tariff: Tariff::Each(252_000),
        v2: quoted("upscale_auto"),
        ..V2_UPSCALE
    },
    Endpoint {
        path: "/v2/image/upscale/topaz-standard-2",
        tariff: Tariff::Each(126_000),
        v2: quoted("upscale_topaz_standard_2"),
        ..V2_UPSCALE
    },
    Endpoint {
        path: "/v2/image/upscale/text-refine",
        tariff: Tariff::Each(126_000),
        v2: quoted("upscale_text_refine"),
        ..V2_UPSCALE
    },
    Endpoint {
        path: "/v2/image/describe/ideogram-3",
        ..V2_DESCRIBE
    },
    Endpoint {
        path: "/v2/image/describe/ideogram-4",
        fields: &[
            DESCRIBED,
            SOURCE_ASSET,
            INCLUDE_BOXES,
            INCLUDE_STYLES,
            INCLUDE_TAGS,
        ],
        product: Product::JsonPrompt,
        ..V2_DESCRIBE
    },
];

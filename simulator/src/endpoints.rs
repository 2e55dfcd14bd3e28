//! The table of endpoints.
//! Holds true: what an endpoint takes is what Ideogram's OpenAPI document lists for it; another
//! endpoint is another row.

use axum::http::StatusCode;

use crate::endpoint::{Bodies, Endpoint, Product, Rule};
use crate::fields::{
    ASPECT_RATIO, CHARACTER_MASKS, CHARACTER_REFERENCES, COPYRIGHT_DETECTION, CUSTOM_MODEL,
    DESCRIBE_MODEL_VERSION, DETAIL, IMAGE, IMAGE_WEIGHT, JSON_PROMPT, LEGACY_ASPECT_RATIO,
    LEGACY_EDIT_MODEL, LEGACY_IMAGE, LEGACY_MASK, LEGACY_MODEL, LEGACY_REFRAME_MODEL,
    LEGACY_REFRAME_RESOLUTION, LEGACY_RESOLUTION, LEGACY_STYLE_TYPE, MAGIC_PROMPT,
    MAGIC_PROMPT_CONFIG, MAGIC_PROMPT_OPTION, MAGIC_PROMPT_VERSION, MASK, NEGATIVE_PROMPT,
    NUM_IMAGES, PALETTE, PROMPT, REFRAME_RESOLUTION, RESEMBLANCE, RESOLUTION, SEED, SEED_OR_NULL,
    SPEED, SPEED_WITHOUT_FLASH, STYLE_CODES, STYLE_PRESET, STYLE_REFERENCES, STYLE_TYPE,
    TEXT_PROMPT, UPSCALE_FACTOR, UPSCALE_PROMPT, V4_RESOLUTION,
};
use crate::size::SizeList;
use crate::tariff::Tariff;

pub(crate) const ONE_SHAPE: Rule = Rule::NotTogether("aspect_ratio", "resolution");
pub(crate) const CODES_OR_TYPE: Rule = Rule::NotTogether("style_codes", "style_type");
const CODES_OR_REFERENCES: Rule = Rule::NotTogether("style_codes", "style_reference_images");
const CHARACTER_MASK: Rule = Rule::Masks {
    pictures: "character_reference_images",
    masks: "character_reference_images_mask",
};

pub(crate) const LEGACY: Endpoint = Endpoint {
    path: "",
    bodies: Bodies::Multipart,
    inside: None,
    common: &[],
    fields: &[],
    refuses_unknown: false,
    rules: &[],
    sizes: SizeList::Legacy,
    tariff: Tariff::Model,
    product: Product::Images,
    v2: None,
    unknown_key: StatusCode::UNAUTHORIZED,
};

const V3: Endpoint = Endpoint {
    rules: &[CODES_OR_TYPE, CODES_OR_REFERENCES],
    sizes: SizeList::V3,
    tariff: Tariff::V3,
    ..LEGACY
};

const V3_EDIT: Endpoint = Endpoint {
    fields: &[
        IMAGE,
        MASK,
        PROMPT,
        MAGIC_PROMPT,
        NUM_IMAGES,
        SEED,
        SPEED,
        STYLE_TYPE,
        STYLE_PRESET,
        CUSTOM_MODEL,
        PALETTE,
        STYLE_CODES,
        STYLE_REFERENCES,
        CHARACTER_REFERENCES,
        CHARACTER_MASKS,
        COPYRIGHT_DETECTION,
        MAGIC_PROMPT_CONFIG,
    ],
    rules: &[
        CODES_OR_TYPE,
        CODES_OR_REFERENCES,
        CHARACTER_MASK,
        Rule::Masks {
            pictures: "image",
            masks: "mask",
        },
    ],
    ..V3
};

/// Every endpoint that generates.
pub(crate) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/generate",
        bodies: Bodies::Json,
        inside: Some("image_request"),
        fields: &[
            PROMPT,
            LEGACY_MODEL,
            LEGACY_STYLE_TYPE,
            MAGIC_PROMPT_OPTION,
            MAGIC_PROMPT_VERSION,
            NEGATIVE_PROMPT,
            PALETTE,
            NUM_IMAGES,
            SEED,
            LEGACY_ASPECT_RATIO,
            LEGACY_RESOLUTION,
        ],
        rules: &[ONE_SHAPE],
        ..LEGACY
    },
    Endpoint {
        path: "/remix",
        inside: Some("image_request"),
        fields: &[
            LEGACY_IMAGE,
            IMAGE_WEIGHT,
            PROMPT,
            LEGACY_MODEL,
            LEGACY_STYLE_TYPE,
            MAGIC_PROMPT_OPTION,
            MAGIC_PROMPT_VERSION,
            NEGATIVE_PROMPT,
            PALETTE,
            NUM_IMAGES,
            SEED,
            LEGACY_ASPECT_RATIO,
            LEGACY_RESOLUTION,
        ],
        rules: &[ONE_SHAPE],
        unknown_key: StatusCode::FORBIDDEN,
        ..LEGACY
    },
    Endpoint {
        path: "/edit",
        fields: &[
            LEGACY_IMAGE,
            LEGACY_MASK,
            PROMPT,
            LEGACY_EDIT_MODEL,
            MAGIC_PROMPT_OPTION,
            NUM_IMAGES,
            SEED,
            LEGACY_STYLE_TYPE,
        ],
        rules: &[Rule::Masks {
            pictures: "image_file",
            masks: "mask",
        }],
        ..LEGACY
    },
    Endpoint {
        path: "/reframe",
        fields: &[
            LEGACY_IMAGE,
            LEGACY_REFRAME_RESOLUTION,
            LEGACY_REFRAME_MODEL,
            NUM_IMAGES,
            SEED,
            LEGACY_STYLE_TYPE,
        ],
        ..LEGACY
    },
    Endpoint {
        path: "/upscale",
        inside: Some("image_request"),
        fields: &[
            LEGACY_IMAGE,
            UPSCALE_PROMPT,
            RESEMBLANCE,
            DETAIL,
            MAGIC_PROMPT_OPTION,
            MAGIC_PROMPT_VERSION,
            NUM_IMAGES,
            SEED,
        ],
        tariff: Tariff::Upscale,
        unknown_key: StatusCode::FORBIDDEN,
        ..LEGACY
    },
    Endpoint {
        path: "/describe",
        fields: &[LEGACY_IMAGE, DESCRIBE_MODEL_VERSION],
        tariff: Tariff::Description,
        product: Product::Descriptions,
        ..LEGACY
    },
    Endpoint {
        path: "/v1/ideogram-v3/generate",
        bodies: Bodies::Either,
        fields: &[
            PROMPT,
            SEED,
            RESOLUTION,
            ASPECT_RATIO,
            SPEED,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            PALETTE,
            STYLE_CODES,
            STYLE_TYPE,
            STYLE_PRESET,
            CUSTOM_MODEL,
            STYLE_REFERENCES,
            CHARACTER_REFERENCES,
            CHARACTER_MASKS,
            COPYRIGHT_DETECTION,
            MAGIC_PROMPT_CONFIG,
        ],
        rules: &[
            ONE_SHAPE,
            CODES_OR_TYPE,
            CODES_OR_REFERENCES,
            CHARACTER_MASK,
        ],
        ..V3
    },
    Endpoint {
        path: "/v1/ideogram-v3/remix",
        fields: &[
            IMAGE,
            IMAGE_WEIGHT,
            PROMPT,
            SEED,
            RESOLUTION,
            ASPECT_RATIO,
            SPEED,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            PALETTE,
            STYLE_CODES,
            STYLE_TYPE,
            STYLE_PRESET,
            CUSTOM_MODEL,
            STYLE_REFERENCES,
            CHARACTER_REFERENCES,
            CHARACTER_MASKS,
            COPYRIGHT_DETECTION,
            MAGIC_PROMPT_CONFIG,
        ],
        rules: &[
            ONE_SHAPE,
            CODES_OR_TYPE,
            CODES_OR_REFERENCES,
            CHARACTER_MASK,
        ],
        unknown_key: StatusCode::FORBIDDEN,
        ..V3
    },
    Endpoint {
        path: "/v1/ideogram-v3/inpaint",
        ..V3_EDIT
    },
    // The older name of the same.
    Endpoint {
        path: "/v1/ideogram-v3/edit",
        ..V3_EDIT
    },
    Endpoint {
        path: "/v1/ideogram-v3/reframe",
        fields: &[
            IMAGE,
            REFRAME_RESOLUTION,
            NUM_IMAGES,
            SEED,
            SPEED,
            STYLE_PRESET,
            PALETTE,
            STYLE_CODES,
            STYLE_REFERENCES,
        ],
        ..V3
    },
    Endpoint {
        path: "/v1/ideogram-v3/replace-background",
        fields: &[
            IMAGE,
            PROMPT,
            MAGIC_PROMPT,
            NUM_IMAGES,
            SEED,
            SPEED,
            STYLE_PRESET,
            PALETTE,
            STYLE_CODES,
            STYLE_REFERENCES,
        ],
        ..V3
    },
    Endpoint {
        path: "/v1/ideogram-v3/generate-transparent",
        bodies: Bodies::Either,
        fields: &[
            PROMPT,
            SEED,
            UPSCALE_FACTOR,
            ASPECT_RATIO,
            SPEED_WITHOUT_FLASH,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            CUSTOM_MODEL,
        ],
        tariff: Tariff::V3Transparent,
        ..V3
    },
    Endpoint {
        path: "/v1/ideogram-v4/generate",
        bodies: Bodies::Either,
        fields: &[
            TEXT_PROMPT,
            JSON_PROMPT,
            V4_RESOLUTION,
            SPEED_WITHOUT_FLASH,
            SEED_OR_NULL,
            CUSTOM_MODEL,
            COPYRIGHT_DETECTION,
            MAGIC_PROMPT_CONFIG,
        ],
        rules: &[Rule::ExactlyOne("text_prompt", "json_prompt")],
        sizes: SizeList::V4,
        tariff: Tariff::V4,
        ..LEGACY
    },
];

//! The table of endpoints: each one's fields, models, pictures and what goes with what, after
//! Ideogram's OpenAPI document of 2026-04, with the limits and additions of its 2026-10 edition.
//! Another endpoint is another row. Where the document is silent on a model (V_3, AUTO), the model is
//! taken to accept the option: Ideogram's own answer is then the caller's.

use super::Model;
use super::endpoint::{
    Billing, Bodies, Dearer, DefaultModel, ModelChoice, ModelField, Product, PromptField, Row, Rule,
};
use super::field::{Field, Kind};
use super::fields::{
    CHARACTER_MASKS, CHARACTER_REFERENCES, CODES_OR_REFERENCES, COPYRIGHT_DETECTION, CUSTOM_MODEL,
    IMAGE_WEIGHT, LARGEST_SEED, MAGIC_PROMPT, MAGIC_PROMPT_CONFIG, MAGIC_PROMPT_OPTION,
    MAGIC_PROMPT_VERSION, MASK, MODEL, NEGATIVE_PROMPT, NEGATIVE_PROMPT_V3, ONE_SHAPE,
    ONLY_UPSCALE, PALETTE, PALETTE_OF_2, PERCENTAGE, PICTURE, RESOLUTION_V3, SEED, SPEED,
    SPEEDS_V3, STYLE_CODES, STYLE_PRESET, STYLE_REFERENCES, STYLE_TYPE, STYLE_TYPE_V3,
    UNVERSIONED_MASK, UNVERSIONED_PICTURE, UNVERSIONED_SHAPE,
};
use super::lists::{
    ASPECT_RATIOS_V3, DESCRIBE_MODEL_VERSIONS, RESOLUTIONS, RESOLUTIONS_V4, UPSCALE_FACTORS,
};

pub(super) static ALL: &[&Row] = &[
    &GENERATE,
    &REMIX,
    &EDIT,
    &REFRAME,
    &UPSCALE,
    &DESCRIBE,
    &V3_GENERATE,
    &V3_REMIX,
    &V3_INPAINT,
    &V3_EDIT,
    &V3_REFRAME,
    &V3_REPLACE_BACKGROUND,
    &V3_GENERATE_TRANSPARENT,
    &V4_GENERATE,
];

pub(super) static GENERATE: Row = Row {
    name: "generate",
    path: "/generate",
    summary: "Generates pictures with Ideogram 1.0, 2.0 or 2a",
    bodies: Bodies::Json,
    ..UNVERSIONED
};

static REMIX: Row = Row {
    name: "remix",
    path: "/remix",
    summary: "Makes pictures from a picture and a prompt",
    options: &[
        UNVERSIONED_SHAPE[0],
        UNVERSIONED_SHAPE[1],
        MAGIC_PROMPT_OPTION,
        MAGIC_PROMPT_VERSION,
        SEED,
        STYLE_TYPE,
        NEGATIVE_PROMPT,
        PALETTE_OF_2,
        IMAGE_WEIGHT,
    ],
    pictures: &[UNVERSIONED_PICTURE],
    ..UNVERSIONED
};

static EDIT: Row = Row {
    name: "edit",
    path: "/edit",
    summary: "Paints over the black parts of a mask",
    wrapper: None,
    model: ModelChoice {
        field: Some(ModelField {
            name: "model",
            words: &[("V_2", Model::V2), ("V_2_TURBO", Model::V2Turbo)],
        }),
        default: DefaultModel::None,
    },
    options: &[MAGIC_PROMPT_OPTION, SEED, STYLE_TYPE],
    pictures: &[UNVERSIONED_PICTURE, UNVERSIONED_MASK],
    rules: &[],
    ..UNVERSIONED
};

static REFRAME: Row = Row {
    name: "reframe",
    path: "/reframe",
    summary: "Extends a picture to another shape",
    wrapper: None,
    prompt: PromptField::None,
    model: ModelChoice {
        field: Some(MODEL),
        default: DefaultModel::None,
    },
    options: &[
        Field::new("resolution", Kind::Choice(RESOLUTIONS)).required(),
        SEED,
        STYLE_TYPE,
    ],
    pictures: &[UNVERSIONED_PICTURE],
    rules: &[],
    ..UNVERSIONED
};

static UPSCALE: Row = Row {
    name: "upscale",
    path: "/upscale",
    summary: "Makes a picture larger",
    prompt: PromptField::Optional("prompt"),
    model: ONLY_UPSCALE,
    options: &[
        Field::new("resemblance", PERCENTAGE).default_number(50),
        Field::new("detail", PERCENTAGE).default_number(50),
        MAGIC_PROMPT_OPTION,
        MAGIC_PROMPT_VERSION,
        SEED,
    ],
    pictures: &[UNVERSIONED_PICTURE],
    rules: &[],
    billing: Billing::EachRequest,
    ..UNVERSIONED
};

static DESCRIBE: Row = Row {
    name: "describe",
    path: "/describe",
    summary: "Describes a picture",
    wrapper: None,
    prompt: PromptField::None,
    model: ModelChoice {
        field: None,
        default: DefaultModel::Is(Model::Describe),
    },
    image_count: None,
    options: &[Field::new(
        "describe_model_version",
        Kind::Choice(DESCRIBE_MODEL_VERSIONS),
    )
    .default("V_3")],
    pictures: &[UNVERSIONED_PICTURE],
    rules: &[],
    product: Product::Descriptions,
    billing: Billing::EachRequest,
    ..UNVERSIONED
};

pub(super) static V3_GENERATE: Row = Row {
    name: "v3_generate",
    path: "/v1/ideogram-v3/generate",
    summary: "Generates pictures with Ideogram 3.0",
    bodies: Bodies::Either,
    options: &[
        Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS_V3)).default("1x1"),
        RESOLUTION_V3,
        MAGIC_PROMPT,
        NEGATIVE_PROMPT_V3,
        SEED,
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        CUSTOM_MODEL,
        COPYRIGHT_DETECTION,
        MAGIC_PROMPT_CONFIG,
    ],
    pictures: &[STYLE_REFERENCES, CHARACTER_REFERENCES, CHARACTER_MASKS],
    ..V3
};

static V3_REMIX: Row = Row {
    name: "v3_remix",
    path: "/v1/ideogram-v3/remix",
    summary: "Makes pictures from a picture and a prompt with Ideogram 3.0",
    options: &[
        // Left out, the shape may be the source's own.
        Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS_V3)),
        RESOLUTION_V3,
        IMAGE_WEIGHT,
        MAGIC_PROMPT,
        NEGATIVE_PROMPT_V3,
        SEED,
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        CUSTOM_MODEL,
        COPYRIGHT_DETECTION,
        MAGIC_PROMPT_CONFIG,
    ],
    pictures: &[
        PICTURE,
        STYLE_REFERENCES,
        CHARACTER_REFERENCES,
        CHARACTER_MASKS,
    ],
    ..V3
};

static V3_INPAINT: Row = Row {
    name: "v3_inpaint",
    path: "/v1/ideogram-v3/inpaint",
    summary: "Paints over the black parts of a mask with Ideogram 3.0",
    ..V3_PAINT
};

/// The older name of the same, deprecated by Ideogram on 2026-04-29.
static V3_EDIT: Row = Row {
    name: "v3_edit",
    path: "/v1/ideogram-v3/edit",
    summary: "The older name of /v1/ideogram-v3/inpaint",
    ..V3_PAINT
};

static V3_REFRAME: Row = Row {
    name: "v3_reframe",
    path: "/v1/ideogram-v3/reframe",
    summary: "Extends a picture to another shape with Ideogram 3.0",
    prompt: PromptField::None,
    options: &[
        RESOLUTION_V3.required(),
        SEED,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
    ],
    pictures: &[PICTURE, STYLE_REFERENCES],
    rules: &[CODES_OR_REFERENCES],
    ..V3
};

static V3_REPLACE_BACKGROUND: Row = Row {
    name: "v3_replace_background",
    path: "/v1/ideogram-v3/replace-background",
    summary: "Puts another background behind what a picture shows",
    options: &[MAGIC_PROMPT, SEED, STYLE_PRESET, STYLE_CODES, PALETTE],
    pictures: &[PICTURE, STYLE_REFERENCES],
    rules: &[CODES_OR_REFERENCES],
    ..V3
};

static V3_GENERATE_TRANSPARENT: Row = Row {
    name: "v3_generate_transparent",
    path: "/v1/ideogram-v3/generate-transparent",
    summary: "Generates pictures with a transparent background",
    bodies: Bodies::Either,
    model: ModelChoice {
        // FLASH is answered with 400.
        field: Some(ModelField {
            name: SPEED,
            words: SPEEDS_V3.split_at(1).1,
        }),
        default: DefaultModel::Is(Model::V3Default),
    },
    options: &[
        Field::new("upscale_factor", Kind::Choice(UPSCALE_FACTORS)).default("X1"),
        Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS_V3)).default("1x1"),
        MAGIC_PROMPT,
        NEGATIVE_PROMPT_V3,
        SEED,
        CUSTOM_MODEL,
    ],
    pictures: &[],
    rules: &[],
    dearer: Dearer::Transparent {
        option: "upscale_factor",
        usual: "X1",
    },
    ..V3
};

pub(super) static V4_GENERATE: Row = Row {
    name: "v4_generate",
    path: "/v1/ideogram-v4/generate",
    summary: "Generates a picture with Ideogram 4.0",
    bodies: Bodies::Either,
    prompt: PromptField::Optional("text_prompt"),
    model: ModelChoice {
        // FLASH is answered with 400.
        field: Some(ModelField {
            name: SPEED,
            words: &[
                ("TURBO", Model::V4Turbo),
                ("BALANCED", Model::V4Balanced),
                ("DEFAULT", Model::V4Default),
                ("QUALITY", Model::V4Quality),
            ],
        }),
        default: DefaultModel::Is(Model::V4Default),
    },
    image_count: None,
    options: &[
        Field::new("json_prompt", Kind::JsonPrompt),
        Field::new("resolution", Kind::Choice(RESOLUTIONS_V4)),
        Field::new(
            "seed",
            Kind::IntegerOrNull {
                lowest: 0,
                highest: LARGEST_SEED,
            },
        ),
        CUSTOM_MODEL,
        COPYRIGHT_DETECTION,
        MAGIC_PROMPT_CONFIG,
    ],
    pictures: &[],
    rules: &[Rule::ExactlyOne("text_prompt", "json_prompt")],
    ..V3
};

/// What the unversioned endpoints have in common.
pub(super) const UNVERSIONED: Row = Row {
    name: "",
    path: "",
    summary: "",
    bodies: Bodies::Form,
    wrapper: Some("image_request"),
    prompt: PromptField::Required("prompt"),
    model: ModelChoice {
        field: Some(MODEL),
        default: DefaultModel::Setting,
    },
    image_count: Some("num_images"),
    options: &[
        UNVERSIONED_SHAPE[0],
        UNVERSIONED_SHAPE[1],
        MAGIC_PROMPT_OPTION,
        MAGIC_PROMPT_VERSION,
        SEED,
        STYLE_TYPE,
        NEGATIVE_PROMPT,
        PALETTE_OF_2,
    ],
    pictures: &[],
    rules: &[ONE_SHAPE],
    refused: &[(
        "webhook_url",
        "cannot be used: the answer comes on this call, and webhooks are not passed on",
    )],
    product: Product::Pictures,
    billing: Billing::EachPicture,
    dearer: Dearer::WithCharacter,
    asynchronous: None,
    is_quoted: false,
};

/// What the endpoints of Ideogram 3.0 have in common.
const V3: Row = Row {
    wrapper: None,
    model: ModelChoice {
        field: Some(ModelField {
            name: SPEED,
            words: SPEEDS_V3,
        }),
        default: DefaultModel::Is(Model::V3Default),
    },
    options: &[],
    rules: &[
        ONE_SHAPE,
        Rule::NotTogether("style_type", "style_codes"),
        CODES_OR_REFERENCES,
        Rule::OneEach {
            masks: "character_reference_images_mask",
            pictures: "character_reference_images",
        },
    ],
    ..UNVERSIONED
};

/// The same at both of its paths.
const V3_PAINT: Row = Row {
    options: &[
        MAGIC_PROMPT,
        SEED,
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        CUSTOM_MODEL,
        COPYRIGHT_DETECTION,
        MAGIC_PROMPT_CONFIG,
    ],
    pictures: &[
        PICTURE,
        MASK,
        STYLE_REFERENCES,
        CHARACTER_REFERENCES,
        CHARACTER_MASKS,
    ],
    ..V3
};

//! The table of endpoints: each one's fields, models, pictures and what goes with what, after
//! Ideogram's OpenAPI document of 2026-04, with the limits and additions of its 2026-10 edition.
//! Another endpoint is another row. Where the document is silent on a model (V_3, AUTO), the model is
//! taken to accept the option: Ideogram's own answer is then the caller's.

use super::Model;
use super::endpoint::{
    Billing, Bodies, DefaultModel, ModelChoice, ModelField, PictureField, Product, PromptField,
    Row, Rule,
};
use super::field::{Field, Kind};
use super::lists::{
    ASPECT_RATIOS, ASPECT_RATIOS_V3, DESCRIBE_MODEL_VERSIONS, MAGIC_PROMPT_OPTIONS,
    MAGIC_PROMPT_VERSIONS, RESOLUTIONS, RESOLUTIONS_V3, RESOLUTIONS_V4, STYLE_PRESETS, STYLE_TYPES,
    STYLE_TYPES_V3, UPSCALE_FACTORS,
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

/// The older name of the same, deprecated by Ideogram on 2026-04-29.
static V3_EDIT: Row = Row {
    name: "v3_edit",
    path: "/v1/ideogram-v3/edit",
    summary: "The older name of /v1/ideogram-v3/inpaint",
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
const UNVERSIONED: Row = Row {
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

const ONE_SHAPE: Rule = Rule::NotTogether("aspect_ratio", "resolution");
const CODES_OR_REFERENCES: Rule = Rule::NotTogether("style_codes", "style_reference_images");

const MODEL: ModelField = ModelField {
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

const ONLY_UPSCALE: ModelChoice = ModelChoice {
    field: None,
    default: DefaultModel::Is(Model::Upscale),
};

const SPEED: &str = "rendering_speed";
const SPEEDS_V3: &[(&str, Model)] = &[
    ("FLASH", Model::V3Flash),
    ("TURBO", Model::V3Turbo),
    ("BALANCED", Model::V3Balanced),
    ("DEFAULT", Model::V3Default),
    ("QUALITY", Model::V3Quality),
];

const LARGEST_SEED: u32 = 2_147_483_647;
const PERCENTAGE: Kind = Kind::Integer {
    lowest: 1,
    highest: 100,
};

const SEED: Field = Field::new(
    "seed",
    Kind::Integer {
        lowest: 0,
        highest: LARGEST_SEED,
    },
);
const IMAGE_WEIGHT: Field = Field::new("image_weight", PERCENTAGE).default_number(50);
const PALETTE: Field = Field::new("color_palette", Kind::Palette);

const NOT_2: &[Model] = &[Model::V1, Model::V1Turbo, Model::V2A, Model::V2ATurbo];
const UNVERSIONED_SHAPE: [Field; 2] = [
    Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS)).default("ASPECT_1_1"),
    // "For model_version 2.0 only".
    Field::new("resolution", Kind::Choice(RESOLUTIONS)).except(NOT_2),
];
const MAGIC_PROMPT_OPTION: Field =
    Field::new("magic_prompt_option", Kind::Choice(MAGIC_PROMPT_OPTIONS));
const MAGIC_PROMPT_VERSION: Field =
    Field::new("magic_prompt_version", Kind::Choice(MAGIC_PROMPT_VERSIONS));
const STYLE_TYPE: Field =
    Field::new("style_type", Kind::Choice(STYLE_TYPES)).except(&[Model::V1, Model::V1Turbo]);
/// "Only available for model versions V_1, V_1_TURBO, V_2 and V_2_TURBO".
const NEGATIVE_PROMPT: Field = NEGATIVE_PROMPT_V3.except(&[Model::V2A, Model::V2ATurbo]);
const PALETTE_OF_2: Field = PALETTE.except(NOT_2);

const RESOLUTION_V3: Field = Field::new("resolution", Kind::Choice(RESOLUTIONS_V3));
const MAGIC_PROMPT: Field = Field::new("magic_prompt", Kind::Choice(MAGIC_PROMPT_OPTIONS));
const NEGATIVE_PROMPT_V3: Field = Field::new("negative_prompt", Kind::Text);
const STYLE_TYPE_V3: Field = Field::new("style_type", Kind::Choice(STYLE_TYPES_V3));
const STYLE_PRESET: Field = Field::new("style_preset", Kind::Choice(STYLE_PRESETS));
const STYLE_CODES: Field = Field::new("style_codes", Kind::StyleCodes);
const CUSTOM_MODEL: Field = Field::new("custom_model_uri", Kind::CustomModel);
/// In the document since 2026-10, as is the next.
const COPYRIGHT_DETECTION: Field = Field::new("enable_copyright_detection", Kind::Boolean);
const MAGIC_PROMPT_CONFIG: Field = Field::new("magic_prompt_system_prompt_config_id", Kind::Text);

const UNVERSIONED_PICTURE: PictureField = one("image_file", UNVERSIONED_MOST_BYTES).required();
const UNVERSIONED_MASK: PictureField = one("mask", UNVERSIONED_MOST_BYTES).required();
const PICTURE: PictureField = one("image", MOST_BYTES).required();
const MASK: PictureField = one("mask", MOST_BYTES).required();
/// The document names no largest number at this endpoint; its newer one takes ten.
const STYLE_REFERENCES: PictureField = PictureField {
    most: 10,
    ..one("style_reference_images", MOST_BYTES)
};
/// "Currently only supports 1".
const CHARACTER_REFERENCES: PictureField = one("character_reference_images", MOST_BYTES);
const CHARACTER_MASKS: PictureField = one("character_reference_images_mask", MOST_BYTES);

/// 10 MB.
const UNVERSIONED_MOST_BYTES: u64 = 10_000_000;
/// 25 MB (2026-10).
const MOST_BYTES: u64 = 25_000_000;

const fn one(name: &'static str, most_bytes: u64) -> PictureField {
    PictureField {
        name,
        required: false,
        most: 1,
        most_bytes,
    }
}

//! The part of the table of endpoints that Ideogram's v2 API is, after its OpenAPI document of 2026-10.
//! What the document says about pictures themselves, such as that a mask is as large as its picture, is
//! Ideogram's to check; so is what one word of an option has to do with another.

use super::Model;
use super::endpoint::{
    Billing, Bodies, Dearer, DefaultModel, ModelChoice, ModelField, PictureField, Product,
    PromptField, Row, Rule,
};
use super::endpoints::UNVERSIONED;
use super::field::{Field, Kind};
use super::fields::{
    CODES_OR_REFERENCES, MASK, MOST_BYTES, NEGATIVE_PROMPT_V3, ONE_SHAPE, PICTURE, RESOLUTION_V3,
    SEED, STYLE_CODES, STYLE_REFERENCES, UNVERSIONED_MOST_BYTES, one,
};
use super::fields_v2::{
    ASPECT_RATIO, ASPECT_RATIO_OF_REMIX, ASYNC, CHARACTER, CHARACTER_MASK, COPYRIGHT_DETECTION,
    IMAGE_WEIGHT, MAGIC_PROMPT, MOST_SOURCE_BYTES, PALETTE, PRESET_OR_CODES, PRESET_OR_REFERENCES,
    PRIVATE, QUALITIES, QUALITY, REFUSED, SOURCE, SPEEDS_V3, SPEEDS_V4, STYLE_PRESET,
    STYLE_TYPE_OF_CHARACTERS, STYLE_TYPE_V2, STYLE_TYPE_V3, chosen_by, only, speeds,
};
use super::lists::RESOLUTIONS_V4;
use super::lists_v2::{
    ASPECT_RATIOS_V4, CONTEXT_WINDOWS, OUTPUT_RESOLUTIONS, SIZES, UPSCALE_FACTORS,
};

pub(super) static ALL: &[&Row] = &[
    &GENERATE_2,
    &GENERATE_2A,
    &GENERATE_3,
    &GENERATE_3_CHARACTER,
    &GENERATE_3_TRANSPARENT,
    &GENERATE_4,
    &GENERATE_4_TRANSPARENT,
    &GENERATE_4_5,
    &REMIX_3,
    &REMIX_3_CHARACTER,
    &REMIX_4,
    &INPAINT_3,
    &INPAINT_3_CHARACTER,
    &PRECISE_EDIT_4_5,
    &REFRAME_3,
    &REPLACE_BACKGROUND_3,
    &REMOVE_BACKGROUND_1,
    &UPSCALE,
    &DESCRIBE_3,
    &DESCRIBE_4,
];

static GENERATE_2: Row = Row {
    name: "v2_generate_ideogram_2",
    path: "/v2/image/generate/ideogram-2",
    summary: "Generates pictures with Ideogram 2.0",
    model: speeds(
        &[
            ("turbo", Model::V2Turbo),
            ("default", Model::V2),
            ("quality", Model::V2Quality),
        ],
        Model::V2,
    ),
    options: &[
        ASPECT_RATIO,
        NEGATIVE_PROMPT_V3,
        STYLE_TYPE_V2,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    ..V2
};

static GENERATE_2A: Row = Row {
    name: "v2_generate_ideogram_2a",
    path: "/v2/image/generate/ideogram-2a",
    summary: "Generates pictures with Ideogram 2a",
    model: speeds(
        &[
            ("turbo", Model::V2ATurbo),
            ("default", Model::V2A),
            ("quality", Model::V2AQuality),
        ],
        Model::V2A,
    ),
    options: &[
        ASPECT_RATIO,
        STYLE_TYPE_V2,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    ..V2
};

static GENERATE_3: Row = Row {
    name: "v2_generate_ideogram_3",
    path: "/v2/image/generate/ideogram-3",
    summary: "Generates pictures with Ideogram 3.0",
    bodies: Bodies::Either,
    options: &[
        ASPECT_RATIO,
        RESOLUTION_V3,
        NEGATIVE_PROMPT_V3,
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[STYLE_REFERENCES],
    rules: STYLED,
    ..V2
};

static GENERATE_3_CHARACTER: Row = Row {
    name: "v2_generate_ideogram_3_character",
    path: "/v2/image/generate/ideogram-3-character",
    summary: "Generates pictures of the same character as in a picture",
    options: &[
        ASPECT_RATIO,
        RESOLUTION_V3,
        NEGATIVE_PROMPT_V3,
        STYLE_TYPE_OF_CHARACTERS,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[CHARACTER, CHARACTER_MASK, STYLE_REFERENCES],
    rules: &[ONE_SHAPE],
    ..OF_CHARACTERS
};

static GENERATE_3_TRANSPARENT: Row = Row {
    name: "v2_generate_ideogram_3_transparent",
    path: "/v2/image/generate/ideogram-3-transparent",
    summary: "Generates pictures with a transparent background with Ideogram 3.0",
    options: &[
        ASPECT_RATIO,
        Field::new("upscale_factor", Kind::Choice(UPSCALE_FACTORS)).default("x1"),
        NEGATIVE_PROMPT_V3,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    dearer: Dearer::Transparent {
        option: "upscale_factor",
        usual: "x1",
    },
    ..V2
};

static GENERATE_4: Row = Row {
    name: "v2_generate_ideogram_4",
    path: "/v2/image/generate/ideogram-4",
    summary: "Generates pictures with Ideogram 4.0",
    model: speeds(SPEEDS_V4, Model::V4Default),
    options: &[
        // Left out Ideogram chooses it by the prompt.
        Field::new("resolution", Kind::Choice(RESOLUTIONS_V4)),
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    ..V2
};

static GENERATE_4_TRANSPARENT: Row = Row {
    name: "v2_generate_ideogram_4_transparent",
    path: "/v2/image/generate/ideogram-4-transparent",
    summary: "Generates pictures with a transparent background with Ideogram 4.0",
    model: speeds(SPEEDS_V4, Model::V4Default),
    options: &[
        Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS_V4)).default("auto"),
        Field::new("output_resolution", Kind::Choice(OUTPUT_RESOLUTIONS)).default("1k"),
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    dearer: Dearer::Transparent {
        option: "output_resolution",
        usual: "1k",
    },
    ..V2
};

static GENERATE_4_5: Row = Row {
    name: "v2_generate_ideogram_4_5",
    path: "/v2/image/generate/ideogram-4-5",
    summary: "Generates pictures with Ideogram 4.5, from a prompt or from pictures too",
    bodies: Bodies::Either,
    model: ModelChoice {
        field: Some(ModelField {
            name: QUALITY,
            words: QUALITIES,
        }),
        default: DefaultModel::ByPictures {
            with: Model::V45Medium,
            without: Model::V45High,
        },
    },
    options: &[
        Field::new("size", Kind::Size(SIZES)),
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[
        PictureField {
            most: 5,
            ..one("images", MOST_BYTES)
        },
        one("mask", MOST_BYTES),
    ],
    rules: &[
        Rule::NotTogether("mask", "size"),
        Rule::Needs("mask", "images"),
    ],
    ..V2
};

static REMIX_3: Row = Row {
    name: "v2_remix_ideogram_3",
    path: "/v2/image/remix/ideogram-3",
    summary: "Makes pictures from a picture and a prompt with Ideogram 3.0",
    bodies: Bodies::Form,
    options: &[
        IMAGE_WEIGHT,
        ASPECT_RATIO_OF_REMIX,
        RESOLUTION_V3,
        NEGATIVE_PROMPT_V3,
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[SOURCE, STYLE_REFERENCES],
    rules: STYLED,
    ..V2
};

static REMIX_3_CHARACTER: Row = Row {
    name: "v2_remix_ideogram_3_character",
    path: "/v2/image/remix/ideogram-3-character",
    summary: "Makes pictures of the same character from a picture and a prompt",
    options: &[
        IMAGE_WEIGHT,
        ASPECT_RATIO_OF_REMIX,
        RESOLUTION_V3,
        NEGATIVE_PROMPT_V3,
        STYLE_TYPE_OF_CHARACTERS,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[SOURCE, CHARACTER, CHARACTER_MASK, STYLE_REFERENCES],
    rules: &[ONE_SHAPE],
    ..OF_CHARACTERS
};

static REMIX_4: Row = Row {
    name: "v2_remix_ideogram_4",
    path: "/v2/image/remix/ideogram-4",
    summary: "Makes pictures from a picture and a prompt with Ideogram 4.0",
    bodies: Bodies::Form,
    model: speeds(SPEEDS_V4, Model::V4Default),
    options: &[
        IMAGE_WEIGHT,
        // Left out the shape is the source's own.
        Field::new("resolution", Kind::Choice(RESOLUTIONS_V4)),
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[SOURCE],
    ..V2
};

static INPAINT_3: Row = Row {
    name: "v2_inpaint_ideogram_3",
    path: "/v2/image/inpaint/ideogram-3",
    summary: "Paints over the black parts of a mask with Ideogram 3.0",
    bodies: Bodies::Form,
    options: &[
        STYLE_TYPE_V3,
        STYLE_PRESET,
        STYLE_CODES,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[PICTURE, MASK, STYLE_REFERENCES],
    rules: STYLED,
    ..V2
};

static INPAINT_3_CHARACTER: Row = Row {
    name: "v2_inpaint_ideogram_3_character",
    path: "/v2/image/inpaint/ideogram-3-character",
    summary: "Paints the same character into the black parts of a mask",
    options: &[
        STYLE_TYPE_OF_CHARACTERS,
        STYLE_CODES,
        MAGIC_PROMPT,
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[PICTURE, MASK, CHARACTER, CHARACTER_MASK, STYLE_REFERENCES],
    rules: &[CODES_OR_REFERENCES],
    ..OF_CHARACTERS
};

static PRECISE_EDIT_4_5: Row = Row {
    name: "v2_precise_edit_ideogram_4_5",
    path: "/v2/image/precise-edit/ideogram-4-5",
    summary: "Changes what a prompt says and leaves the rest of a picture as it is",
    bodies: Bodies::Form,
    model: chosen_by(QUALITY, QUALITIES, Model::V45Medium),
    options: &[
        Field::new("context_window", Kind::Region(CONTEXT_WINDOWS)).default("none"),
        SEED,
        COPYRIGHT_DETECTION,
        PRIVATE,
    ],
    pictures: &[
        SOURCE,
        PictureField {
            most: 4,
            ..one("reference_images", MOST_SOURCE_BYTES)
        },
        one("mask", MOST_SOURCE_BYTES),
    ],
    ..V2
};

/// It refuses fields that it does not know, `private` among them.
static REFRAME_3: Row = Row {
    name: "v2_reframe_ideogram_3",
    path: "/v2/image/reframe/ideogram-3",
    summary: "Extends a picture to another shape with Ideogram 3.0",
    bodies: Bodies::Form,
    prompt: PromptField::None,
    options: &[
        RESOLUTION_V3.required(),
        STYLE_PRESET,
        STYLE_CODES,
        PALETTE,
        SEED,
    ],
    pictures: &[PICTURE, STYLE_REFERENCES],
    rules: &[PRESET_OR_CODES, PRESET_OR_REFERENCES, CODES_OR_REFERENCES],
    ..V2
};

static REPLACE_BACKGROUND_3: Row = Row {
    name: "v2_replace_background_ideogram_3",
    path: "/v2/image/replace-background/ideogram-3",
    summary: "Puts another background behind what a picture shows with Ideogram 3.0",
    bodies: Bodies::Form,
    options: &[PRIVATE],
    pictures: &[SOURCE],
    ..V2
};

static REMOVE_BACKGROUND_1: Row = Row {
    name: "v2_remove_background_ideogram_1",
    path: "/v2/image/remove-background/ideogram-1",
    summary: "Takes the background of a picture away",
    bodies: Bodies::Form,
    prompt: PromptField::None,
    model: only(Model::RemoveBackground),
    image_count: None,
    options: &[PRIVATE],
    pictures: &[PICTURE],
    billing: Billing::EachRequest,
    ..V2
};

static UPSCALE: Row = Row {
    name: "v2_upscale",
    path: "/v2/image/upscale/auto",
    summary: "Makes a picture larger, with what Ideogram finds best for it",
    bodies: Bodies::Form,
    prompt: PromptField::None,
    model: chosen_by(
        "upscale_factor",
        &[
            ("x2", Model::UpscaleX2),
            ("x4", Model::UpscaleX4),
            ("x8", Model::UpscaleX8),
        ],
        Model::UpscaleX2,
    ),
    image_count: None,
    options: &[PRIVATE],
    pictures: &[SOURCE],
    billing: Billing::EachRequest,
    ..V2
};

static DESCRIBE_3: Row = Row {
    name: "v2_describe_ideogram_3",
    path: "/v2/image/describe/ideogram-3",
    summary: "Describes a picture",
    ..DESCRIBE
};

static DESCRIBE_4: Row = Row {
    name: "v2_describe_ideogram_4",
    path: "/v2/image/describe/ideogram-4",
    summary: "Describes a picture part by part, as Ideogram 4.0 takes it for a prompt",
    options: &[
        Field::new("include_bbox", Kind::Boolean),
        Field::new("include_style_descriptions", Kind::Boolean),
        Field::new("include_tags", Kind::Boolean),
    ],
    ..DESCRIBE
};

/// What the endpoints of v2 have in common.
const V2: Row = Row {
    bodies: Bodies::Json,
    wrapper: None,
    model: speeds(SPEEDS_V3, Model::V3Default),
    options: &[],
    rules: &[],
    refused: REFUSED,
    asynchronous: Some(ASYNC),
    is_quoted: true,
    ..UNVERSIONED
};

const OF_CHARACTERS: Row = Row {
    bodies: Bodies::Form,
    dearer: Dearer::Character,
    ..V2
};

const DESCRIBE: Row = Row {
    bodies: Bodies::Form,
    prompt: PromptField::None,
    model: only(Model::Describe),
    image_count: None,
    pictures: &[one("image", UNVERSIONED_MOST_BYTES).required()],
    product: Product::Descriptions,
    billing: Billing::EachRequest,
    asynchronous: None,
    is_quoted: false,
    ..V2
};

/// What styles have to do with each other.
const STYLED: &[Rule] = &[
    ONE_SHAPE,
    Rule::NotTogether("style_type", "style_codes"),
    CODES_OR_REFERENCES,
    PRESET_OR_CODES,
    PRESET_OR_REFERENCES,
];

//! The endpoints of Ideogram's v2 API that change, enlarge or describe a picture, after its OpenAPI
//! document of 2026-10.

use super::Model;
use super::endpoint::{Billing, Bodies, PictureField, Product, PromptField, Row};
use super::endpoints_v2::{OF_CHARACTERS, STYLED, V2};
use super::field::{Field, Kind};
use super::fields::{
    CODES_OR_REFERENCES, MASK, NEGATIVE_PROMPT_V3, ONE_SHAPE, PICTURE, RESOLUTION_V3, SEED,
    STYLE_CODES, STYLE_REFERENCES, UNVERSIONED_MOST_BYTES, one,
};
use super::fields_v2::{
    ASPECT_RATIO_OF_REMIX, CHARACTER, CHARACTER_MASK, COPYRIGHT_DETECTION, IMAGE_WEIGHT,
    MAGIC_PROMPT, MOST_SOURCE_BYTES, PALETTE, PRESET_OR_CODES, PRESET_OR_REFERENCES, PRIVATE,
    QUALITIES, QUALITY, SOURCE, SPEEDS_V4, STYLE_PRESET, STYLE_TYPE_OF_CHARACTERS, STYLE_TYPE_V3,
    chosen_by, only, speeds,
};
use super::lists::RESOLUTIONS_V4;
use super::lists_v2::CONTEXT_WINDOWS;

pub(super) static ALL: &[&Row] = &[
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

/// What those have in common that describe a picture.
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

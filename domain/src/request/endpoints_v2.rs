//! The part of the table of endpoints that Ideogram's v2 API is, after its OpenAPI document of 2026-10:
//! those that make pictures of a prompt, and what all of v2's have in common. Those that start from a
//! picture are in `edits_v2`. What the document says about pictures themselves, such as that a mask is as
//! large as its picture, is Ideogram's to check; so is what one word of an option has to do with another.

use super::Model;
use super::endpoint::{
    Bodies, Dearer, DefaultModel, ModelChoice, ModelField, PictureField, Row, Rule,
};
use super::endpoints::UNVERSIONED;
use super::field::{Field, Kind};
use super::fields::{
    CODES_OR_REFERENCES, MOST_BYTES, NEGATIVE_PROMPT_V3, ONE_SHAPE, RESOLUTION_V3, SEED,
    STYLE_CODES, STYLE_REFERENCES, one,
};
use super::fields_v2::{
    ASPECT_RATIO, ASYNC, CHARACTER, CHARACTER_MASK, COPYRIGHT_DETECTION, MAGIC_PROMPT, PALETTE,
    PRESET_OR_CODES, PRESET_OR_REFERENCES, PRIVATE, QUALITIES, QUALITY, REFUSED, SPEEDS_V3,
    SPEEDS_V4, STYLE_PRESET, STYLE_TYPE_OF_CHARACTERS, STYLE_TYPE_V2, STYLE_TYPE_V3, speeds,
};
use super::lists::RESOLUTIONS_V4;
use super::lists_v2::{ASPECT_RATIOS_V4, OUTPUT_RESOLUTIONS, SIZES, UPSCALE_FACTORS};

/// Those that make pictures of a prompt.
pub(super) static GENERATE: &[&Row] = &[
    &GENERATE_2,
    &GENERATE_2A,
    &GENERATE_3,
    &GENERATE_3_CHARACTER,
    &GENERATE_3_TRANSPARENT,
    &GENERATE_4,
    &GENERATE_4_TRANSPARENT,
    &GENERATE_4_5,
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

/// What the endpoints of v2 have in common.
pub(super) const V2: Row = Row {
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

/// What those have in common that keep to a character.
pub(super) const OF_CHARACTERS: Row = Row {
    bodies: Bodies::Form,
    dearer: Dearer::Character,
    ..V2
};

/// What styles have to do with each other.
pub(super) const STYLED: &[Rule] = &[
    ONE_SHAPE,
    Rule::NotTogether("style_type", "style_codes"),
    CODES_OR_REFERENCES,
    PRESET_OR_CODES,
    PRESET_OR_REFERENCES,
];

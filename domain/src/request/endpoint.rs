//! What each endpoint takes: one table, after Ideogram's OpenAPI document of 2026-04. Where that
//! document is silent on a model (V_3, AUTO), the model is taken to accept the option: Ideogram's
//! own answer is then the caller's.

use serde::{Deserialize, Serialize};

use super::Model;
use super::field::{Field, Kind};

/// An endpoint of Ideogram's that generates pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /generate`, the unversioned one.
    Generate,
}

/// An endpoint's row.
pub(super) struct Row {
    /// The path at Ideogram.
    pub path: &'static str,
    /// The one field of the body, in which all others are.
    pub wrapper: &'static str,
    /// What the picture shows; must be there.
    pub prompt: &'static str,
    /// The model; a setting of the gateway when left out.
    pub model: &'static str,
    /// How many pictures; one when left out.
    pub image_count: &'static str,
    /// Everything else.
    pub options: &'static [Field],
    /// Pairs of options of which a request may have one.
    pub exclusive: &'static [(&'static str, &'static str)],
    /// Fields Ideogram may know but the gateway does not pass on, and why.
    pub refused: &'static [(&'static str, &'static str)],
}

impl Endpoint {
    /// The path at Ideogram, below its base URL.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.row().path
    }

    pub(super) const fn row(self) -> &'static Row {
        match self {
            Self::Generate => &GENERATE,
        }
    }
}

static GENERATE: Row = Row {
    path: "/generate",
    wrapper: "image_request",
    prompt: "prompt",
    model: "model",
    image_count: "num_images",
    options: &[
        Field::new("aspect_ratio", Kind::Choice(ASPECT_RATIOS)).default("ASPECT_1_1"),
        // "For model_version 2.0 only".
        Field::new("resolution", Kind::Choice(RESOLUTIONS)).except(&[
            Model::V1,
            Model::V1Turbo,
            Model::V2A,
            Model::V2ATurbo,
        ]),
        Field::new("magic_prompt_option", Kind::Choice(&["AUTO", "ON", "OFF"])),
        Field::new("magic_prompt_version", Kind::Choice(MAGIC_PROMPT_VERSIONS)),
        Field::new("seed", SEED),
        Field::new("style_type", Kind::Choice(STYLE_TYPES)).except(&[Model::V1, Model::V1Turbo]),
        // "Only available for model versions V_1, V_1_TURBO, V_2 and V_2_TURBO".
        Field::new("negative_prompt", Kind::Text).except(&[Model::V2A, Model::V2ATurbo]),
        Field::new("color_palette", Kind::Palette).except(&[
            Model::V1,
            Model::V1Turbo,
            Model::V2A,
            Model::V2ATurbo,
        ]),
    ],
    exclusive: &[("aspect_ratio", "resolution")],
    refused: &[(
        "webhook_url",
        "cannot be used: the answer comes on this call, and webhooks are not passed on",
    )],
};

const SEED: Kind = Kind::Integer {
    lowest: 0,
    highest: 2_147_483_647,
};

const ASPECT_RATIOS: &[&str] = &[
    "ASPECT_10_16",
    "ASPECT_16_10",
    "ASPECT_9_16",
    "ASPECT_16_9",
    "ASPECT_3_2",
    "ASPECT_2_3",
    "ASPECT_4_3",
    "ASPECT_3_4",
    "ASPECT_1_1",
    "ASPECT_1_3",
    "ASPECT_3_1",
];

const MAGIC_PROMPT_VERSIONS: &[&str] = &[
    "V_0", "V_0_1", "V_0_2", "V_0_3", "V_0_4", "V_0_5", "V_0_6", "V_0_7", "V_0_8",
];

const STYLE_TYPES: &[&str] = &[
    "AUTO",
    "GENERAL",
    "FICTION",
    "REALISTIC",
    "DESIGN",
    "RENDER_3D",
    "ANIME",
    "CUSTOM",
    "STYLIZED",
];

#[rustfmt::skip]
const RESOLUTIONS: &[&str] = &[
    "RESOLUTION_512_1536", "RESOLUTION_576_1408", "RESOLUTION_576_1472", "RESOLUTION_576_1536",
    "RESOLUTION_640_1024", "RESOLUTION_640_1344", "RESOLUTION_640_1408", "RESOLUTION_640_1472",
    "RESOLUTION_640_1536", "RESOLUTION_704_1152", "RESOLUTION_704_1216", "RESOLUTION_704_1280",
    "RESOLUTION_704_1344", "RESOLUTION_704_1408", "RESOLUTION_704_1472", "RESOLUTION_720_1280",
    "RESOLUTION_736_1312", "RESOLUTION_768_1024", "RESOLUTION_768_1088", "RESOLUTION_768_1152",
    "RESOLUTION_768_1216", "RESOLUTION_768_1232", "RESOLUTION_768_1280", "RESOLUTION_768_1344",
    "RESOLUTION_832_960", "RESOLUTION_832_1024", "RESOLUTION_832_1088", "RESOLUTION_832_1152",
    "RESOLUTION_832_1216", "RESOLUTION_832_1248", "RESOLUTION_864_1152", "RESOLUTION_896_960",
    "RESOLUTION_896_1024", "RESOLUTION_896_1088", "RESOLUTION_896_1120", "RESOLUTION_896_1152",
    "RESOLUTION_960_832", "RESOLUTION_960_896", "RESOLUTION_960_1024", "RESOLUTION_960_1088",
    "RESOLUTION_1024_640", "RESOLUTION_1024_768", "RESOLUTION_1024_832", "RESOLUTION_1024_896",
    "RESOLUTION_1024_960", "RESOLUTION_1024_1024", "RESOLUTION_1088_768", "RESOLUTION_1088_832",
    "RESOLUTION_1088_896", "RESOLUTION_1088_960", "RESOLUTION_1120_896", "RESOLUTION_1152_704",
    "RESOLUTION_1152_768", "RESOLUTION_1152_832", "RESOLUTION_1152_864", "RESOLUTION_1152_896",
    "RESOLUTION_1216_704", "RESOLUTION_1216_768", "RESOLUTION_1216_832", "RESOLUTION_1232_768",
    "RESOLUTION_1248_832", "RESOLUTION_1280_704", "RESOLUTION_1280_720", "RESOLUTION_1280_768",
    "RESOLUTION_1280_800", "RESOLUTION_1312_736", "RESOLUTION_1344_640", "RESOLUTION_1344_704",
    "RESOLUTION_1344_768", "RESOLUTION_1408_576", "RESOLUTION_1408_640", "RESOLUTION_1408_704",
    "RESOLUTION_1472_576", "RESOLUTION_1472_640", "RESOLUTION_1472_704", "RESOLUTION_1536_512",
    "RESOLUTION_1536_576", "RESOLUTION_1536_640",
];

//! What v2's endpoints take, after Ideogram's OpenAPI document of 2026-10.

use std::sync::LazyLock;

use serde_json::Value;

/// An endpoint of v2's.
pub(super) struct V2 {
    pub(super) path: &'static str,
    /// Fields that have to be there, those included that are the gateway's to send.
    pub(super) required: &'static [&'static str],
    pub(super) fields: &'static [(&'static str, Takes)],
    /// Fields of pictures, and how many each takes.
    pub(super) pictures: &'static [(&'static str, usize)],
    /// Of each of these one may be there.
    pub(super) apart: &'static [&'static [&'static str]],
}

#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// From 1 to 10,000 characters.
    Text,
    Number(u64, u64),
    Flag,
    /// True, whatever else the endpoint would take.
    True,
    Words(&'static [&'static str]),
    /// A list of Ideogram's older documents.
    Listed(&'static str),
    /// The same, in lower case.
    ListedInLowerCase(&'static str),
    Palette,
    Codes,
    CustomModel,
    Url,
}

const V3_DOCUMENT: &str = include_str!("../../../../simulator/specs/ideogram-v3-images.json");
const V4_DOCUMENT: &str = include_str!("../../../../simulator/specs/ideogram-v4-generate.json");
const LEGACY_DOCUMENT: &str =
    include_str!("../../../../simulator/specs/ideogram-legacy-generate.json");

static DOCUMENTS: LazyLock<[Value; 3]> = LazyLock::new(|| {
    let documents = [V3_DOCUMENT, V4_DOCUMENT, LEGACY_DOCUMENT];
    documents.map(|document| serde_json::from_str(document).unwrap())
});

/// The words of a list of Ideogram's older documents.
pub(super) fn listed(schema: &str) -> Vec<String> {
    let list = DOCUMENTS
        .iter()
        .find_map(|document| document["components"]["schemas"][schema]["enum"].as_array());
    let words = list.unwrap_or_else(|| panic!("no list is called {schema}"));
    words
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect()
}

const ASYNC: (&str, Takes) = ("async", Takes::True);
const PRIVATE: (&str, Takes) = ("private", Takes::True);
const WEBHOOK: (&str, Takes) = ("webhook_url", Takes::Url);
const PROMPT: (&str, Takes) = ("prompt", Takes::Text);
const NEGATIVE: (&str, Takes) = ("negative_prompt", Takes::Text);
const IMAGES: (&str, Takes) = ("num_images", Takes::Number(1, 8));
const SEED: (&str, Takes) = ("seed", Takes::Number(0, 2_147_483_647));
const MAGIC: (&str, Takes) = ("magic_prompt", Takes::Words(&["auto", "on", "off"]));
const SPEED: (&str, Takes) = (
    "rendering_speed",
    Takes::Words(&["turbo", "default", "quality"]),
);
const RATIO: (&str, Takes) = (
    "aspect_ratio",
    Takes::Words(&[
        "1x3", "3x1", "1x2", "2x1", "9x16", "16x9", "10x16", "16x10", "2x3", "3x2", "3x4", "4x3",
        "4x5", "5x4", "1x1",
    ]),
);
const STYLE_2: (&str, Takes) = (
    "style_type",
    Takes::Words(&[
        "auto",
        "general",
        "realistic",
        "design",
        "render_3d",
        "anime",
    ]),
);
const STYLE_3: (&str, Takes) = (
    "style_type",
    Takes::Words(&[
        "auto",
        "general",
        "realistic",
        "design",
        "custom",
        "fiction",
        "stylized",
    ]),
);
const SIZE_3: (&str, Takes) = ("resolution", Takes::Listed("ResolutionV3"));
const PRESET: (&str, Takes) = ("style_preset", Takes::ListedInLowerCase("StylePresetV3"));
const CODES: (&str, Takes) = ("style_codes", Takes::Codes);
const PALETTE: (&str, Takes) = ("color_palette", Takes::Palette);
const COPYRIGHT: (&str, Takes) = ("enable_copyright_detection", Takes::Flag);
const STYLE_PICTURES: (&str, usize) = ("style_reference_images", 10);
const ONE_SHAPE: &[&str] = &["aspect_ratio", "resolution"];
const ONE_STYLE: &[&str] = &["style_preset", "style_codes", "style_reference_images"];
const CODES_OR_TYPE: &[&str] = &["style_codes", "style_type"];

/// The endpoints that something of older ones goes to.
#[rustfmt::skip]
pub(super) const ALL: &[V2] = &[
    V2 {
        path: "/v2/image/generate/ideogram-2",
        required: &[
            "prompt", "async", "private", "rendering_speed", "aspect_ratio", "magic_prompt",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, NEGATIVE, SPEED,
            STYLE_2,
        ],
        pictures: &[],
        apart: &[],
    },
    V2 {
        path: "/v2/image/generate/ideogram-2a",
        required: &[
            "prompt", "async", "private", "rendering_speed", "aspect_ratio", "magic_prompt",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SPEED, STYLE_2,
        ],
        pictures: &[],
        apart: &[],
    },
    V2 {
        path: "/v2/image/generate/ideogram-3",
        required: &["prompt", "async", "private", "rendering_speed", "magic_prompt"],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SIZE_3, SPEED,
            NEGATIVE, PALETTE, CODES, PRESET, STYLE_3,
        ],
        pictures: &[STYLE_PICTURES],
        apart: &[ONE_SHAPE, ONE_STYLE, CODES_OR_TYPE],
    },
    V2 {
        path: "/v2/image/generate/ideogram-3-character",
        required: &[
            "prompt", "async", "private", "rendering_speed", "magic_prompt", "style_type",
            "character_reference_images",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SIZE_3, SPEED,
            NEGATIVE, ("style_type", Takes::Words(&["auto", "realistic", "fiction"])),
        ],
        pictures: &[("character_reference_images", 1), ("character_reference_mask", 1)],
        apart: &[ONE_SHAPE],
    },
    V2 {
        path: "/v2/image/generate/ideogram-3-custom-model",
        required: &[
            "prompt", "async", "private", "rendering_speed", "magic_prompt", "custom_model_uri",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SIZE_3, SPEED,
            NEGATIVE, PALETTE, CODES, PRESET, ("custom_model_uri", Takes::CustomModel),
        ],
        pictures: &[STYLE_PICTURES],
        apart: &[ONE_SHAPE, ONE_STYLE],
    },
    V2 {
        path: "/v2/image/generate/ideogram-3-transparent",
        required: &[
            "prompt", "async", "private", "rendering_speed", "aspect_ratio", "upscale_factor",
            "magic_prompt",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SPEED, NEGATIVE,
            ("upscale_factor", Takes::Words(&["x1", "x2", "x4"])),
        ],
        pictures: &[],
        apart: &[],
    },
    V2 {
        path: "/v2/image/generate/ideogram-4",
        required: &["prompt", "async", "private", "rendering_speed", "magic_prompt"],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, SPEED, ("resolution",
            Takes::Listed("ResolutionV4")),
        ],
        pictures: &[],
        apart: &[],
    },
    V2 {
        path: "/v2/image/remix/ideogram-3",
        required: &[
            "prompt", "async", "private", "rendering_speed", "magic_prompt", "image",
            "image_weight",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, RATIO, SIZE_3, SPEED,
            NEGATIVE, PALETTE, CODES, PRESET, STYLE_3, ("image_weight", Takes::Number(1, 100)),
        ],
        pictures: &[("image", 1), STYLE_PICTURES],
        apart: &[ONE_SHAPE, ONE_STYLE, CODES_OR_TYPE],
    },
    V2 {
        path: "/v2/image/inpaint/ideogram-3",
        required: &[
            "prompt", "async", "private", "rendering_speed", "magic_prompt", "image", "mask",
        ],
        fields: &[
            PROMPT, IMAGES, SEED, MAGIC, ASYNC, PRIVATE, WEBHOOK, COPYRIGHT, SPEED, CODES, PRESET,
            STYLE_3,
        ],
        pictures: &[("image", 1), ("mask", 1), STYLE_PICTURES],
        apart: &[ONE_STYLE, CODES_OR_TYPE],
    },
    V2 {
        path: "/v2/image/reframe/ideogram-3",
        required: &["async", "rendering_speed", "resolution", "image"],
        fields: &[IMAGES, SEED, ASYNC, SIZE_3, SPEED, PALETTE, CODES, PRESET],
        pictures: &[("image", 1), STYLE_PICTURES],
        apart: &[ONE_STYLE],
    },
    V2 {
        path: "/v2/image/describe/ideogram-3",
        required: &["image"],
        fields: &[],
        pictures: &[("image", 1)],
        apart: &[],
    },
];

impl V2 {
    pub(super) fn at(path: &str) -> &'static Self {
        let found = ALL.iter().find(|endpoint| endpoint.path == path);
        found.unwrap_or_else(|| panic!("{path} is no endpoint of v2's"))
    }

    /// What it knows besides pictures.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|(name, _)| *name)
    }

    pub(super) fn takes_webhook(&self) -> bool {
        self.names().any(|name| name == "webhook_url")
    }
}

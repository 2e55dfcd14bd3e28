//! The table of ways to v2, after Ideogram's OpenAPI documents of its older endpoints (2026-04, and
//! 2026-10) and of v2 (2026-10). Of the ways from an endpoint a request goes the first that takes all
//! of it. There is a way where both documents say the same of everything that is sent and of
//! everything that is left out; `docs/upstream.md` says why there is none from elsewhere.

use super::carried::{Carried, Field};
use super::way::{Shape, Submission, Way};
use crate::request::{ImageRequest, Model};

/// Where the request goes at v2, and in which words; none if it goes where it came to.
pub(super) fn submission(request: &ImageRequest) -> Option<(&'static str, Submission)> {
    let mut ways = from(request.endpoint().path());
    ways.find_map(|way| Some((way.to, way.carry(request)?)))
}

/// The ways from an endpoint.
pub(super) fn from(path: &str) -> impl Iterator<Item = &'static Way> {
    WAYS.iter().filter(move |way| way.from.contains(&path))
}

pub(super) static WAYS: &[Way] = &[
    Way {
        from: &["/generate"],
        to: "/v2/image/generate/ideogram-2",
        models: &[
            (Model::V2, Some("default")),
            (Model::V2Turbo, Some("turbo")),
        ],
        fields: &[
            PROMPT,
            RATIO,
            MAGIC_PROMPT_OPTION,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
            STYLE_TYPE_OF_2,
        ],
        ..GENERATE
    },
    Way {
        from: &["/generate"],
        to: "/v2/image/generate/ideogram-2a",
        models: &[
            (Model::V2A, Some("default")),
            (Model::V2ATurbo, Some("turbo")),
        ],
        fields: &[
            PROMPT,
            RATIO,
            MAGIC_PROMPT_OPTION,
            NUM_IMAGES,
            SEED,
            STYLE_TYPE_OF_2,
        ],
        ..GENERATE
    },
    Way {
        from: &["/v1/ideogram-v3/generate"],
        to: "/v2/image/generate/ideogram-3",
        fields: &[
            PROMPT,
            ASPECT_RATIO,
            RESOLUTION,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
            STYLE_TYPE,
            STYLE_PRESET,
            STYLE_CODES,
            PALETTE,
            COPYRIGHT_DETECTION,
        ],
        pictures: &[STYLE_REFERENCES],
        ..V3
    },
    // The default of the style differs: with a character, v2 has no `general`.
    Way {
        from: &["/v1/ideogram-v3/generate"],
        to: "/v2/image/generate/ideogram-3-character",
        fields: &[
            PROMPT,
            ASPECT_RATIO,
            RESOLUTION,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
            Field::new(
                "style_type",
                Carried::LowerCaseOf(&["AUTO", "REALISTIC", "FICTION"]),
            ),
            COPYRIGHT_DETECTION,
        ],
        pictures: &[
            ("character_reference_images", "character_reference_images"),
            (
                "character_reference_images_mask",
                "character_reference_mask",
            ),
        ],
        needs: &[&["character_reference_images"], &["style_type"]],
        ..V3
    },
    // The style is the model's own, in both.
    Way {
        from: &["/v1/ideogram-v3/generate"],
        to: "/v2/image/generate/ideogram-3-custom-model",
        fields: &[
            PROMPT,
            Field::new("custom_model_uri", Carried::AsIs),
            ASPECT_RATIO,
            RESOLUTION,
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
            STYLE_PRESET,
            STYLE_CODES,
            PALETTE,
            COPYRIGHT_DETECTION,
        ],
        pictures: &[STYLE_REFERENCES],
        needs: &[&["custom_model_uri"]],
        ..V3
    },
    Way {
        from: &["/v1/ideogram-v3/generate-transparent"],
        to: "/v2/image/generate/ideogram-3-transparent",
        fields: &[
            PROMPT,
            ASPECT_RATIO,
            Field::new("upscale_factor", Carried::LowerCase),
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
        ],
        apart: &[],
        ..V3
    },
    // Without a shape v2 keeps the picture's, which the older endpoint does not say of itself.
    Way {
        from: &["/v1/ideogram-v3/remix"],
        to: "/v2/image/remix/ideogram-3",
        fields: &[
            PROMPT,
            ASPECT_RATIO,
            RESOLUTION,
            // Always there: left out, v2 chooses one.
            Field::new("image_weight", Carried::AsIs),
            MAGIC_PROMPT,
            NEGATIVE_PROMPT,
            NUM_IMAGES,
            SEED,
            STYLE_TYPE,
            STYLE_PRESET,
            STYLE_CODES,
            PALETTE,
            COPYRIGHT_DETECTION,
        ],
        pictures: &[IMAGE, STYLE_REFERENCES],
        needs: &[&["aspect_ratio", "resolution"]],
        ..V3
    },
    Way {
        from: &["/v1/ideogram-v3/inpaint", "/v1/ideogram-v3/edit"],
        to: "/v2/image/inpaint/ideogram-3",
        fields: &[
            PROMPT,
            MAGIC_PROMPT,
            NUM_IMAGES,
            SEED,
            STYLE_TYPE,
            STYLE_PRESET,
            STYLE_CODES,
            COPYRIGHT_DETECTION,
        ],
        // What is black in the mask is painted over, in both.
        pictures: &[IMAGE, ("mask", "mask"), STYLE_REFERENCES],
        ..V3
    },
    Way {
        from: &["/v1/ideogram-v3/reframe"],
        to: "/v2/image/reframe/ideogram-3",
        fields: &[
            RESOLUTION,
            NUM_IMAGES,
            SEED,
            STYLE_PRESET,
            STYLE_CODES,
            PALETTE,
        ],
        pictures: &[IMAGE, STYLE_REFERENCES],
        unless_said: &[],
        ..V3
    },
    // A prompt in words is always rewritten by the older endpoint,
    Way {
        fields: &[
            Field::new("text_prompt", Carried::Words).called("prompt"),
            RESOLUTION,
            SEED,
            COPYRIGHT_DETECTION,
        ],
        needs: &[&["text_prompt"]],
        unless_said: &[("magic_prompt", "on")],
        ..V4
    },
    // and one in parts never.
    Way {
        fields: &[
            Field::new("json_prompt", Carried::JsonText).called("prompt"),
            RESOLUTION,
            SEED,
            COPYRIGHT_DETECTION,
        ],
        needs: &[&["json_prompt"]],
        unless_said: &[("magic_prompt", "off")],
        ..V4
    },
    Way {
        from: &["/describe"],
        to: "/v2/image/describe/ideogram-3",
        models: &[(Model::Describe, None)],
        said: &[("describe_model_version", "V_3")],
        fields: &[],
        pictures: &[("image_file", "image")],
        shape: Shape::Typed,
        unless_said: &[],
        ..GENERATE
    },
];

/// What the ways have in common. Left out, whether a prompt is rewritten is v2's `auto`, which the
/// older endpoints have, too, but do not call their default.
const GENERATE: Way = Way {
    from: &[],
    to: "",
    models: &[],
    said: &[],
    fields: &[],
    pictures: &[],
    unless_said: &[("magic_prompt", "auto")],
    needs: &[],
    apart: &[],
    shape: Shape::Styled,
};

/// What those from endpoints of Ideogram 3.0 have in common. v2 has no `FLASH` and no `BALANCED`, and
/// takes one kind of style at a time. A style left out is `general`, in both.
const V3: Way = Way {
    models: &[
        (Model::V3Turbo, Some("turbo")),
        (Model::V3Default, Some("default")),
        (Model::V3Quality, Some("quality")),
    ],
    apart: &[
        ("style_preset", "style_codes"),
        ("style_preset", "style_reference_images"),
    ],
    ..GENERATE
};

/// What those from the endpoint of Ideogram 4.0 have in common. A size left out is chosen by the
/// prompt, in both.
const V4: Way = Way {
    from: &["/v1/ideogram-v4/generate"],
    to: "/v2/image/generate/ideogram-4",
    models: &[
        (Model::V4Turbo, Some("turbo")),
        (Model::V4Default, Some("default")),
        (Model::V4Quality, Some("quality")),
    ],
    shape: Shape::Typed,
    ..GENERATE
};

const PROMPT: Field = Field::new("prompt", Carried::Text);
const NEGATIVE_PROMPT: Field = Field::new("negative_prompt", Carried::Text);
const NUM_IMAGES: Field = Field::new("num_images", Carried::AsIs);
const SEED: Field = Field::new("seed", Carried::AsIs);
const RATIO: Field = Field::new("aspect_ratio", Carried::Ratio);
const ASPECT_RATIO: Field = Field::new("aspect_ratio", Carried::AsIs);
const RESOLUTION: Field = Field::new("resolution", Carried::AsIs);
const MAGIC_PROMPT: Field = Field::new("magic_prompt", Carried::LowerCase);
const MAGIC_PROMPT_OPTION: Field =
    Field::new("magic_prompt_option", Carried::LowerCase).called("magic_prompt");
/// v2 knows fewer styles for these models.
const STYLE_TYPE_OF_2: Field = Field::new(
    "style_type",
    Carried::LowerCaseOf(&[
        "AUTO",
        "GENERAL",
        "REALISTIC",
        "DESIGN",
        "RENDER_3D",
        "ANIME",
    ]),
);
const STYLE_TYPE: Field = Field::new("style_type", Carried::LowerCase);
const STYLE_PRESET: Field = Field::new("style_preset", Carried::LowerCase);
const STYLE_CODES: Field = Field::new("style_codes", Carried::AsIs);
const PALETTE: Field = Field::new("color_palette", Carried::Palette);
const COPYRIGHT_DETECTION: Field = Field::new("enable_copyright_detection", Carried::AsIs);
const IMAGE: (&str, &str) = ("image", "image");
const STYLE_REFERENCES: (&str, &str) = ("style_reference_images", "style_reference_images");

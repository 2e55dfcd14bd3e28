//! Every field of every older endpoint, and every value of it, with what it becomes at v2.

use serde_json::{Map, Value, json};

use super::{PICTURE, object};

/// Values of a field, and what becomes of them.
pub(super) struct Expected {
    pub(super) from: &'static str,
    /// What the request has besides what it needs and the field, as JSON.
    pub(super) with: &'static str,
    pub(super) field: &'static str,
    pub(super) values: Values,
    pub(super) becomes: Becomes,
}

#[derive(Clone, Copy)]
pub(super) enum Values {
    /// With blanks between them; words as they are, all else as JSON.
    These(&'static str),
    /// A list of Ideogram's documents.
    Listed(&'static str),
}

#[derive(Clone, Copy)]
pub(super) enum Becomes {
    /// At this path this field, with these values or the same ones.
    At(&'static str, &'static str, Written),
    /// Nothing at v2 says the same.
    NoWay,
}

#[derive(Clone, Copy)]
pub(super) enum Written {
    Same,
    InLowerCase,
    These(&'static str),
    /// v2 is not sent it: the path says it.
    ByThePath,
}

use Becomes::{At, NoWay};
use Values::{Listed, These};
use Written::{ByThePath, InLowerCase, Same};

const fn row(
    from: &'static str,
    with: &'static str,
    field: &'static str,
    values: Values,
    becomes: Becomes,
) -> Expected {
    Expected {
        from,
        with,
        field,
        values,
        becomes,
    }
}

const GENERATE: &str = "/generate";
const V3: &str = "/v1/ideogram-v3/generate";
const TRANSPARENT: &str = "/v1/ideogram-v3/generate-transparent";
const REMIX: &str = "/v1/ideogram-v3/remix";
pub(super) const INPAINT: &str = "/v1/ideogram-v3/inpaint";
pub(super) const EDIT: &str = "/v1/ideogram-v3/edit";
const REFRAME: &str = "/v1/ideogram-v3/reframe";
const V4: &str = "/v1/ideogram-v4/generate";
const OLD_DESCRIBE: &str = "/describe";

pub(super) const IDEOGRAM_2: &str = "/v2/image/generate/ideogram-2";
pub(super) const IDEOGRAM_2A: &str = "/v2/image/generate/ideogram-2a";
const IDEOGRAM_3: &str = "/v2/image/generate/ideogram-3";
const CHARACTER: &str = "/v2/image/generate/ideogram-3-character";
const CUSTOM: &str = "/v2/image/generate/ideogram-3-custom-model";
pub(super) const TRANSPARENT_3: &str = "/v2/image/generate/ideogram-3-transparent";
pub(super) const IDEOGRAM_4: &str = "/v2/image/generate/ideogram-4";
const REMIX_3: &str = "/v2/image/remix/ideogram-3";
const INPAINT_3: &str = "/v2/image/inpaint/ideogram-3";
const REFRAME_3: &str = "/v2/image/reframe/ideogram-3";
const DESCRIBE_3: &str = "/v2/image/describe/ideogram-3";

/// Endpoints nothing of which has a way, whatever the request.
pub(super) const WITHOUT: &[&str] = &[
    "/remix",
    "/edit",
    "/reframe",
    "/upscale",
    "/v1/ideogram-v3/replace-background",
];

/// The least that a request needs, and goes to v2 with.
pub(super) fn least(path: &str) -> Map<String, Value> {
    object(match path {
        REMIX | "/v1/ideogram-v3/replace-background" => {
            json!({ "prompt": "a fox", "image": PICTURE })
        }
        INPAINT | EDIT => json!({ "prompt": "a fox", "image": PICTURE, "mask": PICTURE }),
        REFRAME => json!({ "image": PICTURE, "resolution": "512x1536" }),
        V4 => json!({ "text_prompt": "a fox" }),
        OLD_DESCRIBE => json!({ "image_file": PICTURE }),
        "/remix" => json!({ "prompt": "a fox", "image_file": PICTURE }),
        "/edit" => {
            json!({ "prompt": "a fox", "model": "V_2", "image_file": PICTURE, "mask": PICTURE })
        }
        "/reframe" => {
            json!({ "resolution": "RESOLUTION_640_1024", "model": "V_2", "image_file": PICTURE })
        }
        "/upscale" => json!({ "image_file": PICTURE }),
        _ => json!({ "prompt": "a fox" }),
    })
}

const MODEL_2A: &str = r#"{"model": "V_2A"}"#;
const SHAPE: &str = r#"{"aspect_ratio": "2x1"}"#;
const WITH_CHARACTER: &str =
    r#"{"character_reference_images": "PICTURE", "style_type": "REALISTIC"}"#;
const WITH_MODEL: &str = r#"{"custom_model_uri": "model/mine/version/1"}"#;
const CODES: &str = r#"["AAFF5733","0133FF57"]"#;
const MEMBERS: &str =
    r##"{"members":[{"color_hex":"#AABBCC","color_weight":0.5},{"color_hex":"#000000"}]}"##;
const NAMES: &str = r#"{"name":"EMBER"} {"name":"FRESH"} {"name":"JUNGLE"} {"name":"MAGIC"} {"name":"MELON"} {"name":"MOSAIC"} {"name":"PASTEL"} {"name":"ULTRAMARINE"}"#;
const LOWER_NAMES: &str = r#"{"name":"ember"} {"name":"fresh"} {"name":"jungle"} {"name":"magic"} {"name":"melon"} {"name":"mosaic"} {"name":"pastel"} {"name":"ultramarine"}"#;
const MAGIC: Values = These("AUTO ON OFF");
const COUNTS: Values = These("1 2 3 4 5 6 7 8");
const SEEDS: Values = These("0 7 2147483647");
const FLAGS: Values = These("true false");
const SPEEDS: Values = These("TURBO DEFAULT QUALITY");
const SPEEDS_WITHOUT: Values = These("FLASH BALANCED");
const STYLES_3: Values = These("AUTO GENERAL REALISTIC DESIGN CUSTOM FICTION STYLIZED");
const PRESETS: Values = Listed("StylePresetV3");
const ONE: Values = These(PICTURE);
const URI: Values = These("model/mine/version/1");

#[rustfmt::skip]
pub(super) const EXPECTED: &[Expected] = &[
    row(GENERATE, "{}", "model", These("V_2 V_2_TURBO"), At(IDEOGRAM_2, "rendering_speed", Written::These("default turbo"))),
    row(GENERATE, "{}", "model", These("V_2A V_2A_TURBO"), At(IDEOGRAM_2A, "rendering_speed", Written::These("default turbo"))),
    row(GENERATE, "{}", "model", These("V_1 V_1_TURBO V_3 AUTO"), NoWay),
    row(GENERATE, "{}", "prompt", These("fox"), At(IDEOGRAM_2, "prompt", Same)),
    row(GENERATE, "{}", "aspect_ratio",
        These("ASPECT_10_16 ASPECT_16_10 ASPECT_9_16 ASPECT_16_9 ASPECT_3_2 ASPECT_2_3 ASPECT_4_3 ASPECT_3_4 ASPECT_1_1 ASPECT_1_3 ASPECT_3_1"),
        At(IDEOGRAM_2, "aspect_ratio", Written::These("10x16 16x10 9x16 16x9 3x2 2x3 4x3 3x4 1x1 1x3 3x1"))),
    row(GENERATE, "{}", "resolution", Listed("Resolution"), NoWay),
    row(GENERATE, "{}", "magic_prompt_option", MAGIC, At(IDEOGRAM_2, "magic_prompt", InLowerCase)),
    row(GENERATE, "{}", "magic_prompt_version", Listed("MagicPromptVersionEnum"), NoWay),
    row(GENERATE, "{}", "seed", SEEDS, At(IDEOGRAM_2, "seed", Same)),
    row(GENERATE, "{}", "num_images", COUNTS, At(IDEOGRAM_2, "num_images", Same)),
    row(GENERATE, "{}", "style_type", These("AUTO GENERAL REALISTIC DESIGN RENDER_3D ANIME"), At(IDEOGRAM_2, "style_type", InLowerCase)),
    row(GENERATE, "{}", "style_type", These("FICTION CUSTOM STYLIZED"), NoWay),
    row(GENERATE, "{}", "negative_prompt", These("blur"), At(IDEOGRAM_2, "negative_prompt", Same)),
    row(GENERATE, "{}", "color_palette", These(NAMES), NoWay),
    row(GENERATE, "{}", "color_palette", These(MEMBERS), NoWay),
    row(GENERATE, MODEL_2A, "prompt", These("fox"), At(IDEOGRAM_2A, "prompt", Same)),
    row(GENERATE, MODEL_2A, "style_type", These("AUTO GENERAL REALISTIC DESIGN RENDER_3D ANIME"), At(IDEOGRAM_2A, "style_type", InLowerCase)),
    row(GENERATE, MODEL_2A, "style_type", These("FICTION CUSTOM STYLIZED"), NoWay),
    row(GENERATE, MODEL_2A, "aspect_ratio", These("ASPECT_3_1"), At(IDEOGRAM_2A, "aspect_ratio", Written::These("3x1"))),
    row(GENERATE, MODEL_2A, "magic_prompt_option", MAGIC, At(IDEOGRAM_2A, "magic_prompt", InLowerCase)),
    row(GENERATE, MODEL_2A, "magic_prompt_version", These("V_0"), NoWay),
    row(GENERATE, MODEL_2A, "seed", SEEDS, At(IDEOGRAM_2A, "seed", Same)),
    row(GENERATE, MODEL_2A, "num_images", COUNTS, At(IDEOGRAM_2A, "num_images", Same)),

    row(V3, "{}", "prompt", These("fox"), At(IDEOGRAM_3, "prompt", Same)),
    row(V3, "{}", "rendering_speed", SPEEDS, At(IDEOGRAM_3, "rendering_speed", InLowerCase)),
    row(V3, "{}", "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(V3, "{}", "num_images", COUNTS, At(IDEOGRAM_3, "num_images", Same)),
    row(V3, "{}", "aspect_ratio", Listed("AspectRatioV3"), At(IDEOGRAM_3, "aspect_ratio", Same)),
    row(V3, "{}", "resolution", Listed("ResolutionV3"), At(IDEOGRAM_3, "resolution", Same)),
    row(V3, "{}", "magic_prompt", MAGIC, At(IDEOGRAM_3, "magic_prompt", InLowerCase)),
    row(V3, "{}", "negative_prompt", These("blur"), At(IDEOGRAM_3, "negative_prompt", Same)),
    row(V3, "{}", "seed", SEEDS, At(IDEOGRAM_3, "seed", Same)),
    row(V3, "{}", "style_type", STYLES_3, At(IDEOGRAM_3, "style_type", InLowerCase)),
    row(V3, "{}", "style_preset", PRESETS, At(IDEOGRAM_3, "style_preset", InLowerCase)),
    row(V3, "{}", "style_codes", These(CODES), At(IDEOGRAM_3, "style_codes", Same)),
    row(V3, "{}", "color_palette", These(NAMES), At(IDEOGRAM_3, "color_palette", Written::These(LOWER_NAMES))),
    row(V3, "{}", "color_palette", These(MEMBERS), At(IDEOGRAM_3, "color_palette", Same)),
    row(V3, "{}", "custom_model_uri", URI, At(CUSTOM, "custom_model_uri", Same)),
    row(V3, "{}", "enable_copyright_detection", FLAGS, At(IDEOGRAM_3, "enable_copyright_detection", Same)),
    row(V3, "{}", "magic_prompt_system_prompt_config_id", These("abc"), NoWay),
    row(V3, "{}", "style_reference_images", ONE, At(IDEOGRAM_3, "style_reference_images", Same)),
    // With both, v2 takes neither; with one, the other is left out.
    row(V3, r#"{"style_preset": "AURA"}"#, "style_codes", These(CODES), NoWay),
    row(V3, r#"{"style_preset": "AURA"}"#, "style_reference_images", ONE, NoWay),
    row(V3, r#"{"style_type": "DESIGN"}"#, "style_preset", These("AURA"), At(IDEOGRAM_3, "style_preset", InLowerCase)),
    row(V3, r#"{"style_reference_images": "PICTURE"}"#, "color_palette", These(NAMES), At(IDEOGRAM_3, "color_palette", Written::These(LOWER_NAMES))),

    // The style has another default with a character.
    row(V3, "{}", "character_reference_images", ONE, NoWay),
    row(V3, r#"{"style_type": "AUTO"}"#, "character_reference_images", ONE, At(CHARACTER, "character_reference_images", Same)),
    row(V3, WITH_CHARACTER, "character_reference_images_mask", ONE, At(CHARACTER, "character_reference_mask", Same)),
    row(V3, WITH_CHARACTER, "style_type", These("AUTO REALISTIC FICTION"), At(CHARACTER, "style_type", InLowerCase)),
    row(V3, WITH_CHARACTER, "style_type", These("GENERAL DESIGN CUSTOM STYLIZED"), NoWay),
    row(V3, WITH_CHARACTER, "prompt", These("fox"), At(CHARACTER, "prompt", Same)),
    row(V3, WITH_CHARACTER, "rendering_speed", SPEEDS, At(CHARACTER, "rendering_speed", InLowerCase)),
    row(V3, WITH_CHARACTER, "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(V3, WITH_CHARACTER, "aspect_ratio", Listed("AspectRatioV3"), At(CHARACTER, "aspect_ratio", Same)),
    row(V3, WITH_CHARACTER, "resolution", These("512x1536"), At(CHARACTER, "resolution", Same)),
    row(V3, WITH_CHARACTER, "magic_prompt", MAGIC, At(CHARACTER, "magic_prompt", InLowerCase)),
    row(V3, WITH_CHARACTER, "negative_prompt", These("blur"), At(CHARACTER, "negative_prompt", Same)),
    row(V3, WITH_CHARACTER, "num_images", COUNTS, At(CHARACTER, "num_images", Same)),
    row(V3, WITH_CHARACTER, "seed", SEEDS, At(CHARACTER, "seed", Same)),
    row(V3, WITH_CHARACTER, "enable_copyright_detection", FLAGS, At(CHARACTER, "enable_copyright_detection", Same)),
    row(V3, WITH_CHARACTER, "style_reference_images", ONE, NoWay),
    row(V3, WITH_CHARACTER, "style_preset", These("AURA"), NoWay),
    row(V3, WITH_CHARACTER, "color_palette", These(NAMES), NoWay),
    row(V3, WITH_CHARACTER, "custom_model_uri", URI, NoWay),
    row(V3, WITH_CHARACTER, "magic_prompt_system_prompt_config_id", These("abc"), NoWay),

    row(V3, WITH_MODEL, "prompt", These("fox"), At(CUSTOM, "prompt", Same)),
    row(V3, WITH_MODEL, "style_type", STYLES_3, NoWay),
    row(V3, WITH_MODEL, "rendering_speed", SPEEDS, At(CUSTOM, "rendering_speed", InLowerCase)),
    row(V3, WITH_MODEL, "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(V3, WITH_MODEL, "aspect_ratio", These("16x9"), At(CUSTOM, "aspect_ratio", Same)),
    row(V3, WITH_MODEL, "resolution", These("512x1536"), At(CUSTOM, "resolution", Same)),
    row(V3, WITH_MODEL, "magic_prompt", MAGIC, At(CUSTOM, "magic_prompt", InLowerCase)),
    row(V3, WITH_MODEL, "negative_prompt", These("blur"), At(CUSTOM, "negative_prompt", Same)),
    row(V3, WITH_MODEL, "num_images", COUNTS, At(CUSTOM, "num_images", Same)),
    row(V3, WITH_MODEL, "seed", SEEDS, At(CUSTOM, "seed", Same)),
    row(V3, WITH_MODEL, "style_preset", PRESETS, At(CUSTOM, "style_preset", InLowerCase)),
    row(V3, WITH_MODEL, "style_codes", These(CODES), At(CUSTOM, "style_codes", Same)),
    row(V3, WITH_MODEL, "color_palette", These(NAMES), At(CUSTOM, "color_palette", Written::These(LOWER_NAMES))),
    row(V3, WITH_MODEL, "enable_copyright_detection", FLAGS, At(CUSTOM, "enable_copyright_detection", Same)),
    row(V3, WITH_MODEL, "style_reference_images", ONE, At(CUSTOM, "style_reference_images", Same)),
    row(V3, WITH_MODEL, "magic_prompt_system_prompt_config_id", These("abc"), NoWay),

    row(TRANSPARENT, "{}", "prompt", These("fox"), At(TRANSPARENT_3, "prompt", Same)),
    row(TRANSPARENT, "{}", "rendering_speed", SPEEDS, At(TRANSPARENT_3, "rendering_speed", InLowerCase)),
    row(TRANSPARENT, "{}", "rendering_speed", These("BALANCED"), NoWay),
    row(TRANSPARENT, "{}", "upscale_factor", These("X1 X2 X4"), At(TRANSPARENT_3, "upscale_factor", InLowerCase)),
    row(TRANSPARENT, "{}", "aspect_ratio", Listed("AspectRatioV3"), At(TRANSPARENT_3, "aspect_ratio", Same)),
    row(TRANSPARENT, "{}", "magic_prompt", MAGIC, At(TRANSPARENT_3, "magic_prompt", InLowerCase)),
    row(TRANSPARENT, "{}", "negative_prompt", These("blur"), At(TRANSPARENT_3, "negative_prompt", Same)),
    row(TRANSPARENT, "{}", "num_images", COUNTS, At(TRANSPARENT_3, "num_images", Same)),
    row(TRANSPARENT, "{}", "seed", SEEDS, At(TRANSPARENT_3, "seed", Same)),
    row(TRANSPARENT, "{}", "custom_model_uri", URI, NoWay),

    row(REMIX, "{}", "prompt", These("fox"), NoWay),
    row(REMIX, SHAPE, "prompt", These("fox"), At(REMIX_3, "prompt", Same)),
    row(REMIX, SHAPE, "image", ONE, At(REMIX_3, "image", Same)),
    row(REMIX, "{}", "aspect_ratio", Listed("AspectRatioV3"), At(REMIX_3, "aspect_ratio", Same)),
    row(REMIX, "{}", "resolution", Listed("ResolutionV3"), At(REMIX_3, "resolution", Same)),
    row(REMIX, SHAPE, "image_weight", These("1 50 100"), At(REMIX_3, "image_weight", Same)),
    row(REMIX, SHAPE, "rendering_speed", SPEEDS, At(REMIX_3, "rendering_speed", InLowerCase)),
    row(REMIX, SHAPE, "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(REMIX, SHAPE, "magic_prompt", MAGIC, At(REMIX_3, "magic_prompt", InLowerCase)),
    row(REMIX, SHAPE, "negative_prompt", These("blur"), At(REMIX_3, "negative_prompt", Same)),
    row(REMIX, SHAPE, "num_images", COUNTS, At(REMIX_3, "num_images", Same)),
    row(REMIX, SHAPE, "seed", SEEDS, At(REMIX_3, "seed", Same)),
    row(REMIX, SHAPE, "style_type", STYLES_3, At(REMIX_3, "style_type", InLowerCase)),
    row(REMIX, SHAPE, "style_preset", PRESETS, At(REMIX_3, "style_preset", InLowerCase)),
    row(REMIX, SHAPE, "style_codes", These(CODES), At(REMIX_3, "style_codes", Same)),
    row(REMIX, SHAPE, "color_palette", These(NAMES), At(REMIX_3, "color_palette", Written::These(LOWER_NAMES))),
    row(REMIX, SHAPE, "color_palette", These(MEMBERS), At(REMIX_3, "color_palette", Same)),
    row(REMIX, SHAPE, "enable_copyright_detection", FLAGS, At(REMIX_3, "enable_copyright_detection", Same)),
    row(REMIX, SHAPE, "style_reference_images", ONE, At(REMIX_3, "style_reference_images", Same)),
    row(REMIX, r#"{"aspect_ratio": "2x1", "style_preset": "AURA"}"#, "style_reference_images", ONE, NoWay),
    row(REMIX, r#"{"aspect_ratio": "2x1", "style_preset": "AURA"}"#, "style_codes", These(CODES), NoWay),
    row(REMIX, SHAPE, "custom_model_uri", URI, NoWay),
    row(REMIX, SHAPE, "magic_prompt_system_prompt_config_id", These("abc"), NoWay),
    row(REMIX, r#"{"aspect_ratio": "2x1", "style_type": "AUTO"}"#, "character_reference_images", ONE, NoWay),
    row(REMIX, r#"{"aspect_ratio": "2x1", "style_type": "AUTO", "character_reference_images": "PICTURE"}"#, "character_reference_images_mask", ONE, NoWay),

    row(INPAINT, "{}", "prompt", These("fox"), At(INPAINT_3, "prompt", Same)),
    row(INPAINT, "{}", "image", ONE, At(INPAINT_3, "image", Same)),
    row(INPAINT, "{}", "mask", ONE, At(INPAINT_3, "mask", Same)),
    row(INPAINT, "{}", "rendering_speed", SPEEDS, At(INPAINT_3, "rendering_speed", InLowerCase)),
    row(INPAINT, "{}", "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(INPAINT, "{}", "magic_prompt", MAGIC, At(INPAINT_3, "magic_prompt", InLowerCase)),
    row(INPAINT, "{}", "num_images", COUNTS, At(INPAINT_3, "num_images", Same)),
    row(INPAINT, "{}", "seed", SEEDS, At(INPAINT_3, "seed", Same)),
    row(INPAINT, "{}", "style_type", STYLES_3, At(INPAINT_3, "style_type", InLowerCase)),
    row(INPAINT, "{}", "style_preset", PRESETS, At(INPAINT_3, "style_preset", InLowerCase)),
    row(INPAINT, "{}", "style_codes", These(CODES), At(INPAINT_3, "style_codes", Same)),
    row(INPAINT, "{}", "enable_copyright_detection", FLAGS, At(INPAINT_3, "enable_copyright_detection", Same)),
    row(INPAINT, "{}", "style_reference_images", ONE, At(INPAINT_3, "style_reference_images", Same)),
    row(INPAINT, r#"{"style_preset": "AURA"}"#, "style_reference_images", ONE, NoWay),
    row(INPAINT, "{}", "color_palette", These(NAMES), NoWay),
    row(INPAINT, "{}", "color_palette", These(MEMBERS), NoWay),
    row(INPAINT, "{}", "custom_model_uri", URI, NoWay),
    row(INPAINT, "{}", "magic_prompt_system_prompt_config_id", These("abc"), NoWay),
    row(INPAINT, r#"{"style_type": "AUTO"}"#, "character_reference_images", ONE, NoWay),
    row(INPAINT, r#"{"style_type": "AUTO", "character_reference_images": "PICTURE"}"#, "character_reference_images_mask", ONE, NoWay),

    row(REFRAME, "{}", "image", ONE, At(REFRAME_3, "image", Same)),
    row(REFRAME, "{}", "resolution", Listed("ResolutionV3"), At(REFRAME_3, "resolution", Same)),
    row(REFRAME, "{}", "rendering_speed", SPEEDS, At(REFRAME_3, "rendering_speed", InLowerCase)),
    row(REFRAME, "{}", "rendering_speed", SPEEDS_WITHOUT, NoWay),
    row(REFRAME, "{}", "num_images", COUNTS, At(REFRAME_3, "num_images", Same)),
    row(REFRAME, "{}", "seed", SEEDS, At(REFRAME_3, "seed", Same)),
    row(REFRAME, "{}", "style_preset", PRESETS, At(REFRAME_3, "style_preset", InLowerCase)),
    row(REFRAME, "{}", "style_codes", These(CODES), At(REFRAME_3, "style_codes", Same)),
    row(REFRAME, "{}", "color_palette", These(NAMES), At(REFRAME_3, "color_palette", Written::These(LOWER_NAMES))),
    row(REFRAME, "{}", "color_palette", These(MEMBERS), At(REFRAME_3, "color_palette", Same)),
    row(REFRAME, "{}", "style_reference_images", ONE, At(REFRAME_3, "style_reference_images", Same)),
    row(REFRAME, r#"{"style_preset": "AURA"}"#, "style_codes", These(CODES), NoWay),
    row(REFRAME, r#"{"style_preset": "AURA"}"#, "style_reference_images", ONE, NoWay),

    row(V4, "{}", "text_prompt", These("fox"), At(IDEOGRAM_4, "prompt", Same)),
    row(V4, r#"{"text_prompt": null}"#, "json_prompt",
        These(r#"{"compositional_deconstruction":{"background":"b","elements":[]},"high_level_description":"fox"}"#),
        At(IDEOGRAM_4, "prompt", Written::These(r#""{\"compositional_deconstruction\":{\"background\":\"b\",\"elements\":[]},\"high_level_description\":\"fox\"}""#))),
    row(V4, "{}", "rendering_speed", SPEEDS, At(IDEOGRAM_4, "rendering_speed", InLowerCase)),
    row(V4, "{}", "rendering_speed", These("BALANCED"), NoWay),
    row(V4, "{}", "resolution", Listed("ResolutionV4"), At(IDEOGRAM_4, "resolution", Same)),
    row(V4, "{}", "seed", SEEDS, At(IDEOGRAM_4, "seed", Same)),
    row(V4, "{}", "enable_copyright_detection", FLAGS, At(IDEOGRAM_4, "enable_copyright_detection", Same)),
    row(V4, "{}", "custom_model_uri", URI, NoWay),
    row(V4, "{}", "magic_prompt_system_prompt_config_id", These("abc"), NoWay),

    row(OLD_DESCRIBE, "{}", "image_file", ONE, At(DESCRIBE_3, "image", Same)),
    row(OLD_DESCRIBE, "{}", "describe_model_version", These("V_3"), At(DESCRIBE_3, "describe_model_version", ByThePath)),
    row(OLD_DESCRIBE, "{}", "describe_model_version", These("V_2 CUSTOM"), NoWay),
];

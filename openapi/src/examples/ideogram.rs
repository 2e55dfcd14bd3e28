//! Examples of Ideogram's own requests.

use serde_json::json;

use super::{asks, sends};
use crate::example::{Body, Example, FormPart};

pub fn examples() -> Vec<Example> {
    let mut examples = unversioned();
    examples.extend(version_3());
    examples.extend(version_4());
    examples
}

fn unversioned() -> Vec<Example> {
    use FormPart::{Json, Picture, Text};
    vec![
        asks(
            "generate",
            "generate",
            "A prompt is enough",
            json!({"image_request": {"prompt": "a red fox in the snow"}}),
        ),
        asks(
            "generate",
            "generate_again",
            "The same, from the cache",
            json!({"image_request": {"prompt": "a red fox in the snow", "aspect_ratio": "ASPECT_1_1"}}),
        ),
        asks(
            "generate",
            "generate_with_options",
            "With all that Ideogram 2.0 takes",
            json!({"image_request": {
                "prompt": "a lighthouse at dusk", "model": "V_2_TURBO", "num_images": 2, "seed": 7,
                "resolution": "RESOLUTION_1024_768", "magic_prompt_option": "OFF",
                "style_type": "DESIGN", "negative_prompt": "people",
                "color_palette": {"members": [
                    {"color_hex": "#0B3954", "color_weight": 0.8}, {"color_hex": "#FF6663"},
                ]},
            }}),
        ),
        Example::new(
            "generate",
            "generate_refused",
            "A field that there is not",
            Body::Json(json!({"image_request": {"prompt": "a fox", "colour": "red"}})),
            400,
        ),
        sends(
            "remix",
            "remix",
            "From a picture and a prompt",
            [
                Json(
                    "image_request",
                    json!({"prompt": "as a watercolour", "image_weight": 60}),
                ),
                Picture("image_file"),
            ],
        ),
        sends(
            "edit",
            "edit",
            "With a mask",
            [
                Text("prompt", "a hat"),
                Text("model", "V_2"),
                Picture("image_file"),
                Picture("mask"),
            ],
        ),
        sends(
            "reframe",
            "reframe",
            "To another shape",
            [
                Text("resolution", "RESOLUTION_1024_768"),
                Text("model", "V_2"),
                Picture("image_file"),
            ],
        ),
        sends(
            "upscale",
            "upscale",
            "Twice as large",
            [
                Json("image_request", json!({"resemblance": 70})),
                Picture("image_file"),
            ],
        ),
        sends(
            "describe",
            "describe",
            "In words",
            [Text("describe_model_version", "V_3"), Picture("image_file")],
        ),
    ]
}

fn version_3() -> Vec<Example> {
    use FormPart::{Json, Picture, Text};
    vec![
        asks(
            "v3_generate",
            "v3_generate",
            "A prompt is enough",
            json!({"prompt": "a red fox"}),
        ),
        asks(
            "v3_generate",
            "v3_generate_with_options",
            "With a style and a palette",
            json!({
                "prompt": "a poster of a jazz night", "rendering_speed": "TURBO", "num_images": 2,
                "aspect_ratio": "2x3", "magic_prompt": "OFF", "style_preset": "JAZZY",
                "color_palette": {"name": "EMBER"}, "seed": 11,
            }),
        ),
        sends(
            "v3_generate",
            "v3_generate_form",
            "As a form",
            [
                Text("prompt", "a blue fox"),
                Text("num_images", "2"),
                Json("color_palette", json!({"name": "FRESH"})),
            ],
        ),
        sends(
            "v3_generate",
            "v3_generate_style_reference",
            "In the style of a picture",
            [
                Text("prompt", "a green fox"),
                Picture("style_reference_images"),
            ],
        ),
        sends(
            "v3_remix",
            "v3_remix",
            "From a picture and a prompt",
            [
                Text("prompt", "as an etching"),
                Text("image_weight", "40"),
                Picture("image"),
            ],
        ),
        sends(
            "v3_inpaint",
            "v3_inpaint",
            "With a mask",
            [
                Text("prompt", "a bow tie"),
                Picture("image"),
                Picture("mask"),
            ],
        ),
        sends(
            "v3_edit",
            "v3_edit",
            "With a mask, under the older name",
            [
                Text("prompt", "a top hat"),
                Picture("image"),
                Picture("mask"),
            ],
        ),
        sends(
            "v3_reframe",
            "v3_reframe",
            "To another shape",
            [Text("resolution", "1280x768"), Picture("image")],
        ),
        sends(
            "v3_replace_background",
            "v3_replace_background",
            "In front of something else",
            [Text("prompt", "a beach"), Picture("image")],
        ),
        asks(
            "v3_generate_transparent",
            "v3_generate_transparent",
            "Without a background",
            json!({"prompt": "a sticker of a fox", "upscale_factor": "X2"}),
        ),
        sends(
            "v3_generate_transparent",
            "v3_generate_transparent_form",
            "As a form",
            [Text("prompt", "a sticker of a cat")],
        ),
    ]
}

fn version_4() -> Vec<Example> {
    vec![
        asks(
            "v4_generate",
            "v4_generate",
            "A text",
            json!({"text_prompt": "a red fox", "rendering_speed": "QUALITY"}),
        ),
        asks(
            "v4_generate",
            "v4_generate_described",
            "Part by part",
            json!({"json_prompt": {
                "high_level_description": "a shop window",
                "compositional_deconstruction": {
                    "background": "a wet street at night",
                    "elements": [
                        {"type": "obj", "desc": "a bicycle", "bbox": [400, 100, 900, 500]},
                        {"type": "text", "text": "OPEN", "desc": "a neon sign"},
                    ],
                },
            }}),
        ),
        Example::new(
            "v4_generate",
            "v4_generate_refused",
            "Both kinds of prompt, or none",
            Body::Json(json!({"rendering_speed": "TURBO"})),
            400,
        ),
        Example::new(
            "v4_generate",
            "v4_generate_part_refused",
            "A part whose text is none",
            Body::Json(json!({"json_prompt": {
                "high_level_description": "a shop window",
                "compositional_deconstruction": {
                    "background": "a wet street at night",
                    "elements": [{"type": "obj", "text": {}, "desc": "a bicycle"}],
                },
            }})),
            400,
        ),
        sends(
            "v4_generate",
            "v4_generate_form",
            "As a form",
            [FormPart::Text("text_prompt", "a blue fox")],
        ),
    ]
}

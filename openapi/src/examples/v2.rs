//! Examples of requests in the words of Ideogram's v2 API.

use serde_json::json;

use super::{asks, looks, of, sends};
use crate::example::{Example, FormPart, Given};

pub fn examples() -> Vec<Example> {
    let mut examples = generated();
    examples.extend(changed());
    examples.extend(besides());
    examples
}

fn generated() -> Vec<Example> {
    use FormPart::{Picture, Text};
    vec![
        asks(
            "v2_generate_ideogram_2",
            "v2_generate_ideogram_2",
            "With a style",
            json!({"prompt": "a red fox", "rendering_speed": "turbo", "style_type": "anime"}),
        ),
        asks(
            "v2_generate_ideogram_2a",
            "v2_generate_ideogram_2a",
            "In another shape",
            json!({"prompt": "a red fox", "aspect_ratio": "16x9"}),
        ),
        asks(
            "v2_generate_ideogram_3",
            "v2_generate_ideogram_3",
            "With a palette, twice",
            json!({"prompt": "a red fox", "num_images": 2, "style_preset": "jazzy",
                "color_palette": {"name": "ember"}, "seed": 11}),
        ),
        sends(
            "v2_generate_ideogram_3",
            "v2_generate_ideogram_3_style_reference",
            "In the style of a picture",
            [
                Text("prompt", "a blue fox"),
                Picture("style_reference_images"),
            ],
        ),
        sends(
            "v2_generate_ideogram_3_character",
            "v2_generate_ideogram_3_character",
            "The one in a picture",
            [
                Text("prompt", "at the seaside"),
                Text("style_type", "realistic"),
                Picture("character_reference_images"),
            ],
        ),
        asks(
            "v2_generate_ideogram_3_transparent",
            "v2_generate_ideogram_3_transparent",
            "Without a background",
            json!({"prompt": "a sticker of a fox", "upscale_factor": "x1"}),
        ),
        asks(
            "v2_generate_ideogram_4",
            "v2_generate_ideogram_4",
            "In a certain size",
            json!({"prompt": "a red fox", "resolution": "1280x800", "magic_prompt": "off"}),
        ),
        asks(
            "v2_generate_ideogram_4_transparent",
            "v2_generate_ideogram_4_transparent",
            "Without a background",
            json!({"prompt": "a sticker of a wolf", "rendering_speed": "default"}),
        ),
        asks(
            "v2_generate_ideogram_4_5",
            "v2_generate_ideogram_4_5",
            "Of medium quality",
            json!({"prompt": "a red fox", "quality": "medium", "size": "2048x2048"}),
        ),
        sends(
            "v2_generate_ideogram_4_5",
            "v2_generate_ideogram_4_5_images",
            "From a picture",
            [Text("prompt", "make it night"), Picture("images")],
        ),
    ]
}

fn changed() -> Vec<Example> {
    use FormPart::{Picture, Text};
    let source = || Picture("image");
    let character = || Picture("character_reference_images");
    vec![
        sends(
            "v2_remix_ideogram_3",
            "v2_remix_ideogram_3",
            "From a picture and a prompt",
            [
                Text("prompt", "as an etching"),
                Text("image_weight", "40"),
                source(),
            ],
        ),
        sends(
            "v2_remix_ideogram_3_character",
            "v2_remix_ideogram_3_character",
            "With the one in another picture",
            [Text("prompt", "as an etching"), source(), character()],
        ),
        sends(
            "v2_remix_ideogram_4",
            "v2_remix_ideogram_4",
            "From a picture and a prompt",
            [Text("prompt", "as a woodcut"), source()],
        ),
        sends(
            "v2_inpaint_ideogram_3",
            "v2_inpaint_ideogram_3",
            "With a mask",
            [Text("prompt", "a bow tie"), source(), Picture("mask")],
        ),
        sends(
            "v2_inpaint_ideogram_3_character",
            "v2_inpaint_ideogram_3_character",
            "With a mask and the one in another picture",
            [
                Text("prompt", "on a bench"),
                source(),
                Picture("mask"),
                character(),
            ],
        ),
        sends(
            "v2_precise_edit_ideogram_4_5",
            "v2_precise_edit_ideogram_4_5",
            "One thing and nothing else",
            [Text("prompt", "a green scarf"), source()],
        ),
        sends(
            "v2_reframe_ideogram_3",
            "v2_reframe_ideogram_3",
            "To another shape",
            [Text("resolution", "1280x768"), source()],
        ),
        sends(
            "v2_replace_background_ideogram_3",
            "v2_replace_background_ideogram_3",
            "In front of something else",
            [Text("prompt", "a beach"), source()],
        ),
        sends(
            "v2_remove_background_ideogram_1",
            "v2_remove_background_ideogram_1",
            "In front of nothing",
            [source()],
        ),
        sends(
            "v2_upscale",
            "v2_upscale",
            "Twice as large",
            [Text("upscale_factor", "x2"), source()],
        ),
        sends(
            "v2_describe_ideogram_3",
            "v2_describe_ideogram_3",
            "In words",
            [source()],
        ),
        sends(
            "v2_describe_ideogram_4",
            "v2_describe_ideogram_4",
            "Part by part",
            [Text("include_bbox", "false"), source()],
        ),
    ]
}

fn besides() -> Vec<Example> {
    vec![
        asks(
            "v2_generate_ideogram_3",
            "v2_generate_async",
            "Without waiting",
            json!({"prompt": "a grey wolf", "async": true}),
        ),
        looks(
            "v2_generation",
            "v2_generation",
            "Where one stands whose caller did not wait",
        )
        .at([of("v2_generate_async", "/generation_id")]),
        looks("v2_generation", "v2_no_generation", "One that there is not")
            .at([Given::Text("x")])
            .answered(404),
        asks(
            "v2_generate_ideogram_4_5",
            "v2_price",
            "Its price alone",
            json!({"prompt": "a grey wolf", "num_images": 3}),
        )
        .asking(&[("dry_run", Given::Text("true"))]),
        asks(
            "v2_generate_ideogram_4_5",
            "v2_refused",
            "With a webhook",
            json!({"prompt": "a grey wolf", "webhook_url": "https://example.com/"}),
        )
        .answered(400),
    ]
}

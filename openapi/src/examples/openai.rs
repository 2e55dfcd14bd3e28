//! Examples of requests in OpenAI's words.

use serde_json::json;

use super::{asks, looks};
use crate::example::{Example, Given};

pub fn examples() -> Vec<Example> {
    vec![
        asks(
            "openai_generate",
            "openai_generate",
            "A prompt is enough",
            json!({"prompt": "a red fox on a sled"}),
        ),
        asks(
            "openai_generate",
            "openai_generate_links",
            "Two pictures, as links, of the size nearest to the one asked for",
            json!({
                "prompt": "a red fox on skis", "model": "ideogram-v3-default", "n": 2,
                "size": "1792x1024", "quality": "low", "response_format": "url", "user": "user-17",
            }),
        ),
        asks(
            "openai_generate",
            "openai_generate_base64",
            "In base64, with options of Ideogram's",
            json!({
                "prompt": "a red fox on skates", "model": "ideogram-v3-turbo",
                "response_format": "b64_json", "seed": 7, "style_type": "DESIGN",
                "magic_prompt": "OFF", "negative_prompt": "people",
            }),
        ),
        asks(
            "openai_generate",
            "openai_generate_once",
            "With a name of its own, past the cache",
            json!({"prompt": "a red fox on a sled", "background": "auto", "stream": false}),
        )
        .with_header("Idempotency-Key", "order-2026-11-21-0002")
        .with_header("Cache-Control", "no-store"),
        asks(
            "openai_generate",
            "openai_generate_refused",
            "More pictures than there may be",
            json!({"prompt": "a fox", "n": 100}),
        )
        .answered(400),
        asks(
            "openai_generate",
            "openai_generate_style_refused",
            "A field without a counterpart",
            json!({"prompt": "a fox", "style": "vivid"}),
        )
        .answered(400),
        asks(
            "openai_generate",
            "openai_generate_no_model",
            "A model that there is not",
            json!({"prompt": "a fox", "model": "dall-e-3"}),
        )
        .answered(404),
        looks("openai_models", "openai_models", "All models"),
        looks("openai_model", "openai_model", "One that there is")
            .at([Given::Text("ideogram-v3-turbo")]),
        looks("openai_model", "openai_no_model", "One that there is not")
            .at([Given::Text("dall-e-3")])
            .answered(404),
    ]
}

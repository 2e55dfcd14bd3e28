//! Examples of the headers of a request for pictures: not to wait for them, to follow them, to ask past
//! the cache, and to name the request.

use serde_json::json;

use super::asks;
use crate::example::Example;

const KEY: &str = "order-2026-11-21-0001";

pub fn examples() -> Vec<Example> {
    vec![
        asks(
            "generate",
            "not_waiting",
            "Without waiting for it",
            json!({"image_request": {"prompt": "a fox that takes its time"}}),
        )
        .with_header("Prefer", "respond-async")
        .answered(202),
        asks(
            "generate",
            "not_waiting_for_long",
            "Waiting for ten seconds at most",
            json!({"image_request": {"prompt": "a fox that is quick"}}),
        )
        .with_header("Prefer", "respond-async, wait=10"),
        asks(
            "generate",
            "following",
            "Following how it is made",
            json!({"image_request": {"prompt": "a fox in the making", "num_images": 2}}),
        )
        .with_header("Accept", "text/event-stream"),
        asks(
            "generate",
            "following_a_hit",
            "Following what is there already",
            json!({"image_request": {"prompt": "a red fox in the snow"}}),
        )
        .with_header("Accept", "text/event-stream"),
        asks(
            "v3_generate",
            "made_anew",
            "A new one in place of the cached one",
            json!({"prompt": "a red fox"}),
        )
        .with_header("Cache-Control", "no-cache"),
        asks(
            "v3_generate",
            "made_apart",
            "One that nobody else is given",
            json!({"prompt": "a red fox"}),
        )
        .with_header("Cache-Control", "no-store"),
        asks(
            "v4_generate",
            "with_a_key",
            "With a name of its own",
            json!({"text_prompt": "a fox for an order"}),
        )
        .with_header("Idempotency-Key", KEY),
        asks(
            "v4_generate",
            "with_a_key_again",
            "The same once more, which costs nothing",
            json!({"text_prompt": "a fox for an order"}),
        )
        .with_header("Idempotency-Key", KEY),
        asks(
            "v4_generate",
            "with_a_key_refused",
            "Another request under the same name",
            json!({"text_prompt": "a wolf for an order"}),
        )
        .with_header("Idempotency-Key", KEY)
        .answered(409),
    ]
}

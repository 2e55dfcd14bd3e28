//! Examples of what is asked about keys, tokens and the gateway itself.

use serde_json::json;

use super::{asks, looks, of};
use crate::example::{Body, Example, Given};

pub fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "make_token",
            "make_token",
            "For ten minutes and two pictures",
            Body::Json(json!({"expires_in": 600, "max_images": 2})),
            201,
        ),
        Example::new(
            "make_token",
            "make_token_refused",
            "For longer than a token may live",
            Body::Json(json!({"expires_in": 86_400})),
            400,
        ),
        Example::new(
            "make_key",
            "make_key",
            "With a budget of its own",
            Body::Json(json!({
                "name": "shop", "daily_budget_usd": 2.5, "models": ["V_2", "V_2_TURBO"],
                "max_images": 2, "rate": "low", "cache": "own",
            })),
            201,
        ),
        looks("mode", "mode", "As it is at first"),
        asks(
            "set_mode",
            "switch_off",
            "At once, and with a reason",
            json!({"enabled": false, "reason": "a drill", "by": "jo"}),
        ),
        asks(
            "set_mode",
            "switch_off_refused",
            "Without a reason",
            json!({"enabled": false}),
        )
        .answered(400),
        asks(
            "set_mode",
            "switch_on",
            "As before",
            json!({"enabled": true}),
        ),
        looks("list_keys", "list_keys", "All of them"),
        looks("revoke_key", "revoke_key", "The one that was made").at([of("make_key", "/id")]),
        looks("revoke_key", "revoke_no_key", "One that there is not")
            .at([Given::Text("00000000000000ff")])
            .answered(404),
        looks("health", "health", "Open to all"),
        looks("probes", "probes", "All that are kept, up to 100"),
        looks("metrics", "metrics", "All of them"),
        asks(
            "preflight",
            "preflight",
            "Everything but a picture",
            json!({"generate": false}),
        ),
        looks("alerts", "alerts", "All that have ever fired"),
    ]
}

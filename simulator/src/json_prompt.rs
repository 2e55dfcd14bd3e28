//! The structured prompts of v4.
//! Holds true: what is required, and what it may hold, is what Ideogram's OpenAPI document of
//! 2026-10 says; `style_description` and further fields are let through unread.

use serde_json::Value;

use crate::refusal::Refusal;
use crate::validate::invalid;

/// Largest coordinate of a box; the picture's sides are this long in them.
const LARGEST_COORDINATE: u64 = 1_000;

pub(crate) fn check_json_prompt(prompt: &Value) -> Result<(), Refusal> {
    let composition = &prompt["compositional_deconstruction"];
    let elements = composition["elements"].as_array();
    if prompt["high_level_description"].is_string()
        && composition["background"].is_string()
        && elements.is_some_and(|elements| elements.iter().all(is_element))
    {
        Ok(())
    } else {
        Err(invalid("'json_prompt' is not a structured prompt"))
    }
}

fn is_element(element: &Value) -> bool {
    let has_its_text = match element["type"].as_str() {
        Some("obj") => true,
        Some("text") => element["text"].is_string(),
        _ => false,
    };
    let bounds = element.get("bbox");
    has_its_text && element["desc"].is_string() && bounds.is_none_or(is_box)
}

/// Top, left, bottom and right.
fn is_box(bounds: &Value) -> bool {
    let is_coordinate = |edge: &Value| edge.as_u64().is_some_and(|edge| edge <= LARGEST_COORDINATE);
    bounds
        .as_array()
        .is_some_and(|edges| edges.len() == 4 && edges.iter().all(is_coordinate))
}

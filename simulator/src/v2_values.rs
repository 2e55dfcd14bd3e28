//! Values that only fields of v2 hold.
//! Holds true: each is judged by itself, by what Ideogram's OpenAPI document of 2026-10 says of it.

use axum::http::Uri;
use serde_json::Value;

/// Longest address of a webhook in characters.
const LONGEST_WEBHOOK_URL: usize = 2_048;
/// Length of a collection's id in an asset identifier.
const COLLECTION_ID_LENGTH: usize = 22;
const ASSET_TYPES: &[&str] = &[
    "ASSET",
    "CANVAS_ASSET",
    "LAYERED_ASSET",
    "RESPONSE",
    "UPLOAD",
];

pub(crate) fn is_asset(value: &Value) -> bool {
    let kind = value["asset_type"].as_str();
    let collection = value.get("collection_id");
    kind.is_some_and(|kind| ASSET_TYPES.contains(&kind))
        && value["asset_id"].as_str().is_some_and(|id| !id.is_empty())
        && collection.is_none_or(|id| {
            id.as_str()
                .is_some_and(|id| id.len() == COLLECTION_ID_LENGTH)
                && is_collection_id(id)
        })
}

pub(crate) fn are_assets(value: &Value, most: usize) -> bool {
    value
        .as_array()
        .is_some_and(|assets| (1..=most).contains(&assets.len()) && assets.iter().all(is_asset))
}

pub(crate) fn is_collection_id(value: &Value) -> bool {
    value.as_str().is_some_and(is_url_safe_base64)
}

/// Letters, digits, `-` and `_`, and `=` at the end.
pub(crate) fn is_url_safe_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    !digits.is_empty()
        && text.len() - digits.len() <= 2
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Ideogram takes https alone and refuses hosts of one's own network. A simulator is the other
/// way round: it reaches nothing but this machine.
pub(crate) fn is_webhook_url(value: &Value) -> bool {
    let url = value
        .as_str()
        .filter(|url| url.chars().count() <= LONGEST_WEBHOOK_URL);
    let url = url.and_then(|url| url.parse::<Uri>().ok());
    url.is_some_and(|url| {
        let host = url.host().unwrap_or_default();
        url.scheme_str() == Some("http") && matches!(host, "127.0.0.1" | "localhost" | "[::1]")
    })
}

pub(crate) fn is_context_window(value: &Value) -> bool {
    value.as_str().is_some_and(|window| {
        let edges = || window.split(',');
        matches!(window, "none" | "auto")
            || edges().count() == 4 && edges().all(|edge| edge.parse::<u32>().is_ok())
    })
}

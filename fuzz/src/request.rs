//! A caller's JSON body, from its bytes to what Ideogram is sent, as every endpoint reads it.

use domain::fingerprint::{CacheScope, Fingerprint};
use domain::request::parse_json;
use domain::request::{
    Endpoint, ImageCount, ImageRequest, InvalidRequest, Limits, Model, PiiPolicy, UpstreamBody,
};
use serde_json::Value;

use crate::prompt::is_sanitised;

pub(crate) const TOKENS: &[&str] = &[
    "\"image_request\":",
    "\"prompt\":",
    "\"negative_prompt\":",
    "\"model\":",
    "\"V_2\"",
    "\"V_2A\"",
    "\"V_3\"",
    "\"AUTO\"",
    "\"num_images\":",
    "\"seed\":",
    "\"aspect_ratio\":",
    "\"ASPECT_16_9\"",
    "\"resolution\":",
    "\"RESOLUTION_640_1024\"",
    "\"style_type\":",
    "\"color_palette\":",
    "\"name\":",
    "\"EMBER\"",
    "\"members\":[",
    "\"color_hex\":\"#1A2b3c\"",
    "\"color_weight\":",
    "\"magic_prompt_option\":",
    "\"webhook_url\":",
    "\"rendering_speed\":",
    "\"QUALITY\"",
    "\"1280x704\"",
    "\"style_codes\":",
    "\"AAFF5733\"",
    "\"style_preset\":",
    "\"custom_model_uri\":",
    "\"model/a/version/1\"",
    "\"upscale_factor\":",
    "\"text_prompt\":",
    "\"json_prompt\":",
    "\"size\":\"1024x1536\"",
    "\"quality\":\"low\"",
    "\"output_resolution\":\"8k\"",
    "\"private\":",
    "\"async\":",
    "\"turbo\"",
    "\"high_level_description\":",
    "\"compositional_deconstruction\":",
    "\"elements\":[",
    "\"bbox\":[0,0,500,1000]",
    "\\u200b",
    "\\ud83e\\udd8a",
    "0.1",
    "1e-1",
    "2147483647",
    "18446744073709551616",
    "[[[[[[[[",
    "{\"a\":",
];

/// Small, so that a few bytes reach them.
pub(crate) const LIMITS: Limits = Limits {
    default_model: Model::V2,
    prompt_max_chars: 40,
    pii: PiiPolicy::Redact,
    max_images: ImageCount::MOST,
};
const DEEPEST: usize = 32;
/// The field's path, each name at most 40 characters, and the longest list of what it takes.
const LONGEST_MESSAGE: usize = DEEPEST * 48 + 4096;

/// Bytes are a request that means one thing, or are refused without an echo of what was written.
pub(crate) fn check(body: &[u8]) {
    let other_reader = || serde_json::from_slice::<Value>(body).ok();
    match parse_json(body) {
        Err(refusal) => {
            is_discreet(&refusal);
            if refusal.message.contains("must be JSON") {
                assert_eq!(other_reader(), None);
            }
        }
        Ok(value) => {
            assert!(depth(&value) <= DEEPEST);
            assert_eq!(other_reader().as_ref(), Some(&value));
            assert_eq!(fields(&value), fields_written(body), "one given twice");
            for endpoint in Endpoint::all().filter(|endpoint| endpoint.takes_json()) {
                match parse(endpoint, &value) {
                    Err(refusal) => is_discreet(&refusal),
                    Ok(request) => means_one_thing(&request, &value),
                }
            }
        }
    }
}

fn parse(endpoint: Endpoint, body: &Value) -> Result<ImageRequest, InvalidRequest> {
    ImageRequest::parse(endpoint, body, &LIMITS).map(|asked| asked.request)
}

/// Lists and objects inside one another.
fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + deepest.unwrap_or(0)
}

/// How many fields there are, at any depth.
fn fields(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(fields).sum(),
        Value::Object(inside) => inside.len() + inside.values().map(fields).sum::<usize>(),
        _ => 0,
    }
}

/// The same, counted in the text: one for each colon that is not in a string.
fn fields_written(json: &[u8]) -> usize {
    let (mut in_string, mut escaped, mut colons) = (false, false, 0);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b':' if !in_string => colons += 1,
            _ => {}
        }
    }
    colons
}

/// A refusal is one short line of plain characters that begins with the field or what holds it.
pub(crate) fn is_discreet(refusal: &InvalidRequest) {
    let InvalidRequest { field, message } = refusal;
    let named = message.split(' ').next().unwrap_or_default();
    assert!(!named.is_empty() && field.starts_with(named), "{message:?}");
    assert!(message.len() <= LONGEST_MESSAGE, "{message:?}");
    assert!(
        message.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{message:?}"
    );
    assert!(!field.contains(' '), "{field:?}");
}

fn means_one_thing(request: &ImageRequest, asked: &Value) {
    let fingerprint = Fingerprint::of(request, &CacheScope::Shared);
    request.said().iter().for_each(is_sanitised);
    assert!(request.prompt().chars().count() <= LIMITS.prompt_max_chars);
    assert!(request.images() <= LIMITS.max_images);

    let sent = match request.upstream_body() {
        UpstreamBody::Json(sent) => sent,
        UpstreamBody::Form(_) => Value::Null,
    };
    let received = parse_json(sent.to_string().as_bytes());
    assert_eq!(received.as_ref(), Ok(&sent), "what Ideogram reads");
    let again = parse(request.endpoint(), &sent);
    assert_eq!(again.as_ref(), Ok(request), "asked for in full");

    let stored = serde_json::to_string(request).unwrap_or_default();
    let read: Option<ImageRequest> = serde_json::from_str(&stored).ok();
    assert_eq!(read.as_ref(), Some(request), "stored and read again");

    let spread_out = serde_json::to_vec_pretty(asked).unwrap_or_default();
    let again = parse_json(&spread_out).and_then(|body| parse(request.endpoint(), &body));
    assert_eq!(
        again.map(|request| Fingerprint::of(&request, &CacheScope::Shared)),
        Ok(fingerprint)
    );
}

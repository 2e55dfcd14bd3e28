//! A caller's body in the words of OpenAI's image API, as `POST /v1/images/generations` reads it.

use domain::fingerprint::{CacheScope, Fingerprint};
use domain::openai::{NotTaken, OpenAiRequest};
use domain::request::{ImageRequest, UpstreamBody, parse_json};

use crate::request::{LIMITS, is_discreet};

pub(crate) const TOKENS: &[&str] = &[
    "\"prompt\":",
    "\"model\":",
    "\"ideogram-v1\"",
    "\"ideogram-v2a-turbo\"",
    "\"ideogram-v3-default\"",
    "\"ideogram-v4-quality\"",
    "\"n\":",
    "\"size\":",
    "\"1792x1024\"",
    "\"auto\"",
    "\"quality\":",
    "\"hd\"",
    "\"low\"",
    "\"response_format\":",
    "\"b64_json\"",
    "\"background\":",
    "\"user\":",
    "\"style\":",
    "\"stream\":false",
    "\"seed\":",
    "\"magic_prompt\":",
    "\"style_codes\":",
    "\"color_palette\":",
    "null",
];

/// Bytes are a request that Ideogram's own endpoint takes as it is, or are refused without an echo.
pub(crate) fn check(body: &[u8]) {
    let Ok(value) = parse_json(body) else {
        return;
    };
    match OpenAiRequest::parse(&value, &LIMITS) {
        Err(NotTaken::Invalid(refusal)) => is_discreet(&refusal),
        Err(NotTaken::NoSuchModel(sentence)) => {
            let plain = sentence.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            assert!(plain && sentence.len() < 200, "{sentence:?}");
        }
        Ok(openai) => is_ideograms_own(&openai),
    }
}

/// What Ideogram is sent is a request of its own, the same by either way.
fn is_ideograms_own(openai: &OpenAiRequest) {
    let request = &openai.asked.request;
    assert_eq!(request.model(), openai.model.model);
    assert_eq!(request.endpoint(), openai.model.endpoint);
    let again = match request.upstream_body() {
        UpstreamBody::Json(sent) => ImageRequest::parse(request.endpoint(), &sent, &LIMITS).ok(),
        UpstreamBody::Form(_) => None,
    };
    let fingerprint = |request: &ImageRequest| Fingerprint::of(request, &CacheScope::Shared);
    let again = again.map(|asked| fingerprint(&asked.request));
    assert_eq!(again, Some(fingerprint(request)));
}

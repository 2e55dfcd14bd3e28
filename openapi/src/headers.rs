//! The headers that answers come with, each described once.

use serde_json::{Map, Value, json};

/// A header: its name, a pattern that its value fits, and what it says.
struct Header(&'static str, &'static str, &'static str);

#[rustfmt::skip]
const HEADERS: &[Header] = &[
    Header("x-request-id", "^[0-9a-f]{32}$", "Names the request, in the gateway's log too."),
    Header("server-timing", "", "How long each stage took, in milliseconds."),
    Header("x-generation-id", "^[0-9a-f]{64}-[0-9a-f]{16}$", "Names the generation."),
    Header("x-cache", "^(hit|miss|joined|bypass)$", "Where the result came from."),
    Header("x-cost-usd", r"^\d+(\.\d{1,6})?$", "What this request added to the bill, in dollars."),
    Header("x-fallback", "^[a-z_]+$", "Why there are placeholders instead of pictures."),
    Header("retry-after", r"^\d+$", "Seconds after which to ask again."),
    Header("allow", "^[A-Z]+(, [A-Z]+)*$", "The methods that the path takes."),
    Header("www-authenticate", "^Bearer$", "How to present a key."),
    Header("content-range", r"^bytes (\d+-\d+|\*)/\d+$", "Which bytes these are, and of how many."),
    Header("accept-ranges", "^bytes$", "Parts of it can be asked for."),
    Header("etag", "", "Names the picture's bytes, for If-None-Match."),
    Header("cache-control", "", "How long the answer may be kept."),
    Header("content-security-policy", "^default-src 'none'", "What it may do where it is opened by itself."),
    Header("location", "^/", "Where the generation can be looked at."),
    Header("x-size-used", r"^\d+[x:]\d+$", "The size, or the shape, if it is another than the one asked for."),
    Header("x-should-retry", "^false$", "OpenAI's clients are not to try again by themselves."),
    Header("preference-applied", "^respond-async$", "The answer does not wait for the generation."),
];

/// All of them, for the document's components: those that are always there and, with `-or-none`
/// after the name, those that may be missing.
pub fn all() -> Map<String, Value> {
    let mut all = Map::new();
    for Header(name, pattern, says) in HEADERS {
        let schema = match *pattern {
            "" => json!({"type": "string"}),
            pattern => json!({"type": "string", "pattern": pattern}),
        };
        let render =
            |required: bool| json!({"description": says, "required": required, "schema": schema});
        all.insert((*name).to_owned(), render(true));
        all.insert(format!("{name}{OPTIONAL}"), render(false));
    }
    all
}

const OPTIONAL: &str = "-or-none";

/// References to headers that are always there and to those that may be missing, with those that
/// every answer of the Worker's has.
pub fn of(required: &[&str], optional: &[&str]) -> Map<String, Value> {
    let common = ["x-request-id", "server-timing"];
    let reference = |name: &str| json!({ "$ref": format!("#/components/headers/{name}") });
    let required = common.iter().chain(required);
    let required = required.map(|name| ((*name).to_owned(), reference(name)));
    let optional = optional
        .iter()
        .map(|name| ((*name).to_owned(), reference(&format!("{name}{OPTIONAL}"))));
    required.chain(optional).collect()
}

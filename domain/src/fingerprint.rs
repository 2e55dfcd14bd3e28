//! The cache key: what makes two requests the same. It covers exactly what Ideogram is sent, in one
//! canonical form, so field order, white space and defaults written out or left out do not count,
//! and every option that has an effect does.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::ids::ClientId;
use crate::request::ImageRequest;

/// Changed when the canonical form changes, so that no old key means something new.
const VERSION: &str = "v1";
const BYTES: usize = 32;

/// Whose results a request may be answered with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheScope {
    /// Those of every client that shares.
    #[default]
    Shared,
    /// Those of this client only.
    Own(ClientId),
}

/// The SHA-256 of a request's canonical form. As text and in JSON it is 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; BYTES]);

impl Fingerprint {
    /// The fingerprint of a request.
    #[must_use]
    pub fn of(request: &ImageRequest, scope: &CacheScope) -> Self {
        let path = request.endpoint().path();
        let mut canonical = match scope {
            CacheScope::Shared => format!("{VERSION}\n{path}\n"),
            CacheScope::Own(client) => format!("{VERSION}\nown {}\n{path}\n", client.as_str()),
        };
        write_sorted(&request.canonical_body(), &mut canonical);
        Self(Sha256::digest(canonical).into())
    }

    /// A fingerprint of the same request that nobody finds who does not know `nonce`.
    #[must_use]
    pub fn apart(&self, nonce: &[u8]) -> Self {
        let nonce = hex::encode(nonce);
        Self(Sha256::digest(format!("{VERSION}\napart\n{self}\n{nonce}")).into())
    }
}

/// The SHA-256 of a request's texts and of the pictures that come with it, whatever else it asks for:
/// what Ideogram's safety check refuses. As text it is 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromptFingerprint([u8; BYTES]);

impl PromptFingerprint {
    /// The fingerprint of a request's prompt, of its negative prompt and of its pictures, if it has any:
    /// one without a prompt is refused for its picture alone.
    #[must_use]
    pub fn of(request: &ImageRequest) -> Self {
        let negative = request.option("negative_prompt");
        let pictures = request.references().iter();
        let pictures: Vec<_> = pictures
            .map(|picture| (&picture.field, picture.sha256.to_string()))
            .collect();
        let texts = (request.said(), negative, pictures);
        // A text in JSON ends where its quotation mark does, so two texts cannot pass for two others.
        let canonical = serde_json::to_string(&texts).unwrap_or_default();
        Self(Sha256::digest(format!("{VERSION}\nprompt\n{canonical}")).into())
    }
}

impl fmt::Display for PromptFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// JSON without white space and with sorted keys. Sorted here, because the order of a JSON object
/// in memory depends on a feature of `serde_json` that any other crate can switch on.
fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(object) => write_sorted_object(object, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_sorted(item, out);
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

fn write_sorted_object(object: &Map<String, Value>, out: &mut String) {
    let mut fields: Vec<_> = object.iter().collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    out.push('{');
    for (index, (name, value)) in fields.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&Value::from(name.as_str()).to_string());
        out.push(':');
        write_sorted(value, out);
    }
    out.push('}');
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// The text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAFingerprint;

impl fmt::Display for NotAFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a fingerprint, which is 64 lower-case hexadecimal digits")
    }
}

impl std::error::Error for NotAFingerprint {}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotAFingerprint)?;
        let fingerprint = Self(bytes);
        // One fingerprint has one spelling: upper-case digits are another text.
        if fingerprint.to_string() == text {
            Ok(fingerprint)
        } else {
            Err(NotAFingerprint)
        }
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, NotAFingerprint> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::request::generated::{LIMITS, fields, parse, sent};
    use crate::request::{Endpoint, parse_json};

    fn fingerprint(fields: Value) -> Fingerprint {
        Fingerprint::of(&parse(fields).unwrap(), &CacheScope::Shared)
    }

    #[test]
    fn a_fingerprint_is_the_hash_of_the_documented_canonical_form() {
        let canonical = "v1\n/generate\n{\"image_request\":{\"aspect_ratio\":\"ASPECT_1_1\",\
            \"model\":\"V_2\",\"num_images\":1,\"prompt\":\"a \\\"fox\\\"\",\"seed\":7}}";
        let expected = hex::encode(Sha256::digest(canonical));
        let fingerprint = fingerprint(json!({ "seed": 7, "prompt": "a \"fox\"" }));
        assert_eq!(fingerprint.to_string(), expected);
    }

    #[test]
    fn a_prompt_has_one_fingerprint_whatever_else_is_asked_for() {
        let of = |fields| PromptFingerprint::of(&parse(fields).unwrap());
        let prompt = of(json!({ "prompt": "a fox" }));
        assert_eq!(
            of(json!({ "prompt": " a  fox", "seed": 7, "model": "V_1" })),
            prompt
        );
        assert_ne!(of(json!({ "prompt": "a hare" })), prompt);
        assert_ne!(
            of(json!({ "prompt": "a fox", "negative_prompt": "snow" })),
            prompt
        );
    }

    #[test]
    fn clients_with_a_cache_of_their_own_share_nothing() {
        let request = parse(json!({ "prompt": "a fox" })).unwrap();
        let own = |client: &str| CacheScope::Own(ClientId::new(client.into()));
        let scopes = [CacheScope::Shared, own("a"), own("b")];
        let fingerprints = scopes.map(|scope| Fingerprint::of(&request, &scope));
        assert_eq!(BTreeSet::from(fingerprints).len(), 3);
    }

    #[test]
    fn a_fingerprint_survives_its_text_and_other_texts_are_refused() {
        let text = "ab".repeat(BYTES);
        let parsed: Fingerprint = text.parse().unwrap();
        assert_eq!(parsed.to_string(), text);
        assert_eq!(serde_json::to_value(parsed).unwrap(), json!(text));
        let short = text.get(2..).unwrap().to_owned();
        for other in [
            text.to_uppercase(),
            format!("{text}ab"),
            short,
            "g".repeat(64),
        ] {
            assert_eq!(other.parse::<Fingerprint>(), Err(NotAFingerprint));
        }
    }

    #[test]
    fn a_request_keeps_its_fingerprint_when_it_is_stored_whatever_its_weights() {
        let text = r##"{"image_request": {"prompt": "a fox", "color_palette":
            {"members": [{"color_hex": "#000", "color_weight": 0.169415187631024866111}]}}}"##;
        let body = parse_json(text.as_bytes()).unwrap();
        let request = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS);
        let request = request.unwrap().request;
        let stored = serde_json::to_string(&request).unwrap();
        let read: ImageRequest = serde_json::from_str(&stored).unwrap();
        let of = |request| Fingerprint::of(request, &CacheScope::Shared);
        assert_eq!(of(&read), of(&request));
    }

    #[test]
    fn any_two_requests_with_different_values_have_different_fingerprints() {
        let variants = [
            json!({}),
            json!({ "prompt": "A fox" }),
            json!({ "model": "V_3" }),
            json!({ "model": "AUTO" }),
            json!({ "num_images": 2 }),
            json!({ "seed": 0 }),
            json!({ "seed": 1 }),
            json!({ "aspect_ratio": "ASPECT_3_1" }),
            json!({ "aspect_ratio": "ASPECT_1_3" }),
            json!({ "resolution": "RESOLUTION_1024_1024" }),
            json!({ "magic_prompt_option": "AUTO" }),
            json!({ "magic_prompt_option": "OFF" }),
            json!({ "magic_prompt_version": "V_0" }),
            json!({ "style_type": "AUTO" }),
            json!({ "negative_prompt": "blur" }),
            json!({ "negative_prompt": "Blur" }),
            json!({ "color_palette": { "name": "EMBER" } }),
            json!({ "color_palette": { "members": [{ "color_hex": "#000" }] } }),
            json!({ "color_palette": { "members": [{ "color_hex": "#001" }] } }),
            json!({ "color_palette": { "members": [{ "color_hex": "#000", "color_weight": 1 }] } }),
        ];
        let mut seen = BTreeSet::new();
        for variant in variants {
            let mut fields = json!({ "prompt": "a fox" });
            for (name, value) in variant.as_object().unwrap() {
                fields[name] = value.clone();
            }
            assert!(seen.insert(fingerprint(fields)), "{variant}");
        }
    }

    /// JSON text with its fields in the given direction and white space around everything.
    fn spaced(value: &Value, backwards: bool) -> String {
        match value {
            Value::Object(object) => {
                let mut fields: Vec<_> = object
                    .iter()
                    .map(|(name, value)| format!("\t\"{name}\" :\r\n{}", spaced(value, backwards)))
                    .collect();
                if backwards {
                    fields.reverse();
                }
                format!("{{ {} }}", fields.join(" ,"))
            }
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| spaced(item, backwards)).collect();
                format!("[ {} ]", items.join(" , "))
            }
            scalar => scalar.to_string(),
        }
    }

    proptest! {
        #[test]
        fn field_order_and_white_space_do_not_count(fields in fields()) {
            let body = json!({ "image_request": fields });
            let expected = fingerprint(body["image_request"].clone());
            for backwards in [false, true] {
                let again = parse_json(spaced(&body, backwards).as_bytes()).unwrap();
                let request = ImageRequest::parse(Endpoint::GENERATE, &again, &LIMITS);
                let request = request.unwrap().request;
                prop_assert_eq!(Fingerprint::of(&request, &CacheScope::Shared), expected);
            }
        }

        #[test]
        fn white_space_and_what_cannot_be_seen_in_the_prompt_do_not_count(fields in fields()) {
            let mut spaced = fields.clone();
            let prompt = fields["prompt"].as_str().unwrap();
            let prompt = prompt.replace(' ', " \u{200B}\r\n").replace('é', "e\u{301}");
            let prompt = format!("\u{FEFF}\n{prompt}\t");
            spaced.insert("prompt".into(), prompt.into());
            prop_assert_eq!(fingerprint(spaced.into()), fingerprint(fields.into()));
        }

        #[test]
        fn a_default_counts_the_same_written_or_left_out(mut fields in fields()) {
            for name in ["model", "num_images", "aspect_ratio"] {
                fields.remove(name);
            }
            // What V_2, the default model, does not take does not occur: it takes everything.
            let left_out = fingerprint(fields.clone().into());
            fields.insert("model".into(), "V_2".into());
            fields.insert("num_images".into(), 1.into());
            if !fields.contains_key("resolution") {
                fields.insert("aspect_ratio".into(), "ASPECT_1_1".into());
            }
            prop_assert_eq!(fingerprint(fields.into()), left_out);
        }

        #[test]
        fn changing_any_one_field_changes_the_fingerprint(one in fields(), other in fields()) {
            let before = parse(one.clone().into()).unwrap();
            for (name, value) in other {
                let mut changed = one.clone();
                changed.insert(name.clone(), value);
                let Ok(after) = parse(changed.into()) else { continue };
                let is_same = sent(&before)["image_request"].get(&name)
                    == sent(&after)["image_request"].get(&name);
                let of = |request| Fingerprint::of(request, &CacheScope::Shared);
                let same_fingerprint = of(&before) == of(&after);
                prop_assert_eq!(same_fingerprint, is_same, "{}", name);
            }
        }

        #[test]
        fn leaving_out_any_one_option_changes_the_fingerprint_unless_it_was_the_default(
            fields in fields()
        ) {
            let before = fingerprint(fields.clone().into());
            for (name, value) in &fields {
                let is_default = matches!(
                    (name.as_str(), value.to_string().as_str()),
                    ("model", "\"V_2\"") | ("num_images", "1") | ("aspect_ratio", "\"ASPECT_1_1\"")
                );
                if name == "prompt" {
                    continue;
                }
                let mut fewer = fields.clone();
                fewer.remove(name);
                prop_assert_eq!(fingerprint(fewer.into()) == before, is_default, "{}", name);
            }
        }
    }
}

//! Holds a call to v2 against what its endpoint takes.

use serde_json::Value;

use super::Sent;
use super::facts::{Takes, V2, listed};
use crate::upstream::UpstreamCall;

pub(super) fn assert_allowed(call: &UpstreamCall) {
    let endpoint = V2::at(&call.path);
    let sent = Sent::by(call);
    for name in endpoint.required {
        assert!(sent.has(name), "{} lacks {name}: {sent:?}", call.path);
    }
    for (name, values) in &sent.fields {
        let takes = endpoint.fields.iter().find(|(known, _)| known == name);
        let (_, takes) = takes.unwrap_or_else(|| panic!("{} knows no {name}", call.path));
        let is_list = matches!(takes, Takes::Codes);
        assert!(is_list || values.len() == 1, "{name}: {values:?}");
        for value in values {
            assert!(
                takes.allow(value, sent.is_form),
                "{} {name}: {value}",
                call.path
            );
        }
    }
    for (name, count) in &sent.pictures {
        let takes = endpoint.pictures.iter().find(|(known, _)| known == name);
        let (_, most) = takes.unwrap_or_else(|| panic!("{} knows no {name}", call.path));
        assert!(count <= most, "{name}");
    }
    assert_eq!(
        sent.is_form,
        !sent.pictures.is_empty(),
        "pictures need a form, nothing else"
    );
    for apart in endpoint.apart {
        let together = apart.iter().filter(|name| sent.has(name)).count();
        assert!(
            together < 2,
            "{} takes one of {apart:?}: {sent:?}",
            call.path
        );
    }
}

impl Takes {
    fn allow(self, value: &Value, in_form: bool) -> bool {
        let text = value.as_str();
        // In a form numbers and truths are texts.
        let read = || match text {
            Some(text) if in_form => serde_json::from_str(text).unwrap_or_default(),
            _ => value.clone(),
        };
        match self {
            Self::Text => text.is_some_and(|text| (1..=10_000).contains(&text.chars().count())),
            Self::Number(lowest, highest) => read()
                .as_u64()
                .is_some_and(|number| (lowest..=highest).contains(&number)),
            Self::Flag => read().is_boolean(),
            Self::True => read() == Value::Bool(true),
            Self::Words(words) => text.is_some_and(|text| words.contains(&text)),
            Self::Listed(schema) => {
                text.is_some_and(|text| listed(schema).contains(&text.to_owned()))
            }
            Self::ListedInLowerCase(schema) => text.is_some_and(|text| {
                text == text.to_lowercase() && listed(schema).contains(&text.to_uppercase())
            }),
            Self::Palette => is_palette(value),
            Self::Codes => text.is_some_and(|code| {
                code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_hexdigit())
            }),
            Self::CustomModel => text.is_some_and(|uri| {
                let pieces: Vec<_> = uri.split('/').collect();
                matches!(pieces.as_slice(), ["model", _, "version", _]) && uri.len() <= 512
            }),
            Self::Url => text.is_some_and(|url| url.starts_with("https://")),
        }
    }
}

fn is_palette(palette: &Value) -> bool {
    let names = [
        "ember",
        "fresh",
        "jungle",
        "magic",
        "melon",
        "mosaic",
        "pastel",
        "ultramarine",
    ];
    let fields = palette.as_object().unwrap();
    match (palette.get("name"), palette.get("members")) {
        (Some(name), None) => fields.len() == 1 && names.iter().any(|known| name == known),
        (None, Some(Value::Array(members))) => {
            fields.len() == 1 && members.iter().all(|member| member["color_hex"].is_string())
        }
        _ => false,
    }
}

//! Colour palettes: one of Ideogram's presets, or one to eight colours with optional weights (its
//! OpenAPI document of 2026-04, `ColorPaletteWithPresetNameOrMembers`). Colours are brought to six
//! upper-case digits and weights to floats, so that one palette has one form.

use serde_json::{Map, Value, json};

use super::field::choice;
use super::invalid::{InvalidRequest, path_to};

pub(super) const PRESETS: &[&str] = &[
    "EMBER",
    "FRESH",
    "JUNGLE",
    "MAGIC",
    "MELON",
    "MOSAIC",
    "PASTEL",
    "ULTRAMARINE",
];
/// The same at the endpoints of v2 (its OpenAPI document of 2026-10, `IdeogramColorPalette`).
pub(super) const PRESETS_V2: &[&str] = &[
    "ember",
    "fresh",
    "jungle",
    "magic",
    "melon",
    "mosaic",
    "pastel",
    "ultramarine",
];
pub(super) const MOST_MEMBERS: usize = 8;
pub(super) const LIGHTEST: f64 = 0.05;
pub(super) const HEAVIEST: f64 = 1.0;

/// The palette in its one form.
pub(super) fn check(
    value: &Value,
    path: &str,
    presets: &[&'static str],
) -> Result<Value, InvalidRequest> {
    let palette = object(value, path, &["name", "members"])?;
    match (palette.get("name"), palette.get("members")) {
        (Some(name), None) => {
            Ok(json!({ "name": choice(name, &format!("{path}.name"), presets)? }))
        }
        (None, Some(members)) => {
            Ok(json!({ "members": check_members(members, &format!("{path}.members"))? }))
        }
        _ => Err(InvalidRequest::new(
            path,
            "takes either name, a preset, or members, a list of colours",
        )),
    }
}

fn check_members(value: &Value, path: &str) -> Result<Vec<Value>, InvalidRequest> {
    let members = value
        .as_array()
        .filter(|members| (1..=MOST_MEMBERS).contains(&members.len()))
        .ok_or_else(|| {
            let size = format_args!("must be a list of 1 to {MOST_MEMBERS} colours");
            InvalidRequest::new(path, size)
        })?;
    members
        .iter()
        .enumerate()
        .map(|(index, member)| check_member(member, &format!("{path}[{index}]")))
        .collect()
}

fn check_member(value: &Value, path: &str) -> Result<Value, InvalidRequest> {
    let member = object(value, path, &["color_hex", "color_weight"])?;
    let colour = member
        .get("color_hex")
        .and_then(Value::as_str)
        .and_then(six_digits)
        .ok_or_else(|| {
            let form = "must be # and three or six hexadecimal digits, such as #1A2B3C";
            InvalidRequest::new(&format!("{path}.color_hex"), form)
        })?;
    let Some(weight) = member.get("color_weight") else {
        return Ok(json!({ "color_hex": colour }));
    };
    let weight = weight
        .as_f64()
        .filter(|weight| (LIGHTEST..=HEAVIEST).contains(weight))
        .ok_or_else(|| {
            let range = format_args!("must be a number from {LIGHTEST} to {HEAVIEST:.1}");
            InvalidRequest::new(&format!("{path}.color_weight"), range)
        })?;
    Ok(json!({ "color_hex": colour, "color_weight": weight }))
}

/// `#abc` stands for `#AABBCC`, as in style sheets.
fn six_digits(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_uppercase();
    match digits.len() {
        3 => {
            let doubled = digits.chars().flat_map(|digit| [digit, digit]);
            Some(std::iter::once('#').chain(doubled).collect())
        }
        6 => Some(format!("#{digits}")),
        _ => None,
    }
}

/// The object that `value` is, with no field but these.
fn object<'value>(
    value: &'value Value,
    path: &str,
    fields: &[&str],
) -> Result<&'value Map<String, Value>, InvalidRequest> {
    let list = fields.join(" and ");
    let object = value
        .as_object()
        .ok_or_else(|| InvalidRequest::new(path, format_args!("must be an object of {list}")))?;
    match object.keys().find(|key| !fields.contains(&key.as_str())) {
        None => Ok(object),
        Some(unknown) => Err(InvalidRequest {
            field: path_to(Some(path), unknown),
            message: format!("{path} takes no other fields than {list}"),
        }),
    }
}

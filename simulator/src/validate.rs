//! Whether a generation request is one that Ideogram would run.
//! Holds true: field names, value lists and limits are those of Ideogram's OpenAPI document
//! (`GenerateImageRequest`); fields it does not know are let through, as that document does.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::model::Model;
use crate::refusal::Refusal;
use crate::size::Size;

/// A prompt with this in it fails the simulated safety check.
const FORBIDDEN: &str = "forbidden-content";
pub(crate) const LARGEST_SEED: u32 = 2_147_483_647;

const STYLE_TYPES: &[&str] = &[
    "AUTO",
    "GENERAL",
    "FICTION",
    "REALISTIC",
    "DESIGN",
    "RENDER_3D",
    "ANIME",
    "CUSTOM",
    "STYLIZED",
];
const MAGIC_PROMPT_OPTIONS: &[&str] = &["AUTO", "ON", "OFF"];
const MAGIC_PROMPT_VERSIONS: &[&str] = &[
    "V_0", "V_0_1", "V_0_2", "V_0_3", "V_0_4", "V_0_5", "V_0_6", "V_0_7", "V_0_8",
];
const PALETTE_NAMES: &[&str] = &[
    "EMBER",
    "FRESH",
    "JUNGLE",
    "MAGIC",
    "MELON",
    "MOSAIC",
    "PASTEL",
    "ULTRAMARINE",
];

/// A valid request, reduced to what the answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) prompt: String,
    pub(crate) model: Model,
    pub(crate) images: u32,
    pub(crate) seed: Option<u32>,
    pub(crate) size: Size,
    pub(crate) style_type: Option<String>,
}

pub(crate) fn check_key(headers: &HeaderMap, api_key: &str) -> Result<(), Refusal> {
    let given = headers.get("api-key").map(|value| value.as_bytes());
    if given == Some(api_key.as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::UnknownKey)
    }
}

/// The JSON object in a body that says it is JSON.
pub(crate) fn json_object(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let content_type = headers.get("content-type").map(|value| value.as_bytes());
    if !content_type.is_some_and(|kind| kind.starts_with(b"application/json")) {
        return Err(invalid("Content-Type is not application/json"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(invalid("The body is not an object")),
        Err(error) => Err(invalid(format!("The body is not JSON: {error}"))),
    }
}

pub(crate) fn order(mut body: Map<String, Value>) -> Result<Order, Refusal> {
    let Some(Value::Object(fields)) = body.remove("image_request") else {
        return Err(invalid("'image_request' is a required property"));
    };
    let prompt =
        text(&fields, "prompt")?.ok_or_else(|| invalid("'prompt' is a required property"))?;
    if prompt.trim().is_empty() {
        return Err(invalid("'prompt' is empty"));
    }
    let model = match text(&fields, "model")? {
        None => Model::V2,
        Some(name) => Model::from_name(name).ok_or_else(|| not_one_of("model", name))?,
    };
    let style_type = one_of(&fields, "style_type", STYLE_TYPES)?;
    one_of(&fields, "magic_prompt_option", MAGIC_PROMPT_OPTIONS)?;
    one_of(&fields, "magic_prompt_version", MAGIC_PROMPT_VERSIONS)?;
    text(&fields, "negative_prompt")?;
    check_palette(&fields)?;
    let order = Order {
        prompt: prompt.to_owned(),
        model,
        images: whole_number(&fields, "num_images", 1, 8)?.unwrap_or(1),
        seed: whole_number(&fields, "seed", 0, LARGEST_SEED)?,
        size: size(&fields)?,
        style_type: style_type.map(str::to_owned),
    };
    check_content(prompt)?;
    Ok(order)
}

pub(crate) fn check_content(prompt: &str) -> Result<(), Refusal> {
    if prompt.contains(FORBIDDEN) {
        Err(Refusal::ForbiddenContent)
    } else {
        Ok(())
    }
}

pub(crate) fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::Invalid(detail.into())
}

fn not_one_of(field: &str, value: &str) -> Refusal {
    invalid(format!(
        "'{field}': '{value}' is not one of the allowed values"
    ))
}

pub(crate) fn text<'a>(
    fields: &'a Map<String, Value>,
    field: &str,
) -> Result<Option<&'a str>, Refusal> {
    match fields.get(field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(format!("'{field}' is not a string"))),
    }
}

fn one_of<'a>(
    fields: &'a Map<String, Value>,
    field: &str,
    allowed: &[&str],
) -> Result<Option<&'a str>, Refusal> {
    match text(fields, field)? {
        Some(value) if !allowed.contains(&value) => Err(not_one_of(field, value)),
        value => Ok(value),
    }
}

pub(crate) fn whole_number(
    fields: &Map<String, Value>,
    field: &str,
    least: u32,
    most: u32,
) -> Result<Option<u32>, Refusal> {
    let Some(value) = fields.get(field) else {
        return Ok(None);
    };
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(invalid(format!(
            "'{field}' is not a whole number from {least} to {most}"
        ))),
    }
}

fn size(fields: &Map<String, Value>) -> Result<Size, Refusal> {
    match (text(fields, "aspect_ratio")?, text(fields, "resolution")?) {
        (Some(_), Some(_)) => Err(invalid(
            "'aspect_ratio' cannot be used in conjunction with 'resolution'",
        )),
        (Some(ratio), None) => {
            Size::from_aspect_ratio(ratio).ok_or_else(|| not_one_of("aspect_ratio", ratio))
        }
        (None, Some(resolution)) => {
            Size::from_resolution(resolution).ok_or_else(|| not_one_of("resolution", resolution))
        }
        (None, None) => Ok(Size::SQUARE),
    }
}

/// Either a preset name or one to eight members, never both.
fn check_palette(fields: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(palette) = fields.get("color_palette") else {
        return Ok(());
    };
    let wrong = || invalid("'color_palette' is neither a preset nor a list of members");
    let palette = palette.as_object().ok_or_else(wrong)?;
    match (palette.get("name"), palette.get("members")) {
        (Some(_), None) => one_of(palette, "name", PALETTE_NAMES).map(drop),
        (None, Some(Value::Array(members)))
            if (1..=8).contains(&members.len()) && members.iter().all(is_palette_member) =>
        {
            Ok(())
        }
        _ => Err(wrong()),
    }
}

fn is_palette_member(member: &Value) -> bool {
    let hexadecimal = member["color_hex"]
        .as_str()
        .and_then(|hex| hex.strip_prefix('#'));
    let weight = &member["color_weight"];
    hexadecimal.is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    }) && (weight.is_null()
        || weight
            .as_f64()
            .is_some_and(|weight| (0.05..=1.0).contains(&weight)))
}

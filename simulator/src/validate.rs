//! The pieces that every check of a request is made of.
//! Holds true: a value is judged by itself, and what is wrong with it is said in full.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::receive::Received;
use crate::refusal::Refusal;

/// A prompt with this in it fails the simulated safety check.
const FORBIDDEN: &str = "forbidden-content";
pub(crate) const LARGEST_SEED: u32 = 2_147_483_647;

/// Turns down with this status whoever has no key, or another one.
pub(crate) fn check_key(
    headers: &HeaderMap,
    api_key: &str,
    status: StatusCode,
) -> Result<(), Refusal> {
    let given = headers.get("api-key").map(|value| value.as_bytes());
    if given == Some(api_key.as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::UnknownKey { status })
    }
}

/// The JSON object in a body that says it is JSON.
pub(crate) fn json_object(
    headers: &HeaderMap,
    body: &Received,
) -> Result<Map<String, Value>, Refusal> {
    let content_type = headers.get("content-type").map(|value| value.as_bytes());
    let (Received::Bytes(body), Some(true)) = (
        body,
        content_type.map(|kind| kind.starts_with(b"application/json")),
    ) else {
        return Err(invalid("Content-Type is not application/json"));
    };
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(invalid("The body is not an object")),
        Err(error) => Err(invalid(format!("The body is not JSON: {error}"))),
    }
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

pub(crate) fn not_one_of(field: &str, value: &str) -> Refusal {
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

pub(crate) fn one_of<'a>(
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

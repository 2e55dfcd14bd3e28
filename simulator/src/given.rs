//! The fields that a request gives, whether it came as JSON or as a form.
//! Holds true: only fields in the endpoint's row are in here; others are let through unread, as
//! Ideogram's OpenAPI document does, but where the row says that they are refused.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::endpoint::{Bodies, Endpoint, Field, Kind};
use crate::form::{FormContent, FormPart};
use crate::receive::Received;
use crate::refusal::Refusal;
use crate::size::Size;
use crate::upload::Upload;
use crate::validate::{invalid, json_object};

#[derive(Default)]
pub(crate) struct Given {
    pub(crate) values: Map<String, Value>,
    pub(crate) files: BTreeMap<&'static str, Vec<Upload>>,
}

impl Given {
    pub(crate) fn read(
        endpoint: &Endpoint,
        headers: &HeaderMap,
        body: Received,
    ) -> Result<Self, Refusal> {
        match (endpoint.bodies, body) {
            (Bodies::Json | Bodies::Either, body @ Received::Bytes(_)) => {
                from_json(endpoint, json_object(headers, &body)?)
            }
            (Bodies::Multipart | Bodies::Either, Received::Form(parts)) => {
                from_form(endpoint, parts)
            }
            (Bodies::Multipart | Bodies::Either, Received::MalformedForm(reason)) => {
                Err(invalid(format!("The body is not a form: {reason}")))
            }
            (Bodies::Json, _) => Err(invalid("Content-Type is not application/json")),
            (Bodies::Multipart, _) => Err(invalid("Content-Type is not multipart/form-data")),
        }
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.values.contains_key(field) || self.files.contains_key(field)
    }

    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.values.get(field).and_then(Value::as_str)
    }

    pub(crate) fn truth(&self, field: &str) -> Option<bool> {
        self.values.get(field).and_then(Value::as_bool)
    }

    pub(crate) fn number(&self, field: &str) -> Option<u32> {
        let number = self.values.get(field).and_then(Value::as_u64)?;
        u32::try_from(number).ok()
    }

    pub(crate) fn files(&self, field: &str) -> &[Upload] {
        self.files.get(field).map_or(&[], Vec::as_slice)
    }

    /// The size of the first picture sent as this.
    pub(crate) fn picture(&self, field: &str) -> Option<Size> {
        self.files(field).first()?.picture
    }

    pub(crate) fn upscale_factor(&self, if_left_out: u32) -> u32 {
        match self.text("upscale_factor") {
            None => if_left_out,
            Some("X2" | "x2") => 2,
            Some("X4" | "x4") => 4,
            Some("x8") => 8,
            _ => 1,
        }
    }
}

fn from_json(endpoint: &Endpoint, mut object: Map<String, Value>) -> Result<Given, Refusal> {
    if let Some(inside) = endpoint.inside {
        object = object_inside(inside, object.remove(inside))?;
    }
    from_object(endpoint, object)
}

fn from_object(endpoint: &Endpoint, mut object: Map<String, Value>) -> Result<Given, Refusal> {
    let mut given = Given::default();
    for field in endpoint.all_fields() {
        let Some(value) = object.remove(field.name) else {
            continue;
        };
        if !matches!(field.kind, Kind::Pictures { .. }) {
            given.values.insert(field.name.to_owned(), value);
        } else if value.as_array().is_none_or(|files| !files.is_empty()) {
            return Err(invalid(format!(
                "'{}': files need multipart/form-data",
                field.name
            )));
        }
    }
    check_unknown(endpoint, object.keys())?;
    Ok(given)
}

fn check_unknown<'a>(
    endpoint: &Endpoint,
    mut left: impl Iterator<Item = &'a String>,
) -> Result<(), Refusal> {
    match left.next() {
        Some(name) if endpoint.refuses_unknown => Err(invalid(format!("'{name}' is not known"))),
        _ => Ok(()),
    }
}

fn from_form(endpoint: &Endpoint, parts: Vec<FormPart>) -> Result<Given, Refusal> {
    let mut by_name: BTreeMap<String, Vec<FormPart>> = BTreeMap::new();
    for part in parts {
        by_name.entry(part.name.clone()).or_default().push(part);
    }
    let mut given = Given::default();
    if let Some(inside) = endpoint.inside {
        let part = by_name.remove(inside).unwrap_or_default();
        let value = (!part.is_empty()).then(|| json_value(inside, part));
        given = from_object(endpoint, object_inside(inside, value.transpose()?)?)?;
    }
    for field in endpoint.all_fields() {
        let Some(parts) = by_name.remove(field.name) else {
            continue;
        };
        if let Kind::Pictures { .. } = field.kind {
            given.files.insert(field.name, uploads(field.name, parts)?);
        } else if endpoint.inside.is_none() {
            let value = value(*field, parts)?;
            given.values.insert(field.name.to_owned(), value);
        }
    }
    check_unknown(endpoint, by_name.keys())?;
    Ok(given)
}

fn object_inside(name: &str, value: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    match value {
        Some(Value::Object(object)) => Ok(object),
        _ => Err(invalid(format!("'{name}' is a required property"))),
    }
}

fn uploads(name: &str, parts: Vec<FormPart>) -> Result<Vec<Upload>, Refusal> {
    let uploads = parts.into_iter().map(|part| match part.content {
        FormContent::File(upload) => Ok(upload),
        FormContent::Text(_) => Err(invalid(format!("'{name}' is not a file"))),
    });
    uploads.collect()
}

/// What the parts of one name say, as JSON would have said it. What does not look like the kind
/// wanted stays a text, and is refused as such later.
fn value(field: Field, parts: Vec<FormPart>) -> Result<Value, Refusal> {
    if field.kind.is_json() {
        return json_value(field.name, parts);
    }
    if matches!(field.kind, Kind::StyleCodes) {
        let texts = parts.into_iter().map(|part| text(field.name, part));
        return texts
            .map(|text| text.map(Value::String))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array);
    }
    let text = text(field.name, only(field.name, parts)?)?;
    let read = match field.kind {
        Kind::WholeNumber { .. } | Kind::SeedOrNull => text.parse::<u64>().ok().map(Value::from),
        Kind::Boolean | Kind::BooleanOrNull => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    Ok(read.unwrap_or(Value::String(text)))
}

/// Ideogram's OpenAPI document, `encoding`: these parts are `application/json`.
fn json_value(name: &str, parts: Vec<FormPart>) -> Result<Value, Refusal> {
    let part = only(name, parts)?;
    if !part.is_json() {
        return Err(invalid(format!(
            "'{name}' is not a part of type application/json"
        )));
    }
    let text = text(name, part)?;
    serde_json::from_str(&text).map_err(|error| invalid(format!("'{name}' is not JSON: {error}")))
}

fn only(name: &str, parts: Vec<FormPart>) -> Result<FormPart, Refusal> {
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next()) {
        (Some(part), None) => Ok(part),
        _ => Err(invalid(format!("'{name}' is given more than once"))),
    }
}

fn text(name: &str, part: FormPart) -> Result<String, Refusal> {
    match part.content {
        FormContent::Text(text) => Ok(text),
        FormContent::File(_) => Err(invalid(format!("'{name}' is a file"))),
    }
}

//! Prompts of Ideogram 4.0 that describe a picture part by part. What is required, and what it may
//! hold, is what Ideogram's OpenAPI document of 2026-10 says; further fields are passed on. Every
//! text in them, wherever it stands, is taken in like a prompt.

use serde_json::{Map, Value};

use super::field::at_most;
use super::invalid::{InvalidRequest, name_to_echo};
use super::texts::Texts;

/// Largest coordinate of a box; the picture's sides are this long in them.
pub(super) const LARGEST_COORDINATE: u64 = 1000;

/// What stands for the prompt where only a text can.
pub(super) const DESCRIPTION: &str = "high_level_description";

/// The prompt with all its texts fit to leave.
pub(super) fn check(value: &Value, path: &str, texts: &mut Texts) -> Result<Value, InvalidRequest> {
    if !is_prompt(value) {
        return Err(InvalidRequest::new(
            path,
            "must be an object with a high_level_description and a compositional_deconstruction, \
             which has a background and a list of elements, each with a type, obj or text, and a desc",
        ));
    }
    let mut characters = 0;
    let taken = take(value, path, texts, &mut characters)?;
    at_most(characters, texts.most_characters, path)?;
    let described = taken.get(DESCRIPTION).and_then(Value::as_str);
    match described {
        Some(text) if !text.is_empty() => Ok(taken),
        _ => Err(InvalidRequest::new(
            &format!("{path}.{DESCRIPTION}"),
            "must be text with a visible character",
        )),
    }
}

/// All texts of a prompt that was checked.
pub(super) fn said(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(said).collect(),
        Value::Object(fields) => fields.values().flat_map(said).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => vec![],
    }
}

fn take(
    value: &Value,
    path: &str,
    texts: &mut Texts,
    characters: &mut usize,
) -> Result<Value, InvalidRequest> {
    Ok(match value {
        Value::String(raw) => {
            let text = texts.take(raw).map(String::from).unwrap_or_default();
            *characters += text.chars().count();
            text.into()
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| take(item, path, texts, characters));
            items.collect::<Result<Vec<_>, _>>()?.into()
        }
        Value::Object(fields) => {
            let mut taken = Map::new();
            for (name, value) in fields {
                // A name is passed on as it is, so it must not be able to hold anything else.
                let Some(name) = name_to_echo(name) else {
                    return Err(InvalidRequest::new(path, "has a field that is not known"));
                };
                taken.insert(name.to_owned(), take(value, path, texts, characters)?);
            }
            taken.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    })
}

fn is_prompt(prompt: &Value) -> bool {
    let composition = prompt.get("compositional_deconstruction");
    let part = |name: &str| composition.and_then(|parts| parts.get(name));
    let elements = part("elements").and_then(Value::as_array);
    prompt.get(DESCRIPTION).is_some_and(Value::is_string)
        && part("background").is_some_and(Value::is_string)
        && elements.is_some_and(|elements| elements.iter().all(is_element))
}

fn is_element(element: &Value) -> bool {
    let is_text = |name: &str| element.get(name).is_some_and(Value::is_string);
    let has_its_text = match element.get("type").and_then(Value::as_str) {
        Some("obj") => element.get("text").is_none() || is_text("text"),
        Some("text") => is_text("text"),
        _ => false,
    };
    has_its_text && is_text("desc") && element.get("bbox").is_none_or(is_box)
}

/// Top, left, bottom and right.
fn is_box(edges: &Value) -> bool {
    let is_coordinate = |edge: &Value| edge.as_u64().is_some_and(|edge| edge <= LARGEST_COORDINATE);
    let edges = edges.as_array();
    edges.is_some_and(|edges| edges.len() == 4 && edges.iter().all(is_coordinate))
}

//! Forms as OpenAPI writes them: media types and examples.

use domain::picture::PictureFormat;
use domain::request::{Endpoint, Takes};
use serde_json::{Value, json};

use crate::example::FormPart;
use crate::operation::object;
use crate::requests;

/// What stands in an example for a picture's bytes.
const PICTURE: &str = "(the bytes of a PNG, JPEG or WebP)";

/// The media type object of an endpoint's form: what is JSON there or a picture says so.
pub fn media(endpoint: Endpoint) -> Value {
    let is_json = |takes: &Takes| matches!(takes, Takes::Palette { .. } | Takes::JsonPrompt { .. });
    let fields = endpoint.fields();
    let in_json = fields.iter().filter(|field| is_json(&field.takes));
    let in_json: Vec<_> = match endpoint.wrapper() {
        Some(wrapper) => vec![wrapper],
        None => in_json.map(|field| field.name).collect(),
    };
    let in_json = in_json
        .into_iter()
        .map(|name| (name, "application/json".to_owned()));
    let formats = PictureFormat::ALL
        .map(PictureFormat::content_type)
        .join(", ");
    let pictures = endpoint.pictures().iter();
    let pictures = pictures.map(|field| (field.name, formats.clone()));
    let encoding = in_json.chain(pictures);
    let encoding = encoding.map(|(name, kind)| (name, json!({ "contentType": kind })));
    json!({
        "schema": crate::schema(&requests::form_name(endpoint)),
        "encoding": object(encoding),
    })
}

/// A form as an example shows it: a field that is given more than once is a list.
pub fn example(parts: &[FormPart]) -> Value {
    let mut form = json!({});
    for part in parts {
        let (name, value) = match part {
            FormPart::Text(name, text) => (name, json!(text)),
            FormPart::Json(name, value) => (name, value.clone()),
            FormPart::Picture(name) => (name, json!(PICTURE)),
        };
        let together = match form[*name].take() {
            Value::Null => value,
            Value::Array(mut values) => {
                values.push(value);
                values.into()
            }
            first => json!([first, value]),
        };
        form[*name] = together;
    }
    form
}

//! A request that came as a form: every part is text there, and becomes what JSON would have said.
//! What does not look like what its field takes stays a text, and is refused as one later.

use serde_json::{Map, Value};

use super::endpoint::{Endpoint, Row};
use super::field::Kind;
use super::invalid::{InvalidRequest, path_to};
use super::json::parse_json;
use super::reference::Reference;

/// A form, its pictures already stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The parts that are texts, in order: the field and what it says.
    pub texts: Vec<(String, String)>,
    /// The parts that are pictures, in order.
    pub pictures: Vec<Reference>,
}

impl Endpoint {
    /// The largest picture that it takes for a field, in bytes; none if it takes none there.
    #[must_use]
    pub fn largest_picture(self, field: &str) -> Option<u64> {
        let mut fields = self.row().pictures.iter();
        fields.find_map(|picture| (picture.name == field).then_some(picture.most_bytes))
    }

    /// The most pictures that may come with a request.
    #[must_use]
    pub fn most_pictures(self) -> usize {
        self.row().pictures.iter().map(|picture| picture.most).sum()
    }
}

/// The body that the texts of a form stand for.
pub(super) fn body(row: &Row, texts: Vec<(String, String)>) -> Result<Value, InvalidRequest> {
    let mut body = Map::new();
    for (name, text) in texts {
        let kind = row.kind(&name);
        if row.wrapper == Some(name.as_str()) {
            let object = parse_json(text.as_bytes());
            let object = object.map_err(|_| InvalidRequest::new(&name, "must be JSON"))?;
            insert(&mut body, name, object)?;
        } else if let Some(Kind::StyleCodes) = kind {
            add_codes(&mut body, name, &text);
        } else {
            let value = kind.and_then(|kind| kind.read(&text));
            insert(&mut body, name, value.unwrap_or(Value::String(text)))?;
        }
    }
    Ok(body.into())
}

fn insert(body: &mut Map<String, Value>, name: String, value: Value) -> Result<(), InvalidRequest> {
    if body.contains_key(&name) {
        let path = path_to(None, &name);
        return Err(InvalidRequest::new(&path, "is given more than once"));
    }
    body.insert(name, value);
    Ok(())
}

/// Some clients repeat the part, others put commas between the codes.
fn add_codes(body: &mut Map<String, Value>, name: String, text: &str) {
    let codes = body.entry(name).or_insert_with(|| Value::Array(vec![]));
    if let Some(codes) = codes.as_array_mut() {
        codes.extend(text.split(',').map(|code| Value::from(code.trim())));
    }
}

impl Row {
    fn kind(&self, name: &str) -> Option<Kind> {
        if self.image_count == Some(name) {
            let (lowest, highest) = (0, u32::MAX);
            return Some(Kind::Integer { lowest, highest });
        }
        if self.asynchronous == Some(name) {
            return Some(Kind::Boolean);
        }
        let mut options = self.options.iter();
        options.find_map(|field| (field.name == name).then_some(field.kind))
    }
}

impl Kind {
    /// The value that a text stands for, unless it stands for itself.
    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Integer { .. } | Self::IntegerOrNull { .. } => {
                text.trim().parse::<u64>().ok().map(Value::from)
            }
            Self::Boolean | Self::BooleanOrNull => {
                text.trim().parse::<bool>().ok().map(Value::from)
            }
            Self::Palette(_) | Self::JsonPrompt => parse_json(text.as_bytes()).ok(),
            Self::Text
            | Self::Choice(_)
            | Self::Size(_)
            | Self::Region(_)
            | Self::StyleCodes
            | Self::CustomModel => None,
        }
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;

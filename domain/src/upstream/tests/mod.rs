//! Where requests go and what comes back. What Ideogram's documents say of both of its APIs is written
//! out here a second time (`facts`, `expected`), so that a slip in the table shows.

mod allowed;
mod answers;
mod any;
mod documented;
mod expected;
mod facts;
mod families;
mod mapping;
mod minimal;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Answered, Upstream, UpstreamCall};
use crate::picture::PictureFormat;
use crate::request::generated::LIMITS;
use crate::request::{
    Endpoint, Form, ImageRequest, InvalidRequest, Part, PictureHash, Reference, ReferenceKey,
    UpstreamBody,
};

/// What stands for a picture among a request's fields.
const PICTURE: &str = "PICTURE";

/// A request for the endpoint at `path`, its fields flat, as a form if the endpoint wants one.
fn ask(path: &str, fields: &Map<String, Value>) -> Result<ImageRequest, InvalidRequest> {
    let endpoint = Endpoint::at(path).unwrap();
    let (pictures, fields): (Vec<_>, Vec<_>) = fields
        .iter()
        .partition(|(_, value)| value.as_str() == Some(PICTURE));
    let pictures: Vec<_> = (0..)
        .zip(pictures)
        .map(|(byte, (name, _))| picture(name, byte))
        .collect();
    let fields: Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let body = match endpoint.wrapper() {
        Some(wrapper) => Map::from_iter([(wrapper.to_owned(), Value::from(fields))]),
        None => fields,
    };
    let asked = if endpoint.takes_json() && pictures.is_empty() {
        ImageRequest::parse(endpoint, &body.into(), &LIMITS)
    } else {
        let texts = body.into_iter().map(|(name, value)| (name, text(&value)));
        let texts = texts.collect();
        ImageRequest::parse_form(endpoint, Form { texts, pictures }, &LIMITS)
    };
    asked.map(|asked| asked.request)
}

fn picture(field: &str, byte: u8) -> Reference {
    Reference {
        field: field.to_owned(),
        key: ReferenceKey::new([byte; 16], 0),
        sha256: PictureHash::new([byte; 32]),
        bytes: 1000,
        format: PictureFormat::Png,
    }
}

/// A value as it stands in a form.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(codes) => codes.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("no object: {other}"),
    }
}

fn on_v2(request: &ImageRequest) -> UpstreamCall {
    request.upstream_call(Upstream::V2, None)
}

/// The call by which a request went before there was a choice.
fn as_it_came(request: &ImageRequest) -> UpstreamCall {
    UpstreamCall {
        path: request.endpoint().path().to_owned(),
        body: request.upstream_body(),
        answered: Answered::OnTheCall,
    }
}

/// What a call carries, as JSON or as a form: each field with its value, or its values if it is
/// repeated or a list, and how many pictures each field of pictures has.
#[derive(Debug, Default)]
struct Sent {
    fields: BTreeMap<String, Vec<Value>>,
    pictures: BTreeMap<String, usize>,
    is_form: bool,
}

impl Sent {
    fn by(call: &UpstreamCall) -> Self {
        let mut sent = Self::default();
        match &call.body {
            UpstreamBody::Json(body) => {
                for (name, value) in object(body.clone()) {
                    let values = match value {
                        Value::Array(values) => values,
                        value => vec![value],
                    };
                    sent.fields.insert(name, values);
                }
            }
            UpstreamBody::Form(parts) => {
                sent.is_form = true;
                for part in parts.clone() {
                    sent.add(part);
                }
            }
        }
        sent
    }

    fn add(&mut self, part: Part) {
        let (name, value) = match part {
            Part::Text { name, text } => (name, text.into()),
            Part::Json { name, value } => (name, value),
            Part::Picture(picture) => {
                *self.pictures.entry(picture.field).or_default() += 1;
                return;
            }
        };
        self.fields.entry(name).or_default().push(value);
    }

    fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name) || self.pictures.contains_key(name)
    }
}

#[test]
fn the_choice_is_written_as_it_is_read() {
    for upstream in [Upstream::V2, Upstream::Legacy] {
        assert_eq!(upstream.to_string().parse(), Ok(upstream));
    }
    assert_eq!(Upstream::default(), Upstream::V2);
    let unknown = "V2".parse::<Upstream>().unwrap_err();
    assert_eq!(unknown.to_string(), "v2 or legacy");
}

//! Every value of every field of the older endpoints goes to v2 as is expected of it, or its request
//! goes where it came to; and all that v2's endpoints know comes from somewhere.

use std::collections::BTreeSet;

use serde_json::Value;

use super::allowed::assert_allowed;
use super::expected::Becomes::{At, NoWay};
use super::expected::Values::{Listed, These};
use super::expected::Written::{self, ByThePath, InLowerCase, Same};
use super::expected::{
    EDIT, EXPECTED, Expected, IDEOGRAM_2, IDEOGRAM_2A, IDEOGRAM_4, INPAINT, TRANSPARENT_3, Values,
    WITHOUT, least,
};
use super::facts::listed;
use super::{PICTURE, Sent, UpstreamCall, as_it_came, ask, object, on_v2};
use crate::request::{Endpoint, Takes};
use crate::upstream::V2_PATHS;

/// The rows that there are for an endpoint. `EDIT` is the older name of `INPAINT`.
fn expected_of(path: &str) -> impl Iterator<Item = &'static Expected> {
    let path = if path == EDIT { INPAINT } else { path };
    EXPECTED.iter().filter(move |row| row.from == path)
}

impl Values {
    fn all(self) -> Vec<Value> {
        match self {
            These(values) => values.split(' ').map(read).collect(),
            Listed(schema) => listed(schema).into_iter().map(Value::from).collect(),
        }
    }
}

fn read(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or_else(|_| value.into())
}

impl Expected {
    fn check(&self, from: &str, value: &Value, expected: Option<Value>) {
        let mut fields = least(from);
        fields.extend(object(serde_json::from_str(self.with).unwrap()));
        fields.retain(|_, value| !value.is_null());
        fields.insert(self.field.to_owned(), value.clone());
        let request = ask(from, &fields).unwrap_or_else(|error| panic!("{fields:?}: {error}"));
        let call = on_v2(&request);
        let At(to, field, written) = self.becomes else {
            assert_eq!(call, as_it_came(&request), "{from} {fields:?}");
            return;
        };
        assert_eq!(call.path, to, "{from} {fields:?}");
        assert_allowed(&call);
        let sent = Sent::by(&call);
        match (written, expected) {
            (ByThePath, _) => assert!(!sent.has(field), "{sent:?}"),
            (_, Some(Value::String(word))) if word == PICTURE => {
                assert_eq!(sent.pictures.get(field), Some(&1), "{sent:?}");
            }
            (_, expected) => assert_eq!(value_of(&sent, &call, field), expected, "{sent:?}"),
        }
    }

    /// What each value is written as.
    fn written(&self) -> Vec<Option<Value>> {
        let values = self.values.all();
        let same = || values.iter().cloned().map(Some).collect();
        match self.becomes {
            At(_, _, Same) => same(),
            At(_, _, InLowerCase) => {
                let lower = |value: &Value| Some(value.as_str()?.to_lowercase().into());
                values.iter().map(lower).collect()
            }
            At(_, _, Written::These(written)) => {
                // One text with blanks in it is JSON.
                let written = match read(written) {
                    Value::String(text) if written.starts_with('"') => vec![text.into()],
                    _ => These(written).all(),
                };
                assert_eq!(written.len(), values.len(), "{} {}", self.from, self.field);
                written.into_iter().map(Some).collect()
            }
            At(_, _, ByThePath) | NoWay => values.iter().map(|_| None).collect(),
        }
    }
}

/// The value of a field, as JSON would have it also where it came by a form.
fn value_of(sent: &Sent, call: &UpstreamCall, field: &str) -> Option<Value> {
    let values = sent.fields.get(field)?.clone();
    let read_again = |value: Value| match value.as_str() {
        Some(text) if sent.is_form => match read(text) {
            number @ (Value::Number(_) | Value::Bool(_)) => number,
            _ => value,
        },
        _ => value,
    };
    let mut values: Vec<_> = values.into_iter().map(read_again).collect();
    if field == "style_codes" {
        return Some(values.into());
    }
    assert_eq!(values.len(), 1, "{call:?}");
    values.pop()
}

#[test]
fn every_value_of_every_field_becomes_what_says_the_same_at_v2_or_goes_where_it_came_to() {
    for path in Endpoint::all().map(Endpoint::path) {
        for row in expected_of(path) {
            for (value, expected) in row.values.all().iter().zip(row.written()) {
                row.check(path, value, expected);
            }
        }
    }
}

#[test]
fn nothing_goes_to_v2_from_an_endpoint_without_a_counterpart() {
    for path in WITHOUT {
        let request = ask(path, &least(path)).unwrap();
        assert_eq!(on_v2(&request), as_it_came(&request), "{path}");
    }
}

/// So that a new field, or a new value of one, is not forgotten here.
#[test]
fn there_is_an_expectation_for_every_value_of_every_field() {
    let older = Endpoint::all().filter(|endpoint| !endpoint.path().starts_with(V2_PATHS));
    for endpoint in older.filter(|endpoint| !WITHOUT.contains(&endpoint.path())) {
        let path = endpoint.path();
        let expected = |name: &str| {
            let rows = expected_of(path).filter(|row| row.field == name);
            let texts = rows.flat_map(|row| row.values.all());
            texts
                .map(|value| super::text(&value))
                .collect::<BTreeSet<_>>()
        };
        for field in endpoint.fields() {
            let values = expected(field.name);
            assert!(
                !values.is_empty(),
                "{path}: nothing is expected of {}",
                field.name
            );
            if let Takes::Words(words) = field.takes {
                let words: BTreeSet<_> = words.into_iter().map(str::to_owned).collect();
                assert_eq!(values, words, "{path} {}", field.name);
            }
        }
        for picture in endpoint.pictures() {
            assert!(
                !expected(picture.name).is_empty(),
                "{path} {}",
                picture.name
            );
        }
    }
}

/// The other direction: what v2's endpoints know has an older field that becomes it, or is the
/// gateway's to say.
#[test]
fn every_field_that_v2_may_be_sent_comes_from_somewhere() {
    for endpoint in super::facts::ALL {
        let rows = EXPECTED.iter().filter_map(|row| match row.becomes {
            At(to, field, _) if to == endpoint.path => Some(field),
            _ => None,
        });
        let from_rows: BTreeSet<_> = rows.collect();
        for name in endpoint.names() {
            let is_said = matches!(name, "async" | "private" | "webhook_url");
            // What the older endpoint does not have stays at v2's default.
            let has_none = matches!(
                (endpoint.path, name),
                (
                    IDEOGRAM_2 | IDEOGRAM_2A | TRANSPARENT_3,
                    "enable_copyright_detection"
                ) | (IDEOGRAM_4, "num_images" | "magic_prompt")
            );
            assert!(
                is_said || has_none || from_rows.contains(name),
                "{} {name}",
                endpoint.path
            );
        }
    }
}

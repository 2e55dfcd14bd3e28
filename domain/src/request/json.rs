//! A caller's bytes as JSON. Two things that JSON parsers commonly let pass are refused: a field
//! given twice, of which two readers may see different ones, and nesting deeper than any request
//! needs. Errors say where, never what was written there.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::BODY;
use super::invalid::{InvalidRequest, path_to};

const DEEPEST: usize = 32;

/// The JSON value in a request's body.
///
/// # Errors
/// When the bytes are not one JSON value in UTF-8, when an object has a field twice, or when lists
/// and objects are nested more than 32 deep.
pub fn parse_json(bytes: &[u8]) -> Result<Value, InvalidRequest> {
    let refusal = RefCell::new(None);
    let root = Node {
        place: Place::Body,
        depth: 0,
        refusal: &refusal,
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = root
        .deserialize(&mut json)
        .and_then(|value| json.end().map(|()| value));
    value.map_err(|error| {
        refusal.take().unwrap_or_else(|| {
            let (line, column) = (error.line(), error.column());
            let complaint =
                format_args!("must be JSON, and is not at line {line}, column {column}");
            InvalidRequest::new(BODY, complaint)
        })
    })
}

/// Where in the body a value stands; written out only when it is refused.
#[derive(Clone, Copy)]
enum Place<'parent> {
    Body,
    Field(&'parent Self, &'parent str),
    Item(&'parent Self, usize),
}

impl Place<'_> {
    fn path(self) -> Option<String> {
        match self {
            Place::Body => None,
            Place::Field(parent, name) => Some(path_to(parent.path().as_deref(), name)),
            Place::Item(parent, index) => {
                let parent = parent.path().unwrap_or_else(|| BODY.to_owned());
                Some(format!("{parent}[{index}]"))
            }
        }
    }
}

/// A value still to be read. A refusal is left in `refusal`, since serde's own errors hold nothing
/// but text.
#[derive(Clone, Copy)]
struct Node<'parent> {
    place: Place<'parent>,
    depth: usize,
    refusal: &'parent RefCell<Option<InvalidRequest>>,
}

impl Node<'_> {
    fn refuse<E: Error>(self, complaint: impl fmt::Display) -> E {
        let path = self.place.path();
        let refusal = InvalidRequest::new(path.as_deref().unwrap_or(BODY), complaint);
        *self.refusal.borrow_mut() = Some(refusal);
        E::custom("refused")
    }

    /// One level further in.
    fn enter<E: Error>(mut self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            let complaint = format_args!("is nested deeper than {DEEPEST} lists and objects");
            // The path itself would be as long as the nesting is deep.
            self.place = Place::Body;
            return Err(self.refuse(complaint));
        }
        self.depth += 1;
        Ok(self)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut list = Vec::new();
        loop {
            let place = Place::Item(&self.place, list.len());
            let Some(item) = items.next_element_seed(Node { place, ..inside })? else {
                return Ok(list.into());
            };
            list.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inside = self.enter()?;
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let place = Place::Field(&self.place, &name);
            let node = Node { place, ..inside };
            if object.contains_key(&name) {
                return Err(node.refuse("is given more than once"));
            }
            let value = fields.next_value_seed(node)?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn refusal(text: &str) -> InvalidRequest {
        parse_json(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn bytes_that_are_not_json_are_refused_with_the_position_and_without_the_text() {
        for (text, place) in [
            ("", "line 1, column 0"),
            ("{\"secret\": }", "line 1, column 12"),
            ("{\n \"a\": secret}", "line 2, column 7"),
            ("{} {}", "line 1, column 4"),
            ("\"\\ud800\"", "line 1, column 8"),
            ("1e999", "line 1, column 5"),
        ] {
            let error = refusal(text);
            assert_eq!(error.field, "body");
            let message = format!("body must be JSON, and is not at {place}");
            assert_eq!(error.message, message, "{text}");
        }
        assert!(parse_json(b"\"\xFF\"").is_err());
    }

    #[test]
    fn a_field_given_twice_is_refused_by_name_at_any_depth() {
        for (text, field) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"{"a": {"b": [0, {"c": 1, "\u0063": 2}]}}"#, "a.b[1].c"),
            (r#"[{"a": 1, "a": 2}]"#, "body[0].a"),
            (r#"{"x": {"call me": 1, "call me": 1}}"#, "x"),
            (r#"{"call me": 1, "call me": 1}"#, "body"),
        ] {
            let error = refusal(text);
            assert_eq!(error.field, field);
            assert_eq!(error.message, format!("{field} is given more than once"));
        }
    }

    #[test]
    fn nesting_is_taken_to_a_depth_of_32_and_no_further() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse_json(nested(DEEPEST).as_bytes()).is_ok());
        let too_deep = "body is nested deeper than 32 lists and objects";
        assert_eq!(refusal(&nested(DEEPEST + 1)).message, too_deep);
        assert_eq!(refusal(&nested(100_000)).message, too_deep);
        let objects = "{\"a\":".repeat(DEEPEST + 1) + "1" + &"}".repeat(DEEPEST + 1);
        assert_eq!(refusal(&objects).message, too_deep);
    }

    #[test]
    fn values_of_every_kind_are_read() {
        let text = r#"{"a": [null, true, -1, 18446744073709551615, 0.5, "\n"], "b": {}}"#;
        let value = json!({"a": [null, true, -1, u64::MAX, 0.5, "\n"], "b": {}});
        assert_eq!(parse_json(text.as_bytes()), Ok(value));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_as_serde_json_would_unless_a_field_comes_twice(
            text in r#"[\[\]{}",:0-9a-c \\.e-]{0,40}"#
        ) {
            match parse_json(text.as_bytes()) {
                Ok(value) => prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value),
                Err(error) if error.message.contains("must be JSON") => {
                    prop_assert!(serde_json::from_str::<Value>(&text).is_err());
                }
                Err(_) => {}
            }
        }
    }
}

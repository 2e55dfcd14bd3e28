//! Two versions of the gateway at once, as during a deploy: what one wrote, the other reads. The
//! other version is thought of as one that leaves out what may be left out and adds fields nobody
//! here knows.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::promises::{Broken, Checked, Promise};

/// Fields that a reader must be able to do without.
const OPTIONAL: [&str; 3] = ["call", "retry_after", "last_call"];
/// Objects whose fields are a struct's, so that a version may add some. (Adding a field beside the
/// variant of an enumeration is no change that versions may make.)
const STRUCTS: [&str; 5] = ["terms", "call", "request", "storing", "asking"];
const ADDED: &str = "added_by_another_version";

/// What a reader gets of `value`.
pub(super) fn read_back<T: Serialize + DeserializeOwned>(value: &T) -> Checked<T> {
    decode(encode(value)?)
}

/// What a reader gets of `value` from a writer of another version.
pub(super) fn read_back_from_another<T: Serialize + DeserializeOwned>(value: &T) -> Checked<T> {
    let mut json = encode(value)?;
    add_field(&mut json);
    change(&mut json);
    decode(json)
}

fn encode<T: Serialize>(value: &T) -> Checked<Value> {
    serde_json::to_value(value).map_err(|error| unreadable(&error, "written"))
}

fn decode<T: DeserializeOwned>(json: Value) -> Checked<T> {
    // Through text: a value in memory can hold what JSON cannot.
    serde_json::from_str(&json.to_string()).map_err(|error| unreadable(&error, "read"))
}

fn unreadable(error: &serde_json::Error, what: &str) -> Broken {
    Broken {
        promise: Promise::Readable,
        how: format!("a stored value or a message cannot be {what}: {error}"),
    }
}

fn add_field(json: &mut Value) {
    if let Value::Object(fields) = json {
        fields.insert(ADDED.to_owned(), Value::from(1));
    }
}

fn change(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields.retain(|name, value| !(OPTIONAL.contains(&name.as_str()) && value.is_null()));
            for (name, value) in fields {
                if STRUCTS.contains(&name.as_str()) {
                    add_field(value);
                }
                // What Ideogram answered is kept as it is, and is no business of a version.
                if name != "answer" {
                    change(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(change),
        _ => {}
    }
}

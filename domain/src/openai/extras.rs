//! Options of Ideogram's that OpenAI's API does not have. They go along under Ideogram's own names, as
//! far as the model takes them.

use serde_json::{Map, Value};

use super::models::NamedModel;
use crate::request::InvalidRequest;

/// Each option, and what the endpoints call it that do not call it so.
const ALL: &[(&str, Option<&str>)] = &[
    ("seed", None),
    ("negative_prompt", None),
    ("magic_prompt", Some("magic_prompt_option")),
    ("style_type", None),
    ("style_preset", None),
    ("style_codes", None),
    ("color_palette", None),
];

/// Their names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// What the model's endpoint calls an option; none if it does not take it.
fn own_name(
    named: NamedModel,
    (name, other): (&'static str, Option<&'static str>),
) -> Option<&'static str> {
    let mut own = [Some(name), other].into_iter().flatten();
    own.find(|name| named.endpoint.takes(name, named.model))
}

/// Those that are given, under the endpoint's names for them.
///
/// # Errors
/// The model does not take one of them.
pub(super) fn take<'body>(
    named: NamedModel,
    given: impl Fn(&str) -> Option<&'body Value>,
) -> Result<Map<String, Value>, InvalidRequest> {
    let mut options = Map::new();
    for row @ (name, _) in ALL.iter().copied() {
        let Some(value) = given(name) else {
            continue;
        };
        let own = own_name(named, row).ok_or_else(|| not_taken(named, name))?;
        options.insert(own.to_owned(), value.clone());
    }
    Ok(options)
}

fn not_taken(named: NamedModel, name: &str) -> InvalidRequest {
    let taken = ALL.iter().filter(|row| own_name(named, **row).is_some());
    let taken: Vec<_> = taken.map(|(name, _)| *name).collect();
    let (taken, id) = (taken.join(", "), named.id);
    let complaint = format_args!("is not taken by {id}, which takes {taken}");
    InvalidRequest::new(name, complaint)
}

/// The name a caller has for an option of an endpoint's; none if it cannot be given.
#[must_use]
pub fn callers_name(own: &str) -> Option<&'static str> {
    let mut rows = ALL.iter();
    rows.find_map(|(name, other)| (*name == own || *other == Some(own)).then_some(*name))
}

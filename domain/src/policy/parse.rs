//! Reads a policy's JSON. Strict: what is not known, given twice or out of bounds is refused, with
//! its place, since a policy that is half understood protects from nothing.

use std::collections::BTreeSet;

use super::entry::{Kind, read};
use super::json::Json;
use super::{Category, ContentPolicy, InvalidPolicy};
use crate::visible_text::visible_text;

/// What the policy as a whole is called in errors.
const POLICY: &str = "policy";
const CATEGORIES: &str = "categories";

// The bounds are the gateway's own: far above what a person keeps by hand, far below what would
// weigh on a Worker's memory.
const MOST_BYTES: usize = 256 * 1024;
const MOST_ENTRIES: usize = 10_000;
const LONGEST_ENTRY: usize = 200;
const LONGEST_NAME: usize = 40;
const LONGEST_MESSAGE: usize = 300;

pub(super) fn parse(text: &str) -> Result<ContentPolicy, InvalidPolicy> {
    if text.len() > MOST_BYTES {
        let size = format_args!("must have at most {MOST_BYTES} bytes");
        return Err(InvalidPolicy::new(POLICY, size));
    }
    let json = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let complaint = format_args!("must be JSON, and is not at line {line}, column {column}");
        InvalidPolicy::new(POLICY, complaint)
    })?;
    let mut reader = Reader::default();
    for (field, categories) in fields(json, POLICY)? {
        if field != CATEGORIES {
            let complaint = format_args!("takes no other field than {CATEGORIES}");
            return Err(InvalidPolicy::new(POLICY, complaint));
        }
        for (index, (name, category)) in fields(categories, CATEGORIES)?.into_iter().enumerate() {
            check_name(&name, index)?;
            reader.category(name, category)?;
        }
    }
    Ok(reader.policy)
}

#[derive(Default)]
struct Reader {
    policy: ContentPolicy,
    entries: usize,
}

impl Reader {
    fn category(&mut self, name: String, category: Json) -> Result<(), InvalidPolicy> {
        let place = format!("{CATEGORIES}.{name}");
        let mut message = None;
        for (field, value) in fields(category, &place)? {
            let inside = format!("{place}.{field}");
            match field.as_str() {
                "terms" => self.list(value, Kind::Term, &inside)?,
                "phrases" => self.list(value, Kind::Phrase, &inside)?,
                "patterns" => self.list(value, Kind::Pattern, &inside)?,
                "message" => message = Some(visible(&value, LONGEST_MESSAGE, &inside)?),
                _ => {
                    let complaint = "takes no other fields than terms, phrases, patterns, message";
                    return Err(InvalidPolicy::new(&place, complaint));
                }
            }
        }
        self.policy.categories.push(Category { name, message });
        Ok(())
    }

    /// The entries of the category that comes next.
    fn list(&mut self, value: Json, kind: Kind, place: &str) -> Result<(), InvalidPolicy> {
        let Json::List(entries) = value else {
            return Err(InvalidPolicy::new(place, "must be a list of texts"));
        };
        for (index, entry) in entries.iter().enumerate() {
            let place = format!("{place}[{index}]");
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                let complaint = format_args!("is more than the {MOST_ENTRIES} entries of a policy");
                return Err(InvalidPolicy::new(&place, complaint));
            }
            let text = visible(entry, LONGEST_ENTRY, &place)?;
            let steps = read(&text, kind).map_err(|why| InvalidPolicy::new(&place, why))?;
            let policy = &mut self.policy;
            let category = policy.categories.len();
            policy
                .sequences
                .insert(steps, category, &mut policy.vocabulary);
        }
        Ok(())
    }
}

/// An object's fields, each of them given once.
fn fields(value: Json, place: &str) -> Result<Vec<(String, Json)>, InvalidPolicy> {
    let Json::Object(fields) = value else {
        return Err(InvalidPolicy::new(place, "must be an object"));
    };
    let mut seen = BTreeSet::new();
    for (index, (name, _)) in fields.iter().enumerate() {
        if !seen.insert(name) {
            let number = index + 1;
            let complaint = format_args!("has a field twice; field {number} was there before");
            return Err(InvalidPolicy::new(place, complaint));
        }
    }
    Ok(fields)
}

fn check_name(name: &str, index: usize) -> Result<(), InvalidPolicy> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_name = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(allowed)
        && name.len() <= LONGEST_NAME;
    if is_name {
        return Ok(());
    }
    let number = index + 1;
    let complaint = format_args!(
        "the name of category {number} must be 1 to {LONGEST_NAME} of a to z, 0 to 9 and _, \
         beginning with a letter"
    );
    Err(InvalidPolicy::new(CATEGORIES, complaint))
}

/// Text as prompts have it once they are sanitised, so that the two can be compared.
fn visible(value: &Json, longest: usize, place: &str) -> Result<String, InvalidPolicy> {
    let text = match value {
        Json::Text(raw) => visible_text(raw),
        _ => String::new(),
    };
    if (1..=longest).contains(&text.chars().count()) {
        return Ok(text);
    }
    let complaint = format_args!("must be text of 1 to {longest} visible characters");
    Err(InvalidPolicy::new(place, complaint))
}

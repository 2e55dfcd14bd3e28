//! A history made again from the pictures that are kept: what is asked for, page by page, and what a
//! page of them tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::body_fields::BodyFields;
use crate::generation::Remembered;
use crate::ids::GenerationId;
use crate::picture_key::PICTURES_PREFIX;
use crate::request::InvalidRequest;

/// The longest name that is taken, in characters: names of pictures are ASCII and less than half as long.
pub const LONGEST_NAME: usize = 256;

/// After which picture a page begins; the first page has none.
///
/// # Errors
/// Names the field that is wrong.
pub fn parse_cursor(body: &Value) -> Result<Option<String>, InvalidRequest> {
    let mut fields = BodyFields::of(body)?;
    let takes = "takes what the page before this one has as next";
    let cursor = fields.optional("cursor", takes, |value| {
        let name = value.as_str()?;
        let plain = name.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = plain && name.starts_with(PICTURES_PREFIX) && name.len() <= LONGEST_NAME;
        fits.then(|| name.to_owned())
    })?;
    fields.no_others()?;
    Ok(cursor)
}

/// The generations that some pictures tell of, each once with all its pictures among them.
#[must_use]
pub fn by_generation(pictures: Vec<Remembered>) -> Vec<Remembered> {
    let mut generations: BTreeMap<GenerationId, Remembered> = BTreeMap::new();
    for picture in pictures {
        match generations.get_mut(&picture.record.id) {
            Some(known) => known.take(picture),
            None => {
                generations.insert(picture.record.id.clone(), picture);
            }
        }
    }
    generations.into_values().collect()
}

/// How many generations the history was told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Those that it did not know.
    pub restored: u32,
    /// Those that it knew.
    pub known: u32,
}

impl Told {
    /// As the operator is told, with the number of pictures that say too little, and with where the
    /// next page begins.
    #[must_use]
    pub fn to_json(self, skipped: usize, next: Option<String>) -> Value {
        let mut body = json!({"restored": self.restored, "known": self.known, "skipped": skipped});
        if let (Some(fields), Some(next)) = (body.as_object_mut(), next) {
            fields.insert("next".to_owned(), next.into());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_after_the_name_of_a_picture_or_at_the_beginning() {
        for first in [json!({}), json!({"cursor": null})] {
            assert_eq!(parse_cursor(&first).unwrap(), None);
        }
        let next = json!({"cursor": "images/x"});
        assert_eq!(parse_cursor(&next).unwrap().as_deref(), Some("images/x"));
        let long = format!("images/{}", "x".repeat(LONGEST_NAME));
        for (wrong, field) in [
            (json!({"cursor": "references/x"}), "cursor"),
            (json!({"cursor": 7}), "cursor"),
            (json!({ "cursor": long }), "cursor"),
            (json!({"cursor": "images/ü"}), "cursor"),
            (json!({"cursor": "images/a b"}), "cursor"),
            (json!({"after": "images/x"}), "after"),
            (json!("images/x"), "body"),
        ] {
            assert_eq!(parse_cursor(&wrong).unwrap_err().field, field, "{wrong}");
        }
    }
}

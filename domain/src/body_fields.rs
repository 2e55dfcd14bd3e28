//! Reads a small JSON body field by field, and refuses it by the name of the first field that is
//! wrong or not known. Image requests have tables of their own (`request`).

use serde_json::{Map, Value};

use crate::request::{BODY, InvalidRequest, path_to};
use crate::visible_text::visible_text;

/// The fields of a body, and which of them were asked about.
pub(crate) struct BodyFields<'body> {
    given: &'body Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'body> BodyFields<'body> {
    /// The fields of an object.
    ///
    /// # Errors
    /// The body is no object.
    pub fn of(body: &'body Value) -> Result<Self, InvalidRequest> {
        let given = body.as_object();
        let given = given.ok_or_else(|| InvalidRequest::new(BODY, "must be an object"))?;
        Ok(Self {
            given,
            known: vec![],
        })
    }

    /// A field that may be left out or null.
    ///
    /// # Errors
    /// `parse` does not take it; `takes` is what the caller is told.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        parse: impl FnOnce(&'body Value) -> Option<T>,
    ) -> Result<Option<T>, InvalidRequest> {
        match self.any(name) {
            None => Ok(None),
            Some(value) => match parse(value) {
                None => Err(InvalidRequest::new(name, takes)),
                parsed => Ok(parsed),
            },
        }
    }

    /// A field as it is, unless it is left out or null.
    pub fn any(&mut self, name: &'static str) -> Option<&'body Value> {
        self.known.push(name);
        self.given.get(name).filter(|value| !value.is_null())
    }

    /// A field that has to be there.
    ///
    /// # Errors
    /// It is not, or `parse` does not take it.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        parse: impl FnOnce(&'body Value) -> Option<T>,
    ) -> Result<T, InvalidRequest> {
        let value = self.optional(name, takes, parse)?;
        value.ok_or_else(|| InvalidRequest::new(name, takes))
    }

    /// Refuses fields that nobody asked about.
    ///
    /// # Errors
    /// There is one.
    pub fn no_others(self) -> Result<(), InvalidRequest> {
        let known = |name: &&String| self.known.contains(&name.as_str());
        match self.given.keys().find(|name| !known(name)) {
            None => Ok(()),
            Some(unknown) => {
                let list = self.known.join(", ");
                let complaint = format_args!("is not known; the body takes {list}");
                Err(InvalidRequest::new(&path_to(None, unknown), complaint))
            }
        }
    }
}

/// Text with something to see in it, of at most so many characters.
pub(crate) fn text_of(value: &Value, most_characters: usize) -> Option<String> {
    let text = visible_text(value.as_str()?);
    let fits = !text.is_empty() && text.chars().count() <= most_characters;
    fits.then_some(text)
}

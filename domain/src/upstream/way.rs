//! What a row of the table of ways says, and how a request goes its way.

use serde_json::{Map, Value};

use super::carried::Field;
use crate::request::{ImageRequest, Model, Reference};

/// A way from one of the older endpoints to one of v2's.
pub(super) struct Way {
    /// The paths of the endpoints it leads from.
    pub from: &'static [&'static str],
    /// The path at v2 it leads to.
    pub to: &'static str,
    /// The models that go it, and v2's `rendering_speed` for each, where it has one.
    pub models: &'static [(Model, Option<&'static str>)],
    /// What choosing this path has said already, and is not sent: the field and its value.
    pub said: &'static [(&'static str, &'static str)],
    /// The fields that go it.
    pub fields: &'static [Field],
    /// The pictures that go it: the endpoint's name for them, and v2's.
    pub pictures: &'static [(&'static str, &'static str)],
    /// What is sent in place of what was left out, because v2 says so of itself only.
    pub unless_said: &'static [(&'static str, &'static str)],
    /// Of each of these lists one has to be there, because v2 would choose otherwise, or not at all.
    pub needs: &'static [&'static [&'static str]],
    /// What v2 does not take together.
    pub apart: &'static [(&'static str, &'static str)],
    /// What its answers become.
    pub shape: Shape,
}

/// What the pictures of an older endpoint's answer say besides what those of v2 say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The style.
    Styled,
    /// Nothing; the answer as a whole says what it is made of.
    Typed,
}

/// A request in v2's words.
pub(super) struct Submission {
    pub fields: Map<String, Value>,
    pub pictures: Vec<Reference>,
}

impl Way {
    /// The request in v2's words; none if this is no way for it.
    pub fn carry(&self, request: &ImageRequest) -> Option<Submission> {
        let mut models = self.models.iter();
        let (_, speed) = models.find(|(model, _)| *model == request.model())?;
        let given = request.fields_but_model();
        if !self.takes_together(&given, request.references()) {
            return None;
        }
        let mut fields = Map::new();
        for (name, word) in self.unless_said {
            fields.insert((*name).to_owned(), (*word).into());
        }
        fields.extend(speed.map(|speed| ("rendering_speed".to_owned(), speed.into())));
        for (name, value) in given {
            if self.said.iter().any(|(said, _)| *said == name) {
                continue;
            }
            let field = self.fields.iter().find(|field| field.name == name)?;
            fields.insert(field.at_v2.to_owned(), field.carried.carry(value)?);
        }
        let pictures = request.references().iter().map(|given| self.picture(given));
        Some(Submission {
            fields,
            pictures: pictures.collect::<Option<_>>()?,
        })
    }

    fn takes_together(&self, given: &Map<String, Value>, pictures: &[Reference]) -> bool {
        let has = |name: &str| {
            given.contains_key(name) || pictures.iter().any(|picture| picture.field == name)
        };
        let is_said = |(name, word): &(&str, &str)| given.get(*name).is_some_and(|is| is == word);
        let needed = |names: &&[&str]| names.iter().any(|name| has(name));
        self.said.iter().all(is_said)
            && self.needs.iter().all(needed)
            && !self.apart.iter().any(|(one, other)| has(one) && has(other))
    }

    fn picture(&self, given: &Reference) -> Option<Reference> {
        let mut pictures = self.pictures.iter();
        let (_, at_v2) = pictures.find(|(name, _)| *name == given.field)?;
        Some(Reference {
            field: (*at_v2).to_owned(),
            ..given.clone()
        })
    }
}

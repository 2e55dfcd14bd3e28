//! What an endpoint calls things, for requests that come in the words of another API: the rules for
//! those words are elsewhere, and what comes of them is checked as any other request is.

use serde_json::{Map, Value};

use super::field::{Kind, Models};
use super::{Endpoint, Model};

/// A request in parts that every endpoint has, whatever it calls them.
#[derive(Debug, Clone)]
pub(crate) struct Composition {
    pub model: Model,
    pub prompt: Value,
    /// How many pictures; left to the endpoint if there is none.
    pub images: Option<Value>,
    /// Options by the endpoint's names for them.
    pub options: Map<String, Value>,
}

impl Endpoint {
    /// A body with these things under this endpoint's names for them. What it has no name for is
    /// left out.
    pub(crate) fn compose(self, composition: Composition) -> Value {
        let row = self.row();
        let Composition {
            model,
            prompt,
            images,
            options: mut fields,
        } = composition;
        if let Some(name) = row.prompt.name() {
            fields.insert(name.to_owned(), prompt);
        }
        if let Some(field) = &row.model.field {
            let word = field.word(model);
            fields.extend(word.map(|word| (field.name.to_owned(), word.into())));
        }
        if let (Some(name), Some(images)) = (row.image_count, images) {
            fields.insert(name.to_owned(), images);
        }
        row.wrapped(fields).into()
    }

    /// What it calls the prompt.
    pub(crate) const fn prompt_field(self) -> Option<&'static str> {
        self.row().prompt.name()
    }

    /// What it calls the number of pictures; none if it always makes one.
    pub(crate) const fn image_count_field(self) -> Option<&'static str> {
        self.row().image_count
    }

    /// Whether it takes this option with this model.
    pub(crate) fn takes(self, option: &str, model: Model) -> bool {
        self.option(option, model).is_some()
    }

    /// The words it takes for this option with this model; none if it does not take it.
    pub(crate) fn words(self, option: &str, model: Model) -> &'static [&'static str] {
        match self.option(option, model) {
            Some(Kind::Choice(words)) => words,
            _ => &[],
        }
    }

    fn option(self, name: &str, model: Model) -> Option<Kind> {
        let mut options = self.row().options.iter();
        let field = options.find(|field| field.name == name)?;
        let taken = match field.models {
            Models::Any => true,
            Models::Except(models) => !models.contains(&model),
        };
        taken.then_some(field.kind)
    }
}

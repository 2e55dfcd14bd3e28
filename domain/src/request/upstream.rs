//! A request as Ideogram is sent it: JSON, or a form if pictures go with it.

use serde_json::{Map, Value};

use super::endpoint::Row;
use super::field::Kind;
use super::reference::Reference;
use super::{Endpoint, ImageCount, ImageRequest, Model};

/// What Ideogram is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum UpstreamBody {
    /// One JSON text.
    Json(Value),
    /// `multipart/form-data`, in this order.
    Form(Vec<Part>),
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A plain text.
    Text {
        /// The field.
        name: String,
        /// Its value.
        text: String,
    },
    /// A part of the type `application/json`.
    Json {
        /// The field.
        name: String,
        /// Its value.
        value: Value,
    },
    /// A picture; its field is in it.
    Picture(Reference),
}

impl UpstreamBody {
    /// The body for fields and pictures: JSON, where no pictures go along.
    pub(crate) fn new(fields: Map<String, Value>, pictures: Vec<Reference>) -> Self {
        if pictures.is_empty() {
            return Self::Json(fields.into());
        }
        Self::form(fields, pictures)
    }

    fn form(fields: Map<String, Value>, pictures: Vec<Reference>) -> Self {
        let pictures = pictures.into_iter().map(Part::Picture);
        let texts = fields
            .into_iter()
            .flat_map(|(name, value)| parts(&name, value));
        Self::Form(texts.chain(pictures).collect())
    }
}

impl Endpoint {
    /// The body for fields and pictures.
    pub(crate) fn body(self, fields: Map<String, Value>, references: &[Reference]) -> UpstreamBody {
        let row = self.row();
        let wrapped = row.wrapped(fields);
        if row.bodies.take_json() {
            return UpstreamBody::new(wrapped, references.to_vec());
        }
        UpstreamBody::form(wrapped, references.to_vec())
    }
}

/// The parts that a field becomes: a list of words is repeated, an object is JSON.
fn parts(name: &str, value: Value) -> Vec<Part> {
    let text = |text: String| Part::Text {
        name: name.to_owned(),
        text,
    };
    match value {
        Value::Object(_) => vec![Part::Json {
            name: name.to_owned(),
            value,
        }],
        Value::Array(items) => items
            .into_iter()
            .flat_map(|item| parts(name, item))
            .collect(),
        Value::String(word) => vec![text(word)],
        scalar => vec![text(scalar.to_string())],
    }
}

impl Row {
    /// The fields inside of what they have to be inside of.
    pub(super) fn wrapped(&self, fields: Map<String, Value>) -> Map<String, Value> {
        match self.wrapper {
            Some(wrapper) => Map::from_iter([(wrapper.to_owned(), fields.into())]),
            None => fields,
        }
    }

    /// The option that has prompts rewritten, and its word for not doing so.
    fn rewriting(&self) -> Option<(&'static str, &'static str)> {
        self.options.iter().find_map(|field| match field.kind {
            Kind::Choice(words) if matches!(field.name, "magic_prompt" | "magic_prompt_option") => {
                let off = words.iter().find(|word| word.eq_ignore_ascii_case("off"))?;
                Some((field.name, *off))
            }
            _ => None,
        })
    }
}

impl ImageRequest {
    /// What Ideogram is sent.
    #[must_use]
    pub fn upstream_body(&self) -> UpstreamBody {
        self.endpoint.body(self.fields(), &self.references)
    }

    /// What a fingerprint covers: everything Ideogram is sent, with the hashes of pictures in the
    /// place of pictures.
    #[must_use]
    pub(crate) fn canonical_body(&self) -> Value {
        let mut fields = self.endpoint.row().wrapped(self.fields());
        for reference in &self.references {
            let hashes = fields
                .entry(&reference.field)
                .or_insert_with(|| Value::Array(vec![]));
            if let Some(hashes) = hashes.as_array_mut() {
                hashes.push(reference.sha256.to_string().into());
            }
        }
        fields.into()
    }

    /// The body that asks for one picture of this again, on another model and from this seed. Where
    /// Ideogram rewrites prompts on request, its own words for the picture stand for the prompt and are
    /// not rewritten again.
    pub(crate) fn redrawn(&self, model: Model, seed: u64, words: Option<&str>) -> Value {
        let row = self.endpoint.row();
        let request = Self {
            model,
            images: ImageCount::ONE,
            ..self.clone()
        };
        let mut fields = request.fields();
        fields.insert("seed".to_owned(), seed.into());
        if let (Some((rewriting, off)), Some(prompt), Some(words)) =
            (row.rewriting(), row.prompt.name(), words)
        {
            fields.insert(prompt.to_owned(), words.into());
            fields.insert(rewriting.to_owned(), off.into());
            fields.remove("magic_prompt_version");
        }
        row.wrapped(fields).into()
    }

    /// What is sent besides pictures, by the endpoint's own names.
    pub(crate) fn fields(&self) -> Map<String, Value> {
        let mut fields = self.fields_but_model();
        if let Some(model) = &self.endpoint.row().model.field {
            let word = model.word(self.model);
            fields.extend(word.map(|word| (model.name.to_owned(), word.into())));
        }
        fields
    }

    /// The same without the field that chooses the model.
    pub(crate) fn fields_but_model(&self) -> Map<String, Value> {
        let row = self.endpoint.row();
        let options = self.options.clone().into_iter();
        let mut fields: Map<String, Value> = options.collect();
        if let (Some(field), Some(prompt)) = (row.prompt.name(), &self.prompt) {
            fields.insert(field.to_owned(), prompt.as_str().into());
        }
        if let Some(field) = row.image_count {
            fields.insert(field.to_owned(), self.images.get().into());
        }
        fields
    }
}

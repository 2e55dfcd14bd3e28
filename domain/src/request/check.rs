//! Holds a caller's request against its endpoint's row. The first thing found wrong is reported: the
//! shape, then the names of the fields, the model, each field in the table's order, and the pictures.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::endpoint::{DefaultModel, Endpoint, PictureField, PromptField, Row, Rule};
use super::field::{Field, at_most, flag, not_in_range, not_one_of, whole_number};
use super::invalid::{InvalidRequest, path_to};
use super::reference::Reference;
use super::texts::Texts;
use super::{Asked, BODY, ImageCount, ImageRequest, Limits, Model};
use crate::prompt::SanitisedPrompt;
use crate::redaction::Findings;

type Fields = Map<String, Value>;
type Options = BTreeMap<String, Value>;

pub(super) fn check(
    endpoint: Endpoint,
    body: &Value,
    references: Vec<Reference>,
    limits: &Limits,
) -> Result<Asked, InvalidRequest> {
    let mut texts = Texts {
        most_characters: limits.prompt_max_chars,
        policy: limits.pii,
        found: Findings::default(),
    };
    let row = endpoint.row();
    let given = row.unwrap_body(body)?;
    let model = row.model(given, limits, !references.is_empty())?;
    let prompt = row.prompt(given, &mut texts)?;
    let images = row.image_count(given, limits)?;
    let asynchronous = row.asynchronous(given)?;
    let mut options = row.options(given, model, &mut texts)?;
    row.check_pictures(&references)?;
    let has = |name: &str| {
        let is_prompt = row.prompt.name() == Some(name) && prompt.is_some();
        let given = || references.iter().any(|reference| reference.field == name);
        is_prompt || options.contains_key(name) || given()
    };
    row.check_rules(has, &references)?;
    row.fill_in_defaults(&mut options);
    let request = ImageRequest {
        endpoint,
        model,
        prompt,
        images,
        options,
        references: row.in_order(references),
    };
    Ok(Asked {
        request,
        redactions: texts.found,
        asynchronous,
    })
}

impl Row {
    fn path_of(&self, name: &str) -> String {
        match self.wrapper {
            Some(wrapper) => format!("{wrapper}.{name}"),
            None => name.to_owned(),
        }
    }

    fn field_names(&self) -> Vec<&'static str> {
        let model = self.model.field.as_ref().map(|field| field.name);
        let first = [
            self.prompt.name(),
            model,
            self.image_count,
            self.asynchronous,
        ];
        let options = self.options.iter().map(|field| field.name);
        first.into_iter().flatten().chain(options).collect()
    }

    /// The caller's fields, all of them known.
    fn unwrap_body<'body>(&self, body: &'body Value) -> Result<&'body Fields, InvalidRequest> {
        let takes = || match self.wrapper {
            Some(wrapper) => format!("must be an object of {wrapper}"),
            None => "must be an object".to_owned(),
        };
        let body = body.as_object();
        let body = body.ok_or_else(|| InvalidRequest::new(BODY, takes()))?;
        let names = self.field_names();
        let pictures = self.pictures.iter().map(|picture| picture.name);
        let Some(wrapper) = self.wrapper else {
            let all: Vec<_> = names.into_iter().chain(pictures).collect();
            self.check_names(body, None, &all)?;
            return Ok(body);
        };
        let outer: Vec<_> = std::iter::once(wrapper).chain(pictures).collect();
        self.check_names(body, None, &outer)?;
        let given = body.get(wrapper).and_then(Value::as_object);
        let given = given.ok_or_else(|| {
            let holds = match self.prompt {
                PromptField::Required(_) => "must be an object with a prompt",
                _ => "must be an object",
            };
            InvalidRequest::new(wrapper, holds)
        })?;
        self.check_names(given, Some(wrapper), &names)?;
        Ok(given)
    }

    /// Refuses the first field that `parent` does not take.
    fn check_names(
        &self,
        given: &Fields,
        parent: Option<&str>,
        accepted: &[&str],
    ) -> Result<(), InvalidRequest> {
        let picture = |name: &&String| self.pictures.iter().any(|picture| picture.name == **name);
        if let Some(name) = given.keys().find(picture) {
            let complaint = "is a picture, which has to be a file in a multipart/form-data body";
            return Err(InvalidRequest::new(name, complaint));
        }
        let Some(unknown) = given.keys().find(|key| !accepted.contains(&key.as_str())) else {
            return Ok(());
        };
        let path = path_to(parent, unknown);
        let refused = self.refused.iter().find(|(name, _)| name == unknown);
        if let Some((_, why)) = refused {
            return Err(InvalidRequest::new(&path, why));
        }
        let holder = parent.unwrap_or(BODY);
        let list = accepted.join(", ");
        let message = if path == holder {
            format!("{holder} has a field that is not known; it takes {list}")
        } else {
            format!("{path} is not a known field; {holder} takes {list}")
        };
        Err(InvalidRequest {
            field: path,
            message,
        })
    }

    /// The model asked for, which decides what other fields are taken.
    fn model(
        &self,
        given: &Fields,
        limits: &Limits,
        has_pictures: bool,
    ) -> Result<Model, InvalidRequest> {
        let field = self.model.field.as_ref();
        let chosen = field.and_then(|field| Some((field, given.get(field.name)?)));
        match (chosen, self.model.default) {
            (Some((field, value)), _) => {
                let mut words = field.words.iter();
                let named = words.find(|(word, _)| value == word);
                named.map(|(_, model)| *model).ok_or_else(|| {
                    let words: Vec<_> = field.words.iter().map(|(word, _)| *word).collect();
                    not_one_of(value, &self.path_of(field.name), &words)
                })
            }
            (None, DefaultModel::Setting) => Ok(limits.default_model),
            (None, DefaultModel::Is(model)) => Ok(model),
            (None, DefaultModel::ByPictures { with, without }) => {
                Ok(if has_pictures { with } else { without })
            }
            (None, DefaultModel::None) => {
                let name = field.map_or(BODY, |field| field.name);
                Err(InvalidRequest::new(&self.path_of(name), "must be given"))
            }
        }
    }

    fn prompt(
        &self,
        given: &Fields,
        texts: &mut Texts,
    ) -> Result<Option<SanitisedPrompt>, InvalidRequest> {
        let Some(name) = self.prompt.name() else {
            return Ok(None);
        };
        let path = self.path_of(name);
        let visible = || InvalidRequest::new(&path, "must be text with a visible character");
        let prompt = match (given.get(name), self.prompt) {
            (None, PromptField::Optional(_)) => return Ok(None),
            (value, _) => value
                .and_then(Value::as_str)
                .and_then(|raw| texts.take(raw).ok())
                .ok_or_else(visible)?,
        };
        at_most(prompt.characters(), texts.most_characters, &path)?;
        Ok(Some(prompt))
    }

    fn image_count(&self, given: &Fields, limits: &Limits) -> Result<ImageCount, InvalidRequest> {
        let value = self
            .image_count
            .and_then(|name| Some((name, given.get(name)?)));
        let Some((name, value)) = value else {
            return Ok(ImageCount::ONE);
        };
        let (lowest, highest) = (ImageCount::ONE.get(), limits.max_images.get());
        let count = whole_number(value).and_then(ImageCount::new);
        let count = count.filter(|count| *count <= limits.max_images);
        count.ok_or_else(|| not_in_range(&self.path_of(name), lowest, highest))
    }

    fn asynchronous(&self, given: &Fields) -> Result<bool, InvalidRequest> {
        let value = self
            .asynchronous
            .and_then(|name| Some((name, given.get(name)?)));
        value.map_or(Ok(false), |(name, value)| flag(value, &self.path_of(name)))
    }

    fn options(
        &self,
        given: &Fields,
        model: Model,
        texts: &mut Texts,
    ) -> Result<Options, InvalidRequest> {
        let mut options = Options::new();
        for field in self.options {
            if let Some(value) = self.option(field, given, model, texts)? {
                options.insert(field.name.to_owned(), value);
            }
        }
        Ok(options)
    }

    fn option(
        &self,
        field: &Field,
        given: &Fields,
        model: Model,
        texts: &mut Texts,
    ) -> Result<Option<Value>, InvalidRequest> {
        let path = self.path_of(field.name);
        let value = match given.get(field.name) {
            Some(value) => field.kind.check(value, &path, texts)?,
            None if field.required => return Err(InvalidRequest::new(&path, "must be given")),
            None => None,
        };
        if value.is_some() {
            field.models.require(model, &path)?;
        }
        Ok(value)
    }

    fn check_pictures(&self, given: &[Reference]) -> Result<(), InvalidRequest> {
        let known = |name: &str| self.pictures.iter().any(|picture| picture.name == name);
        if let Some(unknown) = given.iter().find(|picture| !known(&picture.field)) {
            let path = path_to(None, &unknown.field);
            return Err(InvalidRequest::new(&path, "takes no file"));
        }
        let mut fields = self.pictures.iter();
        fields.try_for_each(|field| field.check(count(given, field.name)))
    }

    fn check_rules(
        &self,
        has: impl Fn(&str) -> bool,
        pictures: &[Reference],
    ) -> Result<(), InvalidRequest> {
        for rule in self.rules {
            match *rule {
                Rule::NotTogether(one, other) if has(one) && has(other) => {
                    let one = self.path_of(one);
                    let complaint = format_args!("cannot be used together with {one}");
                    return Err(InvalidRequest::new(&self.path_of(other), complaint));
                }
                Rule::ExactlyOne(one, other) if has(one) == has(other) => {
                    let complaint =
                        format_args!("or {} must be given, and not both", self.path_of(other));
                    return Err(InvalidRequest::new(&self.path_of(one), complaint));
                }
                Rule::Needs(one, other) if has(one) && !has(other) => {
                    let complaint = format_args!("can be used only with {}", self.path_of(other));
                    return Err(InvalidRequest::new(&self.path_of(one), complaint));
                }
                Rule::OneEach {
                    masks,
                    pictures: of,
                } if has(masks) && count(pictures, masks) != count(pictures, of) => {
                    let complaint = format_args!("must have one mask for each of {of}");
                    return Err(InvalidRequest::new(masks, complaint));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Ideogram's documented defaults, so that a default written out is the same request.
    fn fill_in_defaults(&self, options: &mut Options) {
        for field in self.options {
            let Some(default) = field.default else {
                continue;
            };
            let given = |name: &str| options.contains_key(name);
            let excluded = self.rules.iter().any(|rule| match rule {
                Rule::NotTogether(one, other) => {
                    (field.name == *one && given(other)) || (field.name == *other && given(one))
                }
                _ => false,
            });
            if !excluded {
                options
                    .entry(field.name.to_owned())
                    .or_insert_with(|| default.into());
            }
        }
    }

    /// The pictures by field, in the table's order: parts of a form may come in any.
    fn in_order(&self, mut pictures: Vec<Reference>) -> Vec<Reference> {
        let place = |picture: &Reference| {
            let mut fields = self.pictures.iter();
            fields.position(|field| field.name == picture.field)
        };
        pictures.sort_by_key(place);
        pictures
    }
}

impl PictureField {
    /// The same, not to be left out.
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn check(&self, given: usize) -> Result<(), InvalidRequest> {
        if self.required && given == 0 {
            let complaint = "must be given, as a file in a multipart/form-data body";
            return Err(InvalidRequest::new(self.name, complaint));
        }
        if given > self.most {
            let complaint = format_args!("takes at most {}, and {given} are given", self.most);
            return Err(InvalidRequest::new(self.name, complaint));
        }
        Ok(())
    }
}

fn count(pictures: &[Reference], field: &str) -> usize {
    let of_field = pictures.iter().filter(|picture| picture.field == field);
    of_field.count()
}

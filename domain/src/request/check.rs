//! Holds a caller's JSON against an endpoint's table. The first thing found wrong is reported: the
//! shape, then the names of the fields, the model, and each field in the table's order.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::endpoint::{Endpoint, Row};
use super::field::{at_most, not_in_range, not_one_of, whole_number};
use super::invalid::{InvalidRequest, path_to};
use super::texts::Texts;
use super::{Asked, BODY, ImageCount, ImageRequest, Limits, Model};
use crate::prompt::SanitisedPrompt;
use crate::redaction::Findings;

type Fields = Map<String, Value>;
type Options = BTreeMap<String, Value>;

pub(super) fn check(
    endpoint: Endpoint,
    body: &Value,
    limits: &Limits,
) -> Result<Asked, InvalidRequest> {
    let mut texts = Texts {
        most_characters: limits.prompt_max_chars,
        policy: limits.pii,
        found: Findings::default(),
    };
    let row = endpoint.row();
    let given = row.unwrap_body(body)?;
    let model = row.model(given, limits)?;
    let prompt = row.prompt(given, &mut texts)?;
    let images = row.image_count(given, limits)?;
    let options = row.options(given, model, &mut texts)?;
    let request = ImageRequest {
        endpoint,
        model,
        prompt,
        images,
        options,
    };
    Ok(Asked {
        request,
        redactions: texts.found,
    })
}

impl Row {
    fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.wrapper)
    }

    /// The caller's fields, all of them known.
    fn unwrap_body<'body>(&self, body: &'body Value) -> Result<&'body Fields, InvalidRequest> {
        let wrapper = self.wrapper;
        let body = body.as_object().ok_or_else(|| {
            InvalidRequest::new(BODY, format_args!("must be an object of {wrapper}"))
        })?;
        self.check_names(body, None, &[wrapper])?;
        let given = body
            .get(wrapper)
            .and_then(Value::as_object)
            .ok_or_else(|| InvalidRequest::new(wrapper, "must be an object with a prompt"))?;
        let mut names = vec![self.prompt, self.model, self.image_count];
        names.extend(self.options.iter().map(|field| field.name));
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
    fn model(&self, given: &Fields, limits: &Limits) -> Result<Model, InvalidRequest> {
        let Some(value) = given.get(self.model) else {
            return Ok(limits.default_model);
        };
        let model = value.as_str().and_then(|name| name.parse().ok());
        let names = Model::ALL.map(Model::name);
        model.ok_or_else(|| not_one_of(value, &self.path_of(self.model), &names))
    }

    fn prompt(&self, given: &Fields, texts: &mut Texts) -> Result<SanitisedPrompt, InvalidRequest> {
        let path = self.path_of(self.prompt);
        let prompt = given
            .get(self.prompt)
            .and_then(Value::as_str)
            .and_then(|raw| texts.take(raw).ok())
            .ok_or_else(|| InvalidRequest::new(&path, "must be text with a visible character"))?;
        at_most(prompt.characters(), texts.most_characters, &path)?;
        Ok(prompt)
    }

    fn image_count(&self, given: &Fields, limits: &Limits) -> Result<ImageCount, InvalidRequest> {
        let Some(value) = given.get(self.image_count) else {
            return Ok(ImageCount::ONE);
        };
        let (lowest, highest) = (ImageCount::ONE.get(), limits.max_images.get());
        let count = whole_number(value).and_then(ImageCount::new);
        let count = count.filter(|count| *count <= limits.max_images);
        count.ok_or_else(|| not_in_range(&self.path_of(self.image_count), lowest, highest))
    }

    fn options(
        &self,
        given: &Fields,
        model: Model,
        texts: &mut Texts,
    ) -> Result<Options, InvalidRequest> {
        let mut options = Options::new();
        for field in self.options {
            let Some(value) = given.get(field.name) else {
                continue;
            };
            let path = self.path_of(field.name);
            let value = field.kind.check(value, &path, texts)?;
            if let Some(value) = value {
                field.models.require(model, &path)?;
                options.insert(field.name.to_owned(), value);
            }
        }
        self.check_exclusive(&options)?;
        self.fill_in_defaults(&mut options);
        Ok(options)
    }

    fn check_exclusive(&self, options: &Options) -> Result<(), InvalidRequest> {
        for (one, other) in self.exclusive {
            if options.contains_key(*one) && options.contains_key(*other) {
                let one = self.path_of(one);
                let complaint = format_args!("cannot be used together with {one}");
                return Err(InvalidRequest::new(&self.path_of(other), complaint));
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
            let excluded = self.exclusive.iter().any(|(one, other)| {
                (field.name == *one && given(other)) || (field.name == *other && given(one))
            });
            if !excluded {
                options
                    .entry(field.name.to_owned())
                    .or_insert_with(|| default.into());
            }
        }
    }
}

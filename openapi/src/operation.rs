//! What there is to say about one operation, and how OpenAPI says it.

use domain::failure::FailureCode;
use serde_json::{Map, Value, json};

use crate::example::{Body, Example, Key};
use crate::{examples, failures, headers};

/// An operation.
pub struct Operation {
    /// Its name, for generated clients.
    pub id: String,
    /// The methods it is asked with; HEAD is answered as GET is, without a body.
    pub methods: Vec<&'static str>,
    pub path: String,
    pub tag: &'static str,
    pub summary: String,
    pub key: Key,
    pub parameters: Vec<Value>,
    /// Each type of body it takes, with its media type object.
    pub bodies: Vec<(&'static str, Value)>,
    pub answers: Vec<Answer>,
    pub failures: Vec<FailureCode>,
    pub errors: ErrorShape,
}

/// How errors are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ErrorShape {
    /// As everywhere here.
    Own,
    /// As OpenAI's clients expect them.
    OpenAi,
}

/// An answer that is no error.
pub struct Answer {
    pub status: u16,
    pub says: &'static str,
    /// Each type it may have, with its schema.
    pub content: Vec<(&'static str, Value)>,
    /// Headers that are always there.
    pub headers: &'static [&'static str],
    /// Headers that may be missing.
    pub may_have: &'static [&'static str],
    /// What can be asked next, by name.
    pub links: Vec<(&'static str, Value)>,
}

impl Answer {
    /// One in JSON.
    pub fn json(status: u16, says: &'static str, schema: Value) -> Self {
        Self {
            content: vec![("application/json", schema)],
            ..Self::empty(status, says)
        }
    }

    /// One without a body.
    pub const fn empty(status: u16, says: &'static str) -> Self {
        Self {
            status,
            says,
            content: vec![],
            headers: &[],
            may_have: &[],
            links: vec![],
        }
    }

    fn render(&self, has_body: bool) -> Value {
        let mut answer = json!({
            "description": self.says,
            "headers": headers::of(self.headers, self.may_have),
        });
        let content = self.content.iter();
        let content = content.map(|(kind, schema)| (*kind, json!({ "schema": schema })));
        if has_body && !self.content.is_empty() {
            answer["content"] = object(content);
        }
        if has_body && !self.links.is_empty() {
            answer["links"] = object(self.links.iter().cloned());
        }
        answer
    }
}

impl Operation {
    /// The same with these methods only, of those that its path takes.
    pub fn asked_with(mut self, methods: &[&str]) -> Self {
        self.methods.retain(|method| methods.contains(method));
        self
    }

    /// The operation as one of its methods has it.
    pub fn render(&self, method: &str) -> Value {
        let is_head = method == "HEAD";
        let mut operation = json!({
            "operationId": self.id_for(method),
            "summary": self.summary,
            "tags": [self.tag],
            "security": match self.key {
                Key::None => json!([]),
                Key::Client | Key::Operator => json!([{"bearer": []}, {"api_key": []}]),
            },
            "responses": self.responses(is_head),
        });
        if !self.parameters.is_empty() {
            operation["parameters"] = self.parameters.clone().into();
        }
        if !self.bodies.is_empty() {
            let bodies = self.bodies.iter();
            let bodies = bodies.map(|(kind, media)| (*kind, self.with_examples(kind, media)));
            operation["requestBody"] = json!({"required": true, "content": object(bodies)});
        }
        operation
    }

    /// The name of the operation as this method asks for it.
    fn id_for(&self, method: &str) -> String {
        match method {
            "HEAD" => format!("{}_head", self.id),
            _ => self.id.clone(),
        }
    }

    fn responses(&self, is_head: bool) -> Value {
        let mut responses = failures::references(&self.failures, self.errors);
        if is_head {
            for response in responses.values_mut() {
                *response = json!({"description": "As with GET, without a body.", "headers": headers::of(&[], &[])});
            }
        }
        for answer in &self.answers {
            responses.insert(answer.status.to_string(), answer.render(!is_head));
        }
        responses.into()
    }

    fn with_examples(&self, kind: &str, media: &Value) -> Value {
        let examples = examples();
        let own = examples
            .iter()
            .filter(|example| example.operation == self.id);
        let own = own.filter_map(|example| Some((example.name, render(example, kind)?)));
        let mut media = media.clone();
        media["examples"] = object(own);
        media
    }
}

/// An example as the body of this type has it.
fn render(example: &Example, kind: &str) -> Option<Value> {
    let value = match (&example.body, kind) {
        (Body::Json(value), "application/json") => value.clone(),
        (Body::Form(parts), "multipart/form-data") => crate::forms::example(parts),
        _ => return None,
    };
    // What answers it, which OpenAPI has no place for.
    let mut rendered = json!({"summary": example.says, "x-status": example.status, "value": value});
    if !example.headers.is_empty() {
        let headers = example.headers.iter();
        rendered["x-headers"] = object(headers.map(|(name, value)| (*name, json!(value))));
    }
    Some(rendered)
}

/// An object of these fields.
pub fn object<'name>(fields: impl IntoIterator<Item = (&'name str, Value)>) -> Value {
    let fields = fields.into_iter();
    let fields: Map<_, _> = fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    fields.into()
}

/// A parameter in the path.
pub fn in_path(name: &str, schema: Value, example: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema, "example": example})
}

/// A parameter of the query that may be given.
pub fn in_query(name: &str, says: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "required": false, "description": says, "schema": schema})
}

/// A header that may be sent.
pub fn in_header(name: &str, says: &str, schema: Value) -> Value {
    json!({"name": name, "in": "header", "required": false, "description": says, "schema": schema})
}

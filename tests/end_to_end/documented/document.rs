//! The gateway's OpenAPI document, as what an answer has to fit.

use openapi::{Body, Example};
use serde_json::{Value, json};

use crate::gateway::Answer;
use crate::gateway::events::{self, Event};

/// The document.
pub struct Document(Value);

/// An operation in it.
pub struct Operation {
    /// In capitals.
    pub method: String,
    pub path: String,
    pub takes_key: bool,
    body: Value,
    responses: Value,
}

impl Document {
    pub fn read() -> Self {
        Self(openapi::document())
    }

    /// The operation of this id.
    pub fn operation(&self, id: &str) -> Operation {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let mut operations = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (path, method, operation))
        });
        let found = operations.find(|(_, _, operation)| operation["operationId"] == id);
        let (path, method, operation) = found.unwrap_or_else(|| panic!("no operation {id}"));
        Operation {
            method: method.to_ascii_uppercase(),
            path: path.clone(),
            takes_key: operation["security"] != json!([]),
            body: operation["requestBody"].clone(),
            responses: operation["responses"].clone(),
        }
    }

    /// Holds that an example's JSON fits its schema exactly if its fields are not refused. What there
    /// is not may be asked for in words that fit, or in others.
    pub fn check_example(&self, operation: &Operation, example: &Example) {
        let Body::Json(body) = &example.body else {
            return;
        };
        let schema = &operation.body["content"]["application/json"]["schema"];
        let violations = self.violations(schema, body);
        let fits = violations.is_empty();
        assert!(
            example.status == 404 || fits == (example.status != 400),
            "{}: {violations:?}",
            example.name
        );
    }

    /// Holds that an answer is one of those documented for the operation.
    pub fn check(&self, operation: &Operation, answer: &Answer, what: &str) {
        let response = &operation.responses[answer.status.to_string()];
        assert!(
            response.is_object(),
            "{what}: {} is not documented",
            answer.status
        );
        let response = self.resolve(response);
        self.check_headers(response, answer, what);
        let Some(content) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "{what}: a body");
            return;
        };
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        let media = content.get(kind);
        let media = media.unwrap_or_else(|| panic!("{what}: {kind} is not documented"));
        match kind {
            "application/json" => self.check_json(&media["schema"], &answer.json(), what),
            "text/event-stream" => self.check_events(&media["schema"], answer, what),
            _ => {}
        }
    }

    fn check_json(&self, schema: &Value, json: &Value, what: &str) {
        let violations = self.violations(schema, json);
        assert_eq!(violations, [""; 0], "{what}: {json}");
    }

    fn check_events(&self, schema: &Value, answer: &Answer, what: &str) {
        let schemas = self.resolve(schema)["oneOf"].as_array().unwrap();
        let told = events::parse(&answer.body);
        assert!(!told.is_empty(), "{what}: no events");
        for Event { name, data, .. } in &told {
            let mut schemas = schemas.iter().map(|schema| &schema["properties"]);
            let found = schemas.find(|schema| schema["event"]["const"] == **name);
            let schema = found.unwrap_or_else(|| panic!("{what}: {name}"));
            self.check_json(&schema["data"]["contentSchema"], data, what);
        }
    }

    fn check_headers(&self, response: &Value, answer: &Answer, what: &str) {
        for (name, header) in response["headers"].as_object().unwrap() {
            let header = self.resolve(header);
            match answer.header(name) {
                Some(value) => {
                    let violations = self.violations(&header["schema"], &value.into());
                    assert_eq!(violations, [""; 0], "{what}: {name}");
                }
                None => assert_eq!(header["required"], false, "{what}: no {name}"),
            }
        }
    }

    /// What a reference leads to, or the thing itself.
    fn resolve<'value>(&'value self, value: &'value Value) -> &'value Value {
        match value["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    fn violations(&self, schema: &Value, instance: &Value) -> Vec<String> {
        let whole = json!({"allOf": [schema], "components": self.0["components"]});
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap();
        let errors = validator.iter_errors(instance);
        errors.map(|error| error.to_string()).collect()
    }
}

//! The OpenAPI document against the gateway: it is served, every example in it is answered as it
//! says, and what Ideogram is asked and callers are answered fits Ideogram's own documents too.

mod document;
mod ideogram;

use std::collections::{BTreeMap, BTreeSet};

use domain::request::Endpoint;
use openapi::{Body, Example, FormPart, Given, examples};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use self::document::{Document, Operation};
use crate::gateway::relay::Relay;
use crate::gateway::{Answer, Gateway, OPERATOR_KEY, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_served_beside_the_worker_and_nothing_else_is() {
    let gateway = Gateway::start(&[]).await;
    let document = gateway.get("/openapi.json").await;
    assert_eq!(document.status, 200);
    assert_eq!(document.json(), openapi::document());
    assert_eq!(document.header("content-type"), Some("application/json"));
    assert_eq!(document.header("access-control-allow-origin"), Some("*"));
    assert_eq!(document.header("x-request-id"), None);
    for path in [
        "/_headers",
        "/",
        "/openapi",
        "/openapi.json/",
        "/public/openapi.json",
        "/x",
    ] {
        let answer = gateway.get(path).await;
        assert_eq!(answer.error(), (404, "not_found".into()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_is_answered_as_the_document_says_and_fits_ideograms_own() {
    // Ideogram tells at once what it has made, so nobody waits for a poll.
    let relay = Relay::start().await;
    let vars = [
        ("ADMIN_KEY", OPERATOR_KEY),
        ("DAILY_BUDGET_USD", "1000"),
        ("PUBLIC_URL", &relay.url),
    ];
    let gateway = Gateway::start(&vars).await;
    relay.leads_to(gateway.url());
    let document = Document::read();
    let mut sender = Sender {
        gateway,
        answers: BTreeMap::new(),
    };
    let mut asked = BTreeSet::new();
    for example in examples() {
        let operation = document.operation(example.operation);
        document.check_example(&operation, &example);
        let calls = sender.gateway.calls();
        let answer = sender.send(&operation, &example).await;
        assert_eq!(
            answer.status, example.status,
            "{}: {answer:?}",
            example.name
        );
        document.check(&operation, &answer, example.name);
        let result = sender.result(&operation, &answer).await;
        let mut calls = sender.gateway.simulator.calls().split_off(calls);
        // Quotes and accounts make nothing, and no document of them is at hand.
        let makes_nothing =
            |path: &str| path.contains("?dry_run=true") || path.starts_with("/v2/account/usage?");
        calls.retain(|call| !makes_nothing(&call.path));
        for call in &calls {
            asked.insert(call.path.clone());
            // No document of v2 is at hand.
            if call.path.starts_with("/v2/") {
                continue;
            }
            ideogram::check_call(call, example.name);
            let result = result.as_ref().expect("what Ideogram was called for");
            ideogram::check_answer(call, result, example.name);
        }
        sender.answers.insert(example.name, answer);
    }
    let served = Endpoint::all().map(|endpoint| endpoint.path().to_owned());
    assert_eq!(asked, served.collect());
}

/// Sends examples, one after another.
struct Sender {
    gateway: Gateway,
    /// What was answered so far, by the examples' names.
    answers: BTreeMap<&'static str, Answer>,
}

impl Sender {
    async fn send(&self, operation: &Operation, example: &Example) -> Answer {
        let method: Method = operation.method.parse().unwrap();
        let mut request = self.gateway.request(method, &self.path(operation, example));
        if operation.takes_key {
            request = request.bearer_auth(OPERATOR_KEY);
        }
        for (name, value) in &example.headers {
            request = request.header(*name, *value);
        }
        let request = match &example.body {
            Body::None => request,
            Body::Json(body) => request.json(body),
            Body::Form(parts) => with_form(request, parts),
        };
        Answer::to(request).await
    }

    /// What came of the generation that an answer is about, in Ideogram's words. Waits for it.
    async fn result(&self, operation: &Operation, answer: &Answer) -> Option<Value> {
        let id = answer.header("x-generation-id")?;
        if answer.status == 200 && answer.is_json() && Endpoint::at(&operation.path).is_some() {
            return Some(answer.json());
        }
        let path = format!("/generations/{id}");
        let done = eventually("the generation is done", async || {
            let shown = self.gateway.operator(Method::GET, &path).await.result();
            (shown["state"] == "done").then_some(shown)
        });
        Some(done.await["result"].clone())
    }

    /// The operation's path with what the example has for the names in it, and its query.
    fn path(&self, operation: &Operation, example: &Example) -> String {
        let mut path = operation.path.clone();
        for given in &example.parameters {
            let (before, rest) = path.split_once('{').unwrap();
            let (_, after) = rest.split_once('}').unwrap();
            path = format!("{before}{}{after}", self.value(*given));
        }
        assert!(!path.contains('{'), "{}: {path}", example.name);
        if example.query.is_empty() {
            return path;
        }
        let query = example.query.iter();
        let query = query.map(|(name, given)| (*name, self.value(*given)));
        let query = Serializer::new(String::new()).extend_pairs(query).finish();
        format!("{path}?{query}")
    }

    fn value(&self, given: Given) -> String {
        match given {
            Given::Text(text) => text.to_owned(),
            Given::From {
                example,
                pointer,
                part,
            } => {
                let answer = self.answers[example].json();
                let text = answer.pointer(pointer).and_then(Value::as_str).unwrap();
                let part = part.map_or(text, |part| text.split('/').nth(part).unwrap());
                part.to_owned()
            }
        }
    }
}

fn with_form(request: RequestBuilder, parts: &[FormPart]) -> RequestBuilder {
    let mut form = Form::new();
    for part in parts {
        form = match part {
            FormPart::Text(name, text) => form.text(*name, *text),
            FormPart::Json(name, value) => {
                let part = Part::text(value.to_string());
                form.part(*name, part.mime_str("application/json").unwrap())
            }
            FormPart::Picture(name) => {
                let picture = simulator::picture("a fox", 1, 512, 512);
                let part = Part::bytes(picture).file_name("picture.png");
                form.part(*name, part.mime_str("image/png").unwrap())
            }
        };
    }
    request.multipart(form)
}

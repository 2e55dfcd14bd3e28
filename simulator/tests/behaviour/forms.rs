//! Requests as `multipart/form-data`, and a good one for every endpoint.
//! Holds true: each good request says nothing but what its endpoint requires.

use reqwest::multipart;
use serde_json::{Value, json};
use simulator::{Simulator, picture};

#[derive(Clone)]
pub struct Form(Vec<(String, Content)>);

#[derive(Clone)]
enum Content {
    Text(String),
    Json(Value),
    File(Vec<u8>),
}

impl Form {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    pub fn text(self, name: &str, text: &str) -> Self {
        self.with(name, Content::Text(text.to_owned()))
    }

    pub fn json(self, name: &str, value: Value) -> Self {
        self.with(name, Content::Json(value))
    }

    /// A PNG file of this width and height.
    pub fn picture(self, name: &str, width: u32, height: u32) -> Self {
        self.file(name, picture(name, 1, width, height))
    }

    pub fn file(self, name: &str, bytes: Vec<u8>) -> Self {
        self.with(name, Content::File(bytes))
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn with(mut self, name: &str, content: Content) -> Self {
        self.0.push((name.to_owned(), content));
        self
    }

    pub fn request(&self, simulator: &Simulator, path: &str) -> reqwest::RequestBuilder {
        post(simulator, path).multipart(self.build())
    }

    /// Status and body of the answer.
    pub async fn send(&self, simulator: &Simulator, path: &str) -> (u16, Value) {
        answer(self.request(simulator, path)).await
    }

    pub async fn sent(&self, simulator: &Simulator, path: &str) -> Value {
        let (status, body) = self.send(simulator, path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn build(&self) -> multipart::Form {
        let mut form = multipart::Form::new();
        for (name, content) in self.0.clone() {
            let part = match content {
                Content::Text(text) => multipart::Part::text(text),
                Content::Json(value) => multipart::Part::text(value.to_string())
                    .mime_str("application/json")
                    .unwrap(),
                Content::File(bytes) => multipart::Part::bytes(bytes)
                    .file_name("picture.png")
                    .mime_str("image/png")
                    .unwrap(),
            };
            form = form.part(name, part);
        }
        form
    }
}

/// A request to this endpoint with the key that is accepted.
pub fn post(simulator: &Simulator, path: &str) -> reqwest::RequestBuilder {
    reqwest::Client::new()
        .post(format!("{}{path}", simulator.base_url()))
        .header("Api-Key", simulator.api_key())
}

pub async fn send_json(simulator: &Simulator, path: &str, body: Value) -> (u16, Value) {
    answer(post(simulator, path).json(&body)).await
}

pub async fn sent_json(simulator: &Simulator, path: &str, body: Value) -> Value {
    let (status, answered) = send_json(simulator, path, body.clone()).await;
    assert_eq!(status, 200, "{path}: {body}: {answered}");
    answered
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("a JSON body"))
}

pub const V3_GENERATE: &str = "/v1/ideogram-v3/generate";
pub const V3_REMIX: &str = "/v1/ideogram-v3/remix";
pub const V3_INPAINT: &str = "/v1/ideogram-v3/inpaint";
pub const V3_EDIT: &str = "/v1/ideogram-v3/edit";
pub const V3_REFRAME: &str = "/v1/ideogram-v3/reframe";
pub const V3_REPLACE_BACKGROUND: &str = "/v1/ideogram-v3/replace-background";
pub const V3_TRANSPARENT: &str = "/v1/ideogram-v3/generate-transparent";
pub const V4_GENERATE: &str = "/v1/ideogram-v4/generate";

/// Every endpoint that takes a form, with the least that it takes.
pub fn good_forms() -> Vec<(&'static str, Form)> {
    vec![
        ("/remix", legacy_image().json("image_request", prompt())),
        (
            "/edit",
            fox(legacy_image())
                .picture("mask", 64, 64)
                .text("model", "V_2"),
        ),
        (
            "/reframe",
            legacy_image()
                .text("resolution", "RESOLUTION_512_1536")
                .text("model", "V_2"),
        ),
        ("/upscale", legacy_image().json("image_request", json!({}))),
        ("/describe", legacy_image()),
        (V3_GENERATE, fox(Form::new())),
        (V3_REMIX, fox(image())),
        (V3_INPAINT, fox(image()).picture("mask", 64, 64)),
        (V3_EDIT, fox(image()).picture("mask", 64, 64)),
        (V3_REFRAME, image().text("resolution", "512x1536")),
        (V3_REPLACE_BACKGROUND, fox(image())),
        (V3_TRANSPARENT, fox(Form::new())),
        (V4_GENERATE, Form::new().text("text_prompt", "a fox")),
    ]
}

pub fn good_form(path: &str) -> Form {
    let mut forms = good_forms().into_iter();
    forms.find(|(known, _)| *known == path).unwrap().1
}

pub fn prompt() -> Value {
    json!({"prompt": "a fox"})
}

fn fox(form: Form) -> Form {
    form.text("prompt", "a fox")
}

fn legacy_image() -> Form {
    Form::new().picture("image_file", 64, 64)
}

fn image() -> Form {
    Form::new().picture("image", 64, 64)
}

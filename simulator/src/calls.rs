//! What was received: every call as it came, and how often each image was fetched.
//! Holds true: a call is recorded before anything about it is judged.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::clock::unix_us;
use crate::form::{FormContent, FormPart};
use crate::lock::lock;

/// A request as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Arrival, Unix time in microseconds.
    pub at_us: u64,
    /// HTTP method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// All headers, names in lower case, in the order received, the API key included.
    pub headers: Vec<(String, String)>,
    /// Body as text; bytes that are not UTF-8 are replaced. Empty for `multipart/form-data`.
    pub body: String,
    /// The parts of a `multipart/form-data` body, in the order received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A part of a `multipart/form-data` body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Name of its field; empty if it has none.
    pub name: String,
    /// The file name that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The `Content-Type` that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// What is in it.
    pub content: PartContent,
}

/// What is in a part; of a file only what it can be told by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartContent {
    /// A part without a file name, or one of type `application/json`; bytes that are not UTF-8
    /// are replaced.
    Text(String),
    /// A part with a file name.
    File {
        /// Length in bytes.
        bytes: u64,
        /// SHA-256 in lower-case hexadecimal digits.
        sha256: String,
    },
}

impl Call {
    /// The parts of this name, in the order received.
    pub fn parts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Part> {
        self.parts.iter().filter(move |part| part.name == name)
    }

    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl From<&FormPart> for Part {
    fn from(part: &FormPart) -> Self {
        Self {
            name: part.name.clone(),
            file_name: part.file_name.clone(),
            content_type: part.content_type.clone(),
            content: match &part.content {
                FormContent::Text(text) => PartContent::Text(text.clone()),
                FormContent::File(upload) => PartContent::File {
                    bytes: upload.bytes,
                    sha256: upload.sha256.clone(),
                },
            },
        }
    }
}

/// Answer of `GET /control/calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallReport {
    /// Every call except fetches of images and keys, polls and control calls, oldest first.
    pub calls: Vec<Call>,
    /// Image fetches in all.
    pub image_fetches: u64,
    /// Image fetches by path, without the query.
    pub image_fetches_by_path: BTreeMap<String, u64>,
    /// Images in progress now.
    pub images_in_progress: u32,
    /// Most images that were ever in progress at once.
    pub peak_images_in_progress: u32,
}

#[derive(Default)]
pub(crate) struct Records {
    calls: Mutex<Vec<Call>>,
    image_fetches: Mutex<BTreeMap<String, u64>>,
    image_answered_at_us: Mutex<Option<u64>>,
}

impl Records {
    pub(crate) fn call(&self, parts: &Parts, body: &[u8]) {
        let body = String::from_utf8_lossy(body).into_owned();
        self.add(parts, body, Vec::new());
    }

    pub(crate) fn form_call(&self, parts: &Parts, form: &[FormPart]) {
        let form = form.iter().map(Part::from).collect();
        self.add(parts, String::new(), form);
    }

    fn add(&self, parts: &Parts, body: String, form: Vec<Part>) {
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let call = Call {
            at_us: unix_us(),
            method: parts.method.to_string(),
            path: parts.uri.to_string(),
            headers: headers.collect(),
            body,
            parts: form,
        };
        lock(&self.calls).push(call);
    }

    pub(crate) fn image_fetch(&self, path: &str) {
        *lock(&self.image_fetches)
            .entry(path.to_owned())
            .or_default() += 1;
    }

    /// An image's bytes are on their way, all of them.
    pub(crate) fn image_answered(&self) {
        *lock(&self.image_answered_at_us) = Some(unix_us());
    }

    pub(crate) fn image_answered_at_us(&self) -> Option<u64> {
        *lock(&self.image_answered_at_us)
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    pub(crate) fn image_fetches_by_path(&self) -> BTreeMap<String, u64> {
        lock(&self.image_fetches).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.calls).clear();
        lock(&self.image_fetches).clear();
        lock(&self.image_answered_at_us).take();
    }
}

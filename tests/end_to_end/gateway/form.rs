//! `multipart/form-data` as a caller writes it, byte by byte, so that a test can also write what no
//! library would.
//! Holds true: parts stand in the order in which they were added.

use reqwest::{Method, RequestBuilder};
use sha2::{Digest, Sha256};
use simulator::picture;

use super::{Answer, Gateway};

const BOUNDARY: &str = "a-border-between-parts";

/// A form that is being written.
#[derive(Debug, Clone, Default)]
pub struct FormBody(Vec<u8>);

impl FormBody {
    /// A text.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.part(&format!("name=\"{name}\""), text.as_bytes())
    }

    /// JSON, as a part that says so.
    pub fn json(self, name: &str, json: &str) -> Self {
        let head = format!("name=\"{name}\"\r\nContent-Type: application/json");
        self.part(&head, json.as_bytes())
    }

    /// A file. What it says about itself is not true: its bytes tell what it is.
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        let head = format!("name=\"{name}\"; filename=\"any name.bin\"\r\nContent-Type: image/gif");
        self.part(&head, bytes)
    }

    /// What stands in a part's header after `form-data`, and its bytes.
    pub fn part(mut self, head: &str, bytes: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend(head.bytes());
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    /// What is written so far, without an end.
    pub fn begun(&self) -> &[u8] {
        &self.0
    }

    /// The whole body.
    pub fn whole(&self) -> Vec<u8> {
        let end = format!("--{BOUNDARY}--\r\n");
        [&self.0, end.as_bytes()].concat()
    }

    /// The type to send it with.
    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }
}

impl Gateway {
    /// Sends a form to an endpoint.
    pub fn form(&self, path: &str, form: &FormBody) -> RequestBuilder {
        self.request(Method::POST, path)
            .header("content-type", FormBody::content_type())
            .body(form.whole())
    }

    /// Sends a form to an endpoint, and waits for the answer.
    pub async fn ask_by_form(&self, path: &str, form: &FormBody) -> Answer {
        Answer::to(self.form(path, form)).await
    }
}

/// A small picture; another number is another picture.
pub fn photo(number: u32) -> Vec<u8> {
    picture("what came with it", number, 64, 64)
}

/// A picture of this length in bytes, behind whose end stands what no reader looks at.
pub fn large_photo(number: u32, bytes: usize) -> Vec<u8> {
    let mut photo = photo(number);
    let mut state = number;
    photo.resize_with(bytes, || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    photo
}

/// Its SHA-256 in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

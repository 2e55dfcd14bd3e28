//! How one object calls another, and how an object answers: POST with JSON, one path a command.
//! There is no other way to a Rust Durable Object than `fetch`.

use domain::time::Millis;
use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::wasm_bindgen::JsValue;
use worker::{Error, Method, Request, RequestInit, Response, Stub};

use crate::deadline::within;

/// An object did not answer, or not in words this version understands.
#[derive(Debug)]
pub struct CallFailed(pub String);

impl From<Error> for CallFailed {
    fn from(error: Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for CallFailed {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// Finds the object that is called. A stub is useless after an error, so each try takes a new one.
pub type FindStub<'stub> = &'stub dyn Fn() -> worker::Result<Stub>;

/// Sends `body` to `path` of the object that `stub` finds. A call is tried twice if the platform
/// says it may be: all commands that come this way are idempotent.
///
/// # Errors
/// The object did not answer by the deadline, or failed.
pub async fn call<B: Serialize, A: DeserializeOwned>(
    stub: FindStub<'_>,
    path: &str,
    body: &B,
    deadline: Millis,
) -> Result<A, CallFailed> {
    let body = serde_json::to_string(body)?;
    let said = send(stub, path, body, true, deadline).await?;
    Ok(serde_json::from_str(&said)?)
}

/// The same for what would not be the same if it were done twice: it is tried once.
///
/// # Errors
/// The object did not answer by the deadline, or failed; it may have done it all the same.
pub async fn call_once<B: Serialize, A: DeserializeOwned>(
    stub: FindStub<'_>,
    path: &str,
    body: &B,
    deadline: Millis,
) -> Result<A, CallFailed> {
    let body = serde_json::to_string(body)?;
    let said = send(stub, path, body, false, deadline).await?;
    Ok(serde_json::from_str(&said)?)
}

/// Kept apart from `call`, which is compiled anew for each pair of types.
async fn send(
    stub: FindStub<'_>,
    path: &str,
    body: String,
    again: bool,
    deadline: Millis,
) -> Result<String, CallFailed> {
    let sent = within(deadline, send_now(stub, path, body, again)).await;
    sent.unwrap_or_else(|| Err(CallFailed(format!("{path} did not answer in time"))))
}

async fn send_now(
    stub: FindStub<'_>,
    path: &str,
    body: String,
    again: bool,
) -> Result<String, CallFailed> {
    let mut response = match stub()?.fetch_with_request(request(path, &body)?).await {
        Err(error) if again && may_be_tried_again(&error) => {
            stub()?.fetch_with_request(request(path, &body)?).await?
        }
        answer => answer?,
    };
    let said = response.text().await?;
    match response.status_code() {
        200 => Ok(said),
        _ => Err(CallFailed(format!("{path} answered: {said}"))),
    }
}

fn request(path: &str, body: &str) -> worker::Result<Request> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(body)));
    // Only the path matters; the host is never looked up.
    Request::new_with_init(&format!("https://object{path}"), &init)
}

/// Cloudflare marks the errors of stubs; an overloaded object is to be left alone.
fn may_be_tried_again(error: &Error) -> bool {
    let Error::UnknownJsError { original, .. } = error else {
        return false;
    };
    let marked = |name: &str| {
        js_sys::Reflect::get(original, &JsValue::from_str(name))
            .is_ok_and(|value| value.is_truthy())
    };
    marked("retryable") && !marked("overloaded")
}

/// What an object is asked, read as it was written: JavaScript's own numbers would lose the last
/// digits of a large seed, and with them the command.
///
/// # Errors
/// It cannot be read.
pub async fn asked<B: DeserializeOwned>(request: &mut Request) -> worker::Result<B> {
    Ok(serde_json::from_str(&request.text().await?)?)
}

/// An object's answer to a command.
///
/// # Errors
/// The answer cannot be written as JSON.
pub fn answer<A: Serialize>(answer: &A) -> worker::Result<Response> {
    Response::from_json(answer)
}

/// An object's word that a command failed.
///
/// # Errors
/// Never for a status that errors have.
pub fn failed(said: &str) -> worker::Result<Response> {
    Response::error(said, 500)
}

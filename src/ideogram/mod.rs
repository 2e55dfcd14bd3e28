//! The upstream: calls to Ideogram's API, and its pictures. What an outcome means is decided in
//! `domain::retry`; here it is only brought about, within a time-out that covers the last byte.

mod form;
mod keys;
mod picture;
mod quote;
mod usage;

use domain::request::UpstreamBody;
use domain::retry::CallOutcome;
use domain::time::Millis;
use domain::upstream::{UpstreamCall, UpstreamId, poll_path};
use futures_util::StreamExt;
use worker::wasm_bindgen::JsValue;
use worker::{
    AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response,
};

pub use self::keys::webhook_keys;
pub use self::picture::{NoPicture, PictureBody, PictureSource, next_chunk, open_picture};
pub use self::quote::{dry_run, quote};
pub use self::usage::usage;
use crate::config::Config;

/// The largest answer that is read, in bytes: sixteen pictures' fields with the longest prompt in
/// each are well below it.
const MOST_ANSWER_BYTES: usize = 1024 * 1024;

/// Asks Ideogram to generate.
pub async fn generate(env: &Env, config: &Config, call: UpstreamCall) -> CallOutcome {
    let signal = time_out(config.request_timeout);
    let upstream = Upstream {
        config,
        path: &call.path,
    };
    send(env, upstream, call.body, &signal).await
}

async fn send(
    env: &Env,
    upstream: Upstream<'_>,
    body: UpstreamBody,
    signal: &AbortSignal,
) -> CallOutcome {
    let sent = match body {
        UpstreamBody::Json(body) => send_json(upstream, &body.to_string(), signal).await,
        UpstreamBody::Form(parts) => form::send_form(env, upstream, parts, signal).await,
    };
    match sent {
        Ok(response) => read_answer(response, signal).await,
        Err(outcome) => outcome,
    }
}

/// Asks Ideogram what came of a generation that it has taken.
pub async fn poll(config: &Config, id: &UpstreamId) -> CallOutcome {
    let signal = time_out(config.request_timeout);
    let upstream = Upstream {
        config,
        path: &poll_path(id),
    };
    let sent = async {
        let request = upstream.question()?;
        Fetch::Request(request).send_with_signal(&signal).await
    };
    match sent.await {
        Ok(response) => read_answer(response, &signal).await,
        Err(_) => broken_off(&signal),
    }
}

async fn send_json(
    upstream: Upstream<'_>,
    body: &str,
    signal: &AbortSignal,
) -> Result<Response, CallOutcome> {
    let body = Body {
        content_type: "application/json".to_owned(),
        content: JsValue::from_str(body),
    };
    let sent = async {
        let request = upstream.request(body)?;
        Fetch::Request(request).send_with_signal(signal).await
    };
    sent.await.map_err(|_| broken_off(signal))
}

/// Ends a call, its body included, after this long.
pub fn time_out(length: Millis) -> AbortSignal {
    let millis = u32::try_from(length.get()).unwrap_or(u32::MAX);
    web_sys::AbortSignal::timeout_with_u32(millis).into()
}

fn broken_off(signal: &AbortSignal) -> CallOutcome {
    if signal.aborted() {
        CallOutcome::TimedOut
    } else {
        CallOutcome::ConnectionLost
    }
}

/// Where a call goes.
#[derive(Clone, Copy)]
struct Upstream<'call> {
    config: &'call Config,
    path: &'call str,
}

/// What a call brings.
struct Body {
    content_type: String,
    /// A text or a stream.
    content: JsValue,
}

impl Upstream<'_> {
    /// A request that brings something.
    fn request(self, body: Body) -> worker::Result<Request> {
        let headers = self.headers()?;
        headers.set("content-type", &body.content_type)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_headers(headers)
            .with_body(Some(body.content));
        self.to(init)
    }

    /// A request that only asks.
    fn question(self) -> worker::Result<Request> {
        let mut init = RequestInit::new();
        init.with_method(Method::Get).with_headers(self.headers()?);
        self.to(init)
    }

    fn headers(self) -> worker::Result<Headers> {
        let headers = Headers::new();
        headers.set("api-key", &self.config.api_key)?;
        headers.set("accept", "application/json")?;
        Ok(headers)
    }

    fn to(self, mut init: RequestInit) -> worker::Result<Request> {
        // The key goes to the configured address only.
        init.with_redirect(RequestRedirect::Manual);
        let url = format!("{}{}", self.config.base_url, self.path);
        Request::new_with_init(&url, &init)
    }
}

async fn read_answer(mut response: Response, signal: &AbortSignal) -> CallOutcome {
    let status = response.status_code();
    let retry_after = response.headers().get("retry-after").ok().flatten();
    match (read_at_most(&mut response, MOST_ANSWER_BYTES).await, status) {
        (Ok(body), _) => CallOutcome::Answered {
            status,
            retry_after,
            body,
        },
        (Err(_), 200) => broken_off(signal),
        (Err(_), _) => CallOutcome::Answered {
            status,
            retry_after,
            body: vec![],
        },
    }
}

/// The body, or the first `most` bytes of it.
///
/// # Errors
/// It broke off.
pub async fn read_at_most(response: &mut Response, most: usize) -> worker::Result<Vec<u8>> {
    let mut stream = response.stream()?;
    let mut body = vec![];
    while let Some(chunk) = stream.next().await {
        body.extend(chunk?);
        if body.len() > most {
            body.truncate(most);
            break;
        }
    }
    Ok(body)
}

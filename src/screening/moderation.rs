//! A moderation endpoint in OpenAI's shape (`MODERATION_URL`). It is sent the sanitised prompt and
//! nothing else. What happens when it gives no verdict is the operator's choice.

use domain::failure::FailureCode;
use domain::moderation::{MODERATION_MOST_BYTES, Verdict, question};
use domain::prompt::SanitisedPrompt;
use worker::wasm_bindgen::JsValue;
use worker::{Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use super::rejected;
use crate::config::{Config, Moderation, WithoutVerdict};
use crate::error::Refused;
use crate::ideogram::{read_at_most, time_out};
use crate::log;

/// Lets a prompt pass, or not.
///
/// # Errors
/// The endpoint flags it; or it gives no verdict, and the settings say that nothing passes then.
pub async fn moderate(config: &Config, prompt: &SanitisedPrompt) -> Result<(), Refused> {
    let Some(moderation) = &config.moderation else {
        return Ok(());
    };
    match ask(moderation, prompt).await {
        Ok(Verdict::Passed) => Ok(()),
        Ok(Verdict::Flagged { categories }) => Err(rejected(
            "the prompt was flagged by moderation; nothing was spent",
            categories.first().map(String::as_str),
        )),
        Err(problem) => {
            log::fault("moderation", &problem);
            match moderation.without_verdict {
                WithoutVerdict::Open => Ok(()),
                WithoutVerdict::Closed => Err(Refused::new(
                    FailureCode::Busy,
                    "the prompt could not be checked; nothing was spent, try again shortly",
                )
                .with_header("retry-after", "5")),
            }
        }
    }
}

async fn ask(moderation: &Moderation, prompt: &SanitisedPrompt) -> Result<Verdict, String> {
    let signal = time_out(moderation.time_out);
    let sent = async {
        let request = request(moderation, prompt)?;
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        let body = read_at_most(&mut response, MODERATION_MOST_BYTES).await?;
        Ok::<_, worker::Error>((response.status_code(), body))
    };
    match sent.await {
        Ok((200, body)) => Verdict::parse(&body).ok_or_else(|| "no verdict in the answer".into()),
        Ok((status, _)) => Err(format!("the endpoint answered {status}")),
        Err(_) if signal.aborted() => Err("the endpoint did not answer in time".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn request(moderation: &Moderation, prompt: &SanitisedPrompt) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    if let Some(key) = &moderation.key {
        headers.set("authorization", &format!("Bearer {key}"))?;
    }
    let body = question(prompt).to_string();
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        // The prompt and the key go to the configured address only.
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(JsValue::from_str(&body)));
    Request::new_with_init(&moderation.url, &init)
}

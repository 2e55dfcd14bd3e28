//! Asks Ideogram what a day cost, which is free; what the answer means is `domain::reconciliation`'s.

use domain::reconciliation::{Usage, usage_path};
use domain::retry::CallOutcome;
use domain::time::{Day, Millis};
use worker::{Fetch, Headers, Request, RequestInit, RequestRedirect};

use super::{broken_off, read_answer, time_out};
use crate::config::Config;

/// Nobody waits for it but the operator.
const PATIENCE: Millis = Millis::from_seconds(30);

/// Asks what a day cost.
///
/// # Errors
/// Says why there is no telling.
pub async fn usage(config: &Config, day: Day) -> Result<Usage, String> {
    let signal = time_out(PATIENCE);
    let sent = async {
        let request = request(config, day)?;
        Fetch::Request(request).send_with_signal(&signal).await
    };
    let outcome: CallOutcome = match sent.await {
        Ok(response) => read_answer(response, &signal).await,
        Err(_) => broken_off(&signal),
    };
    Usage::of(outcome, day)
}

fn request(config: &Config, day: Day) -> worker::Result<Request> {
    let headers = Headers::new();
    headers.set("api-key", &config.api_key)?;
    headers.set("accept", "application/json")?;
    let mut init = RequestInit::new();
    init.with_headers(headers)
        // The key goes to the configured address only.
        .with_redirect(RequestRedirect::Manual);
    let url = format!("{}{}", config.base_url, usage_path(day));
    Request::new_with_init(&url, &init)
}

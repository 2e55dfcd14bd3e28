//! Asks Ideogram for the keys that it signs webhooks with. They are public: the gateway's own key is
//! not sent.

use domain::time::Millis;
use domain::webhook::KeySet;
use worker::{Fetch, Method, Request, RequestInit, RequestRedirect, Response};

use super::{read_at_most, time_out};
use crate::config::Config;

/// Where Ideogram publishes them (its page on webhooks).
const PATH: &str = "/v1/.well-known/jwks.json";
/// A delivery is kept waiting for them.
const PATIENCE: Millis = Millis::from_seconds(5);
/// The largest answer that is read, in bytes: a key is about 200.
const MOST_BYTES: usize = 64 * 1024;

/// The keys as they are now.
///
/// # Errors
/// Why there are none, in words.
pub async fn webhook_keys(config: &Config) -> Result<KeySet, String> {
    let body = get(config).await.map_err(|error| error.to_string())?;
    KeySet::parse(&body).map_err(|error| error.to_string())
}

async fn get(config: &Config) -> worker::Result<Vec<u8>> {
    let signal = time_out(PATIENCE);
    let mut init = RequestInit::new();
    init.with_method(Method::Get)
        .with_redirect(RequestRedirect::Manual);
    let request = Request::new_with_init(&format!("{}{PATH}", config.base_url), &init)?;
    let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
    check(&response)?;
    read_at_most(&mut response, MOST_BYTES).await
}

fn check(response: &Response) -> worker::Result<()> {
    match response.status_code() {
        200 => Ok(()),
        status => Err(worker::Error::RustError(format!("status {status}"))),
    }
}

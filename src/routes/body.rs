//! Reading a body: its size, and of JSON its type and its text, within a time.

use domain::failure::FailureCode;
use domain::request::parse_json;
use domain::time::Millis;
use futures_util::StreamExt;
use serde_json::Value;
use worker::Request;

use crate::deadline::within;
use crate::error::Refused;

/// The largest JSON body that is taken, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// The longest a body may take to arrive: the largest one needs 100 KiB a second.
const MOST_TIME: Millis = Millis::from_seconds(10);

/// Reads the body as JSON.
///
/// # Errors
/// It is of another type, too large, too slow, broken off, or no JSON.
pub async fn read_json(request: &mut Request) -> Result<Value, Refused> {
    if !is_json(&content_type(request)?) {
        return Err(Refused::new(
            FailureCode::UnsupportedMediaType,
            "the body has to be JSON, sent with Content-Type: application/json",
        ));
    }
    Ok(parse_json(&read_bytes(request).await?)?)
}

/// Reads the body, whatever it is.
///
/// # Errors
/// It is too large, too slow, or broken off.
pub async fn read_bytes(request: &mut Request) -> Result<Vec<u8>, Refused> {
    let body = within(MOST_TIME, read(request)).await;
    body.unwrap_or_else(|| Err(too_slow()))
}

/// The type of a body, without what follows the first semicolon.
///
/// # Errors
/// The header cannot be read.
pub fn content_type(request: &Request) -> worker::Result<String> {
    let content_type = request.headers().get("content-type")?.unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    Ok(essence.trim().to_owned())
}

/// Whether a body of this type is JSON.
pub const fn is_json(content_type: &str) -> bool {
    content_type.eq_ignore_ascii_case("application/json")
}

async fn read(request: &mut Request) -> Result<Vec<u8>, Refused> {
    let declared = request.headers().get("content-length")?;
    let declared = declared.and_then(|text| text.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MOST_BYTES) {
        return Err(too_large());
    }
    let mut body = vec![];
    if request.inner().body().is_none() {
        return Ok(body);
    }
    let mut stream = request.stream()?;
    while let Some(chunk) = stream.next().await {
        body.extend(chunk.map_err(|_| broken_off())?);
        if u64::try_from(body.len()).is_ok_and(|length| length > MOST_BYTES) {
            return Err(too_large());
        }
    }
    Ok(body)
}

fn too_large() -> Refused {
    Refused::new(
        FailureCode::PayloadTooLarge,
        format!("the body is larger than {MOST_BYTES} bytes"),
    )
}

fn too_slow() -> Refused {
    let seconds = MOST_TIME.seconds_rounded_up();
    Refused::new(
        FailureCode::RequestTimeout,
        format!("the body took longer than {seconds} s to arrive"),
    )
}

/// The caller went away, or its connection did: no fault of the gateway's.
pub fn broken_off() -> Refused {
    Refused::new(FailureCode::InvalidRequest, "the body broke off")
}

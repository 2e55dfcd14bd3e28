//! Reading a JSON body: its type, its size, its text.

use domain::failure::FailureCode;
use domain::request::parse_json;
use futures_util::StreamExt;
use serde_json::Value;
use worker::Request;

use crate::error::Refused;

/// The largest JSON body that is taken, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

/// Reads the body as JSON.
///
/// # Errors
/// It is of another type, too large, broken off, or no JSON.
pub async fn read_json(request: &mut Request) -> Result<Value, Refused> {
    let content_type = request.headers().get("content-type")?.unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refused::new(
            FailureCode::UnsupportedMediaType,
            "the body has to be JSON, sent with Content-Type: application/json",
        ));
    }
    Ok(parse_json(&read(request).await?)?)
}

async fn read(request: &mut Request) -> Result<Vec<u8>, Refused> {
    let declared = request.headers().get("content-length")?;
    let declared = declared.and_then(|text| text.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MOST_BYTES) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0));
    if request.inner().body().is_none() {
        return Ok(body);
    }
    let mut stream = request.stream()?;
    while let Some(chunk) = stream.next().await {
        body.extend(chunk?);
        if body.len() > MOST_BYTES {
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

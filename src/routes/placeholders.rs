//! `GET /placeholders/{name}`: the picture that stands in for another while generation is off. It is
//! made here and never changes, so it may be cached for ever.

use domain::failure::FailureCode;
use domain::placeholder::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, Placeholder};
use worker::{Headers, Response, ResponseBuilder};

use crate::error::Refused;

pub fn get(name: &str) -> Result<Response, Refused> {
    let nothing = || Refused::new(FailureCode::NotFound, "there is no such picture");
    let placeholder = Placeholder::parse(name).ok_or_else(nothing)?;
    let headers = Headers::new();
    headers.set("content-type", CONTENT_TYPE)?;
    headers.set("content-security-policy", CONTENT_SECURITY_POLICY)?;
    headers.set("cache-control", "public, max-age=31536000, immutable")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(ResponseBuilder::new()
        .with_headers(headers)
        .fixed(placeholder.svg().into_bytes()))
}

//! What a caller gives an endpoint: JSON or a form, whichever it takes.

use domain::failure::FailureCode;
use domain::request::{Asked, Endpoint, ImageRequest, Limits};
use worker::{Env, Request};

use super::body::{content_type, is_json, read_json};
use super::form::read_form;
use crate::error::Refused;
use crate::storage::Brought;

/// Reads a request. The pictures that come with it are noted in `brought`.
///
/// # Errors
/// The endpoint does not take it, it could not be read, or R2 failed.
pub async fn read_given(
    env: &Env,
    request: &mut Request,
    endpoint: Endpoint,
    limits: &Limits,
    brought: &mut Brought,
) -> Result<Asked, Refused> {
    let content_type = content_type(request)?;
    if endpoint.takes_json() && is_json(&content_type) {
        let body = read_json(request).await?;
        Ok(ImageRequest::parse(endpoint, &body, limits)?)
    } else if endpoint.takes_forms() && content_type.eq_ignore_ascii_case("multipart/form-data") {
        let form = read_form(env, request, endpoint, brought).await?;
        Ok(ImageRequest::parse_form(endpoint, form, limits)?)
    } else {
        let takes = match (endpoint.takes_json(), endpoint.takes_forms()) {
            (true, true) => "application/json or multipart/form-data",
            (false, true) => "multipart/form-data",
            _ => "application/json",
        };
        let sentence = format!("this endpoint takes a body with Content-Type: {takes}");
        Err(Refused::new(FailureCode::UnsupportedMediaType, sentence))
    }
}

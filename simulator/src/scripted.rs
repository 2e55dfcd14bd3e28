//! Answers of which the script gives status, headers and body.
//! Holds true: what cannot be said in HTTP becomes a 500 that tells the script's author so.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response as HttpResponse, StatusCode};
use axum::response::{IntoResponse, Response};

pub(crate) fn scripted(
    status: u16,
    headers: &[(String, String)],
    body: String,
    usual_content_type: &'static str,
) -> Response {
    let mut answer = HttpResponse::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(name, value);
    }
    match answer.body(Body::from(body)) {
        Ok(mut answer) => {
            answer
                .headers_mut()
                .entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static(usual_content_type));
            answer
        }
        Err(error) => {
            let told = format!("The scripted answer is not valid HTTP: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, told).into_response()
        }
    }
}

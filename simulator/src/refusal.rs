//! The answers with which Ideogram turns a request down before running it.
//! Holds true: none of these is ever charged (Ideogram's errors page, 2026-11).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Invalid(String),
    UnknownKey { status: StatusCode },
    InsufficientFunds,
    NotFound,
    GenerationNotFound,
    TooLarge,
    ForbiddenContent,
    TooManyInProgress { limit: u32 },
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::UnknownKey { status } => *status,
            Self::InsufficientFunds => StatusCode::PAYMENT_REQUIRED,
            Self::NotFound | Self::GenerationNotFound => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ForbiddenContent => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyInProgress { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn body(&self) -> Value {
        match self {
            // Ideogram's OpenAPI document, `GenerateImageSafetyError`.
            Self::ForbiddenContent => json!({
                "error": "Prompt provided failed safety check due to the inclusion of prohibited content."
            }),
            // Typed bodies: `GenerationErrorResponse` of Ideogram's OpenAPI document, 2026-10.
            Self::InsufficientFunds => json!({
                "error": "Insufficient funds to complete this request.",
                "reject_reason": "insufficient_funds"
            }),
            Self::TooManyInProgress { limit } => json!({
                "error": "Too many images are in progress.",
                "reject_reason": "inflight_limit",
                "max_inflight_requests": limit
            }),
            Self::Invalid(detail) => self.problem(detail),
            Self::UnknownKey { .. } => self.problem("Provided API key is not valid"),
            Self::NotFound => self.problem("There is nothing at this address"),
            Self::GenerationNotFound => self.problem("Generation not found"),
            Self::TooLarge => self.problem("The request is too large"),
        }
    }

    /// Ideogram declares no body for these. Its server looks like one that answers
    /// with RFC 7807 problems, so that is what callers have to get along with here.
    fn problem(&self, detail: &str) -> Value {
        let status = self.status();
        json!({
            "detail": detail,
            "status": status.as_u16(),
            "title": status.canonical_reason(),
            "type": "about:blank"
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), Json(self.body())).into_response()
    }
}

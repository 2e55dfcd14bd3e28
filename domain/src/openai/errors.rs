//! Errors in OpenAI's shape: `{"error": {"message", "type", "code", "param"}}`. One table: the type
//! follows from the status; a code is the gateway's own unless OpenAI has one that its clients look for.

use serde_json::{Value, json};

use crate::failure::{Failure, FailureCode};
use crate::request::BODY;

/// OpenAI's word, as type and as code, for money that is used up.
const QUOTA: &str = "insufficient_quota";

/// A failure as OpenAI's clients know one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenAiError {
    /// The HTTP status, from which OpenAI's clients choose what they throw.
    pub status: u16,
    /// What kind it is.
    pub kind: &'static str,
    /// What it is.
    pub code: &'static str,
}

impl OpenAiError {
    /// The one for a code of the gateway's.
    #[must_use]
    pub fn of(code: FailureCode) -> Self {
        let (status, code) = match code {
            // OpenAI answers 400, and its clients throw something else at 422.
            FailureCode::PromptRejected => (400, "content_policy_violation"),
            FailureCode::Unauthorized => (code.status(), "invalid_api_key"),
            FailureCode::RateLimited => (code.status(), "rate_limit_exceeded"),
            FailureCode::DailyBudgetExceeded | FailureCode::ClientBudgetExceeded => {
                (code.status(), QUOTA)
            }
            other => (other.status(), other.as_str()),
        };
        let kind = match status {
            401 => "authentication_error",
            403 => "permission_error",
            429 if code == QUOTA => QUOTA,
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            _ => "server_error",
        };
        Self { status, kind, code }
    }

    /// Whether OpenAI's clients are told not to try again by themselves, as they do with other errors
    /// of the same status: money does not come back within seconds.
    #[must_use]
    pub fn is_final(self) -> bool {
        self.code == QUOTA
    }

    /// The error's own object.
    #[must_use]
    pub fn to_json(self, failure: &Failure, field: Option<&str>) -> Value {
        json!({
            "message": failure.message,
            "type": self.kind,
            "code": self.code,
            "param": field.filter(|field| *field != BODY),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_type_that_goes_with_the_status_openais_clients_look_at() {
        for code in FailureCode::ALL {
            let error = OpenAiError::of(*code);
            let kind = match (error.status, error.code) {
                (401, _) => "authentication_error",
                (403, _) => "permission_error",
                (429, "rate_limit_exceeded") => "rate_limit_error",
                (429, _) => "insufficient_quota",
                (400..=499, _) => "invalid_request_error",
                _ => "server_error",
            };
            assert_eq!(error.kind, kind, "{code:?}");
            let same = error.status == code.status();
            assert_eq!(same, *code != FailureCode::PromptRejected, "{code:?}");
            assert_eq!(error.is_final(), error.kind == QUOTA, "{code:?}");
        }
    }

    #[test]
    fn the_codes_that_openais_clients_look_for_are_openais() {
        let of = |code| {
            let OpenAiError { status, kind, code } = OpenAiError::of(code);
            (status, kind, code)
        };
        let invalid = "invalid_request_error";
        for (code, expected) in [
            (
                FailureCode::PromptRejected,
                (400, invalid, "content_policy_violation"),
            ),
            (
                FailureCode::Unauthorized,
                (401, "authentication_error", "invalid_api_key"),
            ),
            (
                FailureCode::RateLimited,
                (429, "rate_limit_error", "rate_limit_exceeded"),
            ),
            (FailureCode::DailyBudgetExceeded, (429, QUOTA, QUOTA)),
            (FailureCode::ClientBudgetExceeded, (429, QUOTA, QUOTA)),
            (
                FailureCode::ModelNotFound,
                (404, invalid, "model_not_found"),
            ),
            (FailureCode::Busy, (503, "server_error", "busy")),
        ] {
            assert_eq!(of(code), expected, "{code:?}");
        }
    }

    #[test]
    fn the_field_is_named_unless_it_is_the_whole_body() {
        let failure = Failure::new(FailureCode::InvalidRequest, "n must be 1");
        let json = |field| OpenAiError::of(failure.code).to_json(&failure, field);
        assert_eq!(
            json(Some("n")),
            json!({"message": "n must be 1", "type": "invalid_request_error",
                "code": "invalid_request", "param": "n"})
        );
        assert_eq!(json(Some(BODY))["param"], Value::Null);
        assert_eq!(json(None)["param"], Value::Null);
    }
}

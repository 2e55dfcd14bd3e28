//! Every way in which a request can fail, with the code callers see and the HTTP status it goes
//! with. This table is the only place where codes and statuses are written.

use serde::{Deserialize, Serialize};

use crate::retry::FailureCost;
use crate::time::Millis;

/// Declares the codes once: variant, code in JSON, HTTP status, and the header that comes with it.
macro_rules! failure_codes {
    (@header) => { None };
    (@header $header:literal) => { Some($header) };
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $status:literal $(, $header:literal)?;)+) => {
        /// What went wrong, as callers see it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FailureCode {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $variant,)+
        }

        impl FailureCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code in answers and logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// The header that comes with it; `retry-after` only where waiting may help.
            #[must_use]
            pub const fn header(self) -> Option<&'static str> {
                match self { $(Self::$variant => failure_codes!(@header $($header)?),)+ }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim(),)+ }
            }
        }
    };
}

failure_codes! {
    /// The request is not one that Ideogram or the gateway takes; nothing was spent.
    InvalidRequest = "invalid_request", 400;
    /// No key, or a wrong one.
    Unauthorized = "unauthorized", 401, "www-authenticate";
    /// A key that may not do this.
    Forbidden = "forbidden", 403;
    /// The browser token's pictures are used up.
    TokenSpent = "token_spent", 403;
    /// There is nothing here.
    NotFound = "not_found", 404;
    /// There is no such model, or not for this key.
    ModelNotFound = "model_not_found", 404;
    /// The endpoint exists, with other methods.
    MethodNotAllowed = "method_not_allowed", 405, "allow";
    /// The body took too long to arrive.
    RequestTimeout = "request_timeout", 408;
    /// The generation is still under way.
    GenerationRunning = "generation_running", 409, "retry-after";
    /// The generation was cancelled by a client that had asked for it; nothing was spent.
    Cancelled = "cancelled", 409;
    /// The idempotency key names another request.
    IdempotencyConflict = "idempotency_conflict", 409;
    /// The body is larger than the endpoint takes.
    PayloadTooLarge = "payload_too_large", 413;
    /// The body is of a type the endpoint does not take.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// The range lies outside the picture.
    RangeNotSatisfiable = "range_not_satisfiable", 416, "content-range";
    /// The prompt was refused by policy or by Ideogram's safety check.
    PromptRejected = "prompt_rejected", 422;
    /// The day's money is spent or reserved.
    DailyBudgetExceeded = "daily_budget_exceeded", 429, "retry-after";
    /// The client's own money for the day is spent or reserved.
    ClientBudgetExceeded = "client_budget_exceeded", 429, "retry-after";
    /// Too many requests from one client, or too many wrong keys from one address.
    RateLimited = "rate_limited", 429, "retry-after";
    /// Something in the gateway failed that should not; nothing was spent on it.
    InternalError = "internal_error", 500;
    /// Ideogram failed, or answered what cannot be understood.
    UpstreamError = "upstream_error", 502;
    /// Ideogram refused the gateway's own key.
    UpstreamAuth = "upstream_auth", 502, "retry-after";
    /// The gateway was restarted while Ideogram was at work.
    Interrupted = "interrupted", 502;
    /// No place came free in time.
    Busy = "busy", 503, "retry-after";
    /// Generation is switched off, or the settings are wrong.
    GenerationDisabled = "generation_disabled", 503, "retry-after";
    /// The account at Ideogram has no credit left.
    NoCredits = "no_credits", 503, "retry-after";
    /// Ideogram has failed so often that it is left alone for a while.
    BreakerOpen = "breaker_open", 503, "retry-after";
    /// Ideogram did not answer in time.
    UpstreamTimeout = "upstream_timeout", 504;
    /// The generation goes on; its result can be fetched later.
    GenerationPending = "generation_pending", 504;
}

/// A failure as it is stored with a generation and told to those who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub code: FailureCode,
    /// One sentence that says what happened and what can be done.
    pub message: String,
    /// When it makes sense to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Millis>,
    /// What the generation may have cost on the way to it.
    #[serde(default)]
    pub cost: FailureCost,
}

impl Failure {
    /// A failure that was free, without a time to come back.
    #[must_use]
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
            cost: FailureCost::Nothing,
        }
    }

    /// Whether a picture may have been billed for it. Whoever asks again may pay again.
    #[must_use]
    pub fn may_have_been_billed(&self) -> bool {
        self.cost == FailureCost::Unconfirmed
    }

    /// The same, with the time after which it makes sense to ask again.
    #[must_use]
    pub const fn retry_after(mut self, length: Millis) -> Self {
        self.retry_after = Some(length);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_code_with_its_status() {
        let readme = include_str!("../../README.md");
        for code in FailureCode::ALL {
            let row = format!("| `{}` | {} | ", code.as_str(), code.status());
            assert!(readme.contains(&row), "{row}");
        }
    }

    #[test]
    fn every_code_has_a_status_that_a_response_may_carry_and_a_name_of_its_own() {
        let mut names = std::collections::BTreeSet::new();
        for code in FailureCode::ALL {
            assert!((400..=599).contains(&code.status()), "{code:?}");
            assert!(names.insert(code.as_str()), "{code:?}");
            assert_eq!(
                serde_json::to_value(code).unwrap(),
                serde_json::Value::from(code.as_str())
            );
        }
    }
}

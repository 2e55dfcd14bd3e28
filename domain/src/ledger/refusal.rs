//! Why the ledger refuses, and what a caller is told. A refused request never reached Ideogram and
//! cost nothing.

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, FailureCode};
use crate::time::Millis;

/// Why an `acquire` was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The day's budget has no room for it.
    DailyBudget,
    /// The client's own budget for the day has no room for it.
    ClientBudget,
    /// The browser token has fewer pictures left than were asked for.
    TokenSpent,
    /// Too many wait already.
    QueueFull,
    /// No place came free in time.
    QueueTimeout,
    /// Ideogram is left alone for a while because it keeps failing.
    BreakerOpen,
    /// Generation is switched off.
    Disabled,
    /// The ledger's own books are wrong, so it spends nothing.
    Frozen,
    /// The account at Ideogram is empty.
    NoCredits,
    /// Ideogram refuses the gateway's key.
    UpstreamAuth,
}

/// A refusal, with the time after which it makes sense to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalReason,
    /// When to ask again; zero where waiting does not help.
    pub retry_after: Millis,
}

impl Refusal {
    /// What the caller is told.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let (code, message) = match self.reason {
            RefusalReason::DailyBudget => (
                FailureCode::DailyBudgetExceeded,
                "today's budget for pictures is spent or reserved; it is renewed at midnight UTC",
            ),
            RefusalReason::ClientBudget => (
                FailureCode::ClientBudgetExceeded,
                "this key's own budget for today is spent or reserved; it is renewed at midnight UTC",
            ),
            RefusalReason::TokenSpent => (
                FailureCode::TokenSpent,
                "this token has fewer pictures left than were asked for; nothing was spent, get a new one",
            ),
            RefusalReason::QueueFull => (
                FailureCode::Busy,
                "too many requests are waiting for a picture already; nothing was spent, try again shortly",
            ),
            RefusalReason::QueueTimeout => (
                FailureCode::Busy,
                "no place came free in time; nothing was spent, try again shortly",
            ),
            RefusalReason::BreakerOpen => (
                FailureCode::BreakerOpen,
                "Ideogram keeps failing and is left alone for a while; nothing was spent, try again later",
            ),
            RefusalReason::Disabled => (
                FailureCode::GenerationDisabled,
                "generation is switched off; pictures made before are still served",
            ),
            RefusalReason::Frozen => (
                FailureCode::GenerationDisabled,
                "the gateway's own books do not add up, so nothing is spent until its operator has looked; pictures made before are still served",
            ),
            RefusalReason::NoCredits => (
                FailureCode::NoCredits,
                "the account at Ideogram has no credit left; its operator has to add some",
            ),
            RefusalReason::UpstreamAuth => (
                FailureCode::UpstreamAuth,
                "Ideogram refuses the gateway's own key; its operator has to renew IDEOGRAM_API_KEY",
            ),
        };
        let failure = Failure::new(code, message);
        match self.retry_after {
            Millis::ZERO => failure,
            wait => failure.retry_after(wait),
        }
    }
}

//! What an answer of Ideogram means: what it may have cost, whether and when it may be tried
//! again, what it says about Ideogram's health, and what the caller is told.
//!
//! Ideogram does not bill requests it refuses nor generations that fail, and bills every picture
//! that was completed, seen or not (Ideogram's errors and idempotency pages, 2026-10). There is no
//! idempotency key: a call whose answer was lost may have been billed, and trying it again may be
//! billed again. So whatever is not known to be free is booked as unconfirmed.

use serde::{Deserialize, Serialize};

use crate::answer::{self, Answer};
use crate::failure::{Failure, FailureCode};
use crate::request::Product;
use crate::time::{Millis, UnixMillis};
use crate::upstream::{UpstreamId, read_submission};

/// The first wait before another try is drawn from nothing to this long; it doubles with each try.
const BACKOFF_BASE: Millis = Millis::new(500);
/// No drawn wait is longer; a `Retry-After` may be.
const BACKOFF_CAP: Millis = Millis::from_seconds(20);
/// A `Retry-After` is taken for no longer: a caller who is told of years does not come back.
const MOST_RETRY_AFTER: Millis = Millis::from_seconds(60 * 60);

/// What came of one call to Ideogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome {
    /// An answer. A 200 is here only with its whole body; of other statuses the body may be
    /// missing, because their status already says what they mean.
    Answered {
        /// The HTTP status; what failed after it had been sent says another one in its body.
        status: u16,
        /// The `Retry-After` header as it came.
        retry_after: Option<String>,
        /// The body's bytes.
        body: Vec<u8>,
    },
    /// Our own time-out ran out, before the headers or while the body came.
    TimedOut,
    /// The connection failed, before the headers or while the body came. Whether the request had
    /// left is not known.
    ConnectionLost,
    /// A picture that goes with the request is gone. Nothing was sent.
    ReferenceGone,
    /// The pictures that go with the request could not be looked for. Nothing was sent.
    ReferencesUnknown,
}

/// What a call says about Ideogram's health; the breaker goes by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Ideogram is there and does its work; refusing a request is part of it.
    #[default]
    Working,
    /// More was in progress at Ideogram than the account may have.
    RateLimited,
    /// Ideogram failed, or did not answer.
    Failing,
    /// Ideogram refused the gateway's key.
    KeyRefused,
    /// The account has no credit.
    NoCredits,
}

impl Health {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Working,
        Self::RateLimited,
        Self::Failing,
        Self::KeyRefused,
        Self::NoCredits,
    ];
}

/// What a failed call may have cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCost {
    /// Ideogram did not bill it.
    #[default]
    Nothing,
    /// It may have been billed.
    Unconfirmed,
}

/// Whether a failed call may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It would fail again.
    Never,
    /// After a wait of at least this long.
    After(Millis),
    /// It could be billed a second time: only if the operator has allowed that.
    IfPaidTwice,
}

/// The meaning of one call's outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Pictures were made, and billed.
    Made(Answer),
    /// Ideogram has taken it, and is asked for what comes of it by this id.
    Accepted(UpstreamId),
    /// No pictures.
    Failed(FailedCall),
    /// No call: it cost nothing and says nothing about Ideogram. What the caller is told.
    NotSent(Failure),
}

/// The meaning of a call that made no pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCall {
    /// What it may have cost.
    pub cost: FailureCost,
    /// Whether to try again.
    pub again: Again,
    /// What it says about Ideogram.
    pub health: Health,
    /// What the caller is told if it is not tried again.
    pub failure: Failure,
}

/// Reads one call's outcome. `now` is only for a `Retry-After` written as a date.
#[must_use]
pub fn judge(outcome: CallOutcome, product: Product, now: UnixMillis) -> Verdict {
    match outcome {
        CallOutcome::Answered {
            status,
            retry_after,
            body,
        } => match status {
            200 => match answer::failed_late(&body) {
                Some(status) => judge_late_failure(status, &body, now),
                None => judge_result(&body, product),
            },
            _ => judge_refusal(status, retry_after.as_deref(), &body, now),
        },
        CallOutcome::TimedOut => unconfirmed(Failure::new(
            FailureCode::UpstreamTimeout,
            "Ideogram did not answer in time; the picture may have been made and billed, so it was not asked for again",
        )),
        CallOutcome::ConnectionLost => unconfirmed(Failure::new(
            FailureCode::UpstreamError,
            "the connection to Ideogram was lost; the picture may have been made and billed, so it was not asked for again",
        )),
        CallOutcome::ReferenceGone => Verdict::NotSent(Failure::new(
            FailureCode::InternalError,
            "a picture that came with the request is no longer there; nothing was spent, send the request again",
        )),
        CallOutcome::ReferencesUnknown => Verdict::NotSent(
            Failure::new(
                FailureCode::Busy,
                "the storage for pictures did not answer; nothing was spent, send the request again shortly",
            )
            .retry_after(Millis::from_seconds(5)),
        ),
    }
}

/// Reads the outcome of a call that asks for no more than to be taken.
#[must_use]
pub fn judge_submission(outcome: CallOutcome, product: Product, now: UnixMillis) -> Verdict {
    match &outcome {
        CallOutcome::Answered {
            status: 200, body, ..
        } => match read_submission(body) {
            Some(id) => Verdict::Accepted(id),
            None => judge(outcome, product, now),
        },
        _ => judge(outcome, product, now),
    }
}

fn judge_result(body: &[u8], product: Product) -> Verdict {
    match Answer::parse(body, product) {
        Ok(answer) => Verdict::Made(answer),
        Err(_) => unconfirmed(Failure::new(
            FailureCode::UpstreamError,
            "Ideogram answered 200 with something that is no result; it may have been billed",
        )),
    }
}

/// Ideogram had begun to answer before it failed, so its status is in the body. A request that was
/// refused is as free as ever; whether a failure of Ideogram's is, once the work had begun, is not
/// known.
fn judge_late_failure(status: u16, body: &[u8], now: UnixMillis) -> Verdict {
    if status < 500 {
        return judge_refusal(status, None, body, now);
    }
    let said = answer::error_message(body);
    let what = sentence("Ideogram failed while it answered", status, said.as_deref());
    unconfirmed(Failure::new(
        FailureCode::UpstreamError,
        format!("{what}; it may have been billed"),
    ))
}

fn judge_refusal(status: u16, retry_after: Option<&str>, body: &[u8], now: UnixMillis) -> Verdict {
    let said = answer::error_message(body);
    let said = said.as_deref();
    let refused = |code, sentence: &str| free(Health::Working, code, sentence, said);
    match status {
        422 => refused(
            FailureCode::PromptRejected,
            "Ideogram's safety check refused the prompt",
        ),
        400 | 413 => refused(FailureCode::InvalidRequest, "Ideogram refused the request"),
        401 => free(
            Health::KeyRefused,
            FailureCode::UpstreamAuth,
            "Ideogram refused the gateway's own key; its operator has to renew IDEOGRAM_API_KEY",
            None,
        ),
        402 => free(
            Health::NoCredits,
            FailureCode::NoCredits,
            "the account at Ideogram has no credit left; its operator has to add some",
            None,
        ),
        429 => free_again(
            Health::RateLimited,
            wait_asked_for(retry_after, now),
            Failure::new(
                FailureCode::Busy,
                "Ideogram has too much in progress for this account; try again shortly",
            ),
        ),
        500 | 502 | 503 => free_again(
            Health::Failing,
            wait_asked_for(retry_after, now),
            Failure::new(
                FailureCode::UpstreamError,
                sentence("Ideogram failed", status, said),
            ),
        ),
        403 | 404..=407 | 409..=499 => refused(
            FailureCode::UpstreamError,
            &sentence("Ideogram refused the request", status, None),
        ),
        _ => unconfirmed(Failure::new(
            FailureCode::UpstreamError,
            sentence("Ideogram or a server before it failed", status, said),
        )),
    }
}

fn sentence(what: &str, status: u16, said: Option<&str>) -> String {
    let what = format!("{what} (status {status})");
    said.map_or(what.clone(), |said| format!("{what}: {said}"))
}

fn free(health: Health, code: FailureCode, what: &str, said: Option<&str>) -> Verdict {
    let message = said.map_or(what.to_owned(), |said| format!("{what}: {said}"));
    Verdict::Failed(FailedCall {
        cost: FailureCost::Nothing,
        again: Again::Never,
        health,
        failure: Failure::new(code, message),
    })
}

fn free_again(health: Health, wait: Option<Millis>, failure: Failure) -> Verdict {
    let wait = wait.unwrap_or_default();
    Verdict::Failed(FailedCall {
        cost: FailureCost::Nothing,
        again: Again::After(wait),
        health,
        failure: failure.retry_after(wait.max(Millis::from_seconds(1))),
    })
}

fn unconfirmed(failure: Failure) -> Verdict {
    Verdict::Failed(FailedCall {
        cost: FailureCost::Unconfirmed,
        again: Again::IfPaidTwice,
        health: Health::Failing,
        failure,
    })
}

/// The wait that a `Retry-After` asks for: whole seconds, or an HTTP date (RFC 9110 §10.2.3).
#[must_use]
pub fn wait_asked_for(retry_after: Option<&str>, now: UnixMillis) -> Option<Millis> {
    wait_or_date(retry_after?.trim(), now).map(|wait| wait.min(MOST_RETRY_AFTER))
}

fn wait_or_date(value: &str, now: UnixMillis) -> Option<Millis> {
    if let Ok(seconds) = value.parse() {
        return Some(Millis::from_seconds(seconds));
    }
    Some(UnixMillis::from_http_date(value)?.since(now))
}

/// How long to wait before the try after `tries_so_far` (at least 1): drawn evenly from nothing to
/// a bound that doubles with every try ("full jitter"), but never less than Ideogram asked for.
#[must_use]
pub fn wait_before_retry(tries_so_far: u32, asked_for: Millis, random: u64) -> Millis {
    let doublings = tries_so_far.saturating_sub(1).min(16);
    let bound = BACKOFF_BASE.times(1 << doublings).min(BACKOFF_CAP);
    Millis::new(random % (bound.get() + 1)).max(asked_for)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;

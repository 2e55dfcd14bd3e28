//! One look at Ideogram: what was asked, what came of it, and what that says of its health. A look is
//! a free quote, or a real picture where the operator pays for that.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Condition;
use crate::failure::FailureCode;
use crate::price::{Extra, PriceTable, Rate};
use crate::quote::{PROMPT, QuoteOutcome};
use crate::request::Model;
use crate::retry::Health;
use crate::time::{Millis, UnixMillis};

/// A quote is looked up; one that takes longer than this is slow.
const SLOW_QUOTE: Millis = Millis::from_seconds(5);
/// A picture of a fast model is made in a few seconds; one that takes longer than this is slow.
const SLOW_PICTURE: Millis = Millis::from_seconds(30);
/// How long the history of probes is kept.
const KEPT: Millis = Millis::from_seconds(30 * 24 * 60 * 60);

/// The body of the request for a probe's picture: one of the cheapest model of the legacy endpoint,
/// with the prompt as it is.
#[must_use]
pub fn picture_asked(prices: &PriceTable) -> Value {
    let price = |model: &&Model| {
        prices.of(Rate {
            model: **model,
            extra: Extra::None,
        })
    };
    let cheapest = Model::UNVERSIONED.iter().min_by_key(price);
    json!({"image_request": {
        "prompt": PROMPT,
        "model": cheapest.copied().unwrap_or(Model::V1Turbo),
        "magic_prompt_option": "OFF",
    }})
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// What a picture costs, which is free.
    Quote,
    /// A picture.
    Generate,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// When it was asked.
    pub at: UnixMillis,
    /// What was asked.
    pub kind: ProbeKind,
    /// How Ideogram is by it: healthy, degraded or down.
    pub condition: Condition,
    /// What it says about Ideogram, as far as it says anything.
    pub health: Option<Health>,
    /// How long it took.
    pub latency: Millis,
    /// The same in words.
    pub details: String,
    /// Whether Ideogram has taken the gateway's key for certain.
    #[serde(default)]
    pub key_accepted: bool,
}

impl Probe {
    /// What a quote says.
    #[must_use]
    pub fn of_quote(at: UnixMillis, outcome: &QuoteOutcome) -> Self {
        let (kind, latency) = (ProbeKind::Quote, outcome.latency);
        let Some(why) = outcome.answer.why_not() else {
            return Self::well(at, kind, latency);
        };
        let health = Some(outcome.answer.health());
        Self::amiss(at, kind, latency, health, why.to_owned())
    }

    /// What a picture says: that it was made, or with which code it failed after Ideogram was asked.
    #[must_use]
    pub fn of_generation(
        at: UnixMillis,
        latency: Millis,
        outcome: Result<(), FailureCode>,
    ) -> Self {
        let kind = ProbeKind::Generate;
        let Err(code) = outcome else {
            return Self::well(at, kind, latency);
        };
        let health = match code {
            FailureCode::UpstreamAuth => Some(Health::KeyRefused),
            FailureCode::NoCredits => Some(Health::NoCredits),
            FailureCode::Busy => Some(Health::RateLimited),
            FailureCode::UpstreamError | FailureCode::UpstreamTimeout => Some(Health::Failing),
            FailureCode::InvalidRequest | FailureCode::PromptRejected => Some(Health::Working),
            // Of what else goes wrong the fault may be the gateway's own.
            _ => None,
        };
        let why = format!("no picture was made: {}", code.as_str());
        Self::amiss(at, kind, latency, health, why)
    }

    /// Before this moment probes need not be kept.
    #[must_use]
    pub const fn kept_since(now: UnixMillis) -> UnixMillis {
        now.minus(KEPT)
    }

    /// As the operator is shown it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.at.to_rfc3339(),
            "kind": self.kind,
            "status": self.condition,
            "outcome": self.health,
            "latency_ms": self.latency,
            "details": self.details,
        })
    }

    fn well(at: UnixMillis, kind: ProbeKind, latency: Millis) -> Self {
        let (what, slow) = match kind {
            ProbeKind::Quote => ("gave a quote", SLOW_QUOTE),
            ProbeKind::Generate => ("made a picture", SLOW_PICTURE),
        };
        let (condition, slowly) = if latency > slow {
            (Condition::Degraded, ", which is slow")
        } else {
            (Condition::Healthy, "")
        };
        Self {
            at,
            kind,
            condition,
            health: Some(Health::Working),
            latency,
            details: format!("Ideogram {what} in {} ms{slowly}", latency.get()),
            key_accepted: true,
        }
    }

    const fn amiss(
        at: UnixMillis,
        kind: ProbeKind,
        latency: Millis,
        health: Option<Health>,
        details: String,
    ) -> Self {
        let condition = match health {
            Some(Health::Failing | Health::KeyRefused | Health::NoCredits) => Condition::Down,
            Some(Health::Working | Health::RateLimited) | None => Condition::Degraded,
        };
        Self {
            at,
            kind,
            condition,
            health,
            latency,
            details,
            key_accepted: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::MicroDollars;
    use crate::quote::QuoteAnswer;
    use crate::request::generated::LIMITS;
    use crate::request::{Endpoint, ImageRequest};

    const AT: UnixMillis = UnixMillis::new(1_795_262_400_000);

    fn quoted(answer: QuoteAnswer, latency: u64) -> Probe {
        let outcome = QuoteOutcome {
            answer,
            latency: Millis::new(latency),
            date: None,
        };
        Probe::of_quote(AT, &outcome)
    }

    fn refused(health: Health) -> QuoteAnswer {
        QuoteAnswer::Refused {
            health,
            why: "why".to_owned(),
        }
    }

    #[test]
    fn the_picture_is_one_of_the_cheapest_model_that_is_accepted_as_it_stands() {
        let model = |overrides| {
            let body = picture_asked(&PriceTable::with_overrides(overrides).unwrap());
            let asked = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).unwrap();
            assert_eq!(asked.request.prompt(), PROMPT);
            assert_eq!(asked.request.images().get(), 1);
            assert!(asked.redactions.is_empty());
            asked.request.model()
        };
        assert_eq!(model("{}"), Model::V1Turbo);
        assert_eq!(model(r#"{"V_1_TURBO": 0.03}"#), Model::V2ATurbo);
    }

    #[test]
    fn a_price_is_healthy_unless_it_takes_more_than_five_seconds() {
        let price = QuoteAnswer::Price(MicroDollars::new(25_000));
        let fast = quoted(price.clone(), 5000);
        assert_eq!(fast.condition, Condition::Healthy);
        assert_eq!(fast.details, "Ideogram gave a quote in 5000 ms");
        let slow = quoted(price, 5001);
        assert_eq!(slow.condition, Condition::Degraded);
        assert!(slow.details.ends_with("which is slow"), "{}", slow.details);
        assert!(fast.key_accepted && slow.key_accepted);
    }

    #[test]
    fn what_stops_pictures_is_down_and_what_hinders_them_degraded() {
        for (health, condition) in [
            (Health::Working, Condition::Degraded),
            (Health::RateLimited, Condition::Degraded),
            (Health::Failing, Condition::Down),
            (Health::KeyRefused, Condition::Down),
            (Health::NoCredits, Condition::Down),
        ] {
            let probe = quoted(refused(health), 1);
            assert_eq!(probe.condition, condition, "{health:?}");
            assert_eq!(
                (probe.health, probe.details.as_str()),
                (Some(health), "why")
            );
            assert!(!probe.key_accepted);
        }
        let why = "no answer".to_owned();
        let lost = quoted(QuoteAnswer::Failed { why }, 1);
        assert_eq!(lost.condition, Condition::Down);
    }

    #[test]
    fn a_picture_is_healthy_unless_it_takes_more_than_thirty_seconds_or_fails() {
        let made = |seconds| Probe::of_generation(AT, Millis::from_seconds(seconds), Ok(()));
        assert_eq!(made(30).condition, Condition::Healthy);
        assert_eq!(made(31).condition, Condition::Degraded);
        for (code, condition) in [
            (FailureCode::UpstreamAuth, Condition::Down),
            (FailureCode::NoCredits, Condition::Down),
            (FailureCode::UpstreamTimeout, Condition::Down),
            (FailureCode::UpstreamError, Condition::Down),
            (FailureCode::Busy, Condition::Degraded),
            (FailureCode::PromptRejected, Condition::Degraded),
            (FailureCode::InternalError, Condition::Degraded),
        ] {
            let probe = Probe::of_generation(AT, Millis::ZERO, Err(code));
            assert_eq!(probe.condition, condition, "{code:?}");
            assert!(probe.details.contains(code.as_str()));
        }
    }
}

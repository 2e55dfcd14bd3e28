//! The settings of alerts: where the lines are, who is told, in whose words, signed with what.

use domain::alert::{Credits, Shape, SigningSecret, Thresholds};
use domain::money::MicroDollars;
use url::Url;

use super::reader::{Reader, header_value, is_loopback, parsed};
use super::{
    ALERT_ROUTING_KEY, ALERT_SLOW_SECONDS, ALERT_WEBHOOK_SECRET, ALERT_WEBHOOK_SHAPE,
    ALERT_WEBHOOK_URL, BUDGET_ALERT_PERCENT, CREDITS_ALERT_USD, CREDITS_ON, CREDITS_USD,
};

/// What somebody should hear of, and who.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// From where on.
    pub thresholds: Thresholds,
    /// Who is told; none: nobody.
    pub receiver: Option<Receiver>,
}

/// Who is told.
#[derive(Clone)]
pub struct Receiver {
    /// The address, which may be a secret.
    pub url: String,
    /// In whose words.
    pub shape: Shape,
    /// What it is signed with; none: it is not.
    pub secret: Option<SigningSecret>,
}

/// In whose words it can be said.
#[derive(Clone, Copy)]
enum Words {
    Json,
    Slack,
    PagerDuty,
}

/// Without the address and the routing key.
impl std::fmt::Debug for Receiver {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Receiver(…)")
    }
}

impl<Get: Fn(&str) -> Option<String>> Reader<Get> {
    pub fn alerts(&mut self) -> Alerts {
        Alerts {
            thresholds: Thresholds {
                slow_seconds: self.number(ALERT_SLOW_SECONDS, 1, 300),
                budget_percent: self.number(BUDGET_ALERT_PERCENT, 1, 100),
                credits: self.credits(),
                credits_least: self.take_or(CREDITS_ALERT_USD, MicroDollars::ZERO, parsed),
            },
            receiver: self.receiver(),
        }
    }

    fn credits(&mut self) -> Option<Credits> {
        let amount = self.take_or(CREDITS_USD, None, |text| match text {
            "" => Ok(None),
            text => parsed(text).map(Some),
        });
        let on = self.take_or(CREDITS_ON, None, |text| match text {
            "" if amount.is_some() => Err(String::new()),
            "" => Ok(None),
            text => parsed(text).map(Some),
        });
        let (amount, on) = amount.zip(on)?;
        Some(Credits { amount, on })
    }

    fn receiver(&mut self) -> Option<Receiver> {
        let url = self.take_or(ALERT_WEBHOOK_URL, None, |text| match text {
            "" => Ok(None),
            text => webhook_url(text).map(Some),
        });
        let words = self.take_or(ALERT_WEBHOOK_SHAPE, Words::Json, |text| match text {
            "json" => Ok(Words::Json),
            "slack" => Ok(Words::Slack),
            "pagerduty" => Ok(Words::PagerDuty),
            _ => Err(String::new()),
        });
        let routing_key = self.take_or(ALERT_ROUTING_KEY, None, |text| match (text, words) {
            ("", Words::PagerDuty) => Err(String::new()),
            ("", _) => Ok(None),
            (text, _) => header_value(text).map(Some),
        });
        let secret = self.take_or(ALERT_WEBHOOK_SECRET, None, |text| match text {
            "" => Ok(None),
            text => SigningSecret::new(text).map(Some).ok_or_else(String::new),
        });
        let shape = match words {
            Words::Json => Shape::Json,
            Words::Slack => Shape::Slack,
            Words::PagerDuty => Shape::PagerDuty {
                routing_key: routing_key?,
            },
        };
        url.map(|url| Receiver { url, shape, secret })
    }
}

/// An address of a webhook, which may have its secret in a query.
fn webhook_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|_| String::new())?;
    let scheme_fits = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if scheme_fits && url.has_host() && url.username().is_empty() && url.fragment().is_none() {
        Ok(url.into())
    } else {
        Err(String::new())
    }
}

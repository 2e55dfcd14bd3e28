//! A notice as it is sent: in the gateway's own JSON, or in the words of Slack's incoming webhooks or
//! of PagerDuty's Events API v2 (their documentation, 2026).

use serde_json::{Value, json};

use super::board::AlertState;
use super::outbox::Notice;
use super::rule::Severity;
use super::signature::SigningSecret;
use crate::time::UnixMillis;

/// The header with the notice's name.
pub const DELIVERY_HEADER: &str = "x-gateway-delivery";
/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "x-gateway-signature";
/// What PagerDuty groups by, and shows as the origin.
const SOURCE: &str = "ideogram-gateway";

/// In whose words a notice is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// The gateway's own.
    Json,
    /// Slack's.
    Slack,
    /// PagerDuty's.
    PagerDuty {
        /// What leads to the service that is alerted.
        routing_key: String,
    },
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Headers, besides the content type, which is JSON's.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Message {
    /// A notice as it is sent now.
    #[must_use]
    pub fn of(
        notice: &Notice,
        shape: &Shape,
        secret: Option<&SigningSecret>,
        now: UnixMillis,
    ) -> Self {
        let body = match shape {
            Shape::Json => json(notice),
            Shape::Slack => slack(notice),
            Shape::PagerDuty { routing_key } => pager_duty(notice, routing_key),
        };
        let body = body.to_string();
        let mut headers = vec![(DELIVERY_HEADER, notice.id())];
        headers.extend(secret.map(|secret| (SIGNATURE_HEADER, secret.sign(now, &body))));
        Self { headers, body }
    }
}

fn json(notice: &Notice) -> Value {
    let mut body = notice.alert.shown();
    if let Some(fields) = body.as_object_mut() {
        fields.insert("id".to_owned(), notice.id().into());
        fields.insert("skipped".to_owned(), notice.skipped.into());
    }
    body
}

fn slack(notice: &Notice) -> Value {
    let alert = &notice.alert;
    let (rule, severity) = (alert.rule.as_str(), alert.rule.severity().as_str());
    let state = alert.state.as_str();
    let before = match notice.skipped {
        0 => String::new(),
        skipped => format!(" ({skipped} changes before this one are not told)"),
    };
    let runbook = alert.rule.runbook();
    let text = format!(
        "{severity} {state}: {rule}. {}{before} {runbook}",
        alert.summary
    );
    // The three characters that Slack gives a meaning.
    let text = text.replace('&', "&amp;");
    json!({ "text": text.replace('<', "&lt;").replace('>', "&gt;") })
}

fn pager_duty(notice: &Notice, routing_key: &str) -> Value {
    let alert = &notice.alert;
    let event_action = match alert.state {
        AlertState::Firing => "trigger",
        AlertState::Resolved => "resolve",
    };
    let severity = match alert.rule.severity() {
        Severity::P1 => "critical",
        Severity::P2 => "error",
        Severity::P3 => "warning",
    };
    json!({
        "routing_key": routing_key,
        "event_action": event_action,
        "dedup_key": format!("{SOURCE}/{}", alert.rule.as_str()),
        "client": SOURCE,
        "payload": {
            "summary": alert.summary,
            "source": SOURCE,
            "severity": severity,
            "timestamp": alert.since.to_rfc3339(),
            "class": alert.rule.as_str(),
            "custom_details": json(notice),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Alert, Rule};

    fn notice(state: AlertState) -> Notice {
        let alert = Alert {
            rule: Rule::UpstreamAuth,
            state,
            since: UnixMillis::new(1_795_262_400_000),
            summary: "Ideogram refuses <the key> & more.".to_owned(),
            changes: 3,
        };
        Notice { alert, skipped: 0 }
    }

    fn sent(notice: &Notice, shape: &Shape) -> Value {
        let message = Message::of(notice, shape, None, UnixMillis::new(0));
        let delivery = (DELIVERY_HEADER, notice.id());
        assert_eq!(message.headers, [delivery]);
        serde_json::from_str(&message.body).unwrap()
    }

    #[test]
    fn the_gateways_own_shape_has_everything() {
        let expected = json!({
            "id": "upstream_auth-1795262400000-3",
            "rule": "upstream_auth",
            "severity": "P1",
            "state": "firing",
            "since": "2026-11-21T12:00:00.000Z",
            "summary": "Ideogram refuses <the key> & more.",
            "runbook": "RUNBOOK.md#upstream_auth",
            "skipped": 0,
        });
        assert_eq!(sent(&notice(AlertState::Firing), &Shape::Json), expected);
    }

    #[test]
    fn slack_has_a_text_in_which_nothing_has_a_meaning_of_its_own() {
        let body = sent(&notice(AlertState::Resolved), &Shape::Slack);
        assert_eq!(
            body["text"],
            "P1 resolved: upstream_auth. Ideogram refuses &lt;the key&gt; &amp; more. RUNBOOK.md#upstream_auth"
        );
        let late = Notice {
            skipped: 4,
            ..notice(AlertState::Firing)
        };
        let body = sent(&late, &Shape::Slack);
        assert!(body["text"].as_str().unwrap().contains("(4 changes before"));
    }

    #[test]
    fn pager_duty_resolves_what_it_was_triggered_with() {
        let shape = Shape::PagerDuty {
            routing_key: "a-routing-key".to_owned(),
        };
        let fired = sent(&notice(AlertState::Firing), &shape);
        let resolved = sent(&notice(AlertState::Resolved), &shape);
        assert_eq!(fired["routing_key"], "a-routing-key");
        assert_eq!(fired["event_action"], "trigger");
        assert_eq!(resolved["event_action"], "resolve");
        assert_eq!(fired["dedup_key"], "ideogram-gateway/upstream_auth");
        assert_eq!(resolved["dedup_key"], fired["dedup_key"]);
        assert_eq!(fired["payload"]["severity"], "critical");
        assert_eq!(fired["payload"]["source"], "ideogram-gateway");
        assert_eq!(
            fired["payload"]["summary"],
            "Ideogram refuses <the key> & more."
        );
    }

    #[test]
    fn every_try_is_signed_anew_and_has_the_same_name() {
        let secret = SigningSecret::new("a-secret-that-both-sides-know-000").unwrap();
        let notice = notice(AlertState::Firing);
        let sent = |seconds: u64| {
            let now = UnixMillis::new(seconds * 1000);
            Message::of(&notice, &Shape::Json, Some(&secret), now)
        };
        let (first, second) = (sent(1_795_262_400), sent(1_795_262_405));
        assert_eq!(first.headers[0], second.headers[0]);
        assert_ne!(first.headers[1], second.headers[1]);
        let expected = secret.sign(UnixMillis::new(1_795_262_400_000), &first.body);
        assert_eq!(first.headers[1], (SIGNATURE_HEADER, expected));
    }
}

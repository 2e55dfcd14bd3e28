//! Which rules fire, since when. Holds true: what fires fires once, until it is resolved; what never
//! fired is not resolved; each change of state is told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::judge::{Facts, Judgement};
use super::rule::Rule;
use crate::time::UnixMillis;

/// Where a rule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Something is amiss.
    Firing,
    /// It is over.
    Resolved,
}

impl AlertState {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }
}

/// A rule that fires, or has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which.
    pub rule: Rule,
    /// Where it stands.
    pub state: AlertState,
    /// Since when.
    pub since: UnixMillis,
    /// What happened and what to do next, as it was when its state changed: one sentence.
    pub summary: String,
    /// How often its state has changed.
    pub changes: u64,
}

impl Alert {
    /// As the operator sees it.
    #[must_use]
    pub fn shown(&self) -> Value {
        json!({
            "rule": self.rule.as_str(),
            "severity": self.rule.severity().as_str(),
            "state": self.state.as_str(),
            "since": self.since.to_rfc3339(),
            "summary": self.summary,
            "runbook": self.rule.runbook(),
        })
    }
}

/// All rules that have ever fired.
#[derive(Debug, Clone, Default)]
pub struct Board(BTreeMap<Rule, Alert>);

impl Board {
    /// As it was stored.
    #[must_use]
    pub fn new(alerts: Vec<Alert>) -> Self {
        Self(
            alerts
                .into_iter()
                .map(|alert| (alert.rule, alert))
                .collect(),
        )
    }

    /// Judges every rule; returns those whose state has changed.
    pub fn judge(&mut self, facts: &Facts<'_>) -> Vec<Alert> {
        let rules = Rule::ALL.iter();
        let changed = rules.filter_map(|rule| self.judge_one(*rule, facts));
        changed.collect()
    }

    fn judge_one(&mut self, rule: Rule, facts: &Facts<'_>) -> Option<Alert> {
        let known = self.0.get(&rule);
        let (state, summary) = match (facts.judge(rule), self.is_firing(rule)) {
            (Judgement::Firing(summary), false) => (AlertState::Firing, summary),
            (Judgement::Well(summary), true) => (AlertState::Resolved, summary.to_owned()),
            _ => return None,
        };
        let alert = Alert {
            rule,
            state,
            since: facts.now,
            summary,
            changes: known.map_or(0, |known| known.changes).saturating_add(1),
        };
        self.0.insert(rule, alert.clone());
        Some(alert)
    }

    /// Whether a rule fires.
    #[must_use]
    pub fn is_firing(&self, rule: Rule) -> bool {
        let known = self.0.get(&rule);
        known.is_some_and(|known| known.state == AlertState::Firing)
    }

    /// All of them: what fires first, then what has changed last.
    #[must_use]
    pub fn alerts(&self) -> Vec<&Alert> {
        let mut alerts: Vec<&Alert> = self.0.values().collect();
        alerts.sort_by_key(|alert| (!self.is_firing(alert.rule), Reverse(alert.since)));
        alerts
    }
}

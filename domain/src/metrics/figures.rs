//! What the ledger knows at one moment, as it tells the Worker that is asked for metrics.

use serde::{Deserialize, Serialize};

use crate::ledger::Status;

/// What the ledger knows at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Money, places, queue, breaker, the last probe.
    pub status: Status,
    /// All counters.
    #[serde(default)]
    pub counters: Vec<CounterRow>,
    /// The alerts that have fired at least once.
    #[serde(default)]
    pub alerts: Vec<AlertFigure>,
    /// Notices that wait to be delivered.
    #[serde(default)]
    pub undelivered: u64,
}

/// One row of a counter, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterRow {
    /// The counter's name; one that this version does not know is left out.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its value.
    pub value: u64,
}

/// What metrics say of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertFigure {
    /// The rule.
    pub rule: String,
    /// Whether it fires.
    pub state: AlertState,
}

/// Whether an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It does.
    Firing,
    /// It does not, or not any more.
    #[serde(other)]
    Resolved,
}

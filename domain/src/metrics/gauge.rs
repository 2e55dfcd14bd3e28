//! What goes up and down: the table of gauges, read off the figures.

use super::count::word;
use super::figures::{AlertState, Figures};
use crate::health::Condition;
use crate::ledger::{BreakerState, Status};
use crate::money::MicroDollars;

/// What a gauge is in, and its name ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    /// Things, or whether something is so: 1 or 0.
    Numbers,
    Seconds,
    Dollars,
}

/// The labels of one row, by name.
pub(super) type Labels = Vec<(&'static str, String)>;

/// Something that goes up and down, with its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gauge {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) unit: In,
    pub(super) rows: Vec<(Labels, f64)>,
}

impl Gauge {
    fn new(name: &'static str, says: &'static str, rows: Vec<(Labels, f64)>) -> Self {
        Self {
            name,
            says,
            unit: In::Numbers,
            rows,
        }
    }

    fn number(name: &'static str, says: &'static str, value: impl Into<f64>) -> Self {
        Self::new(name, says, vec![(vec![], value.into())])
    }

    fn money(name: &'static str, says: &'static str, amount: MicroDollars) -> Self {
        let unit = In::Dollars;
        Self {
            unit,
            ..Self::number(name, says, dollars(amount.get()))
        }
    }

    /// One row for each word, 1 at the one that is so.
    fn states(
        name: &'static str,
        says: &'static str,
        label: &'static str,
        states: &[(&str, bool)],
    ) -> Self {
        let row = |(word, is): &(&str, bool)| (vec![(label, (*word).to_owned())], f64::from(*is));
        Self::new(name, says, states.iter().map(row).collect())
    }

    fn seconds(self) -> Self {
        Self {
            unit: In::Seconds,
            ..self
        }
    }
}

/// All of them.
pub(super) fn gauges(figures: &Figures) -> Vec<Gauge> {
    let mut gauges = of_status(&figures.status);
    gauges.extend(of_alerts(figures));
    gauges.extend(of_probe(&figures.status));
    gauges
}

fn of_status(status: &Status) -> Vec<Gauge> {
    let queued = u32::try_from(status.queued).unwrap_or(u32::MAX);
    let breaker = &status.breaker;
    let states = [
        ("closed", matches!(breaker, BreakerState::Closed)),
        ("open", matches!(breaker, BreakerState::Open { .. })),
        (
            "half_open",
            matches!(breaker, BreakerState::HalfOpen { .. }),
        ),
    ];
    vec![
        Gauge::number(
            "in_flight_images",
            "Pictures in progress at Ideogram",
            status.in_flight_images,
        ),
        Gauge::number(
            "in_flight_limit",
            "Pictures that may be in progress at Ideogram now",
            status.in_flight_limit,
        ),
        Gauge::number("queue_length", "Requests that wait for a place", queued),
        Gauge::money(
            "day_budget",
            "What may be spent on a UTC day",
            status.budget,
        ),
        Gauge::money(
            "day_billed",
            "What Ideogram has billed on this UTC day",
            status.billed,
        ),
        Gauge::money(
            "day_unconfirmed",
            "What Ideogram may have billed on this UTC day besides",
            status.unconfirmed,
        ),
        Gauge::money(
            "day_reserved",
            "What is reserved on this UTC day, for those who wait too",
            status.reserved,
        ),
        Gauge::number(
            "generation_enabled",
            "Whether generation is switched on",
            status.enabled,
        ),
        Gauge::number(
            "frozen",
            "Whether nothing is spent because the books are wrong",
            status.frozen.is_some(),
        ),
        Gauge::states(
            "breaker_state",
            "Whether Ideogram is called",
            "state",
            &states,
        ),
    ]
}

fn of_alerts(figures: &Figures) -> [Gauge; 2] {
    let undelivered = u32::try_from(figures.undelivered).unwrap_or(u32::MAX);
    let alerts = figures.alerts.iter().map(|alert| {
        let firing = alert.state == AlertState::Firing;
        (vec![("rule", alert.rule.clone())], f64::from(firing))
    });
    [
        Gauge::new(
            "alert_firing",
            "Whether an alert of the gateway's fires",
            alerts.collect(),
        ),
        Gauge::number(
            "notices_undelivered",
            "Notices of alerts that wait to be delivered",
            undelivered,
        ),
    ]
}

/// Without a probe there are no rows: nobody can say.
fn of_probe(status: &Status) -> [Gauge; 3] {
    let conditions = [Condition::Healthy, Condition::Degraded, Condition::Down];
    let probe = || status.last_probe.iter();
    let found = probe().flat_map(|probe| {
        let row = |condition| {
            (
                vec![("condition", word(&condition))],
                f64::from(condition == probe.condition),
            )
        };
        conditions.map(row)
    });
    let at = probe().map(|probe| (vec![], seconds(probe.at.get())));
    let latency = probe().map(|probe| (vec![], seconds(probe.latency.get())));
    [
        Gauge::new(
            "probe_condition",
            "How the last health probe found Ideogram",
            found.collect(),
        ),
        Gauge::new(
            "probe_latency",
            "How long the last health probe took",
            latency.collect(),
        )
        .seconds(),
        Gauge::new(
            "probe_timestamp",
            "When the last health probe was, since 1970",
            at.collect(),
        )
        .seconds(),
    ]
}

/// Milliseconds in seconds.
pub(super) const fn seconds(millis: u64) -> f64 {
    float(millis) / 1e3
}

/// Micro-dollars in dollars.
pub(super) const fn dollars(micro: u64) -> f64 {
    float(micro) / 1e6
}

/// Metrics are floats.
#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to 2^53, nine billion dollars"
)]
pub(super) const fn float(number: u64) -> f64 {
    number as f64
}

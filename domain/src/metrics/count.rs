//! What is added to the counters by what the ledger writes.

use serde::Serialize;

use super::counter::{Counter, Kind};
use crate::gathered::Batch;
use crate::ledger::{TotalsChange, Write};
use crate::money::MicroDollars;
use crate::time::Millis;

/// The last label of a histogram's row with those above all bounds.
pub(super) const ABOVE_ALL: &str = "above";
/// The last label of a histogram's row with the sum, in milliseconds.
pub(super) const SUM: &str = "sum";

/// An addition to one row of a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Which counter.
    pub counter: Counter,
    /// Its labels; a histogram's row has one more, the bound in milliseconds or what it is instead.
    pub labels: Vec<String>,
    /// How many, or how many micro-dollars, or milliseconds.
    pub value: u64,
}

impl Count {
    fn new<const N: usize>(counter: Counter, labels: [&str; N], value: u64) -> Self {
        let labels = labels.map(str::to_owned).to_vec();
        Self {
            counter,
            labels,
            value,
        }
    }
}

/// What is added by what the ledger writes; it is stored in the same go.
#[must_use]
pub fn counts(write: &Write) -> Vec<Count> {
    match write {
        Write::LastCall(call) => {
            let outcome = word(&call.health);
            let calls = Count::new(Counter::UpstreamCalls, [&outcome], 1);
            let latency = length(Counter::UpstreamLatency, [], call.latency);
            [calls].into_iter().chain(latency).collect()
        }
        Write::Waited(wait) => length(Counter::QueueWait, [&word(&wait.end)], wait.length).to_vec(),
        Write::Totals(change) => booked(change),
        Write::Gathered(batch) => gathered(batch),
        Write::Lease(_)
        | Write::Breaker(_)
        | Write::Probe(_)
        | Write::PriceWatch(_)
        | Write::Times(_)
        | Write::Reconciliation(_)
        | Write::Alert(_)
        | Write::Mode(_)
        | Write::PruneLeases { .. } => vec![],
    }
}

/// What is taken back from the totals was counted all the same.
fn booked(change: &TotalsChange) -> Vec<Count> {
    let grown = [
        (Counter::Billed, change.billed),
        (Counter::BilledImages, change.images),
        (Counter::Unconfirmed, change.unconfirmed),
    ];
    let grown = grown.map(|(counter, by)| (counter, u64::try_from(by).unwrap_or(0)));
    let grown = grown.into_iter().filter(|(_, by)| *by > 0);
    grown
        .map(|(counter, by)| Count::new(counter, [&change.model], by))
        .collect()
}

fn gathered(batch: &Batch) -> Vec<Count> {
    let answered = batch.answered.iter().map(|(answered, number)| {
        let status = answered.status.to_string();
        let labels = [&*answered.route, &status, &*answered.code];
        Count::new(Counter::Requests, labels, *number)
    });
    let cache = batch.cache.iter();
    let cache =
        cache.map(|(cache, number)| Count::new(Counter::Results, [cache.as_str()], *number));
    let saved = batch.saved.iter();
    let saved = saved.filter(|(_, saved)| saved.cost > MicroDollars::ZERO);
    let saved = saved.map(|(saved_for, saved)| {
        let labels = [saved_for.saving.as_str(), &*saved_for.model];
        Count::new(Counter::Saved, labels, saved.cost.get())
    });
    answered.chain(cache).chain(saved).collect()
}

/// One more of this length in a histogram.
fn length<const N: usize>(counter: Counter, labels: [&str; N], length: Millis) -> [Count; 2] {
    let bounds = match counter.kind() {
        Kind::Lengths(bounds) => bounds,
        Kind::Number | Kind::Money => &[],
    };
    let bound = bounds.iter().find(|bound| length <= **bound);
    let bound = bound.map_or_else(|| ABOVE_ALL.to_owned(), |bound| bound.get().to_string());
    let row = |last: String, value| Count {
        counter,
        labels: labels
            .map(str::to_owned)
            .into_iter()
            .chain([last])
            .collect(),
        value,
    };
    [row(bound, 1), row(SUM.to_owned(), length.get())]
}

/// A thing's name in JSON, where it has no more than that.
pub(super) fn word(thing: &impl Serialize) -> String {
    let word = serde_json::to_value(thing).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str);
    word.unwrap_or_default().to_owned()
}

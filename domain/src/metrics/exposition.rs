//! The figures as OpenMetrics text (OpenMetrics 1.0, which Prometheus reads since 2.5).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::count::{ABOVE_ALL, SUM, word};
use super::counter::{Counter, Kind};
use super::figures::{CounterRow, Figures};
use super::gauge::{In, Labels, dollars, float, gauges, seconds};
use crate::cache::Cache;
use crate::ledger::WaitEnd;
use crate::retry::Health;
use crate::time::Millis;

/// The media type of the text (OpenMetrics 1.0, section "Content Type").
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// What every name begins with.
const PREFIX: &str = "ideogram_gateway";
static DOLLARS: LazyLock<Unit> = LazyLock::new(|| Unit::Other("usd".to_owned()));

/// The figures as text, with the version of the gateway that tells them.
///
/// # Errors
/// Never: a text takes whatever is written to it.
pub fn render(figures: Figures, version: &'static str) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix(PREFIX);
    let build = Info::new([("version", version)]);
    registry.register("build", "The gateway's version", build);
    registry.register_collector(Box::new(Exposition(figures)));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Exposition(Figures);

impl Collector for Exposition {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for counter in Counter::ALL {
            let rows = rows(&self.0.counters, *counter);
            match counter.kind() {
                Kind::Number => count(&mut encoder, *counter, In::Numbers, &rows, float)?,
                Kind::Money => count(&mut encoder, *counter, In::Dollars, &rows, dollars)?,
                Kind::Lengths(bounds) => lengths(&mut encoder, *counter, bounds, &rows)?,
            }
        }
        for gauge in gauges(&self.0) {
            let kind = MetricType::Gauge;
            let mut family = described(&mut encoder, gauge.name, gauge.says, gauge.unit, kind)?;
            for (labels, value) in gauge.rows {
                labelled(&mut family, &labels, |row| row.encode_gauge(&value))?;
            }
        }
        Ok(())
    }
}

/// A counter's rows, by their labels. Where the labels are known beforehand all of them are there from
/// the beginning: Prometheus does not see that the first of a kind is more than there were.
fn rows(stored: &[CounterRow], counter: Counter) -> BTreeMap<Vec<String>, u64> {
    let known: Vec<String> = match counter {
        Counter::Results => Cache::ALL.iter().map(word).collect(),
        Counter::UpstreamCalls => Health::ALL.iter().map(word).collect(),
        Counter::QueueWait => WaitEnd::ALL.iter().map(word).collect(),
        _ => vec![],
    };
    let zeros = known.into_iter().map(|label| match counter.kind() {
        Kind::Lengths(_) => (vec![label, SUM.to_owned()], 0),
        Kind::Number | Kind::Money => (vec![label], 0),
    });
    let stored = stored.iter().filter(|row| row.name == counter.name());
    let stored = stored.map(|row| (row.labels.clone(), row.value));
    zeros.chain(stored).collect()
}

fn count(
    encoder: &mut DescriptorEncoder<'_>,
    counter: Counter,
    unit: In,
    rows: &BTreeMap<Vec<String>, u64>,
    value: fn(u64) -> f64,
) -> fmt::Result {
    let kind = MetricType::Counter;
    let mut family = described(encoder, counter.name(), counter.says(), unit, kind)?;
    for (labels, number) in rows {
        let value = value(*number);
        labelled(&mut family, &named(counter, labels), |row| {
            row.encode_counter::<NoLabelSet, _, u64>(&value, None)
        })?;
    }
    Ok(())
}

/// Histograms are stored with one row for each bound, the last label.
fn lengths(
    encoder: &mut DescriptorEncoder<'_>,
    counter: Counter,
    bounds: &[Millis],
    rows: &BTreeMap<Vec<String>, u64>,
) -> fmt::Result {
    let mut family = described(
        encoder,
        counter.name(),
        counter.says(),
        In::Seconds,
        MetricType::Histogram,
    )?;
    let width = counter.labels().len();
    let mut histograms: BTreeSet<&[String]> = rows
        .keys()
        .filter_map(|labels| labels.get(..width))
        .collect();
    if width == 0 {
        histograms.insert(&[]);
    }
    for labels in histograms {
        let stored = |last: String| {
            let row = labels.iter().cloned().chain([last]).collect::<Vec<_>>();
            rows.get(&row).copied().unwrap_or_default()
        };
        let mut buckets: Vec<_> = bounds
            .iter()
            .map(|bound| (seconds(bound.get()), stored(bound.get().to_string())))
            .collect();
        buckets.push((f64::INFINITY, stored(ABOVE_ALL.to_owned())));
        let number = buckets.iter().map(|(_, number)| number).sum();
        let sum = seconds(stored(SUM.to_owned()));
        labelled(&mut family, &named(counter, labels), |row| {
            row.encode_histogram::<NoLabelSet>(sum, number, &buckets, None)
        })?;
    }
    Ok(())
}

fn named(counter: Counter, labels: &[String]) -> Labels {
    let names = counter.labels().iter().copied();
    names.zip(labels.iter().cloned()).collect()
}

fn described<'encoder>(
    encoder: &'encoder mut DescriptorEncoder<'_>,
    name: &'encoder str,
    says: &str,
    unit: In,
    kind: MetricType,
) -> Result<MetricEncoder<'encoder>, fmt::Error> {
    let unit = match unit {
        In::Numbers => None,
        In::Seconds => Some(&Unit::Seconds),
        In::Dollars => Some(&*DOLLARS),
    };
    encoder.encode_descriptor(name, says, unit, kind)
}

/// Without labels a row has no braces.
fn labelled(
    family: &mut MetricEncoder<'_>,
    labels: &Labels,
    write: impl FnOnce(&mut MetricEncoder<'_>) -> fmt::Result,
) -> fmt::Result {
    if labels.is_empty() {
        write(family)
    } else {
        write(&mut family.encode_family(labels)?)
    }
}

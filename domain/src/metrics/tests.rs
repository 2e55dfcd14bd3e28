//! What is counted, and how it reads.

use std::collections::BTreeMap;

use super::*;
use crate::gathered::{Answered, Gathered, Saved, SavedFor, Saving, Seen};
use crate::health::{Condition, Probe, ProbeKind};
use crate::ids::ClientId;
use crate::ledger::{
    CallReport, Ledger, Limits, Status, Stored, TotalsChange, Wait, WaitEnd, Write,
};
use crate::money::MicroDollars;
use crate::retry::Health;
use crate::time::{Day, Millis, UnixMillis};
use proptest::prelude::*;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

fn status() -> Status {
    let limits = Limits {
        enabled: true,
        daily_budget: MicroDollars::new(10_000_000),
        max_in_flight: 8,
        queue_limit: 0,
        queue_timeout: Millis::ZERO,
        lease_duration: Millis::ZERO,
        unconfirmed_hold: Millis::ZERO,
    };
    Ledger::restore(limits, Stored::default(), NOON).status()
}

/// The rows as the ledger stores them.
#[derive(Default)]
struct Rows(BTreeMap<(String, Vec<String>), u64>);

impl Rows {
    fn write(&mut self, write: &Write) {
        for count in counts(write) {
            let row = (count.counter.name().to_owned(), count.labels);
            *self.0.entry(row).or_default() += count.value;
        }
    }

    fn text(&self) -> String {
        let rows = self.0.iter();
        let rows = rows.map(|((name, labels), value)| CounterRow {
            name: name.clone(),
            labels: labels.clone(),
            value: *value,
        });
        let figures = Figures {
            counters: rows.collect(),
            ..figures()
        };
        render(figures, "1.2.3").unwrap()
    }
}

fn figures() -> Figures {
    Figures {
        status: status(),
        counters: vec![],
        alerts: vec![],
        undelivered: 0,
    }
}

fn call(health: Health, millis: u64) -> Write {
    Write::LastCall(CallReport {
        health,
        latency: Millis::new(millis),
        ended_at: NOON,
        polled: false,
        pending_for: Millis::ZERO,
    })
}

fn totals(billed: i64, unconfirmed: i64) -> Write {
    Write::Totals(TotalsChange {
        day: Day::new(1),
        client: ClientId::new("client".into()),
        model: "V_2".into(),
        endpoint: "/generate".into(),
        requests: 1,
        images: 1,
        billed,
        unconfirmed,
        refused: 0,
    })
}

/// The value of a line that begins so.
fn value(text: &str, series: &str) -> Option<f64> {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn calls_are_counted_by_outcome_and_put_into_the_bucket_of_their_latency() {
    let mut rows = Rows::default();
    rows.write(&call(Health::Working, 500));
    rows.write(&call(Health::Working, 501));
    rows.write(&call(Health::Failing, 300_000));
    let text = rows.text();
    let of = |series: &str| value(&text, &format!("ideogram_gateway_{series}"));
    assert_eq!(of("upstream_calls_total{outcome=\"working\"}"), Some(2.0));
    assert_eq!(of("upstream_calls_total{outcome=\"failing\"}"), Some(1.0));
    assert_eq!(
        of("upstream_calls_total{outcome=\"no_credits\"}"),
        Some(0.0)
    );
    let bucket = |le: &str| of(&format!("upstream_latency_seconds_bucket{{le=\"{le}\"}}"));
    assert_eq!(bucket("0.5"), Some(1.0));
    assert_eq!(bucket("1.0"), Some(2.0));
    assert_eq!(bucket("265.0"), Some(2.0));
    assert_eq!(bucket("+Inf"), Some(3.0));
    assert_eq!(of("upstream_latency_seconds_count"), Some(3.0));
    assert_eq!(of("upstream_latency_seconds_sum"), Some(301.001));
}

#[test]
fn refused_waits_are_apart_from_granted_ones() {
    let mut rows = Rows::default();
    for (seconds, end) in [
        (0, WaitEnd::Granted),
        (3, WaitEnd::Granted),
        (30, WaitEnd::Refused),
    ] {
        let length = Millis::from_seconds(seconds);
        rows.write(&Write::Waited(Wait { length, end }));
    }
    let text = rows.text();
    let of = |name: &str, end: &str| {
        let series = format!("ideogram_gateway_queue_wait_seconds_{name}{{outcome=\"{end}\"}}");
        value(&text, &series)
    };
    assert_eq!(of("count", "granted"), Some(2.0));
    assert_eq!(of("sum", "granted"), Some(3.0));
    assert_eq!(of("count", "refused"), Some(1.0));
    assert_eq!(of("count", "left"), Some(0.0));
}

#[test]
fn money_is_counted_when_it_is_booked_and_not_taken_back_when_that_is_corrected() {
    let mut rows = Rows::default();
    rows.write(&totals(0, 80_000));
    rows.write(&totals(80_000, -80_000));
    let text = rows.text();
    let of = |name: &str| {
        value(
            &text,
            &format!("ideogram_gateway_{name}_total{{model=\"V_2\"}}"),
        )
    };
    assert_eq!(of("billed_usd"), Some(0.08));
    assert_eq!(of("unconfirmed_usd"), Some(0.08));
}

#[test]
fn what_an_isolate_gathered_is_counted() {
    let mut gathered = Gathered::new();
    let answered = Answered {
        route: "/images/{key}".into(),
        status: 404,
        code: "not_found".into(),
    };
    let saved_for = SavedFor {
        day: NOON.day(),
        client: ClientId::new("client".into()),
        model: "V_2".into(),
        endpoint: "/generate".into(),
        saving: Saving::Joined,
    };
    let saved = Saved {
        requests: 1,
        images: 2,
        cost: MicroDollars::new(160_000),
    };
    for _ in 0..2 {
        gathered.count(NOON, Seen::Answered(answered.clone()));
        gathered.count(NOON, Seen::Cache(crate::cache::Cache::Joined));
        gathered.count(NOON, Seen::Saved(saved_for.clone(), saved));
    }
    let mut rows = Rows::default();
    rows.write(&Write::Gathered(gathered.take()));
    let text = rows.text();
    let of = |series: &str| value(&text, &format!("ideogram_gateway_{series}"));
    let requests = r#"requests_total{route="/images/{key}",status="404",code="not_found"}"#;
    assert_eq!(of(requests), Some(2.0));
    assert_eq!(of("results_total{cache=\"joined\"}"), Some(2.0));
    assert_eq!(of("results_total{cache=\"hit\"}"), Some(0.0));
    assert_eq!(
        of("saved_usd_total{cache=\"joined\",model=\"V_2\"}"),
        Some(0.32)
    );
}

#[test]
fn alerts_and_the_last_probe_are_told_where_there_are_any() {
    let none = render(figures(), "1.2.3").unwrap();
    assert!(!none.contains("probe_condition{"));
    let alert = serde_json::json!({
        "rule": "slow", "state": "firing", "since": 1, "summary": "…",
    });
    let figures = Figures {
        alerts: vec![serde_json::from_value(alert).unwrap()],
        undelivered: 3,
        status: Status {
            last_probe: Some(Probe {
                at: UnixMillis::new(1_500),
                kind: ProbeKind::Quote,
                condition: Condition::Degraded,
                health: None,
                latency: Millis::new(250),
                details: "slow".into(),
                key_accepted: true,
            }),
            ..status()
        },
        ..figures()
    };
    let text = render(figures, "1.2.3").unwrap();
    let of = |series: &str| value(&text, &format!("ideogram_gateway_{series}"));
    assert_eq!(of("alert_firing{rule=\"slow\"}"), Some(1.0));
    assert_eq!(of("notices_undelivered"), Some(3.0));
    assert_eq!(of("probe_condition{condition=\"degraded\"}"), Some(1.0));
    assert_eq!(of("probe_condition{condition=\"healthy\"}"), Some(0.0));
    assert_eq!(of("probe_latency_seconds"), Some(0.25));
    assert_eq!(of("probe_timestamp_seconds"), Some(1.5));
    assert_eq!(of("build_info{version=\"1.2.3\"}"), Some(1.0));
    assert_eq!(of("breaker_state{state=\"closed\"}"), Some(1.0));
    assert_eq!(of("day_budget_usd"), Some(10.0));
    assert!(text.ends_with("# EOF\n"));
}

fn write() -> impl Strategy<Value = Write> {
    let health = proptest::sample::select(&Health::ALL[..]);
    let end = proptest::sample::select(&WaitEnd::ALL[..]);
    prop_oneof![
        (health, 0..400_000_u64).prop_map(|(health, millis)| call(health, millis)),
        (end, 0..200_000_u64).prop_map(|(end, millis)| {
            let length = Millis::new(millis);
            Write::Waited(Wait { length, end })
        }),
        (0..200_000_i64, -200_000..200_000_i64)
            .prop_map(|(billed, unconfirmed)| totals(billed, unconfirmed)),
    ]
}

proptest! {
    #[test]
    fn counters_never_run_backwards_and_buckets_add_up(
        writes in proptest::collection::vec(write(), 0..40),
    ) {
        let mut rows = Rows::default();
        let mut before = BTreeMap::new();
        for write in &writes {
            rows.write(write);
            let after = rows.0.clone();
            for (row, value) in &before {
                prop_assert!(after.get(row) >= Some(value), "{row:?}");
            }
            before = after;
        }
        let text = rows.text();
        let calls = writes.iter().filter(|write| matches!(write, Write::LastCall(_))).count();
        let latencies = value(&text, "ideogram_gateway_upstream_latency_seconds_count");
        prop_assert_eq!(latencies, Some(calls as f64));
        let all = value(&text, "ideogram_gateway_upstream_latency_seconds_bucket{le=\"+Inf\"}");
        prop_assert_eq!(all, latencies);
    }
}

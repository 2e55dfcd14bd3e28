//! `GET /v2/account/usage`: what was spent, by time and endpoint.
//! Holds true: it is the bill in another form, and what was spent beside it; no generation is told
//! of by its id (Ideogram's OpenAPI document, 2026-10).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Query, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::unix_us;
use crate::lock::lock;
use crate::receive::receive;
use crate::refusal::Refusal;
use crate::state::State;
use crate::validate::{check_key, invalid, not_one_of};

const DAY_US: u64 = 24 * HOUR_US;
const HOUR_US: u64 = 60 * 60 * 1_000_000;
/// Most buckets of a day each.
const MOST_DAYS: u64 = 92;
/// Most buckets of an hour each.
const MOST_HOURS: u64 = 168;

/// Body of `POST /control/usage`: what was spent by other means than the bill's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignUsage {
    /// How much, in micro-dollars.
    pub micro_dollars: u64,
    /// By what.
    #[serde(default)]
    pub source: UsageSource,
    /// When, Unix time in microseconds; now if left out.
    #[serde(default)]
    pub at_us: Option<u64>,
}

/// What something was spent by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageSource {
    /// A key, perhaps another one.
    #[default]
    Api,
    /// Ideogram's own app.
    App,
}

/// What was spent beside the bill.
#[derive(Default)]
pub(crate) struct ForeignLines {
    lines: Mutex<Vec<Spent>>,
}

impl ForeignLines {
    pub(crate) fn add(&self, usage: ForeignUsage) {
        lock(&self.lines).push(Spent {
            at_us: usage.at_us.unwrap_or_else(unix_us),
            source: usage.source,
            endpoint: "/v2/image/generate/ideogram-4-5".to_owned(),
            product: "ideogram-4-5".to_owned(),
            images: 1,
            micro_dollars: usage.micro_dollars,
        });
    }

    pub(crate) fn forget_all(&self) {
        lock(&self.lines).clear();
    }
}

#[derive(Clone)]
struct Spent {
    at_us: u64,
    source: UsageSource,
    endpoint: String,
    product: String,
    images: u64,
    micro_dollars: u64,
}

/// What a query asks for; all times in microseconds.
struct Asked {
    from: u64,
    to: u64,
    width: u64,
    sources: Vec<UsageSource>,
}

pub(crate) async fn usage(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    request: Request,
) -> Response {
    match answer(&state, request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(state: &State, request: Request) -> Result<Value, Refusal> {
    let (parts, _) = receive(state, request).await?;
    let key = &state.settings.api_key;
    check_key(&parts.headers, key, StatusCode::UNAUTHORIZED)?;
    if !state.current().usage_allowed {
        return Err(Refusal::NotFound);
    }
    let asked = asked(&parts.uri)?;
    let spent = spent(state);
    let mut buckets = Vec::new();
    let mut from = asked.from;
    while from < asked.to {
        let to = asked.to.min(from + asked.width);
        let within = spent.iter().filter(|line| {
            (from..to).contains(&line.at_us) && asked.sources.contains(&line.source)
        });
        buckets.push(json!({
            "start_time": moment(from),
            "end_time": moment(to),
            "line_items": line_items(state, within)
        }));
        from = to;
    }
    Ok(json!({ "buckets": buckets }))
}

fn asked(uri: &Uri) -> Result<Asked, Refusal> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let Query(query) = query.map_err(|error| invalid(error.to_string()))?;
    let values = |name: &str| {
        let named = query.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    let time = |name: &str| match values(name).first() {
        Some(text) => read_moment(name, text).map(Some),
        None => Ok(None),
    };
    let from = time("start_time")?.ok_or_else(|| invalid("'start_time' is required"))?;
    let to = time("end_time")?.unwrap_or_else(unix_us);
    let (width, most) = match values("bucket_width").first() {
        None | Some(&"1d") => (DAY_US, MOST_DAYS),
        Some(&"1h") => (HOUR_US, MOST_HOURS),
        Some(other) => return Err(not_one_of("bucket_width", other)),
    };
    if to <= from || (to - from).div_ceil(width) > most {
        return Err(invalid(format!("'end_time' is not within {most} buckets")));
    }
    let sources = values("sources").into_iter().map(|name| match name {
        "api" => Ok(UsageSource::Api),
        "app" => Ok(UsageSource::App),
        other => Err(not_one_of("sources", other)),
    });
    let mut sources: Vec<_> = sources.collect::<Result<_, _>>()?;
    if sources.is_empty() {
        sources = vec![UsageSource::Api, UsageSource::App];
    }
    Ok(Asked {
        from,
        to,
        width,
        sources,
    })
}

fn read_moment(name: &str, text: &str) -> Result<u64, Refusal> {
    let moment = DateTime::parse_from_rfc3339(text).ok();
    let us = moment.and_then(|moment| u64::try_from(moment.timestamp_micros()).ok());
    us.ok_or_else(|| invalid(format!("'{name}' is not a date and time")))
}

fn moment(us: u64) -> String {
    let moment = i64::try_from(us)
        .ok()
        .and_then(DateTime::from_timestamp_micros);
    let moment = moment.unwrap_or_default();
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn spent(state: &State) -> Vec<Spent> {
    let mut spent = lock(&state.foreign_lines.lines).clone();
    spent.extend(state.ledger.bill().lines.into_iter().map(|line| Spent {
        at_us: line.at_us,
        source: UsageSource::Api,
        endpoint: line.endpoint,
        product: line.model,
        images: line.images.into(),
        micro_dollars: line.micro_dollars,
    }));
    spent
}

/// One of each endpoint, model, source and price.
fn line_items<'a>(state: &State, spent: impl Iterator<Item = &'a Spent>) -> Vec<Value> {
    let mut grouped: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for line in spent {
        let unit_price = line.micro_dollars / line.images.max(1);
        let kind = (&line.endpoint, &line.product, line.source, unit_price);
        let (images, micro_dollars) = grouped.entry(kind).or_default();
        *images += line.images;
        *micro_dollars += line.micro_dollars;
    }
    let items = grouped.into_iter().map(|(kind, (images, micro_dollars))| {
        let (endpoint, product, source, unit_price) = kind;
        json!({
            "product": product,
            "endpoint": endpoint,
            "description": format!("{product}, {endpoint}"),
            "cost_total": dollars(micro_dollars),
            "currency_code": "USD",
            "source": source,
            "billed_units": {
                "unit": "image",
                "quantity": images,
                "unit_price": dollars(unit_price)
            },
            "api_key": { "id": "simulator", "redacted_key": redacted(&state.settings.api_key) }
        })
    });
    items.collect()
}

/// A decimal string.
fn dollars(micro_dollars: u64) -> String {
    format!(
        "{}.{:06}",
        micro_dollars / 1_000_000,
        micro_dollars % 1_000_000
    )
}

fn redacted(key: &str) -> String {
    let last = key.chars().rev().take(4).collect::<Vec<_>>();
    format!("...{}", last.into_iter().rev().collect::<String>())
}

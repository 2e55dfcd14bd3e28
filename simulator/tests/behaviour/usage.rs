//! `GET /v2/account/usage`: the bill, by time and endpoint.
//! Holds true: parameters and fields are those of Ideogram's OpenAPI document of 2026-10; there is
//! no cut of it here.

use serde_json::{Value, json};
use simulator::{ForeignUsage, SettingsChange, Simulator, UsageSource};

use crate::caller::{generated, start};
use crate::forms::sent_json;
use crate::generations::IDEOGRAM_3;

/// Long before and long after every test.
const ALL: &str = "start_time=2026-01-01T00:00:00Z&end_time=2026-03-01T00:00:00Z";

async fn usage(simulator: &Simulator, query: &str) -> (u16, Value) {
    let url = format!("{}/v2/account/usage?{query}", simulator.base_url());
    let request = reqwest::Client::new().get(url);
    let request = request.header("Api-Key", simulator.api_key());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Now as Ideogram is asked: the last hour and the next.
fn around_now() -> String {
    let now = chrono::Utc::now();
    let hour = chrono::TimeDelta::hours(1);
    let text = |moment: chrono::DateTime<chrono::Utc>| {
        moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    };
    format!(
        "start_time={}&end_time={}",
        text(now - hour),
        text(now + hour)
    )
}

fn lines(answer: &Value) -> Vec<Value> {
    let buckets = answer["buckets"].as_array().unwrap().iter();
    let lines = buckets.flat_map(|bucket| bucket["line_items"].as_array().unwrap());
    lines.cloned().collect()
}

#[tokio::test]
async fn usage_is_the_bill_by_endpoint_with_money_as_decimal_strings() {
    let simulator = start().await;
    for images in [1, 2] {
        let body = json!({"prompt": "a fox", "num_images": images});
        sent_json(&simulator, IDEOGRAM_3, body).await;
    }
    generated(&simulator, json!({"prompt": "a fox"})).await;
    let (status, answer) = usage(&simulator, &around_now()).await;
    assert_eq!(status, 200);
    let key = json!({"id": "simulator", "redacted_key": "...-key"});
    let line = |product: &str, endpoint: &str, total: &str, quantity: u32, price: &str| {
        json!({
            "product": product, "endpoint": endpoint,
            "description": format!("{product}, {endpoint}"), "cost_total": total,
            "currency_code": "USD", "source": "api",
            "billed_units": {"unit": "image", "quantity": quantity, "unit_price": price},
            "api_key": key
        })
    };
    let expected = [
        line("V_2", "/generate", "0.080000", 1, "0.080000"),
        line("ideogram-3", IDEOGRAM_3, "0.180000", 3, "0.060000"),
    ];
    assert_eq!(lines(&answer), expected);
}

#[tokio::test]
async fn buckets_follow_each_other_and_empty_ones_are_included() {
    let simulator = start().await;
    let foreign = |at_us| ForeignUsage {
        micro_dollars: 10_000,
        source: UsageSource::Api,
        at_us: Some(at_us),
    };
    // 2026-01-01T23:30 and 2026-01-02T00:30.
    simulator.add_usage(foreign(1_767_310_200_000_000));
    simulator.add_usage(foreign(1_767_313_800_000_000));
    let days = "start_time=2026-01-01T00:00:00Z&end_time=2026-01-03T12:00:00Z";
    let (_, answer) = usage(&simulator, days).await;
    let bounds = |answer: &Value| {
        let buckets = answer["buckets"].as_array().unwrap().iter();
        let of = |bucket: &Value| {
            let items = bucket["line_items"].as_array().unwrap().len();
            (bucket["start_time"].as_str().unwrap().to_owned(), items)
        };
        buckets.map(of).collect::<Vec<_>>()
    };
    let day = |day: u32, items: usize| (format!("2026-01-0{day}T00:00:00Z"), items);
    assert_eq!(bounds(&answer), [day(1, 1), day(2, 1), day(3, 0)]);
    assert_eq!(answer["buckets"][2]["end_time"], "2026-01-03T12:00:00Z");
    let hours = "start_time=2026-01-01T23:00:00Z&end_time=2026-01-02T01:00:00Z&bucket_width=1h";
    let (_, answer) = usage(&simulator, hours).await;
    assert_eq!(bounds(&answer).len(), 2);
}

#[tokio::test]
async fn what_was_spent_beside_the_bill_is_told_of_by_its_source() {
    let simulator = start().await;
    generated(&simulator, json!({"prompt": "a fox"})).await;
    let control = format!("{}/control/usage", simulator.base_url());
    let client = reqwest::Client::new();
    let app = json!({"micro_dollars": 1_234_567, "source": "app"});
    client.post(control).json(&app).send().await.unwrap();
    let total = |answer: &(u16, Value)| {
        let lines = lines(&answer.1);
        let cost = |line: &Value| line["cost_total"].as_str().unwrap().to_owned();
        lines.iter().map(cost).collect::<Vec<_>>()
    };
    let now = around_now();
    let of = |sources: &str| format!("{now}{sources}");
    let api = usage(&simulator, &of("&sources=api")).await;
    assert_eq!(total(&api), ["0.080000"]);
    let app = usage(&simulator, &of("&sources=app")).await;
    assert_eq!(total(&app), ["1.234567"]);
    let both = usage(&simulator, &of("&sources=api&sources=app")).await;
    assert_eq!(both, usage(&simulator, &now).await);
    assert_eq!(total(&both).len(), 2);
    assert_eq!(simulator.bill().lines.len(), 1);
}

/// "1d (≤92 days) or 1h (≤168 h)"; "start_time (RFC 3339, required)"; "else 404".
#[tokio::test]
async fn what_cannot_be_asked_is_turned_down() {
    let simulator = start().await;
    assert_eq!(usage(&simulator, ALL).await.0, 200);
    for wrong in [
        "",
        "start_time=yesterday",
        "start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z",
        "start_time=2026-01-01T00:00:00Z&end_time=2026-04-04T00:00:00Z",
        "start_time=2026-01-01T00:00:00Z&end_time=2026-01-09T00:00:00Z&bucket_width=1h",
        &format!("{ALL}&bucket_width=1w"),
        &format!("{ALL}&sources=web"),
    ] {
        assert_eq!(usage(&simulator, wrong).await.0, 400, "{wrong}");
    }
    let url = format!("{}/v2/account/usage?{ALL}", simulator.base_url());
    assert_eq!(crate::caller::get(&url).await.status(), 401);
    simulator.change_settings(&SettingsChange {
        usage_allowed: Some(false),
        ..SettingsChange::default()
    });
    assert_eq!(usage(&simulator, ALL).await.0, 404);
}

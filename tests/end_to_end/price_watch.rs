//! Once a day the gateway asks Ideogram what pictures cost, and from then on reserves and books no less.
//! Holds true: asking is free; what cannot be asked, or is not answered, stays as it was.

use serde_json::{Value, json};
use simulator::{QuoteFault, Times};

use crate::gateway::{Gateway, PRICE};

/// How many questions there are: three rates of enlarged pictures are asked for in two sizes.
const QUESTIONS: usize = 30;
/// How many rates they are about.
const RATES: usize = 27;
/// After so many that go unanswered no more are asked.
const MOST_UNANSWERED: usize = 3;

fn drift<'line>(line: &'line Value, rate: &str) -> Option<&'line Value> {
    let mut drifts = line["drifts"].as_array().unwrap().iter();
    drifts.find(|drift| drift["rate"] == rate)
}

/// How many questions about prices were asked.
fn asked(gateway: &Gateway) -> usize {
    let calls = gateway.simulator.calls().into_iter();
    calls
        .filter(|call| call.path.starts_with("/v2/image/"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dearer_pictures_are_reserved_and_booked_at_what_was_quoted() {
    let mut gateway = Gateway::start(&[("DAILY_BUDGET_USD", "0.3")]).await;
    let line = gateway.look_at_prices().await;
    assert_eq!(line["drifts"], json!([]), "the table is Ideogram's");
    assert_eq!(line["quotes"], RATES);
    assert_eq!(asked(&gateway), QUESTIONS);

    gateway.simulator.set_price_percent(150);
    let line = gateway.look_at_prices().await;
    let v2 = json!({"rate": "V_2", "table_usd": 0.08, "quoted_usd": 0.12});
    assert_eq!(drift(&line, "V_2"), Some(&v2));
    assert_eq!(drift(&line, "V_1"), None, "it cannot be asked for");
    assert_eq!((gateway.billed(), asked(&gateway)), (0, 2 * QUESTIONS));

    let dearer = PRICE * 3 / 2;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.header("x-cost-usd"), Some("0.12"));
    assert_eq!(
        (gateway.billed(), gateway.booked().billed),
        (dearer, dearer)
    );

    // Another isolate finds them in KV.
    gateway.restart(&[]).await;
    gateway.generate(json!({"prompt": "a wolf"})).await;
    assert_eq!(
        (gateway.billed(), gateway.booked().billed),
        (2 * dearer, 2 * dearer)
    );
    // By the table the day could still pay for it? Not at what it costs.
    let calls = gateway.calls();
    let refused = gateway.generate(json!({"prompt": "a hare"})).await;
    assert_eq!(refused.error(), (429, "daily_budget_exceeded".into()));
    assert_eq!(gateway.calls(), calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cheaper_pictures_are_told_of_and_booked_as_before() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_price_percent(50);
    let line = gateway.look_at_prices().await;
    let v2 = json!({"rate": "V_2", "table_usd": 0.08, "quoted_usd": 0.04});
    assert_eq!(drift(&line, "V_2"), Some(&v2));
    gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(
        (gateway.billed(), gateway.booked().billed),
        (PRICE / 2, PRICE)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_answers_what_was_quoted_before_counts_and_few_are_asked() {
    let gateway = Gateway::start(&[]).await;
    gateway.simulator.set_price_percent(150);
    gateway.look_at_prices().await;
    gateway
        .simulator
        .script(QuoteFault::status(503), Times::UntilCleared);
    let line = gateway.look_at_prices().await;
    assert_eq!(line["quotes"], RATES);
    assert!(drift(&line, "V_2").is_some());
    assert_eq!(asked(&gateway), QUESTIONS + MOST_UNANSWERED);
    gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(gateway.booked().billed, gateway.billed());
}

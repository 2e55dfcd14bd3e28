//! The daily budget is never overrun, and the ledger never books less than Ideogram bills.
//! Holds true: the simulator's bill and the ledger's own rows are compared to the micro-dollar.

use serde_json::json;
use simulator::GenerationFault;

use crate::gateway::{Booked, Gateway, PRICE};

const SECONDS_A_DAY: u64 = 86_400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_at_once_a_budget_for_five_lets_exactly_five_through() {
    let gateway = Gateway::start(&[("DAILY_BUDGET_USD", "0.4")]).await;
    gateway.simulator.set_latency_ms(300);
    let requests = (0..50).map(|number| json!({"prompt": format!("fox {number}")}));
    let answers = gateway.generate_at_once(requests).await;

    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((made.len(), refused.len()), (5, 45));
    for answer in refused {
        assert_eq!(answer.error(), (429, "daily_budget_exceeded".into()));
        assert!((1..=SECONDS_A_DAY).contains(&answer.retry_after()));
    }
    assert_eq!(gateway.calls(), 5);
    assert_eq!(gateway.billed(), 5 * PRICE);
    let booked = Booked {
        requests: 5,
        images: 5,
        billed: 5 * PRICE,
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
    assert_eq!(gateway.places_held(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_may_be_billed_counts_against_the_budget_and_money_that_was_not_does_not() {
    let budget = [("DAILY_BUDGET_USD", "0.1"), ("MAX_ATTEMPTS", "1")];
    let mut gateway = Gateway::start(&budget).await;
    for fault in [400, 429, 500] {
        gateway.simulator.script(GenerationFault::status(fault), 1);
        gateway.generate(json!({"prompt": "a free failure"})).await;
    }
    assert_eq!(gateway.booked().unconfirmed, 0);
    gateway
        .simulator
        .script(GenerationFault::billed_status(504), 1);
    let lost = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(lost.status, 502);

    for _ in 0..2 {
        let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
        assert_eq!(refused.error(), (429, "daily_budget_exceeded".into()));
        gateway.restart(&[]).await;
    }
    assert_eq!(gateway.calls(), 4);
    assert_eq!(gateway.booked().unconfirmed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_model_is_booked_at_what_ideogram_bills_for_it() {
    let gateway = Gateway::start(&[]).await;
    for model in ["V_1", "V_1_TURBO", "V_2", "V_2_TURBO", "V_2A", "V_2A_TURBO"] {
        let before = gateway.billed();
        let fields = json!({"prompt": "a fox", "model": model, "num_images": 2});
        let answer = gateway.generate(fields).await;
        assert_eq!(answer.cost(), gateway.billed() - before, "{model}");
        assert_eq!(gateway.booked().billed, gateway.billed(), "{model}");
    }
    for model in ["V_3", "AUTO"] {
        // Their price is not published, so booking more than is billed is as it should be.
        let answer = gateway
            .generate(json!({"prompt": "a fox", "model": model}))
            .await;
        assert_eq!(answer.status, 200, "{model}");
        assert!(gateway.booked().billed >= gateway.billed(), "{model}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_booked_as_many_as_came_and_withheld_ones_too() {
    let gateway = Gateway::start(&[]).await;
    gateway
        .simulator
        .script(GenerationFault::Fewer { images: 2 }, 1);
    let fewer = gateway
        .generate(json!({"prompt": "a fox", "num_images": 4}))
        .await;
    assert_eq!(fewer.cost(), 2 * PRICE);
    assert_eq!(gateway.booked().billed, gateway.billed());

    let withheld = GenerationFault::Unsafe {
        indices: vec![0, 1],
    };
    gateway.simulator.script(withheld, 1);
    let withheld = gateway
        .generate(json!({"prompt": "a wolf", "num_images": 2}))
        .await;
    assert_eq!(withheld.cost(), 2 * PRICE);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().images, 4);
}

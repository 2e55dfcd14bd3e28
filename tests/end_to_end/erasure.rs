//! A generation that the operator has erased: nothing of it is left but its cost.

use reqwest::Method;
use serde_json::json;
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE};

async fn erase(gateway: &Gateway, id: &str) -> Answer {
    gateway
        .operator(Method::DELETE, &format!("/admin/generations/{id}"))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_an_erased_generation_but_its_cost() {
    let gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    let fields =
        json!({"prompt": "a quokka waves", "negative_prompt": "no wombats", "num_images": 2});
    let made = gateway.generate(fields.clone()).await;
    let kept = gateway.generate(json!({"prompt": "another one"})).await;
    let id = made.header("x-generation-id").unwrap().to_owned();
    let erased = erase(&gateway, &id).await;
    assert_eq!(
        (erased.status, erased.json()["pictures"].as_u64()),
        (200, Some(2))
    );

    assert_eq!(
        gateway.get(&made.link(0)).await.error(),
        (404, "not_found".into())
    );
    assert_eq!(gateway.get(&format!("/generations/{id}")).await.status, 404);
    assert_eq!(gateway.get(&kept.link(0)).await.status, 200);
    assert_eq!(gateway.booked().billed, 3 * PRICE);
    assert_eq!(gateway.pictures().len(), 1);
    assert_eq!(gateway.cached().len(), 1);
    let again = erase(&gateway, &id).await;
    assert_eq!(
        (again.status, again.json()["pictures"].as_u64()),
        (200, Some(0))
    );
    let history = gateway.history();
    let record = history.iter().find(|record| record.id == id).unwrap();
    assert_eq!(
        (record.prompt.as_str(), record.options.as_str()),
        ("", "{}")
    );
    assert!(history.iter().any(|record| record.prompt == "another one"));
    assert!(!gateway.generations().contains_key("a quokka waves"));
    assert_eq!(gateway.generate(fields).await.cache(), "miss");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_under_way_is_not_erased_and_one_that_never_was_is_not_found() {
    let gateway = Gateway::start(&[("ADMIN_KEY", OPERATOR_KEY)]).await;
    gateway
        .simulator
        .script(GenerationFault::Hang { billed: false }, 1);
    let asked = gateway.generation(&json!({"prompt": "a fox"}));
    let asked = tokio::spawn(Answer::unless_lost(asked));
    let id = gateway.generation_in("generating", "a fox").await;
    let refused = erase(&gateway, &id).await;
    assert_eq!(refused.error(), (409, "generation_running".into()));
    assert_eq!(refused.json()["id"], id);
    let never = format!("{}-0000000000000000", "0".repeat(64));
    for id in [never.as_str(), "x", "%2e%2e"] {
        assert_eq!(
            erase(&gateway, id).await.error(),
            (404, "not_found".into()),
            "{id}"
        );
    }
    asked.abort();
}

//! The history, page by page: what was asked for, by whom, what came of it and where its pictures are.
//! Holds true: pages have no gap and tell nothing twice, whatever comes in meanwhile.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, eventually};

async fn gateway() -> Gateway {
    let vars = [
        ("REQUIRE_AUTH", "true"),
        ("ADMIN_KEY", OPERATOR_KEY),
        ("MAX_ATTEMPTS", "1"),
    ];
    Gateway::start(&vars).await
}

async fn page(gateway: &Gateway, query: &str) -> Value {
    let path = format!("/admin/generations?{query}");
    gateway.operator(Method::GET, &path).await.result()
}

fn entries(page: &Value) -> &[Value] {
    page["generations"].as_array().unwrap()
}

fn texts<'page>(entries: impl IntoIterator<Item = &'page Value>, name: &str) -> Vec<String> {
    let entries = entries.into_iter();
    let texts = entries.map(|entry| entry[name].as_str().unwrap().to_owned());
    texts.collect()
}

async fn ask(gateway: &Gateway, key: &str, fields: Value) -> Answer {
    Answer::to(gateway.generation(&fields).bearer_auth(key)).await
}

/// All entries that a question finds, two to a page.
async fn pages(gateway: &Gateway, query: &str) -> Vec<Value> {
    let mut found = vec![];
    let mut before = String::new();
    loop {
        let page = page(gateway, &format!("limit=2&{query}{before}")).await;
        assert!(entries(&page).len() <= 2);
        found.extend(entries(&page).to_vec());
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return found,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_filter_finds_what_it_asks_for_also_after_a_kill() {
    let mut gateway = gateway().await;
    let shop = gateway.make_key(json!({"name": "shop"})).await;
    let blog = gateway.make_key(json!({"name": "blog"})).await;
    let (shop_key, blog_key) = (shop["key"].as_str().unwrap(), blog["key"].as_str().unwrap());
    for number in 0..3 {
        ask(
            &gateway,
            shop_key,
            json!({"prompt": format!("shop {number}")}),
        )
        .await
        .result();
        let turbo =
            json!({"prompt": format!("blog {number}"), "model": "V_2_TURBO", "num_images": 2});
        ask(&gateway, blog_key, turbo).await.result();
    }
    gateway.simulator.script(GenerationFault::status(500), 1);
    ask(&gateway, shop_key, json!({"prompt": "a lost one"})).await;
    gateway.simulator.script(GenerationFault::status(422), 1);
    ask(&gateway, blog_key, json!({"prompt": "a bad one"})).await;

    let today = entries(&page(&gateway, "limit=1").await)[0]["created_at"].clone();
    let (today, _) = today.as_str().unwrap().split_once('T').unwrap();
    let shop_id = shop["id"].as_str().unwrap();
    for _ in 0..2 {
        for (query, found) in [
            (String::new(), 8),
            (format!("client={shop_id}"), 4),
            ("model=V_2_TURBO".to_owned(), 3),
            ("outcome=done".to_owned(), 6),
            ("outcome=prompt_rejected".to_owned(), 1),
            ("outcome=upstream_error&model=V_2".to_owned(), 1),
            (format!("client={shop_id}&outcome=done"), 3),
            (format!("from={today}&to=2099-01-01"), 8),
            ("to=2020-01-01".to_owned(), 0),
            ("client=nobody".to_owned(), 0),
        ] {
            let pages = pages(&gateway, &query).await;
            assert_eq!(pages.len(), found, "{query}");
            let ids = texts(&pages, "id");
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), found, "{query}");
            let mut times = texts(&pages, "created_at");
            times.reverse();
            assert!(times.is_sorted(), "{query}");
        }
        gateway.restart(&[]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_has_everything_that_is_known_and_an_erased_one_nothing_but_its_cost() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let fields =
        json!({"prompt": "write to fox@example.com", "num_images": 2, "style_type": "ANIME"});
    let made = ask(&gateway, key["key"].as_str().unwrap(), fields).await;
    let result = made.result();
    let id = made.header("x-generation-id").unwrap();
    let entry = eventually("the pictures' keys are in the history", async || {
        let page = page(&gateway, "").await;
        let entry = entries(&page)[0].clone();
        (entry["keys"].as_array().unwrap().len() == 2).then_some(entry)
    })
    .await;
    let stored: Vec<_> = gateway
        .pictures()
        .into_iter()
        .map(|picture| picture.key)
        .collect();
    assert_eq!(entry["keys"], json!(stored));
    assert_eq!(entry["id"], id);
    assert_eq!(entry["client"], key["id"]);
    assert_eq!(
        (&entry["model"], &entry["images"]),
        (&json!("V_2"), &json!(2))
    );
    assert_eq!(entry["endpoint"], "/generate");
    assert_eq!(entry["options"]["style_type"], "ANIME");
    assert_eq!(entry["seeds"][0], result["data"][0]["seed"]);
    assert_eq!(entry["seeds"][1], result["data"][1]["seed"]);
    assert_eq!(
        (&entry["cost_usd"], &entry["outcome"]),
        (&json!(0.16), &json!("done"))
    );
    assert!(entry["latency_ms"].as_u64().is_some());
    assert!(!entry["prompt"].as_str().unwrap().contains("example.com"));
    assert_eq!(entry.get("erased"), None);

    let path = format!("/admin/generations/{id}");
    assert_eq!(gateway.operator(Method::DELETE, &path).await.status, 200);
    let page = page(&gateway, "").await;
    let erased = &entries(&page)[0];
    assert_eq!(
        (&erased["id"], &erased["erased"]),
        (&json!(id), &json!(true))
    );
    assert_eq!(
        (&erased["prompt"], &erased["keys"]),
        (&json!(""), &json!([]))
    );
    assert_eq!(
        (&erased["options"], &erased["seeds"]),
        (&json!({}), &json!([]))
    );
    assert_eq!(erased["cost_usd"], 0.16);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_have_no_gap_and_tell_nothing_twice_while_new_ones_come_in() {
    let gateway = gateway().await;
    let names: Vec<_> = (0..12).map(|number| format!("fox {number}")).collect();
    for name in &names {
        ask(&gateway, OPERATOR_KEY, json!({"prompt": name}))
            .await
            .result();
    }
    let mut found = vec![];
    let mut before = String::new();
    for number in 0.. {
        let fields = json!({"prompt": format!("new {number}")});
        ask(&gateway, OPERATOR_KEY, fields).await.result();
        let page = page(&gateway, &format!("limit=3{before}")).await;
        found.extend(texts(entries(&page), "prompt"));
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    let expected = names.into_iter().rev();
    let expected: Vec<_> = std::iter::once("new 0".to_owned())
        .chain(expected)
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_is_none_is_refused_by_its_name() {
    let gateway = gateway().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("before=yesterday", "before"),
        ("model=V_9", "model"),
        ("outcome=good", "outcome"),
        ("from=2026", "from"),
        ("to=2026-02-30", "to"),
        ("client=", "client"),
        ("offset=50", "query"),
    ] {
        let path = format!("/admin/generations?{query}");
        let refused = gateway.operator(Method::GET, &path).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{query}");
        assert_eq!(refused.json()["field"], field, "{query}");
    }
}

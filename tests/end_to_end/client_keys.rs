//! Clients' keys: made, shown once, used within their bounds, listed, revoked.
//! Holds true: what a client may not have never reaches Ideogram.

use reqwest::Method;
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE};

pub async fn gateway() -> Gateway {
    Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await
}

async fn generate(gateway: &Gateway, key: &str, fields: Value) -> Answer {
    Answer::to(gateway.generation(&fields).bearer_auth(key)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_shown_once_works_in_either_header_and_is_worth_nothing_once_revoked() {
    let gateway = gateway().await;
    let made = gateway.make_key(json!({"name": "shop"})).await;
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert_eq!(
        generate(&gateway, key, json!({"prompt": "a fox"}))
            .await
            .cache(),
        "miss"
    );
    let ask = gateway.generation(&json!({"prompt": "a fox"}));
    let hit = Answer::to(ask.header("API-KEY", key)).await;
    assert_eq!(hit.cache(), "hit");

    let list = gateway.operator(Method::GET, "/admin/keys").await;
    let shown = &list.json()["keys"][0];
    assert_eq!(shown["id"], id);
    assert_eq!(shown["name"], "shop");
    assert_eq!(shown["today"]["spent_usd"], 0.08);
    let (_, secret) = key.rsplit_once('_').unwrap();
    assert!(
        !String::from_utf8_lossy(&list.body).contains(secret),
        "shown again"
    );
    let stored = gateway.stored_bytes();
    let stored = String::from_utf8_lossy(&stored);
    assert!(!stored.contains(secret), "a key is stored as it is");
    assert!(!gateway.log().contains(secret), "a key is logged");

    let revoked = gateway
        .operator(Method::DELETE, &format!("/admin/keys/{id}"))
        .await;
    assert_eq!(revoked.status, 200);
    let refused = generate(&gateway, key, json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (401, "unauthorized".into()));
    let again = gateway
        .operator(Method::DELETE, &format!("/admin/keys/{id}"))
        .await;
    assert_eq!(again.error(), (404, "not_found".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_to_no_key_and_to_any_wrong_one_is_the_same() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await["key"].clone();
    let key = key.as_str().unwrap();
    let mut wrong = key.to_owned();
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    let ask = || gateway.generation(&json!({"prompt": "a fox"}));
    let mut said = vec![];
    for request in [
        ask(),
        ask().bearer_auth(&wrong),
        ask().bearer_auth("nonsense"),
        ask().bearer_auth(format!("igw_0123456789abcdef_{}", "0".repeat(64))),
        ask().bearer_auth("a.b.c"),
        ask().bearer_auth(""),
    ] {
        let answer = Answer::to(request).await;
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        said.push((answer.status, body));
    }
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
    assert_eq!(said[0].0, 401);
    assert_eq!(gateway.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_gets_its_own_models_numbers_and_budget_and_no_more() {
    let gateway = gateway().await;
    let bounds =
        json!({"name": "shop", "models": ["V_2"], "max_images": 2, "daily_budget_usd": 0.4});
    let made = gateway.make_key(bounds).await;
    let key = made["key"].as_str().unwrap();
    for fields in [
        json!({"prompt": "a fox", "model": "V_1"}),
        json!({"prompt": "a fox", "num_images": 3}),
    ] {
        let refused = generate(&gateway, key, fields).await;
        assert_eq!(refused.error(), (403, "forbidden".into()));
    }
    assert_eq!(gateway.calls(), 0);

    let asked = (0..50).map(|n| {
        let ask = gateway.generation(&json!({"prompt": format!("fox {n}")}));
        tokio::spawn(Answer::to(ask.bearer_auth(key)))
    });
    let asked: Vec<_> = asked.collect();
    let mut made = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        if answer.status == 200 {
            made += 1;
        } else {
            assert_eq!(answer.error(), (429, "client_budget_exceeded".into()));
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=86_400).contains(&wait), "{wait}");
        }
    }
    assert_eq!(made, 5, "0.40 dollars are five pictures of 0.08");
    assert_eq!(gateway.billed(), 5 * PRICE);
    assert_eq!(
        generate(&gateway, OPERATOR_KEY, json!({"prompt": "other"}))
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_with_a_cache_of_its_own_shares_no_result() {
    let gateway = gateway().await;
    let own = gateway
        .make_key(json!({"name": "own", "cache": "own"}))
        .await;
    let shared = gateway.make_key(json!({"name": "shared"})).await;
    let ask = async |of: &Value| {
        let key = of["key"].as_str().unwrap();
        generate(&gateway, key, json!({"prompt": "a fox"})).await
    };
    assert_eq!(ask(&shared).await.cache(), "miss");
    let first = ask(&own).await;
    assert_eq!(first.cache(), "miss");
    assert_eq!(ask(&own).await.cache(), "hit");
    assert_eq!(gateway.calls(), 2);
    let path = format!("/generations/{}", first.header("x-generation-id").unwrap());
    let look = gateway.request(Method::GET, &path);
    let other = Answer::to(look.bearer_auth(shared["key"].as_str().unwrap())).await;
    assert_eq!(other.error(), (404, "not_found".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_a_generation_may_look_at_it() {
    let gateway = gateway().await;
    let one = gateway.make_key(json!({"name": "one"})).await;
    let two = gateway.make_key(json!({"name": "two"})).await;
    let delay = simulator::GenerationFault::Delay {
        before_work_ms: 1500,
        after_work_ms: 0,
    };
    gateway.simulator.script(delay, 1);
    let ask = |of: &Value| {
        let ask = gateway.generation(&json!({"prompt": "a fox"}));
        tokio::spawn(Answer::to(ask.bearer_auth(of["key"].as_str().unwrap())))
    };
    let (first, second) = (ask(&one), ask(&two));
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    let mut caches = [first.cache(), second.cache()];
    caches.sort();
    assert_eq!(caches, ["joined", "miss"]);
    assert_eq!(gateway.calls(), 1);
    let path = format!("/generations/{}", first.header("x-generation-id").unwrap());
    for of in [&one, &two] {
        let look = gateway.request(Method::GET, &path);
        let look = Answer::to(look.bearer_auth(of["key"].as_str().unwrap())).await;
        assert_eq!(look.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_operator_makes_lists_and_revokes_keys() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await["key"].clone();
    for (method, path) in [
        (Method::POST, "/admin/keys"),
        (Method::GET, "/admin/keys"),
        (Method::DELETE, "/admin/keys/0123456789abcdef"),
        (Method::DELETE, "/admin/generations/x"),
    ] {
        let ask = || {
            gateway
                .request(method.clone(), path)
                .json(&json!({"name": "mine"}))
        };
        let stranger = Answer::to(ask()).await;
        assert_eq!(stranger.error(), (401, "unauthorized".into()), "{path}");
        let client = Answer::to(ask().bearer_auth(key.as_str().unwrap())).await;
        assert_eq!(client.error(), (403, "forbidden".into()), "{path}");
    }
    let wrong = gateway
        .request(Method::POST, "/admin/keys")
        .bearer_auth(OPERATOR_KEY);
    let wrong = Answer::to(wrong.json(&json!({"name": "shop", "rate": "fast"}))).await;
    assert_eq!(wrong.error(), (400, "invalid_request".into()));
    assert_eq!(wrong.json()["field"], "rate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_operators_secret_there_is_no_operator() {
    let gateway = Gateway::start(&[("ADMIN_KEY", "")]).await;
    for key in ["", "local", "undefined", "null"] {
        let ask = gateway.request(Method::GET, "/admin/keys").bearer_auth(key);
        assert_eq!(
            Answer::to(ask).await.error(),
            (403, "forbidden".into()),
            "{key}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_calls_too_often_is_told_to_wait_and_others_are_not() {
    let gateway = gateway().await;
    let slow = gateway
        .make_key(json!({"name": "slow", "rate": "low"}))
        .await;
    let other = gateway.make_key(json!({"name": "other"})).await;
    let mut refused = None;
    for _ in 0..30 {
        let answer = generate(
            &gateway,
            slow["key"].as_str().unwrap(),
            json!({"prompt": ""}),
        )
        .await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.status, 400);
    }
    let refused = refused.expect("30 calls in a minute are too many");
    assert_eq!(refused.error(), (429, "rate_limited".into()));
    assert_eq!(refused.header("retry-after"), Some("60"));
    let other = generate(
        &gateway,
        other["key"].as_str().unwrap(),
        json!({"prompt": "a fox"}),
    )
    .await;
    assert_eq!(other.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_keys_is_slowed_down_and_those_who_have_one_do_not_notice() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await["key"].clone();
    let mut answers = vec![];
    for n in 0..40 {
        let guess = format!("igw_{n:016x}_{}", "0".repeat(64));
        answers.push(
            generate(&gateway, &guess, json!({"prompt": "a fox"}))
                .await
                .error(),
        );
    }
    assert_eq!(answers[0], (401, "unauthorized".into()));
    assert!(
        answers.contains(&(429, "rate_limited".into())),
        "{answers:?}"
    );
    let known = generate(&gateway, key.as_str().unwrap(), json!({"prompt": "a fox"})).await;
    assert_eq!(known.status, 200);
}

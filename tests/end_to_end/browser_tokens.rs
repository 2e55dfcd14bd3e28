//! Tokens that a client gets for its pages: bounded in time, origin and pictures, however often they
//! are copied.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, PRICE};

const SHOP: &str = "https://shop.example";

async fn gateway() -> Gateway {
    Gateway::start(&[
        ("REQUIRE_AUTH", "true"),
        ("ADMIN_KEY", OPERATOR_KEY),
        (
            "ALLOWED_ORIGINS",
            "https://shop.example, https://other.example",
        ),
    ])
    .await
}

async fn token(gateway: &Gateway, key: &Value, body: Value) -> Answer {
    let ask = gateway.request(Method::POST, "/tokens").json(&body);
    Answer::to(ask.bearer_auth(key["key"].as_str().unwrap())).await
}

fn ask(gateway: &Gateway, token: &str, origin: &str, prompt: &str) -> RequestBuilder {
    let ask = gateway.generation(&json!({ "prompt": prompt }));
    ask.bearer_auth(token).header("origin", origin)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_a_token_used_at_once_get_the_tokens_pictures_and_no_more() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let issued = token(&gateway, &key, json!({"origin": SHOP, "max_images": 3})).await;
    assert_eq!(issued.status, 201);
    let token = issued.json()["token"].as_str().unwrap().to_owned();
    let asked: Vec<_> = (0..20)
        .map(|n| tokio::spawn(Answer::to(ask(&gateway, &token, SHOP, &format!("fox {n}")))))
        .collect();
    let mut made = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        match answer.status {
            200 => made += 1,
            _ => assert_eq!(answer.error(), (403, "token_spent".into())),
        }
    }
    assert_eq!((made, gateway.billed()), (3, 3 * PRICE));
    let leases = gateway.leases();
    assert_eq!(leases.len(), 3, "nothing is left of those who were refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_known_to_be_used_up_after_a_restart() {
    let mut gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let issued = token(&gateway, &key, json!({"max_images": 1})).await;
    let token = issued.json()["token"].as_str().unwrap().to_owned();
    let first = Answer::to(ask(&gateway, &token, SHOP, "a fox")).await;
    assert_eq!(first.status, 200);
    gateway.restart(&[]).await;
    let second = Answer::to(ask(&gateway, &token, SHOP, "a hare")).await;
    assert_eq!(second.error(), (403, "token_spent".into()));
    let hit = Answer::to(ask(&gateway, &token, SHOP, "a fox")).await;
    assert_eq!(
        hit.cache(),
        "hit",
        "what costs nothing needs no picture of the token's"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_for_its_origin_its_time_and_generating_only() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let issued = token(&gateway, &key, json!({"origin": SHOP, "expires_in": 3})).await;
    let text = issued.json()["token"].as_str().unwrap().to_owned();
    let made = Answer::to(ask(&gateway, &text, SHOP, "a fox")).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.header("access-control-allow-origin"), Some(SHOP));
    let elsewhere = Answer::to(ask(&gateway, &text, "https://other.example", "a fox")).await;
    assert_eq!(elsewhere.error(), (403, "forbidden".into()));
    let nowhere = gateway
        .generation(&json!({"prompt": "a fox"}))
        .bearer_auth(&text);
    assert_eq!(Answer::to(nowhere).await.error(), (403, "forbidden".into()));
    let more = gateway
        .request(Method::POST, "/tokens")
        .json(&json!({}))
        .bearer_auth(&text);
    let more = Answer::to(more.header("origin", SHOP)).await;
    assert_eq!(more.error(), (403, "forbidden".into()));
    let admin = gateway
        .request(Method::GET, "/admin/keys")
        .bearer_auth(&text);
    assert_eq!(Answer::to(admin).await.status, 401);

    let ended = crate::gateway::eventually("the token ends", async || {
        let answer = Answer::to(ask(&gateway, &text, SHOP, "a fox")).await;
        (answer.status != 200).then_some(answer)
    })
    .await;
    assert_eq!(ended.error(), (401, "unauthorized".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_revoked_key_is_worth_nothing() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    let issued = token(&gateway, &key, json!({})).await;
    let text = issued.json()["token"].as_str().unwrap().to_owned();
    let path = format!("/admin/keys/{}", key["id"].as_str().unwrap());
    assert_eq!(gateway.operator(Method::DELETE, &path).await.status, 200);
    let refused = Answer::to(ask(&gateway, &text, SHOP, "a fox")).await;
    assert_eq!(refused.error(), (401, "unauthorized".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_token_may_not_be_is_refused_by_name() {
    let gateway = gateway().await;
    let key = gateway.make_key(json!({"name": "shop"})).await;
    for (field, value) in [
        ("origin", json!("https://evil.example")),
        ("expires_in", json!(901)),
        ("max_images", json!(0)),
    ] {
        let refused = token(&gateway, &key, json!({ field: value })).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{field}");
        assert_eq!(refused.json()["field"], field);
    }
    let stranger = gateway.request(Method::POST, "/tokens").json(&json!({}));
    assert_eq!(Answer::to(stranger).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_secret_to_sign_with_there_are_no_tokens() {
    let gateway = Gateway::start(&[("TOKEN_SECRET", "")]).await;
    let refused = Answer::to(gateway.request(Method::POST, "/tokens").json(&json!({}))).await;
    assert_eq!(refused.error(), (403, "forbidden".into()));
}

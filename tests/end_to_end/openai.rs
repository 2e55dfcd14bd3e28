//! OpenAI's image API over plain HTTP: its requests become Ideogram's, its answers and errors have its
//! shape, and the same picture is the same picture by either way.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY};

const PATH: &str = "/v1/images/generations";
const MODEL: &str = "ideogram-v3-turbo";
/// The price of one picture of that model, in micro-dollars.
const PRICE: u64 = 30_000;

fn ask(gateway: &Gateway, fields: &Value) -> RequestBuilder {
    let mut body = json!({"prompt": "a fox", "model": MODEL});
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    gateway.request(Method::POST, PATH).json(&body)
}

async fn generate(gateway: &Gateway, fields: Value) -> Answer {
    Answer::to(ask(gateway, &fields)).await
}

/// An error's status and its own object, which has OpenAI's four fields and no others.
fn error(answer: &Answer) -> (u16, String, String, Value) {
    let body = answer.json();
    let error = body["error"]
        .as_object()
        .unwrap_or_else(|| panic!("{body}"));
    let names: Vec<_> = error.keys().map(String::as_str).collect();
    assert_eq!(names, ["code", "message", "param", "type"]);
    let text = |name: &str| error[name].as_str().unwrap().to_owned();
    assert!(!text("message").is_empty());
    assert_eq!(
        body["gateway"]["request_id"].as_str(),
        answer.header("x-request-id")
    );
    (
        answer.status,
        text("type"),
        text("code"),
        error["param"].clone(),
    )
}

fn is(status: u16, kind: &str, code: &str, param: Value) -> (u16, String, String, Value) {
    (status, kind.to_owned(), code.to_owned(), param)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_picture_is_paid_for_once_by_whichever_way_it_is_asked_for() {
    let gateway = Gateway::start(&[]).await;
    let first = generate(
        &gateway,
        json!({"n": 2, "size": "1344x768", "user": "anyone"}),
    )
    .await;
    assert_eq!((first.cache(), first.cost()), ("miss".into(), 2 * PRICE));
    let body = first.json();
    let data = body["data"].as_array().unwrap();
    assert_eq!(data.len(), 2);
    assert!(body["created"].as_u64().unwrap() > 1_700_000_000, "{body}");
    for (index, item) in data.iter().enumerate() {
        assert_eq!(item["url"], body["gateway"]["images"][index]["url"]);
        assert_eq!(item.as_object().unwrap().len(), 1, "{item}");
        let picture = gateway.get(item["url"].as_str().unwrap()).await;
        assert_eq!(picture.header("content-type"), Some("image/png"));
    }
    assert_eq!(body["gateway"]["model"], MODEL);
    assert_eq!(body["gateway"]["images"][0]["size"], "1344x768");
    assert_eq!(first.header("x-size-used"), None);

    let own = json!({"prompt": "a fox", "rendering_speed": "TURBO", "num_images": 2,
        "resolution": "1344x768"});
    let ask = gateway.request(Method::POST, "/v1/ideogram-v3/generate");
    let own = Answer::to(ask.json(&own)).await;
    assert_eq!((own.cache(), own.cost()), ("hit".into(), 0));
    assert_eq!(own.json()["data"][0]["url"], data[0]["url"]);
    // The other size is made the same, and the answer says so.
    let near = generate(&gateway, json!({"n": 2, "size": "1792x1024"})).await;
    assert_eq!(near.cache(), "hit");
    assert_eq!(near.header("x-size-used"), Some("1344x768"));
    assert_eq!(
        near.json()["gateway"]["size"],
        json!({"asked": "1792x1024", "used": "1344x768"})
    );
    assert_eq!((gateway.calls(), gateway.billed()), (1, 2 * PRICE));
    assert_eq!(gateway.booked().billed, 2 * PRICE);
    assert!(!gateway.log().contains("anyone"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_in_base64_are_those_that_are_kept() {
    let gateway = Gateway::start(&[]).await;
    for cache in ["miss", "hit"] {
        let answer = generate(&gateway, json!({"n": 2, "response_format": "b64_json"})).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.cache(), cache);
        let body = answer.json();
        let data = body["data"].as_array().unwrap();
        assert_eq!(data.len(), 2);
        for (index, item) in data.iter().enumerate() {
            let bytes = STANDARD.decode(item["b64_json"].as_str().unwrap()).unwrap();
            let link = body["gateway"]["images"][index]["url"].as_str().unwrap();
            let kept = gateway.get(link).await;
            assert_eq!(kept.header("content-type"), Some("image/png"));
            assert!(!bytes.is_empty() && bytes == kept.body, "{index}");
        }
    }
    assert_eq!(gateway.calls(), 1);

    let gone = ImageFault::Answer {
        status: 404,
        headers: vec![],
        body: String::new(),
    };
    gateway.simulator.script(gone, 1);
    let lost = generate(
        &gateway,
        json!({"prompt": "a lost fox", "response_format": "b64_json"}),
    )
    .await;
    let expected = is(502, "server_error", "upstream_error", Value::Null);
    assert_eq!(error(&lost), expected);
    assert_eq!(lost.header("x-cost-usd"), Some("0.03"), "it was paid for");
    assert!(lost.header("x-generation-id").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withheld_pictures_are_left_out_and_when_there_is_none_left_it_is_an_error() {
    let gateway = Gateway::start(&[]).await;
    let withhold = |indices: Vec<u32>| {
        gateway
            .simulator
            .script(GenerationFault::Unsafe { indices }, 1)
    };
    withhold(vec![0]);
    let some = generate(&gateway, json!({"n": 2, "response_format": "b64_json"})).await;
    assert_eq!(some.json()["data"].as_array().unwrap().len(), 1);
    assert_eq!(some.json()["gateway"]["withheld"], 1);
    assert_eq!(some.cost(), 2 * PRICE);
    withhold(vec![0]);
    let all = generate(&gateway, json!({"prompt": "another fox"})).await;
    let expected = is(
        400,
        "invalid_request_error",
        "content_policy_violation",
        Value::Null,
    );
    assert_eq!(error(&all), expected);
    assert_eq!(all.header("x-cost-usd"), Some("0.03"));
    assert_eq!(gateway.billed(), 3 * PRICE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_told_of_its_own_models_and_can_use_no_others() {
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    let bounds = json!({"name": "shop", "models": ["V_3_TURBO", "V_4_DEFAULT"],
        "daily_budget_usd": 0.03});
    let made = gateway.make_key(bounds).await;
    let key = made["key"].as_str().unwrap();
    let get = async |path: &str| {
        let request = gateway.request(Method::GET, path).bearer_auth(key);
        Answer::to(request).await
    };
    let list = get("/v1/models").await.json();
    let ids = |list: &Value| -> Vec<String> {
        let models = list["data"].as_array().unwrap().iter();
        models
            .map(|model| model["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&list), [MODEL, "ideogram-v4-default"]);
    assert_eq!(
        get(&format!("/v1/models/{MODEL}")).await.json(),
        list["data"][0]
    );
    let all = gateway.operator(Method::GET, "/v1/models").await;
    assert_eq!(ids(&all.json()).len(), 13);
    let invalid = "invalid_request_error";
    for id in ["ideogram-v2", "dall-e-3", "a/b"] {
        let none = get(&format!("/v1/models/{id}")).await;
        let expected = is(404, invalid, "model_not_found", json!("model"));
        assert_eq!(error(&none), expected, "{id}");
    }
    let generate = async |fields| Answer::to(ask(&gateway, &fields).bearer_auth(key)).await;
    let other = generate(json!({"model": "ideogram-v2"})).await;
    let expected = is(403, "permission_error", "forbidden", Value::Null);
    assert_eq!(error(&other), expected);
    assert_eq!(generate(json!({})).await.status, 200);
    let poor = generate(json!({"prompt": "another fox"})).await;
    let quota = "insufficient_quota";
    assert_eq!(error(&poor), is(429, quota, quota, Value::Null));
    assert_eq!(poor.json()["gateway"]["code"], "client_budget_exceeded");
    assert_eq!(poor.header("x-should-retry"), Some("false"));
    assert!(poor.retry_after() > 0);
    let authentication = "authentication_error";
    for path in ["/v1/models", "/v1/models/dall-e-3"] {
        let stranger = gateway.get(path).await;
        let expected = is(401, authentication, "invalid_api_key", Value::Null);
        assert_eq!(error(&stranger), expected, "{path}");
    }
    let stranger = Answer::to(ask(&gateway, &json!({})).bearer_auth("wrong")).await;
    assert_eq!(error(&stranger).1, authentication);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_refused_in_openais_shape_and_never_reaches_ideogram() {
    let shop = "https://shop.example";
    let gateway = Gateway::start(&[("ALLOWED_ORIGINS", shop)]).await;
    let invalid = "invalid_request_error";
    for (fields, field) in [
        (json!({"prompt": null}), "prompt"),
        (json!({"n": 9}), "n"),
        (json!({"model": "ideogram-v4-turbo", "n": 2}), "n"),
        (json!({"size": "4000x1000"}), "size"),
        (json!({"quality": "hd"}), "quality"),
        (json!({"style": "vivid"}), "style"),
        (json!({"background": "transparent"}), "background"),
        (json!({"num_images": 2}), "num_images"),
        (json!({"style_type": "OIL"}), "style_type"),
    ] {
        let refused = generate(&gateway, fields).await;
        let expected = is(400, invalid, "invalid_request", json!(field));
        assert_eq!(error(&refused), expected);
    }
    let unknown = generate(&gateway, json!({"model": "dall-e-3"})).await;
    let expected = is(404, invalid, "model_not_found", json!("model"));
    assert_eq!(error(&unknown), expected);
    let post = |body: &'static str, content_type: &str| {
        let request = gateway.request(Method::POST, PATH).body(body);
        Answer::to(request.header("content-type", content_type))
    };
    let broken = post("{", "application/json").await;
    assert_eq!(
        error(&broken),
        is(400, invalid, "invalid_request", Value::Null)
    );
    let text = post("a fox", "text/plain").await;
    assert_eq!(error(&text).0, 415);
    for path in [
        "/v1/",
        "/v1/images/edits",
        "/v1/chat/completions",
        "/v1/models/",
        "/v1/images/generations/",
    ] {
        assert_eq!(error(&gateway.get(path).await).0, 404, "{path}");
    }
    let other = gateway.get(PATH).await;
    assert_eq!(
        error(&other),
        is(405, invalid, "method_not_allowed", Value::Null)
    );
    assert_eq!(other.header("allow"), Some("POST"));
    let elsewhere = ask(&gateway, &json!({})).header("origin", "https://evil.example");
    assert_eq!(error(&Answer::to(elsewhere).await).1, "permission_error");
    let here = ask(&gateway, &json!({"n": 0})).header("origin", shop);
    let here = Answer::to(here).await;
    assert_eq!(error(&here).0, 400);
    assert_eq!(here.header("access-control-allow-origin"), Some(shop));
    // Ideogram's part of /v1/ keeps Ideogram's shape.
    let own = gateway.get("/v1/ideogram-v3/generate").await;
    assert_eq!(own.error(), (405, "method_not_allowed".into()));
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ideogram_refuses_or_fails_at_has_openais_shape_too() {
    let gateway = Gateway::start(&[("MAX_ATTEMPTS", "1")]).await;
    gateway.simulator.script(GenerationFault::status(422), 1);
    let refused = generate(&gateway, json!({})).await;
    let expected = is(
        400,
        "invalid_request_error",
        "content_policy_violation",
        Value::Null,
    );
    assert_eq!(error(&refused), expected);
    assert_eq!(refused.json()["gateway"]["code"], "prompt_rejected");
    gateway.simulator.script(GenerationFault::status(500), 1);
    let failed = generate(&gateway, json!({"prompt": "another fox"})).await;
    assert_eq!(
        error(&failed),
        is(502, "server_error", "upstream_error", Value::Null)
    );
    assert_eq!(gateway.booked().billed, 0);
}

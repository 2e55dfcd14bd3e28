//! While generation is off, requests for pictures in Ideogram's words are answered with placeholders.
//! Holds true: none is cached, kept, bound to a key or booked; what was made before is served; where a
//! placeholder would be taken for a picture, the error is the answer.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::{GenerationFault, Times};

use crate::gateway::events::EventStream;
use crate::gateway::form::{FormBody, photo};
use crate::gateway::{Answer, Booked, Gateway, PRICE, eventually};

const V3: &str = "/v1/ideogram-v3/generate";
const OFF: (&str, &str) = ("IDEOGRAM_ENABLED", "false");
const ON: (&str, &str) = ("IDEOGRAM_ENABLED", "true");
const DISABLED: &str = "generation_disabled";

fn v3(gateway: &Gateway, fields: &Value) -> RequestBuilder {
    gateway.request(Method::POST, V3).json(fields)
}

/// Holds that a result is so many placeholders of this size, for this reason.
pub fn check_placeholders(gateway: &Gateway, result: &Value, (size, reason): (&str, &str)) {
    let link = format!("{}/placeholders/{size}-{reason}.svg", gateway.url());
    let images = result["data"].as_array().unwrap();
    assert!(!images.is_empty(), "{result}");
    for image in images {
        assert_eq!(image["url"], link);
        assert_eq!(image["resolution"], size);
        assert_eq!(image["is_image_safe"], true);
        assert!(
            image["prompt"].is_string() && image["seed"].is_u64(),
            "{image}"
        );
    }
    assert!(result["created"].is_string(), "{result}");
    let told = &result["gateway"];
    assert_eq!(told["fallback"], reason);
    assert_eq!(told["cost_usd"], 0.0);
    assert_eq!(told["images"], json!([]));
}

/// The same of an answer, with its headers.
pub fn check_answer(gateway: &Gateway, answer: &Answer, (size, reason): (&str, &str)) {
    check_placeholders(gateway, &answer.result(), (size, reason));
    assert_eq!((answer.cache().as_str(), answer.cost()), ("miss", 0));
    assert_eq!(answer.header("x-fallback"), Some(reason));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let id = answer.result()["gateway"]["id"].clone();
    assert_eq!(answer.header("x-generation-id"), id.as_str());
    assert!(answer.retry_after() >= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_every_endpoint_for_pictures_answers_with_as_many_placeholders_as_were_asked()
{
    let gateway = Gateway::start(&[OFF]).await;
    let legacy = json!({"prompt": "a  fox", "num_images": 3, "seed": 7,
        "aspect_ratio": "ASPECT_16_9"});
    let answer = gateway.generate(legacy).await;
    check_answer(&gateway, &answer, ("1312x736", DISABLED));
    let images = answer.result()["data"].clone();
    assert_eq!(images.as_array().unwrap().len(), 3);
    assert_eq!(
        (&images[2]["prompt"], &images[2]["seed"]),
        (&json!("a fox"), &json!(7))
    );
    assert_eq!(gateway.log_line_of(&answer).await["fallback"], DISABLED);

    let fields = json!({"prompt": "a fox, write to jo@example.com", "resolution": "512x1536"});
    let answer = Answer::to(v3(&gateway, &fields)).await;
    check_answer(&gateway, &answer, ("512x1536", DISABLED));
    let result = answer.result();
    assert_eq!(result["data"][0]["prompt"], "a fox, write to [email]");
    assert_eq!(
        result["gateway"]["redactions"],
        json!([{"kind": "email", "count": 1}])
    );

    let form = FormBody::default()
        .text("prompt", "a fox")
        .file("image", &photo(1));
    let answer = gateway.ask_by_form("/v1/ideogram-v3/remix", &form).await;
    check_answer(&gateway, &answer, ("1024x1024", DISABLED));
    gateway.no_references_left().await;

    let form = FormBody::default().file("image_file", &photo(1));
    let described = gateway.ask_by_form("/describe", &form).await;
    assert_eq!(described.error(), (503, DISABLED.into()));
    let openai = json!({"prompt": "a fox", "model": "ideogram-v3-turbo"});
    let openai = gateway
        .request(Method::POST, "/v1/images/generations")
        .json(&openai);
    let openai = Answer::to(openai).await;
    assert_eq!(openai.status, 503);
    assert_eq!(openai.json()["gateway"]["code"], DISABLED);
    let refused = gateway.generate(json!({"prompt": ""})).await;
    assert_eq!(refused.error(), (400, "invalid_request".into()));

    assert_eq!(gateway.calls(), 0);
    assert_eq!(gateway.booked(), Booked::default());
    assert!(gateway.cached().is_empty() && gateway.pictures().is_empty());
    assert!(gateway.history().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn placeholders_are_pictures_that_any_page_may_show_and_that_can_do_nothing() {
    let gateway = Gateway::start(&[OFF]).await;
    let link = gateway.generate(json!({"prompt": "a fox"})).await.link(0);
    let picture = gateway.get(&link).await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(picture.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        picture.header("cross-origin-resource-policy"),
        Some("cross-origin")
    );
    let policy = picture.header("content-security-policy").unwrap();
    assert_eq!(policy, "default-src 'none'; style-src 'unsafe-inline'");
    let life = picture.header("cache-control").unwrap();
    assert!(life.contains("immutable"), "{life}");
    let svg = String::from_utf8(picture.body).unwrap();
    assert!(svg.contains(r#"width="1024" height="1024""#), "{svg}");
    assert!(svg.contains("switched off"), "{svg}");

    let path = link.strip_prefix(gateway.url()).unwrap();
    let head = Answer::to(gateway.request(Method::HEAD, path)).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in [
        "1024x1024-busy.svg",
        "9999x9999-no_credits.svg",
        "1024x1024-no_credits.png",
        "1024x1024-%3Cscript%3E.svg",
    ] {
        let missing = gateway.get(&format!("/placeholders/{name}")).await;
        assert_eq!(missing.error(), (404, "not_found".into()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_wait_or_follows_or_comes_back_finds_the_same_placeholders() {
    let gateway = Gateway::start(&[OFF]).await;
    let expected = ("1024x1024", DISABLED);
    let ask = gateway.generation(&json!({"prompt": "a fox"}));
    let at_once = Answer::to(ask.header("prefer", "respond-async")).await;
    check_answer(&gateway, &at_once, expected);

    let id = at_once.header("x-generation-id").unwrap();
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["state"], "done");
    check_placeholders(&gateway, &shown["result"], expected);
    assert_eq!(shown["error"], Value::Null);

    let followed = gateway
        .generate_and_follow(&json!({"prompt": "a wolf"}))
        .await;
    let id = followed.header("x-generation-id").to_owned();
    let events = followed.rest().await;
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["queued", "done"]);
    check_placeholders(&gateway, &events[1].data, expected);
    assert_eq!(events[1].data["gateway"]["id"], id.as_str());
    let again = gateway.follow(&id, Some("1")).await.rest().await;
    assert_eq!(again.len(), 1);
    check_placeholders(&gateway, &again[0].data, expected);
    assert!(gateway.cached().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_that_was_made_before_is_finished_with_a_placeholder_until_generation_is_on() {
    let mut gateway = Gateway::start(&[]).await;
    let fields = json!({"prompt": "a fox", "rendering_speed": "TURBO", "aspect_ratio": "3x4"});
    let draft = Answer::to(v3(&gateway, &fields)).await;
    let path = format!(
        "/generations/{}/finalize",
        draft.header("x-generation-id").unwrap()
    );
    let finalize = async |gateway: &Gateway| {
        let ask = gateway
            .request(Method::POST, &path)
            .json(&json!({"image": 0}));
        Answer::to(ask).await
    };
    gateway.restart(&[OFF]).await;
    let hit = Answer::to(v3(&gateway, &fields)).await;
    assert_eq!(hit.cache(), "hit");
    assert_eq!(hit.header("x-fallback"), None);
    check_answer(&gateway, &finalize(&gateway).await, ("864x1152", DISABLED));
    gateway.restart(&[ON]).await;
    let made = finalize(&gateway).await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", 90_000));
    assert_eq!(gateway.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_not_bound_to_placeholders() {
    let mut gateway = Gateway::start(&[OFF]).await;
    let ask = async |gateway: &Gateway| {
        let ask = gateway.generation(&json!({"prompt": "a fox"}));
        Answer::to(ask.header("idempotency-key", "order-17")).await
    };
    for _ in 0..2 {
        check_answer(&gateway, &ask(&gateway).await, ("1024x1024", DISABLED));
    }
    gateway.restart(&[ON]).await;
    let made = ask(&gateway).await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    assert_eq!(ask(&gateway).await.cache(), "hit");
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_wants_errors_gets_errors() {
    let gateway = Gateway::start(&[OFF, ("FALLBACK", "error")]).await;
    let refused = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(refused.error(), (503, DISABLED.into()));
    assert!(refused.retry_after() >= 1);
    assert_eq!(refused.header("x-fallback"), None);

    let followed = gateway
        .generate_and_follow(&json!({"prompt": "a wolf"}))
        .await;
    let last = followed.rest().await.pop().unwrap();
    assert_eq!(
        (last.name.as_str(), &last.data["code"]),
        ("failed", &json!(DISABLED))
    );
    let ask = gateway.generation(&json!({"prompt": "a hen"}));
    let accepted = Answer::to(ask.header("prefer", "respond-async")).await;
    assert_eq!(accepted.status, 202);
    let location = accepted.header("location").unwrap();
    eventually("it has failed", async || {
        let shown = gateway.get(location).await.result();
        (shown["state"] == "failed").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_credit_there_are_placeholders_and_what_was_made_is_still_served() {
    let gateway = Gateway::start(&[]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
    gateway.simulator.set_credits_micro_dollars(Some(PRICE - 1));
    // The first one finds out, and is told at no cost either.
    let expected = ("1024x1024", "no_credits");
    for (prompt, calls) in [("a wolf", 2), ("a hen", 2)] {
        let answer = gateway.generate(json!({ "prompt": prompt })).await;
        check_placeholders(&gateway, &answer.result(), expected);
        assert_eq!(answer.header("x-fallback"), Some("no_credits"));
        assert_eq!(gateway.calls(), calls);
    }
    assert_eq!(
        gateway.generate(json!({"prompt": "a fox"})).await.cache(),
        "hit"
    );
    assert_eq!(gateway.cached().len(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().unconfirmed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_ideogram_is_left_alone_there_are_placeholders_and_then_pictures_again() {
    let gateway = Gateway::start(&[("MAX_ATTEMPTS", "1")]).await;
    let fault = GenerationFault::status(500);
    gateway.simulator.script(fault, Times::UntilCleared);
    for number in 0..5 {
        let failed = gateway
            .generate(json!({"prompt": format!("fox {number}")}))
            .await;
        assert_eq!(failed.error(), (502, "upstream_error".into()));
    }
    gateway.simulator.clear_faults();
    let wolf = json!({"prompt": "a wolf", "aspect_ratio": "ASPECT_2_3"});
    let answer = gateway.generate(wolf.clone()).await;
    check_answer(&gateway, &answer, ("832x1248", "breaker_open"));
    let stream = EventStream::of(
        v3(&gateway, &json!({"prompt": "a hen"})).header("accept", "text/event-stream"),
    );
    let done = stream.await.until("done").await;
    check_placeholders(&gateway, &done.data, ("1024x1024", "breaker_open"));
    assert_eq!(gateway.calls(), 5);

    let made = eventually("a request goes through", async || {
        let answer = gateway.generate(wolf.clone()).await;
        answer.header("x-fallback").is_none().then_some(answer)
    });
    assert_eq!(made.await.cache(), "miss");
    assert_eq!(gateway.calls(), 6);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

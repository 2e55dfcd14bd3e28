//! Every kind of request that is not taken, and how the caller is told.
//! Holds true: none of them reaches Ideogram, and nothing is booked for it.

use reqwest::{Body, Method};
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway};

const MEBIBYTE: usize = 1024 * 1024;

async fn refused(gateway: &Gateway, body: impl Into<Body>, field: &str, says: &str) {
    let request = gateway.request(Method::POST, "/generate");
    let request = request.header("content-type", "application/json");
    let answer = Answer::to(request.body(body)).await;
    assert_eq!(
        answer.error(),
        (400, "invalid_request".into()),
        "{field} {says}"
    );
    let told = answer.json();
    assert_eq!(told["field"], field, "{told}");
    assert!(told["error"].as_str().unwrap().contains(says), "{told}");
    assert_eq!(told["request_id"].as_str(), answer.header("x-request-id"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_field_is_named_with_what_it_takes_and_nothing_is_spent() {
    let gateway = Gateway::start(&[]).await;
    let members = |members: Value| json!({"color_palette": {"members": members}});
    let grey = json!({"color_hex": "#888"});
    for (wrong, field, says) in [
        (
            json!({"sharpness": 3}),
            "sharpness",
            "prompt, model, num_images",
        ),
        (
            json!({"webhook_url": "https://example.com"}),
            "webhook_url",
            "cannot be used",
        ),
        (json!({"prompt": null}), "prompt", "must be text"),
        (json!({"prompt": 5}), "prompt", "must be text"),
        (json!({"prompt": ""}), "prompt", "visible character"),
        (
            json!({"prompt": " \u{200B}\n\u{FEFF}\t\u{E0041}"}),
            "prompt",
            "visible character",
        ),
        (
            json!({"prompt": "x".repeat(10_001)}),
            "prompt",
            "at most 10000 characters",
        ),
        (
            json!({"negative_prompt": "x".repeat(10_001)}),
            "negative_prompt",
            "at most 10000",
        ),
        (
            json!({"negative_prompt": 5}),
            "negative_prompt",
            "must be text",
        ),
        (json!({"model": "V_9"}), "model", "V_1, V_1_TURBO, V_2"),
        (json!({"model": 2}), "model", "V_1, V_1_TURBO, V_2"),
        (json!({"num_images": 0}), "num_images", "from 1 to 8"),
        (json!({"num_images": 9}), "num_images", "from 1 to 8"),
        (json!({"num_images": "2"}), "num_images", "from 1 to 8"),
        (json!({"num_images": 1.5}), "num_images", "from 1 to 8"),
        (json!({"seed": -1}), "seed", "from 0 to 2147483647"),
        (
            json!({"seed": 2_147_483_648_u32}),
            "seed",
            "from 0 to 2147483647",
        ),
        (json!({"seed": true}), "seed", "from 0 to 2147483647"),
        (
            json!({"aspect_ratio": "16:9"}),
            "aspect_ratio",
            "ASPECT_16_9",
        ),
        (
            json!({"resolution": "1024x1024"}),
            "resolution",
            "RESOLUTION_1024_1024",
        ),
        (json!({"style_type": "anime"}), "style_type", "ANIME"),
        (
            json!({"magic_prompt_option": true}),
            "magic_prompt_option",
            "AUTO, ON, OFF",
        ),
        (
            json!({"magic_prompt_version": "V_1"}),
            "magic_prompt_version",
            "V_0_1",
        ),
        (
            json!({"color_palette": "EMBER"}),
            "color_palette",
            "name and members",
        ),
        (json!({"color_palette": {}}), "color_palette", "either name"),
        (
            json!({"color_palette": {"name": "BEIGE"}}),
            "color_palette.name",
            "EMBER",
        ),
        (
            json!({"color_palette": {"name": "EMBER", "members": [grey]}}),
            "color_palette",
            "either",
        ),
        (members(json!([])), "color_palette.members", "1 to 8"),
        (
            members(json!(vec![grey.clone(); 9])),
            "color_palette.members",
            "1 to 8",
        ),
        (
            members(json!([{"color_hex": "grey"}])),
            "color_palette.members[0].color_hex",
            "#1A2B3C",
        ),
        (
            members(json!([grey, {"color_hex": "#888", "color_weight": 1.01}])),
            "color_palette.members[1].color_weight",
            "from 0.05 to 1.0",
        ),
        (
            json!({"aspect_ratio": "ASPECT_1_1", "resolution": "RESOLUTION_1024_1024"}),
            "resolution",
            "cannot be used together with image_request.aspect_ratio",
        ),
        (
            json!({"model": "V_1", "style_type": "ANIME"}),
            "style_type",
            "V_2_TURBO",
        ),
        (
            json!({"model": "V_2A", "negative_prompt": "hens"}),
            "negative_prompt",
            "V_1, V_1_TURBO",
        ),
        (
            json!({"model": "V_2A", "resolution": "RESOLUTION_1024_1024"}),
            "resolution",
            "taken only by the models V_2",
        ),
        (
            json!({"model": "V_1_TURBO", "color_palette": {"name": "EMBER"}}),
            "color_palette",
            "taken only by the models V_2",
        ),
    ] {
        let mut fields = json!({"prompt": "a fox"});
        let wrong = wrong.as_object().unwrap().clone();
        fields.as_object_mut().unwrap().extend(wrong);
        let body = json!({ "image_request": fields }).to_string();
        refused(&gateway, body, &format!("image_request.{field}"), says).await;
    }
    gateway.assert_untouched();

    let longest = format!("{}\u{200B} ", "x".repeat(10_000));
    let taken = gateway.generate(json!({"prompt": longest})).await;
    assert_eq!(taken.cache(), "miss", "10,000 characters are taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_another_shape_is_refused() {
    let gateway = Gateway::start(&[]).await;
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for (body, field, says) in [
        ("", "body", "must be JSON"),
        ("a fox", "body", "must be JSON"),
        ("{\"image_request\":", "body", "must be JSON"),
        (
            "{\"image_request\":{\"prompt\":\"\\ud800\"}}",
            "body",
            "must be JSON",
        ),
        (deep.as_str(), "body", "nested deeper"),
        ("[]", "body", "image_request"),
        ("null", "body", "image_request"),
        ("{}", "image_request", "prompt"),
        ("{\"image_request\": \"a fox\"}", "image_request", "prompt"),
        (
            "{\"image_request\": {}}",
            "image_request.prompt",
            "must be text",
        ),
        ("{\"prompt\": \"a fox\"}", "prompt", "image_request"),
        (
            "{\"image_request\": {\"prompt\": \"a\"}, \"user\": 1}",
            "user",
            "image_request",
        ),
        (
            "{\"image_request\": {\"prompt\": \"a\", \"prompt\": \"b\"}}",
            "image_request.prompt",
            "more than once",
        ),
    ] {
        refused(&gateway, body.to_owned(), field, says).await;
    }
    refused(&gateway, vec![b'"', 0xFF, b'"'], "body", "must be JSON").await;
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_another_type_or_size_is_refused() {
    let gateway = Gateway::start(&[]).await;
    let body = r#"{"image_request": {"prompt": "a fox"}}"#;
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
    ] {
        let mut request = gateway.request(Method::POST, "/generate").body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = Answer::to(request).await;
        let expected = (415, "unsupported_media_type".into());
        assert_eq!(answer.error(), expected, "{content_type:?}");
    }
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));
    let chunks: Vec<_> = padded(MEBIBYTE + 1)
        .as_bytes()
        .chunks(MEBIBYTE / 16)
        .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
        .collect();
    let chunked = Body::wrap_stream(futures_util::stream::iter(chunks));
    for (how, body) in [
        ("with its length told", Body::from(padded(MEBIBYTE + 1))),
        ("in chunks", chunked),
    ] {
        let request = gateway.request(Method::POST, "/generate");
        let request = request.header("content-type", "application/json");
        let answer = Answer::to(request.body(body)).await;
        assert_eq!(answer.error(), (413, "payload_too_large".into()), "{how}");
    }
    gateway.assert_untouched();

    let request = gateway.request(Method::POST, "/generate");
    let request = request.header("content-type", "Application/JSON; charset=utf-8");
    let taken = Answer::to(request.body(padded(MEBIBYTE))).await;
    assert_eq!(taken.cache(), "miss", "a mebibyte is taken");
}

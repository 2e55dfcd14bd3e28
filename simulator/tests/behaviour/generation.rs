//! Requests that are run, and requests that are turned down.
//! Holds true: answers depend on the request's fields as Ideogram's OpenAPI document says.

use serde_json::{Value, json};

use crate::caller::{generate, generated, refused, request, start};

#[tokio::test]
async fn an_answer_has_one_object_per_image_with_seeds_counting_up_from_the_one_given() {
    let simulator = start().await;
    let body = generated(
        &simulator,
        json!({"prompt": "a fox", "num_images": 3, "seed": 41}),
    )
    .await;
    let data = body["data"].as_array().unwrap();
    let seeds: Vec<_> = data
        .iter()
        .map(|image| image["seed"].as_u64().unwrap())
        .collect();
    assert_eq!(seeds, [41, 42, 43]);
    for image in data {
        assert_eq!(image["prompt"], "a fox");
        assert_eq!(image["resolution"], "1024x1024");
        assert_eq!(image["is_image_safe"], true);
        let url = image["url"].as_str().unwrap();
        assert!(url.starts_with(&format!("{}/images/ephemeral/", simulator.base_url())));
    }
}

#[tokio::test]
async fn without_a_seed_every_image_gets_one_of_its_own() {
    let simulator = start().await;
    let body = generated(&simulator, json!({"prompt": "a fox", "num_images": 2})).await;
    assert_ne!(body["data"][0]["seed"], body["data"][1]["seed"]);
}

#[tokio::test]
async fn the_resolution_follows_resolution_or_aspect_ratio() {
    let simulator = start().await;
    let cases = [
        (json!({"resolution": "RESOLUTION_640_1024"}), "640x1024"),
        (json!({"aspect_ratio": "ASPECT_16_9"}), "1312x736"),
        (json!({"aspect_ratio": "ASPECT_1_3"}), "512x1536"),
    ];
    for (mut fields, expected) in cases {
        fields["prompt"] = json!("a fox");
        let body = generated(&simulator, fields).await;
        assert_eq!(body["data"][0]["resolution"], expected);
    }
}

#[tokio::test]
async fn requests_that_break_the_schema_are_answered_400_and_are_free() {
    let simulator = start().await;
    let wrong = [
        json!({}),
        json!({"prompt": ""}),
        json!({"prompt": 5}),
        json!({"prompt": "a", "num_images": 0}),
        json!({"prompt": "a", "num_images": 9}),
        json!({"prompt": "a", "num_images": "2"}),
        json!({"prompt": "a", "seed": 2_147_483_648_u32}),
        json!({"prompt": "a", "model": "V_9"}),
        json!({"prompt": "a", "aspect_ratio": "16:9"}),
        json!({"prompt": "a", "resolution": "RESOLUTION_800_1280"}),
        json!({"prompt": "a", "aspect_ratio": "ASPECT_1_1", "resolution": "RESOLUTION_1024_1024"}),
        json!({"prompt": "a", "style_type": "general"}),
        json!({"prompt": "a", "magic_prompt_option": "MAYBE"}),
        json!({"prompt": "a", "color_palette": {"members": []}}),
        json!({"prompt": "a", "color_palette": {"members": [{"color_hex": "red"}]}}),
        json!({"prompt": "a", "color_palette": {"name": "EMBER", "members": [{"color_hex": "#fff"}]}}),
    ];
    for fields in wrong {
        let (status, body) = refused(&simulator, fields.clone()).await;
        assert_eq!((status, &body["status"]), (400, &json!(400)), "{fields}");
    }
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn palettes_by_name_and_by_members_are_accepted() {
    let simulator = start().await;
    let by_members =
        json!({"members": [{"color_hex": "#fa0", "color_weight": 0.05}, {"color_hex": "#00FF88"}]});
    for palette in [json!({"name": "EMBER"}), by_members] {
        generated(
            &simulator,
            json!({"prompt": "a fox", "color_palette": palette}),
        )
        .await;
    }
}

#[tokio::test]
async fn bodies_that_are_not_a_json_request_are_answered_400() {
    let simulator = start().await;
    let body = |content_type: &'static str, text: &'static str| {
        request(&simulator, Value::Null)
            .header("content-type", content_type)
            .body(text)
    };
    let valid = r#"{"image_request":{"prompt":"a fox"}}"#;
    for wrong in [
        body("application/json", "{"),
        body("application/json", "[]"),
        body("application/json", r#"{"prompt":"a fox"}"#),
    ] {
        assert_eq!(wrong.send().await.unwrap().status(), 400);
    }
    let plain = reqwest::Client::new()
        .post(format!("{}/generate", simulator.base_url()))
        .header("Api-Key", simulator.api_key())
        .body(valid);
    assert_eq!(plain.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_missing_or_unknown_key_is_answered_401() {
    let simulator = start().await;
    let url = format!("{}/generate", simulator.base_url());
    let body = json!({"image_request": {"prompt": "a fox"}});
    let client = reqwest::Client::new();
    let missing = client.post(&url).json(&body).send().await.unwrap();
    let unknown = client
        .post(&url)
        .header("Api-Key", "nobody")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (missing.status().as_u16(), unknown.status().as_u16()),
        (401, 401)
    );
    assert_eq!(simulator.bill().micro_dollars, 0);
}

#[tokio::test]
async fn a_prompt_with_forbidden_content_is_answered_422_and_is_free() {
    let simulator = start().await;
    let (status, body) =
        refused(&simulator, json!({"prompt": "some forbidden-content here"})).await;
    assert_eq!(status, 422);
    assert_eq!(
        body,
        json!({"error": "Prompt provided failed safety check due to the inclusion of prohibited content."})
    );
    assert_eq!(simulator.bill().micro_dollars, 0);
}

#[tokio::test]
async fn every_call_is_recorded_as_it_came() {
    let simulator = start().await;
    generate(&simulator, json!({"prompt": "a very secret fox"})).await;
    let elsewhere = format!("{}/v1/elsewhere?a=b", simulator.base_url());
    let answer = reqwest::Client::new()
        .post(elsewhere)
        .body("hello")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    let calls = simulator.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(
        (calls[0].method.as_str(), calls[0].path.as_str()),
        ("POST", "/generate")
    );
    assert_eq!(calls[0].header("Api-Key"), Some("simulator-key"));
    assert_eq!(
        calls[0].body,
        r#"{"image_request":{"prompt":"a very secret fox"}}"#
    );
    assert_eq!(
        (calls[1].path.as_str(), calls[1].body.as_str()),
        ("/v1/elsewhere?a=b", "hello")
    );
    assert!(calls[0].at_us > 1_700_000_000_000_000 && calls[0].at_us <= calls[1].at_us);
}

//! What holds of every endpoint that generates, whichever it is.
//! Holds true: keys, required fields, statuses and answers are held against the cuts of
//! Ideogram's OpenAPI document, endpoint by endpoint.

use serde_json::{Value, json};
use simulator::{GenerationFault, Settings};

use crate::caller::{get, start, start_with, until};
use crate::forms::{
    Form, V3_GENERATE, V3_TRANSPARENT, V4_GENERATE, good_form, good_forms, post, prompt, send_json,
    sent_json,
};
use crate::schema::{self, LEGACY_IMAGES, V3_IMAGES, assert_valid, read};

pub const FORM: &str = "multipart/form-data";

/// The cut that an endpoint is in.
pub fn document(path: &str) -> &'static str {
    let documents = [LEGACY_IMAGES, V3_IMAGES, schema::V4_GENERATE];
    let mut documents = documents.into_iter();
    documents
        .find(|document| !read(document)["paths"][path].is_null())
        .unwrap()
}

pub fn schema_name(content: &Value) -> String {
    let reference = content["schema"]["$ref"].as_str().unwrap();
    reference.rsplit('/').next().unwrap().to_owned()
}

/// Names of the schemas of a form and of its answer, and what the form must have.
fn schemas(path: &str) -> (String, Vec<String>) {
    let document = read(document(path));
    let operation = &document["paths"][path]["post"];
    let request = schema_name(&operation["requestBody"]["content"][FORM]);
    let answer = schema_name(&operation["responses"]["200"]["content"]["application/json"]);
    let required = &document["components"]["schemas"][request]["required"];
    let required = required.as_array().into_iter().flatten();
    let required = required.map(|name| name.as_str().unwrap().to_owned());
    (answer, required.collect())
}

#[tokio::test]
async fn every_endpoint_answers_as_the_document_says_with_one_image_or_description() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        let body = form.sent(&simulator, path).await;
        assert_valid(document(path), &schemas(path).0, &body);
        let line = simulator.bill().lines.pop().unwrap();
        assert_eq!((line.endpoint.as_str(), line.images), (path, 1));
        if path == "/describe" {
            assert!(body["descriptions"][0]["text"].is_string());
            continue;
        }
        let url = body["data"][0]["url"].as_str().unwrap();
        assert_eq!(get(url).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn endpoints_that_take_json_answer_it_like_a_form() {
    let simulator = start().await;
    let requests = [
        (V3_GENERATE, prompt()),
        (V3_TRANSPARENT, prompt()),
        (V4_GENERATE, json!({"text_prompt": "a fox"})),
    ];
    for (path, body) in requests {
        let answer = sent_json(&simulator, path, body).await;
        assert_valid(document(path), &schemas(path).0, &answer);
        assert_eq!(answer["data"][0]["prompt"], "a fox");
    }
    assert_eq!(simulator.bill().images, 3);
}

#[tokio::test]
async fn content_types_that_an_endpoint_does_not_declare_are_answered_400() {
    let simulator = start().await;
    for (path, _) in good_forms() {
        let document = read(document(path));
        let declared = &document["paths"][path]["post"]["requestBody"]["content"];
        if declared["application/json"].is_null() {
            let body = json!({"prompt": "a fox", "text_prompt": "a fox"});
            assert_eq!(send_json(&simulator, path, body).await.0, 400, "{path}");
        }
        let plain = post(&simulator, path).body("a fox");
        assert_eq!(plain.send().await.unwrap().status(), 400, "{path}");
    }
    let request = json!({"image_request": prompt()});
    let form = Form::new().json("image_request", request["image_request"].clone());
    assert_eq!(form.send(&simulator, "/generate").await.0, 400);
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn a_form_that_is_none_is_answered_400_after_the_key_is_checked() {
    let simulator = start().await;
    for (content_type, body) in [
        (FORM, "--x\r\n"),
        ("multipart/form-data; boundary=x", "a fox"),
        ("multipart/form-data; boundary=x", "--x\r\ncontent-disp"),
    ] {
        let request = || {
            post(&simulator, V3_GENERATE)
                .header("content-type", content_type)
                .body(body)
        };
        assert_eq!(request().send().await.unwrap().status(), 400);
        let unknown = reqwest::Client::new()
            .post(format!("{}{V3_GENERATE}", simulator.base_url()))
            .header("content-type", content_type)
            .body(body);
        assert_eq!(unknown.send().await.unwrap().status(), 401);
    }
    assert_eq!(simulator.calls().len(), 6);
}

#[tokio::test]
async fn an_unknown_key_is_answered_with_the_status_that_the_document_has_for_it() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        let document = read(document(path));
        let responses = &document["paths"][path]["post"]["responses"];
        let expected = if responses["403"].is_null() { 401 } else { 403 };
        let request = form.request(&simulator, path).build().unwrap();
        let mut request = request;
        request
            .headers_mut()
            .insert("Api-Key", "nobody".parse().unwrap());
        let answer = reqwest::Client::new().execute(request).await.unwrap();
        assert_eq!(answer.status(), expected, "{path}");
    }
    assert_eq!(simulator.bill().lines, []);
}

#[tokio::test]
async fn a_form_without_a_required_field_is_answered_400_and_is_free() {
    let simulator = start().await;
    let mut left_out = 0;
    for (path, form) in good_forms() {
        for field in schemas(path).1 {
            let (status, body) = form
                .clone()
                .without(&field)
                .text("unheard_of", "5")
                .send(&simulator, path)
                .await;
            assert_eq!(status, 400, "{path} without {field}");
            assert!(body["detail"].as_str().unwrap().contains(&field));
            left_out += 1;
        }
    }
    assert_eq!((left_out, simulator.bill().lines.len()), (26, 0));
}

#[tokio::test]
async fn unknown_fields_are_let_through() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        let form = form.text("unheard_of", "5").picture("unseen", 8, 8);
        form.sent(&simulator, path).await;
    }
    let body = json!({"prompt": "a fox", "unheard_of": {"a": []}});
    sent_json(&simulator, V3_GENERATE, body).await;
}

#[tokio::test]
async fn a_prompt_with_forbidden_content_is_answered_422_and_is_free() {
    let simulator = start().await;
    let unsafe_prompt = json!({"prompt": "forbidden-content"});
    let mut refused = 0;
    for (path, form) in good_forms() {
        let form = match path {
            "/remix" | "/upscale" => form
                .without("image_request")
                .json("image_request", unsafe_prompt.clone()),
            "/reframe" | "/describe" | "/v1/ideogram-v3/reframe" => continue,
            V4_GENERATE => Form::new().text("text_prompt", "forbidden-content"),
            _ => form.without("prompt").text("prompt", "forbidden-content"),
        };
        let (status, body) = form.send(&simulator, path).await;
        assert_eq!(status, 422, "{path}");
        assert_valid(document(path), "GenerateImageSafetyError", &body);
        refused += 1;
    }
    assert_eq!((refused, simulator.bill().lines.len()), (10, 0));
}

#[tokio::test]
async fn a_fault_strikes_whichever_endpoint_is_called_next() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        simulator.script(GenerationFault::status(500), 1);
        simulator.script(GenerationFault::billed_status(503), 1);
        simulator.script(GenerationFault::Fewer { images: 0 }, 1);
        simulator.script(GenerationFault::Reset { billed: false }, 1);
        let lines = simulator.bill().lines.len();
        assert_eq!(form.send(&simulator, path).await.0, 500, "{path}");
        assert_eq!(simulator.bill().lines.len(), lines, "{path}");
        assert_eq!(form.send(&simulator, path).await.0, 503, "{path}");
        let body = form.sent(&simulator, path).await;
        let made = body.get("data").or_else(|| body.get("descriptions"));
        assert_eq!(made, Some(&json!([])), "{path}");
        let bill = simulator.bill();
        let charged = |line: usize| (bill.lines[line].images, bill.lines[line].micro_dollars > 0);
        assert_eq!(
            (charged(lines), charged(lines + 1)),
            ((1, true), (0, false))
        );
        assert!(form.request(&simulator, path).send().await.is_err());
        assert_eq!(simulator.bill().lines.len(), lines + 2, "{path}");
    }
}

#[tokio::test]
async fn withheld_images_have_no_address_and_still_fit_the_document() {
    let simulator = start().await;
    for (path, form) in good_forms() {
        simulator.script(GenerationFault::Unsafe { indices: vec![0] }, 1);
        let body = form.sent(&simulator, path).await;
        assert_valid(document(path), &schemas(path).0, &body);
        if path != "/describe" {
            assert_eq!(body["data"][0].get("url"), Some(&Value::Null), "{path}");
            assert_eq!(body["data"][0]["is_image_safe"], false, "{path}");
        }
    }
    assert_eq!(simulator.bill().images, 13);
}

#[tokio::test]
async fn images_in_progress_are_counted_over_all_endpoints() {
    let simulator = start_with(Settings {
        latency_ms: 60_000,
        ..Settings::default()
    })
    .await;
    let eight = good_form(V3_GENERATE).text("num_images", "8");
    let first = tokio::spawn(eight.request(&simulator, V3_GENERATE).send());
    until(|| simulator.images_in_progress() == 8).await;
    let one = tokio::spawn(
        good_form("/describe")
            .request(&simulator, "/describe")
            .send(),
    );
    until(|| simulator.images_in_progress() == 9).await;
    for (path, form) in good_forms() {
        let (status, body) = match path {
            "/describe" | V4_GENERATE => continue,
            "/remix" | "/upscale" => {
                let two = json!({"prompt": "a fox", "num_images": 2});
                let form = form.without("image_request").json("image_request", two);
                form.send(&simulator, path).await
            }
            _ => form.text("num_images", "2").send(&simulator, path).await,
        };
        assert_eq!(status, 429, "{path}");
        assert_eq!(body["reject_reason"], "inflight_limit");
    }
    assert_eq!(simulator.peak_images_in_progress(), 9);
    simulator.reset().await;
    assert!(first.await.unwrap().is_err() && one.await.unwrap().is_err());
}

#[tokio::test]
async fn without_enough_credit_every_endpoint_answers_402() {
    let simulator = start().await;
    simulator.set_credits_micro_dollars(Some(9_999));
    for (path, form) in good_forms() {
        let (status, body) = form.send(&simulator, path).await;
        assert_eq!(
            (status, &body["reject_reason"]),
            (402, &json!("insufficient_funds")),
            "{path}"
        );
    }
}

//! What holds of every endpoint of v2.
//! Holds true: paths, fields, limits and lists are those of Ideogram's OpenAPI document of
//! 2026-10, prices those of quotes seen then; there is no cut of it here, so they are written
//! down once more.

use serde_json::json;

use crate::caller::{get, start};
use crate::forms::{Form, post, send_json, sent_json};
use crate::polls::completed;

/// An endpoint, whether it takes a form, and what the least request to it costs in micro-dollars.
struct Row {
    path: &'static str,
    form: Form,
    takes_forms: bool,
    micro_dollars: u64,
}

fn row(end: &'static str, form: Form, takes_forms: bool, micro_dollars: u64) -> Row {
    Row {
        path: end,
        form,
        takes_forms,
        micro_dollars,
    }
}

pub fn fox() -> Form {
    Form::new().text("prompt", "a fox")
}

pub fn source() -> Form {
    Form::new().picture("image", 64, 32)
}

pub fn edit() -> Form {
    source().text("prompt", "a fox")
}

fn character(form: Form) -> Form {
    form.picture("character_reference_images", 64, 64)
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let mask = |form: Form| form.picture("mask", 64, 32);
    vec![
        row("generate/ideogram-2", fox(), false, 80_000),
        row("generate/ideogram-2a", fox(), false, 40_000),
        row("generate/ideogram-3", fox(), true, 60_000),
        row("generate/ideogram-3-character", character(fox()), true, 150_000),
        row("generate/ideogram-3-transparent", fox(), false, 70_000),
        row("generate/ideogram-3-custom-model", fox().text("custom_model_uri", "model/a/version/1"), true, 60_000),
        row("generate/ideogram-4", fox(), false, 60_000),
        row("generate/ideogram-4-transparent", fox(), false, 60_000),
        row("generate/ideogram-4-5", fox(), true, 100_000),
        row("remix/ideogram-3", edit(), true, 60_000),
        row("remix/ideogram-3-character", character(edit()), true, 150_000),
        row("remix/ideogram-4", edit(), true, 60_000),
        row("inpaint/ideogram-3", mask(edit()), true, 60_000),
        row("inpaint/ideogram-3-character", character(mask(edit())), true, 150_000),
        row("precise-edit/ideogram-4-5", edit(), true, 60_000),
        row("reframe/ideogram-3", source().text("resolution", "512x1536"), true, 60_000),
        row("replace-background/ideogram-3", edit(), true, 60_000),
        row("remove-background/ideogram-1", source(), true, 10_000),
        row("upscale/auto", source(), true, 252_000),
        row("upscale/topaz-standard-2", source(), true, 126_000),
        row("upscale/text-refine", source(), true, 126_000),
    ]
}

pub fn full(end: &str) -> String {
    format!("/v2/image/{end}")
}

#[tokio::test]
async fn every_endpoint_makes_what_it_quotes_and_can_be_polled() {
    let simulator = start().await;
    for Row {
        path: end,
        form,
        takes_forms,
        micro_dollars,
    } in rows()
    {
        let path = full(end);
        let quoted = format!("{path}?dry_run=true");
        let (quote, answer) = if takes_forms {
            (
                form.sent(&simulator, &quoted).await,
                form.sent(&simulator, &path).await,
            )
        } else {
            let (status, _) = form.send(&simulator, &path).await;
            assert_eq!(status, 400, "{path} takes JSON only");
            let body = json!({"prompt": "a fox"});
            (
                sent_json(&simulator, &quoted, body.clone()).await,
                sent_json(&simulator, &path, body).await,
            )
        };
        assert_eq!(
            (&quote["usd_micros"], &quote["quantity"]),
            (&json!(micro_dollars), &json!(1))
        );
        assert!(!quote["billing_identifier"].as_str().unwrap().is_empty());
        let told = completed(&simulator, answer["generation_id"].as_str().unwrap()).await;
        let url = told["data"][0]["url"].as_str().unwrap();
        assert_eq!(get(url).await.status(), 200, "{path}");
        let line = simulator.bill().lines.pop().unwrap();
        assert_eq!((&line.endpoint, line.micro_dollars), (&path, micro_dollars));
        assert_eq!(line.model, end.rsplit('/').next().unwrap());
    }
    assert_eq!(simulator.bill().lines.len(), rows().len());
}

/// "4-5 and precise-edit add generation_kind; inpaint adds width, height".
#[tokio::test]
async fn some_answers_tell_more() {
    let simulator = start().await;
    for Row {
        path: end, form, ..
    } in rows().into_iter().filter(|row| row.takes_forms)
    {
        let answer = form.sent(&simulator, &full(end)).await;
        let kind = end.ends_with("-4-5").then(|| json!("sampling"));
        assert_eq!(answer.get("generation_kind"), kind.as_ref(), "{end}");
        let width = end.starts_with("inpaint").then(|| json!(64));
        assert_eq!(answer.get("width"), width.as_ref(), "{end}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_answered_401_and_a_missing_field_400() {
    let simulator = start().await;
    let nobody = reqwest::Client::new();
    for Row {
        path: end,
        form,
        takes_forms,
        ..
    } in rows()
    {
        let path = full(end);
        let url = format!("{}{path}", simulator.base_url());
        let request = nobody.post(url).json(&json!({"prompt": "a fox"}));
        assert_eq!(request.send().await.unwrap().status(), 401, "{path}");
        let required = [
            "prompt",
            "image",
            "mask",
            "resolution",
            "custom_model_uri",
            "character_reference_images",
        ];
        for name in required.into_iter().filter(|_| takes_forms) {
            let less = form.clone().without(name);
            if less.len() < form.len() {
                assert_eq!(
                    less.send(&simulator, &path).await.0,
                    400,
                    "{path} without {name}"
                );
            }
        }
        if !takes_forms {
            assert_eq!(
                send_json(&simulator, &path, json!({})).await.0,
                400,
                "{path}"
            );
        }
    }
    assert_eq!(simulator.bill().lines, []);
}

/// "unknown fields refused" is said of reframe alone; of `private` there, too.
#[tokio::test]
async fn unknown_fields_are_let_through_but_for_reframe() {
    let simulator = start().await;
    for Row {
        path: end, form, ..
    } in rows().into_iter().filter(|row| row.takes_forms)
    {
        let form = form.text("unheard_of", "5");
        let expected = if end.starts_with("reframe") { 400 } else { 200 };
        assert_eq!(form.send(&simulator, &full(end)).await.0, expected, "{end}");
    }
    let body = json!({"prompt": "a fox", "resolution": "RESOLUTION_512_1536"});
    sent_json(&simulator, &full("generate/ideogram-2"), body).await;
    let reframe = source().text("resolution", "512x1536");
    for name in ["private", "prompt", "webhook_url"] {
        let form = reframe.clone().text(name, "true");
        assert_eq!(
            form.send(&simulator, &full("reframe/ideogram-3")).await.0,
            400,
            "{name}"
        );
    }
}

/// "describe/ideogram-3, -4: image 10 MB", "not quotable".
#[tokio::test]
async fn descriptions_have_a_date_and_a_name_and_cannot_be_quoted() {
    let simulator = start().await;
    let texts = source()
        .sent(&simulator, &full("describe/ideogram-3?dry_run=true"))
        .await;
    assert!(texts["descriptions"][0]["text"].is_string());
    let form = source().text("include_bbox", "true");
    let prompt = form.sent(&simulator, &full("describe/ideogram-4")).await;
    assert!(prompt["json_prompt"]["high_level_description"].is_string());
    for answer in [texts, prompt] {
        assert!(answer["created"].is_string() && answer["description_id"].is_string());
        assert_eq!(answer.get("generation_id"), None);
    }
    let bill = simulator.bill();
    let models: Vec<_> = bill.lines.iter().map(|line| line.model.as_str()).collect();
    assert_eq!(models, ["ideogram-3", "ideogram-4"]);
    let large = Form::new().file("image", {
        let mut file = simulator::picture("a fox", 1, 64, 64);
        file.resize(10_000_001, 0);
        file
    });
    assert_eq!(
        large.send(&simulator, &full("describe/ideogram-4")).await.0,
        413
    );
    let plain = post(&simulator, &full("describe/ideogram-4")).body("a fox");
    assert_eq!(plain.send().await.unwrap().status(), 400);
}

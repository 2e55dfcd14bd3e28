//! What callers are answered with what v2 made.

use serde_json::{Value, json};

use super::{PICTURE, ask, object};

const CREATED: &str = "2026-10-07T15:09:24.239178+00:00";

/// What Ideogram says of a finished generation, with pictures as it polls them.
fn completed(pictures: Value) -> Value {
    json!({ "generation_id": "zm6IqQd4RPGnwA8gQYEL5Q", "created": CREATED, "status": "completed",
        "response_type": "url", "usage_cost_usd_micros": 60_000, "data": pictures, "notice": "new" })
}

fn polled(url: Value) -> Value {
    json!({ "object_type": "image.generation", "asset_id": null, "url": url, "prompt": "a red fox",
        "resolution": "1024x1024", "is_image_safe": true, "seed": 7, "future": [1] })
}

fn answered(path: &str, fields: Value, completed: Value) -> Value {
    let request = ask(path, &object(fields)).unwrap();
    request.answer_from_v2(completed)
}

#[test]
fn a_finished_generation_is_answered_in_the_shape_of_its_endpoint() {
    let styled = json!([{ "url": "https://ideogram.ai/a.png", "prompt": "a red fox", "seed": 7,
        "resolution": "1024x1024", "is_image_safe": true, "style_type": "REALISTIC", "future": [1] }]);
    let picture =
        json!({ "image": PICTURE, "mask": PICTURE, "prompt": "a fox", "style_type": "REALISTIC" });
    for (path, fields) in [
        (
            "/generate",
            json!({ "prompt": "a fox", "style_type": "REALISTIC" }),
        ),
        (
            "/v1/ideogram-v3/generate",
            json!({ "prompt": "a fox", "style_type": "REALISTIC" }),
        ),
        ("/v1/ideogram-v3/inpaint", picture.clone()),
        ("/v1/ideogram-v3/edit", picture),
        (
            "/v1/ideogram-v3/remix",
            json!({ "image": PICTURE, "prompt": "a fox", "style_type": "REALISTIC" }),
        ),
    ] {
        let given = completed(json!([polled(json!("https://ideogram.ai/a.png"))]));
        let expected = json!({ "created": CREATED, "data": styled, "notice": "new" });
        assert_eq!(answered(path, fields, given), expected, "{path}");
    }
}

#[test]
fn a_picture_says_no_style_where_none_was_asked_for_or_the_endpoint_says_none() {
    let bare = json!({ "url": "https://ideogram.ai/a.png", "prompt": "a red fox", "seed": 7,
        "resolution": "1024x1024", "is_image_safe": true, "future": [1] });
    for (path, fields, response_type) in [
        ("/generate", json!({ "prompt": "a fox" }), None),
        (
            "/v1/ideogram-v3/generate-transparent",
            json!({ "prompt": "a fox" }),
            None,
        ),
        (
            "/v1/ideogram-v3/reframe",
            json!({ "image": PICTURE, "resolution": "512x1536" }),
            None,
        ),
        (
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "a fox" }),
            Some("url"),
        ),
    ] {
        let given = completed(json!([polled(json!("https://ideogram.ai/a.png"))]));
        let mut expected = json!({ "created": CREATED, "data": [bare], "notice": "new" });
        if let Some(response_type) = response_type {
            expected["response_type"] = response_type.into();
        }
        assert_eq!(answered(path, fields, given), expected, "{path}");
    }
}

#[test]
fn a_withheld_picture_stays_one() {
    let withheld = |url| {
        let mut picture = polled(url);
        picture["is_image_safe"] = false.into();
        picture
    };
    let given = completed(json!([
        withheld(json!(null)),
        withheld(json!("")),
        polled(json!("https://a"))
    ]));
    let answer = answered(
        "/generate",
        json!({ "prompt": "a fox", "num_images": 3 }),
        given,
    );
    let urls: Vec<_> = answer["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|picture| &picture["url"])
        .collect();
    assert_eq!(urls, [&json!(null), &json!(""), &json!("https://a")]);
    assert_eq!(answer["data"][0]["is_image_safe"], false);
}

#[test]
fn a_picture_that_v2_names_no_prompt_and_seed_for_has_those_that_were_asked_for() {
    let bare = json!({ "object_type": "image.without-prompt-or-seed", "url": "https://a",
        "resolution": "512x1536", "is_image_safe": true });
    let reframe = |count: u32| {
        let fields =
            json!({ "image": PICTURE, "resolution": "512x1536", "seed": 9, "num_images": count });
        answered("/v1/ideogram-v3/reframe", fields, completed(json!([bare])))
    };
    assert_eq!(reframe(1)["data"][0]["prompt"], "");
    assert_eq!(reframe(1)["data"][0]["seed"], 9);
    // Of several pictures only the first would be of that seed.
    assert_eq!(reframe(2)["data"][0].get("seed"), None);
}

#[test]
fn a_description_is_the_older_endpoints() {
    let given = json!({ "created": CREATED, "description_id": "d1", "descriptions": [{ "text": "a fox" }] });
    let expected = json!({ "created": CREATED, "descriptions": [{ "text": "a fox" }] });
    assert_eq!(
        answered("/describe", json!({ "image_file": PICTURE }), given),
        expected
    );
}

#[test]
fn what_is_no_answer_is_left_for_whoever_reads_answers() {
    for strange in [
        json!(null),
        json!([1]),
        json!({ "data": 7 }),
        json!({ "data": ["a", null] }),
    ] {
        let answer = answered("/generate", json!({ "prompt": "a fox" }), strange.clone());
        assert_eq!(answer, strange);
    }
}

#[test]
fn an_endpoint_without_a_way_to_v2_is_answered_as_it_came() {
    let given = completed(json!([polled(json!("https://a"))]));
    let fields = json!({ "image": PICTURE, "prompt": "a beach" });
    let answer = answered("/v1/ideogram-v3/replace-background", fields, given.clone());
    assert_eq!(answer, given);
}

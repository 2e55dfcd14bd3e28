//! The size of pictures: as asked for, or as near to the picture sent as the lists allow.
//! Holds true: what is fetched has the size that the answer names.

use png::Decoder;
use serde_json::{Value, json};

use crate::caller::{get, start};
use crate::forms::{
    Form, V3_EDIT, V3_GENERATE, V3_INPAINT, V3_REFRAME, V3_REMIX, V3_REPLACE_BACKGROUND,
    V3_TRANSPARENT, V4_GENERATE, good_form, sent_json,
};
use crate::schema::{self, LEGACY_IMAGES, V3_IMAGES, read};

/// The size of the picture at the address in an answer.
async fn fetched(body: &Value) -> String {
    let answer = get(body["data"][0]["url"].as_str().unwrap()).await;
    let bytes = std::io::Cursor::new(answer.bytes().await.unwrap());
    let reader = Decoder::new(bytes).read_info().unwrap();
    format!("{}x{}", reader.info().width, reader.info().height)
}

fn listed(document: &str, schema: &str) -> Vec<Value> {
    let values = &read(document)["components"]["schemas"][schema]["enum"];
    values.as_array().unwrap().clone()
}

#[tokio::test]
async fn every_v3_resolution_and_ratio_is_accepted_and_served() {
    let simulator = start().await;
    let resolutions = listed(V3_IMAGES, "ResolutionV3");
    for resolution in &resolutions {
        let body = json!({"prompt": "a fox", "resolution": resolution});
        let answer = sent_json(&simulator, V3_GENERATE, body).await;
        assert_eq!(&answer["data"][0]["resolution"], resolution);
        assert_eq!(json!(fetched(&answer).await), *resolution);
    }
    for ratio in listed(V3_IMAGES, "AspectRatioV3") {
        let body = json!({"prompt": "a fox", "aspect_ratio": ratio});
        let answer = sent_json(&simulator, V3_GENERATE, body.clone()).await;
        let resolution = &answer["data"][0]["resolution"];
        assert!(resolutions.contains(resolution), "{ratio}");
        let sides = |text: &Value| {
            let (wide, high) = text.as_str().unwrap().split_once('x').unwrap();
            wide.parse::<f64>().unwrap() / high.parse::<f64>().unwrap()
        };
        let distortion = sides(resolution) / sides(&ratio);
        assert!((0.97..1.03).contains(&distortion), "{ratio}: {resolution}");
        let transparent = sent_json(&simulator, V3_TRANSPARENT, body).await;
        assert_eq!(&transparent["data"][0]["resolution"], resolution);
    }
}

#[tokio::test]
async fn every_v4_resolution_is_accepted_and_served() {
    let simulator = start().await;
    for resolution in listed(schema::V4_GENERATE, "ResolutionV4") {
        let body = json!({"text_prompt": "a fox", "resolution": resolution});
        let answer = sent_json(&simulator, V4_GENERATE, body).await;
        assert_eq!(answer["data"][0]["resolution"], resolution);
        assert_eq!(json!(fetched(&answer).await), resolution);
    }
}

#[tokio::test]
async fn an_edited_picture_keeps_its_size_or_the_nearest_that_is_listed() {
    let simulator = start().await;
    let cases = [
        ((736, 1312), "736x1312"),
        ((2624, 1472), "1312x736"),
        ((100, 100), "1024x1024"),
        ((9000, 10), "1536x512"),
    ];
    for ((width, height), expected) in cases {
        for path in [V3_INPAINT, V3_EDIT, V3_REPLACE_BACKGROUND] {
            let form = Form::new().text("prompt", "a fox");
            let form = form.picture("image", width, height);
            let form = form.picture("mask", width, height);
            let answer = form.sent(&simulator, path).await;
            assert_eq!(answer["data"][0]["resolution"], expected, "{path}");
        }
        let form = good_form("/edit").without("image_file").without("mask");
        let form = form.picture("image_file", width, height);
        let form = form.picture("mask", width, height);
        let answer = form.sent(&simulator, "/edit").await;
        assert_eq!(answer["data"][0]["resolution"], expected);
        assert_eq!(fetched(&answer).await, expected);
    }
}

#[tokio::test]
async fn a_remixed_picture_is_square_and_a_reframed_one_as_asked() {
    let simulator = start().await;
    let remix = good_form(V3_REMIX).without("image");
    let remix = remix.picture("image", 300, 100);
    let answer = remix.sent(&simulator, V3_REMIX).await;
    assert_eq!(answer["data"][0]["resolution"], "1024x1024");
    let reframe = good_form(V3_REFRAME).sent(&simulator, V3_REFRAME).await;
    assert_eq!(fetched(&reframe).await, "512x1536");
    for resolution in listed(LEGACY_IMAGES, "Resolution") {
        let form = good_form("/reframe").without("resolution");
        let form = form.text("resolution", resolution.as_str().unwrap());
        let answer = form.sent(&simulator, "/reframe").await;
        let expected = resolution.as_str().unwrap().replacen("RESOLUTION_", "", 1);
        assert_eq!(answer["data"][0]["resolution"], expected.replace('_', "x"));
    }
}

#[tokio::test]
async fn an_upscaled_picture_has_the_size_that_it_grew_to() {
    let simulator = start().await;
    for (factor, expected) in [("X1", "800x1280"), ("X2", "1600x2560"), ("X4", "3200x5120")] {
        let form = good_form(V3_TRANSPARENT).text("aspect_ratio", "10x16");
        let form = form.text("upscale_factor", factor);
        let answer = form.sent(&simulator, V3_TRANSPARENT).await;
        assert_eq!(answer["data"][0]["resolution"], "800x1280");
        assert_eq!(answer["data"][0]["upscaled_resolution"], expected);
        assert_eq!(fetched(&answer).await, expected);
    }
    let answer = good_form("/upscale").sent(&simulator, "/upscale").await;
    assert_eq!(answer["data"][0]["upscaled_resolution"], "2048x2048");
    assert_eq!(fetched(&answer).await, "2048x2048");
}

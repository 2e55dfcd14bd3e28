//! What is kept of forms that were received.
//! Holds true: texts are kept as they came; of files only what they can be told by.

use serde_json::json;
use sha2::{Digest, Sha256};
use simulator::{CallReport, Part, PartContent, picture};

use crate::caller::{get, start};
use crate::forms::{V3_GENERATE, good_form, post};

fn text(name: &str, content_type: Option<&str>, text: &str) -> Part {
    Part {
        name: name.to_owned(),
        file_name: None,
        content_type: content_type.map(str::to_owned),
        content: PartContent::Text(text.to_owned()),
    }
}

#[tokio::test]
async fn a_form_is_recorded_part_by_part_in_the_order_sent() {
    let simulator = start().await;
    let form = good_form(V3_GENERATE)
        .json("color_palette", json!({"name": "EMBER"}))
        .text("style_codes", "AAFF5733")
        .text("style_codes", "0133FF57")
        .picture("character_reference_images", 64, 32);
    form.sent(&simulator, V3_GENERATE).await;
    let bytes = picture("character_reference_images", 1, 64, 32);
    let file = Part {
        name: "character_reference_images".to_owned(),
        file_name: Some("picture.png".to_owned()),
        content_type: Some("image/png".to_owned()),
        content: PartContent::File {
            bytes: bytes.len() as u64,
            sha256: hex::encode(Sha256::digest(&bytes)),
        },
    };
    let call = simulator.calls().remove(0);
    assert_eq!((call.path.as_str(), call.body.as_str()), (V3_GENERATE, ""));
    assert_eq!(
        call.parts,
        [
            text("prompt", None, "a fox"),
            text(
                "color_palette",
                Some("application/json"),
                r#"{"name":"EMBER"}"#
            ),
            text("style_codes", None, "AAFF5733"),
            text("style_codes", None, "0133FF57"),
            file,
        ]
    );
    assert_eq!(call.parts("style_codes").count(), 2);
    let report = get(&format!("{}/control/calls", simulator.base_url())).await;
    let report: CallReport = report.json().await.unwrap();
    assert_eq!(report.calls, [call]);
}

#[tokio::test]
async fn a_form_is_recorded_wherever_it_is_sent_and_as_far_as_it_goes() {
    let simulator = start().await;
    let form = good_form(V3_GENERATE);
    assert_eq!(form.send(&simulator, "/v1/elsewhere").await.0, 404);
    let broken = post(&simulator, V3_GENERATE)
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--x\r\n");
    assert_eq!(broken.send().await.unwrap().status(), 400);
    for call in simulator.calls() {
        assert_eq!(call.parts, [text("prompt", None, "a fox")]);
    }
}

#[tokio::test]
async fn json_with_a_file_name_is_still_json() {
    let simulator = start().await;
    let palette = reqwest::multipart::Part::text(r#"{"name":"EMBER"}"#)
        .file_name("blob")
        .mime_str("application/json")
        .unwrap();
    let form = reqwest::multipart::Form::new()
        .text("prompt", "a fox")
        .part("color_palette", palette);
    let answer = post(&simulator, V3_GENERATE).multipart(form).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    let part = simulator.calls().remove(0).parts.remove(1);
    assert_eq!(part.file_name.as_deref(), Some("blob"));
    assert_eq!(
        part.content,
        PartContent::Text(r#"{"name":"EMBER"}"#.to_owned())
    );
}

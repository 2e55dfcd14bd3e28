//! What every call to v2 carries besides the picture's own fields.

use serde_json::{Value, json};

use super::object;
use crate::upstream::Answered;
use crate::upstream::family::Family;

const WEBHOOK: &str = "https://gateway.example/ideogram/webhook?generation=g1";

fn furnished(path: &str, fields: Value, webhook: Option<&str>) -> Value {
    Family::at(path).furnished(object(fields), webhook).into()
}

#[test]
fn a_call_says_that_it_does_not_wait_that_it_is_private_and_where_to_tell() {
    for path in [
        "/v2/image/generate/ideogram-4-5",
        "/v2/image/remix/ideogram-3",
        "/v2/image/inpaint/ideogram-3",
        "/v2/image/precise-edit/ideogram-4-5",
        "/v2/image/upscale/auto",
    ] {
        let all = furnished(path, json!({ "prompt": "a fox" }), Some(WEBHOOK));
        let expected =
            json!({ "prompt": "a fox", "async": true, "private": true, "webhook_url": WEBHOOK });
        assert_eq!(all, expected, "{path}");
        let without = furnished(path, json!({}), None);
        assert_eq!(without, json!({ "async": true, "private": true }), "{path}");
        assert_eq!(Family::at(path).answered(None), Answered::Later);
        let announced = Family::at(path).answered(Some(WEBHOOK));
        assert_eq!(announced, Answered::Announced);
    }
}

#[test]
fn a_call_says_only_what_its_endpoint_takes() {
    for (path, expected, answered) in [
        (
            "/v2/image/describe/ideogram-4",
            json!({}),
            Answered::OnTheCall,
        ),
        (
            "/v2/image/reframe/ideogram-3",
            json!({ "async": true }),
            Answered::Later,
        ),
        (
            // Left out, it would be public on some plans.
            "/v2/image/remove-background/ideogram-1",
            json!({ "async": true, "private": true }),
            Answered::Later,
        ),
        (
            "/v2/image/replace-background/ideogram-3",
            json!({ "private": true, "webhook_url": WEBHOOK }),
            Answered::Announced,
        ),
    ] {
        assert_eq!(
            furnished(path, json!({}), Some(WEBHOOK)),
            expected,
            "{path}"
        );
        assert_eq!(Family::at(path).answered(Some(WEBHOOK)), answered, "{path}");
    }
}

#[test]
fn a_caller_says_for_itself_whether_its_pictures_are_private() {
    let path = "/v2/image/generate/ideogram-3";
    for (said, private) in [
        (json!(false), false),
        (json!(true), true),
        (json!(null), true),
    ] {
        let all = furnished(path, json!({ "private": said }), None);
        assert_eq!(all["private"], private);
    }
}

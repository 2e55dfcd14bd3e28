//! What a caller gets for a request: Ideogram's own shape, lasting links, and what the gateway adds.
//! Holds true: what is expected of a picture is drawn by the simulator's library, not fetched.

use serde_json::{Value, json};
use simulator::{GenerationFault, picture};

use crate::gateway::{Booked, Gateway, PRICE};

/// Lower-case hexadecimal digits, so many of them.
fn is_hex(text: &str, digits: usize) -> bool {
    let lower_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(lower_hex)
}

/// Holds a name in R2 against `images/YYYY/MM/DD/{32 hex digits}/{the rest}`.
fn assert_name(key: &str, rest: &str) {
    let parts: Vec<_> = key.split('/').collect();
    let [images, year, month, day, secret, name] = parts[..] else {
        panic!("{key} has not six parts");
    };
    let number = |text: &str, digits| text.len() == digits && text.parse::<u32>().is_ok();
    assert_eq!(images, "images", "{key}");
    assert!(
        number(year, 4) && number(month, 2) && number(day, 2),
        "{key}"
    );
    assert!(is_hex(secret, 32), "{key}");
    assert_eq!(name, rest, "{key}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_gets_ideograms_answer_with_a_lasting_link_and_what_it_cost() {
    let gateway = Gateway::start(&[]).await;
    let answer = gateway
        .generate(json!({"prompt": "a fox", "seed": 7}))
        .await;
    let result = answer.result();

    assert!(result["created"].is_string(), "{result}");
    let image = &result["data"][0];
    assert_eq!(image["prompt"], "a fox");
    assert_eq!(image["resolution"], "1024x1024");
    assert_eq!(image["is_image_safe"], true);
    assert_eq!(image["seed"], 7);
    assert_eq!(image["style_type"], "GENERAL");
    let link = answer.link(0);
    let key = link.strip_prefix(&format!("{}/", gateway.url())).unwrap();
    assert_name(key, "0-seed-7.png");

    let added = &result["gateway"];
    assert_eq!(added["id"].as_str(), answer.header("x-generation-id"));
    assert_eq!(answer.cache(), "miss");
    assert_eq!(answer.cost(), PRICE);
    let listed = json!([{"index": 0, "seed": 7, "url": link, "key": key, "persisted": true}]);
    assert_eq!(added["images"], listed);
    assert_eq!(added["redactions"], json!([]));
    assert!(is_hex(answer.header("x-request-id").unwrap(), 32));
    assert!(
        answer
            .header("server-timing")
            .unwrap()
            .contains("total;dur=")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let drawn = picture("a fox", 7, 1024, 1024);
    assert!(gateway.get(&link).await.body == drawn, "another picture");
    gateway.simulator.forget_images();
    assert!(
        gateway.get(&link).await.body == drawn,
        "gone with its source"
    );
    assert_eq!(gateway.billed(), PRICE);
    let booked = Booked {
        requests: 1,
        images: 1,
        billed: PRICE,
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ideogram_is_sent_the_sanitised_prompt_with_the_defaults_and_the_key() {
    let gateway = Gateway::start(&[]).await;
    let prompt = "\u{202E} a\u{200B} red\n\tfox e\u{301}\u{E0041} ";
    let answer = gateway
        .generate(json!({"prompt": prompt, "num_images": 3, "seed": 40}))
        .await;
    assert_eq!(answer.cost(), 3 * PRICE);

    let calls = gateway.simulator.calls();
    let [call] = &calls[..] else {
        panic!("{} calls", calls.len());
    };
    assert_eq!(
        (call.method.as_str(), call.path.as_str()),
        ("POST", "/generate")
    );
    assert_eq!(call.header("api-key"), Some(gateway.simulator.api_key()));
    assert_eq!(call.header("content-type"), Some("application/json"));
    let sent: Value = serde_json::from_str(&call.body).unwrap();
    let expected = json!({"image_request": {
        "prompt": "a red fox \u{e9}", "model": "V_2", "num_images": 3, "seed": 40,
        "aspect_ratio": "ASPECT_1_1",
    }});
    assert_eq!(sent, expected);

    let pictures = gateway.pictures();
    assert_eq!(pictures.len(), 3);
    for (index, stored) in pictures.iter().enumerate() {
        assert_name(&stored.key, &format!("{index}-seed-{}.png", 40 + index));
        assert_eq!(stored.content_type, "image/png");
        let drawn = picture("a red fox \u{e9}", 40 + index as u32, 1024, 1024);
        assert_eq!(stored.size, drawn.len() as i64);
        assert!(
            gateway.get(&answer.link(index)).await.body == drawn,
            "{index}"
        );
        let metadata = |name: &str| stored.metadata[name].as_str();
        assert_eq!(metadata("prompt"), "a red fox \u{e9}");
        assert_eq!(metadata("model"), "V_2");
        assert_eq!(metadata("style"), "GENERAL");
        assert_eq!(metadata("seed"), (40 + index).to_string());
        assert_eq!(metadata("resolution"), "1024x1024");
        assert_eq!(
            Some(metadata("generation")),
            answer.header("x-generation-id")
        );
        assert!(metadata("created").ends_with('Z'), "{stored:?}");
    }
    let invisible = "\u{E0041}".as_bytes();
    let stored = gateway.stored_bytes();
    let found = stored
        .windows(invisible.len())
        .any(|bytes| bytes == invisible);
    assert!(!found, "the raw prompt is stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_of_ideograms_that_nobody_knows_yet_are_passed_on() {
    let gateway = Gateway::start(&[]).await;
    let withheld = json!({"url": null, "is_image_safe": false, "seed": 1, "mood": ["calm"]});
    let body = json!({"created": "now", "data": [withheld], "lineage": {"parent": 5}});
    let fault = GenerationFault::Answer {
        status: 200,
        headers: vec![],
        body: body.to_string(),
        billed: true,
    };
    gateway.simulator.script(fault, 1);
    let mut result = gateway.generate(json!({"prompt": "a fox"})).await.result();
    result.as_object_mut().unwrap().remove("gateway");
    assert_eq!(result, body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generation_can_be_looked_up_by_its_id() {
    let gateway = Gateway::start(&[]).await;
    let answer = gateway.generate(json!({"prompt": "a fox"})).await;
    let id = answer.header("x-generation-id").unwrap().to_owned();

    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["id"], json!(id));
    assert_eq!(shown["state"], "done");
    assert_eq!(shown["attempt"], 1);
    assert_eq!(shown["result"]["data"], answer.result()["data"]);
    assert!(shown["created_at"].as_str() <= shown["updated_at"].as_str());

    gateway.simulator.script(GenerationFault::status(400), 1);
    let refused = gateway.generate(json!({"prompt": "a wolf"})).await;
    let id = refused.header("x-generation-id").unwrap().to_owned();
    assert_eq!(refused.json()["id"], json!(id));
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["state"], "failed");
    assert_eq!(shown["error"]["code"], "invalid_request");

    let (fingerprint, _) = id.split_once('-').unwrap();
    for unknown in [
        format!("{fingerprint}-0123456789abcdef"),
        "0-0".into(),
        String::new(),
    ] {
        let path = format!("/generations/{unknown}");
        assert_eq!(
            gateway.get(&path).await.error(),
            (404, "not_found".into()),
            "{path}"
        );
    }
}

//! Requests as `multipart/form-data`, with pictures: what arrives at Ideogram is what was given, and
//! what cannot be taken is refused for what it is.
//! Holds true: the simulator's own record of each part is compared, with its hash.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Call, ImageFault, PartContent};

use crate::gateway::form::{FormBody, large_photo, photo, sha256};
use crate::gateway::{Answer, Booked, Gateway};

const V3: &str = "/v1/ideogram-v3/generate";
/// What the simulator charges where Ideogram publishes no price, in dollars.
const PRICES: (&str, &str) = ("PRICES", r#"{"UPSCALE": 0.06, "DESCRIBE": 0.01}"#);

/// The files of a call: field, type, length and hash.
fn files(call: &Call) -> Vec<(String, String, u64, String)> {
    let file = |part: &simulator::Part| match &part.content {
        PartContent::File { bytes, sha256 } => {
            let content_type = part.content_type.clone().unwrap_or_default();
            Some((part.name.clone(), content_type, *bytes, sha256.clone()))
        }
        PartContent::Text(_) => None,
    };
    call.parts.iter().filter_map(file).collect()
}

/// The texts of a call: field and value, JSON read as JSON.
fn texts(call: &Call) -> Vec<(String, Value)> {
    let text = |part: &simulator::Part| match &part.content {
        PartContent::Text(text) if part.content_type.as_deref() == Some("application/json") => {
            Some((part.name.clone(), serde_json::from_str(text).unwrap()))
        }
        PartContent::Text(text) => Some((part.name.clone(), text.as_str().into())),
        PartContent::File { .. } => None,
    };
    call.parts.iter().filter_map(text).collect()
}

fn last_call(gateway: &Gateway) -> Call {
    gateway.simulator.calls().pop().expect("a call")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_with_pictures_passes_them_on_as_they_were_given() {
    let gateway = Gateway::start(&[PRICES]).await;
    let fox = FormBody::default().text("prompt", "a fox");
    let request = |json: &str| FormBody::default().json("image_request", json);
    let nothing = FormBody::default;
    let resolution = |form: FormBody| form.text("resolution", "512x1536");
    let v2 = |form: FormBody| form.text("model", "V_2");
    let forms: [(&str, FormBody, &[&str]); 11] = [
        (
            V3,
            fox.clone(),
            &["style_reference_images", "style_reference_images"],
        ),
        (
            V3,
            fox.clone(),
            &[
                "character_reference_images",
                "character_reference_images_mask",
            ],
        ),
        (
            "/v1/ideogram-v3/remix",
            fox.clone(),
            &["image", "style_reference_images"],
        ),
        ("/v1/ideogram-v3/inpaint", fox.clone(), &["image", "mask"]),
        ("/v1/ideogram-v3/reframe", resolution(nothing()), &["image"]),
        (
            "/v1/ideogram-v3/replace-background",
            fox.clone(),
            &["image"],
        ),
        ("/remix", request(r#"{"prompt": "a fox"}"#), &["image_file"]),
        ("/edit", v2(fox.clone()), &["image_file", "mask"]),
        (
            "/reframe",
            v2(nothing().text("resolution", "RESOLUTION_512_1536")),
            &["image_file"],
        ),
        ("/upscale", request(r#"{"detail": 70}"#), &["image_file"]),
        ("/describe", nothing(), &["image_file"]),
    ];
    for (path, mut form, fields) in forms {
        let mut given = vec![];
        for (number, field) in (0..).zip(fields) {
            let photo = photo(number);
            given.push((
                (*field).to_owned(),
                "image/png".to_owned(),
                photo.len() as u64,
                sha256(&photo),
            ));
            form = form.file(field, &photo);
        }
        let answer = gateway.ask_by_form(path, &form).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.json());
        assert_eq!(answer.cache(), "miss", "{path}");
        let call = last_call(&gateway);
        assert_eq!((call.path.as_str(), files(&call)), (path, given));
        let again = gateway.ask_by_form(path, &form).await;
        assert_eq!((again.cache().as_str(), again.cost()), ("hit", 0), "{path}");
    }
    assert_eq!(gateway.calls(), 11);
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (gateway.billed(), 0));
    gateway.no_references_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_without_pictures_and_json_are_the_same_request() {
    let gateway = Gateway::start(&[]).await;
    let palette = json!({"members": [{"color_hex": "#ffffff", "color_weight": 0.5}]});
    let fields = json!({
        "prompt": "a fox", "num_images": 2, "color_palette": palette, "rendering_speed": "TURBO",
        "style_codes": ["A1B2C3D4", "00000000"],
    });
    let by_json = Answer::to(gateway.request(Method::POST, V3).json(&fields)).await;
    assert_eq!(by_json.cache(), "miss");
    let fox = FormBody::default()
        .text("prompt", " a  fox ")
        .text("num_images", "2")
        .text("rendering_speed", "TURBO");
    let joined = fox.clone().text("style_codes", "A1B2C3D4,00000000");
    let repeated = fox
        .text("style_codes", "A1B2C3D4")
        .text("style_codes", "00000000");
    let palette = palette.to_string();
    let blob = "name=\"color_palette\"; filename=\"blob\"\r\nContent-Type: application/json";
    for form in [
        joined.text("color_palette", &palette),
        repeated.clone().json("color_palette", &palette),
        repeated.part(blob, palette.as_bytes()),
    ] {
        let by_form = gateway.ask_by_form(V3, &form).await;
        assert_eq!(by_form.cache(), "hit");
    }
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_order_of_fields_does_not_count_and_another_picture_does() {
    let gateway = Gateway::start(&[]).await;
    let (style, character) = ("style_reference_images", "character_reference_images");
    let one = FormBody::default()
        .text("prompt", "a fox")
        .json("color_palette", r#"{"name": "EMBER"}"#)
        .file(style, &photo(1))
        .file(style, &photo(2))
        .file(character, &photo(3));
    assert_eq!(gateway.ask_by_form(V3, &one).await.cache(), "miss");
    let call = last_call(&gateway);
    let palette = ("color_palette".to_owned(), json!({"name": "EMBER"}));
    assert!(texts(&call).contains(&palette), "{:?}", texts(&call));

    let other_order = FormBody::default()
        .file(character, &photo(3))
        .json("color_palette", r#"{"name": "EMBER"}"#)
        .file(style, &photo(1))
        .text("prompt", "a fox")
        .file(style, &photo(2));
    assert_eq!(gateway.ask_by_form(V3, &other_order).await.cache(), "hit");
    let other_picture = one.file(style, &photo(4));
    assert_eq!(
        gateway.ask_by_form(V3, &other_picture).await.cache(),
        "miss"
    );
    assert_eq!(files(&last_call(&gateway)).len(), 4);
    assert_eq!(gateway.booked().billed, gateway.billed());
    gateway.no_references_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_endpoint_does_not_take_is_refused_and_nothing_of_it_stays() {
    let gateway = Gateway::start(&[]).await;
    let fox = FormBody::default().text("prompt", "a fox");
    let remix = "/v1/ideogram-v3/remix";
    let styled = fox.clone().file("style_reference_images", &photo(1));
    for (path, form, field) in [
        (V3, fox.clone().file("image", &photo(1)), "image"),
        (V3, styled.clone().file("mask", &photo(2)), "mask"),
        (
            V3,
            styled
                .clone()
                .file("style_reference_images", b"GIF89a, and so on"),
            "style_reference_images",
        ),
        (
            V3,
            styled
                .clone()
                .text("style_type", "AUTO")
                .text("style_codes", "A1B2C3D4"),
            "style_codes",
        ),
        (V3, styled.clone().text("seed", "seven"), "seed"),
        (V3, styled.clone().text("prompt", "a wolf"), "prompt"),
        (remix, styled.clone(), "image"),
        (
            remix,
            fox.clone()
                .file("image", &photo(1))
                .file("image", &photo(2)),
            "image",
        ),
        ("/describe", FormBody::default(), "image_file"),
        (V3, fox.clone().part("filename=\"x\"", b""), "body"),
    ] {
        let refused = gateway.ask_by_form(path, &form).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{field}");
        assert_eq!(refused.json()["field"], field, "{}", refused.json());
    }
    let json = gateway.request(Method::POST, "/describe").json(&json!({}));
    let form_only = Answer::to(json).await;
    assert_eq!(form_only.error(), (415, "unsupported_media_type".into()));
    assert!(
        form_only.json()["error"]
            .as_str()
            .unwrap()
            .ends_with(": multipart/form-data")
    );
    let json_only = gateway.ask_by_form("/generate", &fox).await;
    assert_eq!(json_only.error(), (415, "unsupported_media_type".into()));
    for (content_type, body) in [
        ("multipart/form-data", fox.whole()),
        ("multipart/form-data; boundary=other", fox.whole()),
        (FormBody::content_type().as_str(), fox.begun().to_vec()),
        (FormBody::content_type().as_str(), b"a fox".to_vec()),
        (FormBody::content_type().as_str(), vec![]),
        (FormBody::content_type().as_str(), vec![b'x'; 2_000_000]),
    ] {
        let request = gateway.request(Method::POST, V3);
        let request = request.header("content-type", content_type).body(body);
        let refused = Answer::to(request).await;
        assert_eq!(
            refused.error(),
            (400, "invalid_request".into()),
            "{content_type}"
        );
        assert!(!String::from_utf8_lossy(&refused.body).contains("a fox"));
    }
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_and_the_largest_that_is_taken_is_not() {
    let gateway = Gateway::start(&[]).await;
    let fox = FormBody::default().text("prompt", "a fox");
    let remix = "/v1/ideogram-v3/remix";
    let too_large = async |path: &str, form: FormBody, field: &str| {
        let refused = gateway.ask_by_form(path, &form).await;
        assert_eq!(
            refused.error(),
            (413, "payload_too_large".into()),
            "{field}"
        );
        assert_eq!(refused.json()["field"], field);
    };
    let describe = FormBody::default().file("image_file", &large_photo(1, 10_000_001));
    too_large("/describe", describe, "image_file").await;
    let large = fox.clone().file("image", &large_photo(1, 25_000_001));
    too_large(remix, large, "image").await;
    let whole = fox.clone().file("image", &large_photo(1, 25_000_000));
    let whole = whole.file("style_reference_images", &large_photo(2, 25_000_000));
    too_large(remix, whole, "body").await;
    let texts = FormBody::default().text("prompt", &"a".repeat(1_100_000));
    too_large(V3, texts, "body").await;
    gateway.assert_untouched();

    let pictures = [large_photo(3, 24_000_000), large_photo(4, 24_000_000)];
    let form = fox
        .file("image", &pictures[0])
        .file("style_reference_images", &pictures[1]);
    let answer = gateway.ask_by_form(remix, &form).await;
    assert_eq!(answer.cache(), "miss");
    let arrived: Vec<_> = files(&last_call(&gateway))
        .into_iter()
        .map(|file| file.3)
        .collect();
    assert_eq!(arrived, pictures.map(|picture| sha256(&picture)));
    let memory = gateway.log_line_of(&answer).await["wasm_memory_bytes"]
        .as_u64()
        .unwrap();
    println!("a form of 48 MB: {memory} bytes of memory at the most");
    assert!(memory < MOST_MEMORY_BYTES, "{memory}");
    let booked = Booked {
        requests: 1,
        images: 1,
        billed: gateway.billed(),
        unconfirmed: 0,
    };
    assert_eq!(gateway.booked(), booked);
    gateway.no_references_left().await;
}

/// Half of what an isolate may have.
const MOST_MEMORY_BYTES: u64 = 64 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_large_pictures_at_once_stay_outside_the_gateways_memory() {
    let gateway = Gateway::start(&[]).await;
    let large = ImageFault::Oversize { bytes: 10_000_000 };
    gateway.simulator.script(large, 8);
    let eight = json!({"prompt": "eight foxes", "num_images": 8});
    let answer = gateway.generate(eight).await;
    assert!((0..8).all(|index| answer.is_persisted(index)));
    let pictures = gateway.pictures();
    assert!(pictures.iter().all(|picture| picture.size == 10_000_000));
    let line = gateway.log_line_of(&answer).await;
    let memory = line["wasm_memory_bytes"].as_u64().unwrap();
    println!("eight pictures of 10 MB: {memory} bytes of memory at the most");
    assert!(memory < MOST_MEMORY_BYTES, "{memory}");
}

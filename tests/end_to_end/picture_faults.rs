//! Pictures that can never be kept, or only by looking closely: what the caller gets, what lands in
//! R2, and what is fetched at all.
//! Holds true: the answer is a 200 in any case, because the picture was made and billed.

use serde_json::{Value, json};
use simulator::{Fault, GenerationFault, ImageFault, PictureFormat, Settings, Simulator, picture};

use crate::gateway::{Answer, Gateway, PRICE, StoredPicture};

/// Asks for a picture that a fault strikes; returns the answer and what is new in R2.
async fn struck(
    gateway: &Gateway,
    prompt: &str,
    fault: impl Into<Fault>,
) -> (Answer, Vec<StoredPicture>) {
    let before = gateway.pictures().len();
    gateway.simulator.script(fault, 1);
    let answer = gateway.generate(json!({"prompt": prompt, "seed": 7})).await;
    assert_eq!(answer.cost(), PRICE, "{prompt}");
    assert_eq!(gateway.booked().billed, gateway.billed(), "{prompt}");
    let mut pictures = gateway.pictures();
    // Names start at random, so what is new can stand anywhere.
    pictures.retain(|stored| stored.metadata["prompt"] == prompt);
    assert_eq!(gateway.pictures().len() - before, pictures.len());
    (answer, pictures)
}

/// The picture is not kept: the caller has Ideogram's own link, and nobody else is given it.
async fn assert_not_kept(gateway: &Gateway, name: &str, fault: impl Into<Fault>) -> Answer {
    let cached = gateway.cached().len();
    let (answer, stored) = struck(gateway, name, fault).await;
    assert!(!answer.is_persisted(0), "{name}");
    assert_eq!(
        answer.result()["gateway"]["images"][0]["key"],
        Value::Null,
        "{name}"
    );
    assert!(stored.is_empty(), "{name}: {stored:?}");
    assert_eq!(gateway.cached().len(), cached, "{name}");
    answer
}

/// The picture is kept at once, with these bytes.
async fn assert_kept(gateway: &Gateway, name: &str, fault: ImageFault, bytes: &[u8]) {
    let (answer, stored) = struck(gateway, name, fault).await;
    assert!(answer.is_persisted(0), "{name}");
    assert_eq!(stored.len(), 1, "{name}");
    assert!(
        gateway.get(&answer.link(0)).await.body == bytes,
        "{name}: other bytes"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_or_no_picture_is_not_kept_and_the_caller_gets_the_source_link() {
    let gateway = Gateway::start(&[]).await;
    let source = format!("{}/images/", gateway.simulator.base_url());
    let html = "<html><body>Sign in</body></html>";
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
    for (name, fault) in [
        ("gone", ImageFault::status(404)),
        ("gone for good", ImageFault::status(410)),
        ("html", ImageFault::not_an_image("text/html", html)),
        (
            "html named png",
            ImageFault::not_an_image("image/png", html),
        ),
        ("svg", ImageFault::not_an_image("image/svg+xml", svg)),
        ("nothing", ImageFault::not_an_image("image/png", "")),
        (
            "51 MB",
            ImageFault::Oversize {
                bytes: 51 * 1024 * 1024,
            },
        ),
    ] {
        let answer = assert_not_kept(&gateway, name, fault).await;
        assert!(
            answer.link(0).starts_with(&source),
            "{name}: {}",
            answer.link(0)
        );
    }
    assert_eq!(
        gateway.simulator.image_fetches(),
        7,
        "none is fetched again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_fetched_from_hosts_that_are_not_ideograms() {
    let gateway = Gateway::start(&[]).await;
    let elsewhere = Simulator::start(Settings::default()).await.unwrap();
    let foreign = format!("{}/images/ephemeral/x.png", elsewhere.base_url());
    let host = foreign.replace("http://127.0.0.1", "http://localhost");
    for (name, location) in [
        ("elsewhere", foreign.clone()),
        ("elsewhere by name", host.clone()),
        ("elsewhere without scheme", foreign.replace("http:", "")),
    ] {
        assert_not_kept(&gateway, name, ImageFault::redirect(&location)).await;
    }
    assert_eq!(gateway.simulator.image_fetches(), 3);
    for url in [
        foreign,
        host,
        "file:///etc/passwd".into(),
        "no address".into(),
    ] {
        let fault = GenerationFault::ImageUrl {
            index: 0,
            url: url.clone(),
        };
        let answer = assert_not_kept(&gateway, &url, fault).await;
        assert_eq!(answer.link(0), url);
    }
    let user = gateway
        .simulator
        .base_url()
        .replace("://", "://user:password@");
    let url = format!("{user}/images/ephemeral/x.png");
    assert_not_kept(
        &gateway,
        "user",
        GenerationFault::ImageUrl { index: 0, url },
    )
    .await;
    assert_eq!(gateway.simulator.image_fetches(), 3);
    assert_eq!(elsewhere.image_fetches(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_on_ideograms_own_host_is_followed_but_not_for_ever() {
    let gateway = Gateway::start(&[]).await;
    let simulator = &gateway.simulator;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}/generate", simulator.base_url()));
    let request = request.header("api-key", simulator.api_key());
    let fields = json!({"image_request": {"prompt": "elsewhere", "seed": 9}});
    let made = Answer::to(request.json(&fields)).await;
    let link = made.link(0);
    let path = link.strip_prefix(&simulator.base_url()).unwrap();
    let drawn = picture("elsewhere", 9, 1024, 1024);

    for (name, location) in [("address", link.as_str()), ("path", path)] {
        simulator.script(ImageFault::redirect(location), 1);
        let answer = gateway.generate(json!({"prompt": name})).await;
        assert!(answer.is_persisted(0), "{name}");
        assert!(gateway.get(&answer.link(0)).await.body == drawn, "{name}");
    }
    let fetches = simulator.image_fetches();
    simulator.script(ImageFault::redirect(path), 4);
    let answer = gateway.generate(json!({"prompt": "round and round"})).await;
    assert!(!answer.is_persisted(0));
    assert_eq!(simulator.image_fetches() - fetches, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_kept_however_its_bytes_come_and_named_after_what_they_are() {
    let gateway = Gateway::start(&[]).await;
    let chunked = picture("chunked", 7, 1024, 1024);
    assert_kept(&gateway, "chunked", ImageFault::Chunked, &chunked).await;
    let slow = picture("slow", 7, 1024, 1024);
    assert_kept(
        &gateway,
        "slow",
        ImageFault::Slow { total_ms: 1_000 },
        &slow,
    )
    .await;

    for (format, name, extension, content_type) in [
        (PictureFormat::Jpeg, "a jpeg", ".jpg", "image/jpeg"),
        (PictureFormat::Webp, "a webp", ".webp", "image/webp"),
    ] {
        let content_type_told = "image/png".into();
        let fault = ImageFault::Disguised {
            format,
            content_type: content_type_told,
        };
        let (answer, stored) = struck(&gateway, name, fault).await;
        assert!(answer.is_persisted(0), "{name}");
        assert!(answer.link(0).ends_with(extension), "{}", answer.link(0));
        assert_eq!(stored[0].content_type, content_type);
        let served = gateway.get(&answer.link(0)).await;
        assert_eq!(served.header("content-type"), Some(content_type));
        assert_eq!(served.body.len(), 1_024);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_ideogram_withholds_stays_in_the_answer_without_a_link() {
    let gateway = Gateway::start(&[]).await;
    gateway
        .simulator
        .script(GenerationFault::Unsafe { indices: vec![0] }, 1);
    let fields = json!({"prompt": "a fox", "seed": 7, "num_images": 2});
    let answer = gateway.generate(fields.clone()).await;
    let result = answer.result();
    assert_eq!(result["data"][0]["url"], Value::Null);
    assert_eq!(result["data"][0]["is_image_safe"], false);
    assert_eq!(result["gateway"]["images"][0]["url"], Value::Null);
    assert!(!answer.is_persisted(0) && answer.is_persisted(1));
    assert!(gateway.get(&answer.link(1)).await.body == picture("a fox", 8, 1024, 1024));
    assert_eq!(gateway.pictures().len(), 1);
    assert_eq!(gateway.simulator.image_fetches(), 1);
    assert_eq!(answer.cost(), 2 * PRICE);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.generate(fields).await.cache(), "hit");
}

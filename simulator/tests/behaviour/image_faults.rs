//! Every fault of the image host as a caller meets it.
//! Holds true: image faults leave generation and the bill alone.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use simulator::{GenerationFault, ImageFault, PictureFormat, RawAnswer, Times, picture};

use crate::caller::{declared_length, get, image_url, plain_get, received, start};

fn fox() -> Vec<u8> {
    picture("a fox", 7, 1024, 1024)
}

#[tokio::test]
async fn a_length_declared_too_large_ends_with_the_connection() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::WrongContentLength { difference: 100 }, 2);
    let (head, body) = received(plain_get(&simulator, &url).await).await.unwrap();
    assert_eq!(declared_length(&head), fox().len() + 100);
    assert_eq!(body, fox());
    assert!(get(&url).await.bytes().await.is_err());
}

#[tokio::test]
async fn a_length_declared_too_small_is_followed_by_more() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::WrongContentLength { difference: -100 }, 2);
    let (head, body) = received(plain_get(&simulator, &url).await).await.unwrap();
    assert_eq!(declared_length(&head), fox().len() - 100);
    assert_eq!(body, fox());
    assert_eq!(
        get(&url).await.bytes().await.unwrap(),
        fox()[..fox().len() - 100]
    );
}

#[tokio::test]
async fn half_a_picture_has_the_right_length_declared() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::HalfBody, 1);
    let (head, body) = received(plain_get(&simulator, &url).await).await.unwrap();
    assert_eq!(declared_length(&head), fox().len());
    assert_eq!(body, fox()[..fox().len() / 2]);
}

#[tokio::test]
async fn a_chunked_picture_has_no_length_and_is_whole() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::Chunked, 1);
    let answer = get(&url).await;
    assert_eq!(answer.headers()["transfer-encoding"], "chunked");
    assert!(!answer.headers().contains_key("content-length"));
    assert_eq!(answer.bytes().await.unwrap(), fox());
}

#[tokio::test]
async fn a_slow_picture_trickles_and_is_whole() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::Slow { total_ms: 300 }, 1);
    let begun = Instant::now();
    let mut answer = get(&url).await;
    assert_eq!(answer.content_length(), Some(fox().len() as u64));
    let mut pieces = 0;
    while answer.chunk().await.unwrap().is_some() {
        pieces += 1;
    }
    assert!(pieces > 5, "{pieces} pieces");
    assert!(begun.elapsed() >= Duration::from_millis(290));
}

#[tokio::test]
async fn any_status_can_be_answered_until_faults_are_cleared() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::status(410), 1);
    simulator.script(ImageFault::status(503), Times::UntilCleared);
    for expected in [410, 503, 503] {
        assert_eq!(get(&url).await.status(), expected);
    }
    simulator.clear_faults();
    assert_eq!(get(&url).await.status(), 200);
}

#[tokio::test]
async fn a_redirect_points_where_it_was_told() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::redirect("http://169.254.169.254/"), 1);
    let answer = get(&url).await;
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "http://169.254.169.254/");
}

#[tokio::test]
async fn something_that_is_not_an_image_can_claim_any_type() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(
        ImageFault::not_an_image("image/png", "<svg onload='x()'/>"),
        1,
    );
    let answer = get(&url).await;
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.text().await.unwrap(), "<svg onload='x()'/>");
}

#[tokio::test]
async fn other_formats_can_be_disguised() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    for (format, magic) in [
        (PictureFormat::Jpeg, &b"\xff\xd8\xff"[..]),
        (PictureFormat::Webp, &b"RIFF\xf8\x03\0\0WEBP"[..]),
    ] {
        let content_type = "image/png".to_owned();
        simulator.script(
            ImageFault::Disguised {
                format,
                content_type,
            },
            1,
        );
        let answer = get(&url).await;
        assert_eq!(answer.headers()["content-type"], "image/png");
        let body = answer.bytes().await.unwrap();
        assert_eq!((body.starts_with(magic), body.len()), (true, 1_024));
    }
}

#[tokio::test]
async fn a_reset_comes_before_any_byte_and_the_fetch_is_counted() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(ImageFault::Reset, 1);
    let error = received(plain_get(&simulator, &url).await)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(simulator.image_fetches(), 1);
}

#[tokio::test]
async fn a_raw_answer_is_sent_as_it_is_whatever_is_fetched() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    let answer = RawAnswer {
        start: b"HTTP/1.1 200 OK\r\n\r\nno picture".to_vec(),
        repeated: Vec::new(),
    };
    simulator.script(ImageFault::Raw { answer }, 1);
    let (head, body) = received(plain_get(&simulator, &url).await).await.unwrap();
    assert_eq!(head.trim_end(), "HTTP/1.1 200 OK");
    assert_eq!(body, b"no picture");
}

#[tokio::test]
async fn an_oversize_image_is_as_long_as_it_says() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    for bytes in [30_000_001, 3, 0] {
        simulator.script(ImageFault::Oversize { bytes }, 1);
        let answer = get(&url).await;
        assert_eq!(answer.headers()["content-length"], bytes.to_string());
        let body = answer.bytes().await.unwrap();
        assert_eq!(body.len() as u64, bytes);
        assert!(body.starts_with(&b"\x89PNG\r\n\x1a\n"[..body.len().min(8)]));
    }
}

#[tokio::test]
async fn image_faults_and_generation_faults_wait_in_lines_of_their_own() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    simulator.script(GenerationFault::status(500), 1);
    simulator.script(ImageFault::status(404), 1);
    assert_eq!(get(&url).await.status(), 404);
    assert_eq!(get(&url).await.status(), 200);
    assert_eq!(simulator.bill().images, 1);
}

//! Every fault of generation as a caller meets it, and what it costs.
//! Holds true: each scripted fault strikes so many requests as it was scripted for, in order.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use simulator::{GenerationFault, RawAnswer, Times};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::caller::{
    declared_length, generate, generated, plain_connection, received, refused, request, start,
    until,
};

fn fox() -> Value {
    json!({"prompt": "a fox", "num_images": 2})
}

#[tokio::test]
async fn a_scripted_status_comes_with_its_headers_and_body_and_is_free() {
    let simulator = start().await;
    let fault = GenerationFault::Answer {
        status: 429,
        headers: vec![("Retry-After".to_owned(), "3".to_owned())],
        body: r#"{"error":"slow down"}"#.to_owned(),
        billed: false,
    };
    simulator.script(fault, 1);
    let answer = generate(&simulator, fox()).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "3");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.text().await.unwrap(), r#"{"error":"slow down"}"#);
    assert_eq!(
        (simulator.bill().images, simulator.images_in_progress()),
        (0, 0)
    );
}

#[tokio::test]
async fn a_reported_failure_can_be_charged_all_the_same() {
    let simulator = start().await;
    simulator.script(GenerationFault::billed_status(503), 1);
    assert_eq!(generate(&simulator, fox()).await.status(), 503);
    assert_eq!(simulator.bill().micro_dollars, 160_000);
}

#[tokio::test]
async fn a_success_can_have_any_body() {
    let simulator = start().await;
    let fault = GenerationFault::Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: "<h1>It works</h1>".to_owned(),
        billed: true,
    };
    simulator.script(fault, 1);
    let answer = generate(&simulator, fox()).await;
    assert_eq!(
        (
            answer.status().as_u16(),
            &answer.headers()["content-type"] == "text/html"
        ),
        (200, true)
    );
    assert_eq!(answer.text().await.unwrap(), "<h1>It works</h1>");
    assert_eq!(simulator.bill().images, 2);
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_reported_to_the_author_of_the_script() {
    let simulator = start().await;
    let headers = vec![("no spaces".to_owned(), "x".to_owned())];
    let fault = GenerationFault::Answer {
        status: 200,
        headers,
        body: String::new(),
        billed: false,
    };
    simulator.script(fault, 1);
    let answer = generate(&simulator, fox()).await;
    assert_eq!(answer.status(), 500);
    assert!(answer.text().await.unwrap().contains("not valid HTTP"));
}

#[tokio::test]
async fn a_delay_before_the_work_holds_its_places_uncharged() {
    let simulator = start().await;
    simulator.script(
        GenerationFault::Delay {
            before_work_ms: 200,
            after_work_ms: 0,
        },
        1,
    );
    let begun = Instant::now();
    let waiting = tokio::spawn(request(&simulator, fox()).send());
    until(|| simulator.images_in_progress() == 2).await;
    assert_eq!(simulator.bill().images, 0);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_delay_after_the_work_comes_when_all_is_charged() {
    let simulator = start().await;
    simulator.script(
        GenerationFault::Delay {
            before_work_ms: 0,
            after_work_ms: 300,
        },
        1,
    );
    let begun = Instant::now();
    let waiting = tokio::spawn(request(&simulator, fox()).send());
    until(|| simulator.bill().images == 2).await;
    assert_eq!(simulator.images_in_progress(), 0);
    assert!(!waiting.is_finished());
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_hang_never_answers_and_is_charged_only_if_scripted_so() {
    let simulator = start().await;
    for (billed, images) in [(false, 0), (true, 1)] {
        simulator.script(GenerationFault::Hang { billed }, 1);
        let connection = plain_connection(&simulator).await;
        let silence = timeout(Duration::from_millis(200), received(connection)).await;
        assert!(silence.is_err());
        assert_eq!(
            (simulator.bill().images, simulator.images_in_progress()),
            (images, 0)
        );
    }
}

#[tokio::test]
async fn half_a_body_has_the_right_length_declared_and_ends_early() {
    let simulator = start().await;
    simulator.script(GenerationFault::HalfBody, 2);
    let (head, body) = received(plain_connection(&simulator).await).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"));
    assert_eq!(declared_length(&head) / 2, body.len());
    assert!(body.starts_with(br#"{"created":"#));
    let answer = generate(&simulator, fox()).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
    assert_eq!(simulator.bill().images, 3);
}

#[tokio::test]
async fn a_reset_comes_before_any_byte_and_is_charged_only_if_scripted_so() {
    let simulator = start().await;
    for (billed, images) in [(false, 0), (true, 1)] {
        simulator.script(GenerationFault::Reset { billed }, 1);
        let error = received(plain_connection(&simulator).await)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert_eq!(simulator.bill().images, images);
    }
    simulator.script(GenerationFault::Reset { billed: false }, 1);
    assert!(request(&simulator, fox()).send().await.is_err());
    assert_eq!((simulator.calls().len(), simulator.bill().images), (3, 1));
}

#[tokio::test]
async fn a_raw_answer_is_sent_as_it_is_and_charged_only_if_scripted_so() {
    let simulator = start().await;
    let bytes = b"HTTP/1.1 200 \xFF\r\n\r\n\0";
    for (billed, images) in [(false, 0), (true, 1)] {
        let answer = RawAnswer {
            start: bytes.to_vec(),
            repeated: Vec::new(),
        };
        simulator.script(GenerationFault::Raw { answer, billed }, 1);
        let mut connection = plain_connection(&simulator).await;
        let mut came = Vec::new();
        connection.read_to_end(&mut came).await.unwrap();
        assert_eq!(came, bytes);
        assert_eq!(simulator.bill().images, images);
    }
}

#[tokio::test]
async fn a_raw_answer_that_is_repeated_goes_on_until_the_caller_leaves() {
    let simulator = start().await;
    let answer = RawAnswer {
        start: b"once".to_vec(),
        repeated: b", again".to_vec(),
    };
    let billed = true;
    simulator.script(GenerationFault::Raw { answer, billed }, 1);
    let mut connection = plain_connection(&simulator).await;
    let mut came = vec![0; 4 + 7 * 100_000];
    connection.read_exact(&mut came).await.unwrap();
    assert!(came.starts_with(b"once, again, again"));
    assert!(came.ends_with(b", again"));
}

#[tokio::test]
async fn unsafe_images_have_no_address_and_the_others_do() {
    let simulator = start().await;
    simulator.script(GenerationFault::Unsafe { indices: vec![0] }, 1);
    let body = generated(&simulator, fox()).await;
    assert_eq!(body["data"][0]["is_image_safe"], false);
    assert_eq!(body["data"][0].get("url"), Some(&Value::Null));
    assert_eq!(body["data"][1]["is_image_safe"], true);
    assert!(body["data"][1]["url"].is_string());
}

#[tokio::test]
async fn fewer_images_than_asked_for_come_back() {
    let simulator = start().await;
    simulator.script(GenerationFault::Fewer { images: 0 }, 1);
    simulator.script(GenerationFault::Fewer { images: 1 }, 1);
    assert_eq!(generated(&simulator, fox()).await["data"], json!([]));
    assert_eq!(
        generated(&simulator, fox()).await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_image_address_can_be_anything() {
    let simulator = start().await;
    let url = "http://169.254.169.254/latest".to_owned();
    simulator.script(
        GenerationFault::ImageUrl {
            index: 1,
            url: url.clone(),
        },
        1,
    );
    let body = generated(&simulator, fox()).await;
    assert_eq!(body["data"][1]["url"], url);
    assert_ne!(body["data"][0]["url"], url);
}

#[tokio::test]
async fn faults_strike_in_order_and_only_so_often() {
    let simulator = start().await;
    simulator.script(GenerationFault::status(500), 2);
    simulator.script(GenerationFault::status(502), 0);
    simulator.script(GenerationFault::status(503), 1);
    for expected in [500, 500, 503, 200] {
        assert_eq!(generate(&simulator, fox()).await.status(), expected);
    }
    simulator.script(GenerationFault::status(500), Times::UntilCleared);
    for _ in 0..3 {
        assert_eq!(generate(&simulator, fox()).await.status(), 500);
    }
    simulator.clear_faults();
    assert_eq!(generate(&simulator, fox()).await.status(), 200);
}

#[tokio::test]
async fn requests_that_are_refused_anyway_leave_faults_to_the_next() {
    let simulator = start().await;
    simulator.script(GenerationFault::status(500), 1);
    assert_eq!(refused(&simulator, json!({"prompt": ""})).await.0, 400);
    assert_eq!(generate(&simulator, fox()).await.status(), 500);
}

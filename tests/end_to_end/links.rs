//! Lasting links: `GET /images/{key}` as browsers and caches use it.
//! Holds true: bytes are compared with what the simulator's library draws.

use reqwest::Method;
use serde_json::json;
use simulator::picture;

use crate::gateway::{Answer, Gateway};

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A gateway with one picture, the path of it, and its bytes.
async fn with_a_picture() -> (Gateway, String, Vec<u8>) {
    let gateway = Gateway::start(&[]).await;
    let made = gateway
        .generate(json!({"prompt": "a fox", "seed": 7}))
        .await;
    let path = made.link(0).strip_prefix(gateway.url()).unwrap().to_owned();
    (gateway, path, picture("a fox", 7, 1024, 1024))
}

async fn get_with(gateway: &Gateway, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = gateway.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::to(request).await
}

fn assert_headers(answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(answer.header("cache-control"), Some(IMMUTABLE));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let tag = answer.header("etag").unwrap();
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2,
        "{tag}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_may_be_cached_for_ever_and_is_sent_only_to_those_who_do_not_have_it() {
    let (gateway, path, drawn) = with_a_picture().await;
    let whole = gateway.get(&path).await;
    assert_eq!(whole.status, 200);
    assert_headers(&whole);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(whole.body == drawn, "another picture");
    let tag = whole.header("etag").unwrap();

    let weak = format!("W/{tag}");
    let several = format!("\"another\", {tag}");
    for known in [tag, &weak, &several, "*"] {
        let answer = get_with(&gateway, &path, &[("if-none-match", known)]).await;
        assert_eq!((answer.status, answer.body.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), Some(tag));
        assert_eq!(answer.header("cache-control"), Some(IMMUTABLE));
    }
    let answer = get_with(&gateway, &path, &[("if-none-match", "\"another\"")]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body == drawn, "another picture");

    let head = Answer::to(gateway.request(Method::HEAD, &path)).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_headers(&head);
    let length = drawn.len().to_string();
    assert_eq!(head.header("content-length"), Some(length.as_str()));
    assert_eq!(
        gateway.simulator.image_fetches(),
        1,
        "all of it came from R2"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_a_picture_are_served_as_asked_for() {
    let (gateway, path, drawn) = with_a_picture().await;
    let size = drawn.len();
    let last = size - 1;
    for (range, first, end) in [
        ("bytes=0-0".to_owned(), 0, 0),
        ("bytes=0-99".to_owned(), 0, 99),
        ("bytes=500-1499".to_owned(), 500, 1499),
        ("bytes=1000-".to_owned(), 1000, last),
        ("bytes=-10".to_owned(), size - 10, last),
        (format!("bytes=-{}", size + 10), 0, last),
        (format!("bytes=10-{}", size + 10), 10, last),
    ] {
        let answer = get_with(&gateway, &path, &[("range", &range)]).await;
        assert_eq!(answer.status, 206, "{range}");
        let told = format!("bytes {first}-{end}/{size}");
        assert_eq!(
            answer.header("content-range"),
            Some(told.as_str()),
            "{range}"
        );
        assert_headers(&answer);
        assert!(answer.body == drawn[first..=end], "{range}: other bytes");
    }
    for range in [format!("bytes={size}-"), "bytes=-0".to_owned()] {
        let answer = get_with(&gateway, &path, &[("range", &range)]).await;
        assert_eq!(
            answer.error(),
            (416, "range_not_satisfiable".into()),
            "{range}"
        );
        let told = format!("bytes */{size}");
        assert_eq!(
            answer.header("content-range"),
            Some(told.as_str()),
            "{range}"
        );
    }
    for range in ["bytes=0-1,5-6", "bytes=5-2", "pages=1-2", "bytes=a-b"] {
        let answer = get_with(&gateway, &path, &[("range", range)]).await;
        assert_eq!(answer.status, 200, "{range}");
        assert!(answer.body == drawn, "{range}: other bytes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_served_only_if_the_picture_is_still_the_one_the_caller_has() {
    let (gateway, path, drawn) = with_a_picture().await;
    let tag = gateway.get(&path).await.header("etag").unwrap().to_owned();
    let with = |known: String| {
        let headers = [("range", "bytes=0-9".to_owned()), ("if-range", known)];
        let (gateway, path) = (&gateway, &path);
        async move {
            let headers = headers
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            get_with(gateway, path, &headers).await
        }
    };
    let part = with(tag.clone()).await;
    assert_eq!(part.status, 206);
    assert_eq!(part.body, drawn[..10]);
    for other in ["\"another\"".to_owned(), format!("W/{tag}")] {
        let whole = with(other.clone()).await;
        assert_eq!(whole.status, 200, "{other}");
        assert!(whole.body == drawn, "{other}: other bytes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_has_one_spelling_and_any_other_is_not_found() {
    let (gateway, path, _) = with_a_picture().await;
    let (folder, name) = path.rsplit_once('/').unwrap();
    let (day, secret) = folder.rsplit_once('/').unwrap();
    let another = "0".repeat(32);
    for other in [
        "/images/".to_owned(),
        format!("{day}/"),
        folder.to_owned(),
        format!("{path}/"),
        format!("{path}.png"),
        format!("/images{path}"),
        format!("{day}/{another}/{name}"),
        format!("{day}/{}/{name}", secret.to_uppercase()),
        format!("{folder}/00-seed-7.png"),
        format!("{folder}/0-seed-07.png"),
        format!("{folder}/0-seed-8.png"),
        format!("{folder}/1-seed-7.png"),
        path.replace(".png", ".jpg"),
        path.replace(".png", ".PNG"),
        path.replace("0-seed", "0%2Dseed"),
        path.replace("/images/", "/images//"),
    ] {
        let answer = gateway.get(&other).await;
        assert_eq!(answer.error(), (404, "not_found".into()), "{other}");
        assert_ne!(answer.header("cache-control"), Some(IMMUTABLE), "{other}");
    }
    assert_eq!(gateway.get(&path).await.status, 200);
}

//! What there is at which path, and with which methods; everything else gets a typed error too.

use reqwest::Method;

use crate::gateway::{Answer, Gateway};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_paths_and_methods_are_refused_by_name_and_never_reach_ideogram() {
    let gateway = Gateway::start(&[]).await;
    for path in [
        "/",
        "/generate/",
        "/Generate",
        "/generates",
        "/healthy",
        "/images",
        "/.env",
    ] {
        let answer = gateway.get(path).await;
        assert_eq!(answer.error(), (404, "not_found".into()), "{path}");
        let request_id = answer.json()["request_id"].clone();
        assert_eq!(request_id.as_str(), answer.header("x-request-id"), "{path}");
    }
    for (method, path, allowed) in [
        (Method::GET, "/generate", "POST"),
        (Method::PUT, "/generate", "POST"),
        (Method::DELETE, "/generate", "POST"),
        (Method::POST, "/health", "GET, HEAD"),
        (Method::POST, "/generations/x", "GET, HEAD, DELETE"),
        (Method::DELETE, "/generations/x/events", "GET"),
        (Method::DELETE, "/images/x", "GET, HEAD"),
        (Method::PUT, "/images/x", "GET, HEAD"),
    ] {
        let answer = Answer::to(gateway.request(method.clone(), path)).await;
        let expected = (405, "method_not_allowed".into());
        assert_eq!(answer.error(), expected, "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
    }
    assert_eq!(gateway.calls(), 0);
}

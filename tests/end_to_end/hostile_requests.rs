//! Requests that try to be more than they are: line ends where text is taken, paths that climb,
//! hosts that are not the gateway's, methods that nobody asked for.
//! Holds true: each is answered as what it is, in one line of the log, and leaves nothing behind.

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

use crate::gateway::{Answer, Gateway};

const INJECTED: &str =
    "a fox\r\nX-Injected: yes\r\n\r\n{\"event\":\"request\"}\n\0\u{1B}[31m\u{2028}";

/// Holds that nothing of `INJECTED` became a header or a line of its own.
fn assert_not_injected(answer: &Answer) {
    assert_eq!(answer.header("x-injected"), None, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn line_ends_in_a_text_are_folded_and_anywhere_else_refused() {
    let gateway = Gateway::start(&[]).await;
    let wrong = [
        json!({"style_type": INJECTED}),
        json!({"model": INJECTED}),
        json!({"seed": INJECTED}),
        json!({"seed": "7\r\n"}),
        json!({"num_images": "1\n"}),
        json!({"aspect_ratio": INJECTED}),
        json!({"resolution": "RESOLUTION_1024_1024\r\n"}),
        json!({"magic_prompt_option": "AUTO\0"}),
        json!({"color_palette": {"name": INJECTED}}),
        json!({"color_palette": {"members": [{"color_hex": "#888\r\n"}]}}),
        json!({INJECTED: 1}),
    ];
    let count = wrong.len();
    for mut fields in wrong {
        fields["prompt"] = "a fox".into();
        let answer = gateway.generate(fields.clone()).await;
        assert_eq!(answer.error(), (400, "invalid_request".into()), "{fields}");
        assert_not_injected(&answer);
        assert!(!answer.json().to_string().contains("Injected"), "{fields}");
    }
    gateway.assert_untouched();

    let fields = json!({"prompt": INJECTED, "negative_prompt": INJECTED, "seed": 7});
    let made = gateway.generate(fields).await;
    assert_eq!((made.cache().as_str(), gateway.calls()), ("miss", 1));
    assert_not_injected(&made);
    let [stored] = &gateway.pictures()[..] else {
        panic!("one picture");
    };
    let folded = "a fox X-Injected: yes {\"event\":\"request\"} [31m";
    assert_eq!(stored.metadata["prompt"], folded);
    let call = gateway.simulator.calls().remove(0);
    let sent: Value = serde_json::from_str(&call.body).unwrap();
    for field in ["prompt", "negative_prompt"] {
        assert_eq!(sent["image_request"][field], folded);
    }
    assert_eq!(call.header("x-injected"), None);
    let picture = gateway.get(&made.link(0)).await;
    assert_eq!(picture.status, 200);
    assert_not_injected(&picture);
    gateway.logged(count + 2).await;
    assert!(!gateway.log().contains("Injected"), "{}", gateway.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_names_what_it_names_or_nothing() {
    let gateway = Gateway::start(&[]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    let picture = made.link(0).strip_prefix(gateway.url()).unwrap().to_owned();
    let id = made.header("x-generation-id").unwrap().to_owned();
    let long = "a".repeat(20_000);
    let nowhere = [
        "//gateway/health".to_owned(),
        "/images/../../../etc/passwd".to_owned(),
        "/images/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        format!("/images/%252e%252e{picture}"),
        format!("/images/..%2f..{picture}"),
        "/images/..%5c..%5chealth".to_owned(),
        format!("{picture}%00"),
        format!("{picture}%0d%0aX-Injected:%20yes"),
        format!("{picture}/.."),
        format!("/{}", picture.replace('/', "%2f")),
        picture.replace("/images/", "/images/./\u{2024}/"),
        "/images/\u{FF0E}\u{FF0E}/health".to_owned(),
        format!("/images/{long}"),
        format!("/generations/{long}"),
        format!("/generations/{id}%00"),
        format!("/generations/{id}/"),
        format!("/generations/{id}%0a"),
        format!("/generations/{}", id.to_uppercase()),
        "/generations/".to_owned(),
        "/generations/%ff%fe".to_owned(),
        "/generations/..%2fhealth".to_owned(),
        "/%00".to_owned(),
        "/\u{1}".to_owned(),
    ];
    let count = nowhere.len();
    for path in nowhere {
        let request = format!("GET {path} HTTP/1.1\r\nhost: gateway\r\n\r\n");
        let answer = gateway.connect(request).await.answer().await;
        assert_eq!(answer.error(), (404, "not_found".into()), "{path}");
        assert_not_injected(&answer);
        assert!(answer.body.len() < 300, "{path}: echoed");
    }
    // A question is no part of a name.
    let asked = format!("{picture}?../../health=%0d%0aX-Injected:yes&key=%00");
    let answer = gateway.get(&asked).await;
    assert_eq!(answer.status, 200);
    assert_not_injected(&answer);
    let lines = gateway.logged(count + 2).await;
    assert!(lines.iter().all(|line| line["status"] != 500));
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_a_caller_names_is_in_its_own_links_only_and_other_headers_change_nothing() {
    let gateway = Gateway::start(&[]).await;
    let headers = [
        ("x-forwarded-host", "forwarded.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=forwarded.example;proto=https"),
        ("x-original-url", "/health"),
        ("x-rewrite-url", "/health"),
        ("x-http-method-override", "GET"),
        ("x-request-id", "forwarded.example"),
        ("x-generation-id", "forwarded.example"),
    ];
    let fields = json!({"prompt": "a fox"});
    let ask = |host: Option<&'static str>| {
        let mut request = gateway.generation(&fields);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(host) = host {
            request = request.header("host", host);
        }
        Answer::to(request)
    };
    for (host, cache) in [("other.example", "miss"), ("xn--caf-dma.example:81", "hit")] {
        let answer = ask(Some(host)).await;
        assert_eq!(answer.cache(), cache);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let origin = format!("http://{host}/images/");
        assert!(answer.link(0).starts_with(&origin), "{}", answer.link(0));
    }
    let hit = ask(None).await;
    assert_eq!(hit.cache(), "hit");
    assert!(hit.link(0).starts_with(gateway.url()), "{}", hit.link(0));
    let path = format!("/generations/{}", hit.header("x-generation-id").unwrap());
    let shown = gateway.get(&path).await.json().to_string();
    let stored = gateway.stored_bytes();
    let sent = format!("{:?}", gateway.simulator.calls());
    for name in ["other.example", "caf-dma", "forwarded.example"] {
        for (place, text) in [
            ("another's answer", String::from_utf8_lossy(&hit.body)),
            ("the generation", shown.as_str().into()),
            ("storage", String::from_utf8_lossy(&stored)),
            ("the log", gateway.log().into()),
            ("what Ideogram got", sent.as_str().into()),
        ] {
            assert!(!text.contains(name), "{name} in {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_absurd_is_a_wrong_key() {
    const KEY: &str = "an-operators-key-0123456789";
    let gateway = Gateway::start(&[("REQUIRE_AUTH", "true"), ("ADMIN_KEY", KEY)]).await;
    let long = format!("Bearer {}", "a".repeat(20_000));
    let longer_by_a_nul = format!("Bearer {KEY}\u{0}");
    let mut keys = vec![
        long.as_bytes(),
        b"Bearer \xFF\xFE\x80",
        b"Bearer \xC3\x28",
        "Bearer \u{1F98A}".as_bytes(),
        b"Bearer",
        b"Bearer  ",
        b" ",
        b"bearer\tan-operators-key-0123456789",
        b"Bearer an-operators-key-0123456789, Bearer x",
    ];
    for header in ["authorization", "api-key"] {
        for key in &keys {
            let value = HeaderValue::from_bytes(key).unwrap();
            let request = gateway.generation(&json!({"prompt": "a fox"}));
            let answer = Answer::to(request.header(header, value)).await;
            assert_eq!(answer.error(), (401, "unauthorized".into()), "{header}");
        }
    }
    gateway.assert_untouched();
    // These never get as far as the Worker.
    keys = vec![longer_by_a_nul.as_bytes(), &[b'a'; 300_000]];
    for key in keys {
        let head = [
            b"POST /generate HTTP/1.1\r\nhost: gateway\r\napi-key: ".as_slice(),
            key,
        ];
        let request = [&head.concat(), b"\r\ncontent-length: 0\r\n\r\n".as_slice()].concat();
        let answer = gateway.connect(request).await.answer().await;
        assert!([400, 431].contains(&answer.status), "{}", answer.status);
    }
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_is_what_it_is_called_and_no_other_is_served() {
    let gateway = Gateway::start(&[]).await;
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    let picture = made.link(0).strip_prefix(gateway.url()).unwrap().to_owned();
    let methods = [
        "TRACE",
        "OPTIONS",
        "PATCH",
        "REPORT",
        "PURGE",
        "PROPFIND",
        "SEARCH",
        "COPY",
        "MKCOL",
        "SUBSCRIBE",
        "LOCK",
    ];
    let paths = ["/generate", "/health", picture.as_str()];
    for path in paths {
        for method in methods {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = Answer::to(gateway.request(method.clone(), path)).await;
            let expected = (405, "method_not_allowed".into());
            assert_eq!(answer.error(), expected, "{method} {path}");
        }
    }
    let lines = gateway.logged(1 + paths.len() * methods.len()).await;
    for (line, method) in lines[1..].iter().zip(methods.iter().cycle()) {
        assert_eq!(line["method"], *method);
    }
    // What is no method that the platform knows does not get as far as the Worker.
    for method in ["get", "Post", "FOX", "CONNECT"] {
        let request = format!("{method} /health HTTP/1.1\r\nhost: gateway\r\n\r\n");
        let answer = gateway.connect(request).await.answer().await;
        assert!(answer.status >= 400, "{method}: {}", answer.status);
    }
    assert_eq!(gateway.calls(), 1);
}

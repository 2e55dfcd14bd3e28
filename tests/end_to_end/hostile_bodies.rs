//! Bodies that stop, drip, break off, lie about their length or are in another encoding.
//! Holds true: each ends in a typed answer, nothing is spent on it, and others are served meanwhile.

use std::time::Duration;

use reqwest::Method;
use tokio::time::sleep;

use crate::gateway::{Answer, Gateway};

const FOX: &str = r#"{"image_request":{"prompt":"a fox"}}"#;
const JSON: &str = "content-type: application/json";

/// The head of a request for a picture.
fn head(headers: &str) -> String {
    format!("POST /generate HTTP/1.1\r\nhost: gateway\r\n{headers}\r\n\r\n")
}

/// The head of a request whose body has this length, or says so.
fn with_length(length: impl std::fmt::Display) -> String {
    head(&format!("{JSON}\r\ncontent-length: {length}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stops_or_drips_is_given_up_while_others_are_served() {
    let gateway = Gateway::start(&[]).await;
    let stopped = gateway.connect(with_length(FOX.len()) + "{").await;
    let never_begun = gateway.connect(with_length(FOX.len())).await;
    let chunked = head(&format!("{JSON}\r\ntransfer-encoding: chunked"));
    let chunk_that_stops = gateway.connect(chunked + "24\r\n{").await;
    let mut dripping = gateway.connect(with_length(100_000)).await;
    let mut answered = gateway.connect(with_length(FOX.len()) + FOX).await;
    assert_eq!(answered.answer().await.cache(), "miss");

    let drops = async {
        loop {
            dripping.send(" ").await;
            sleep(Duration::from_millis(100)).await;
        }
    };
    let others = async {
        for mut connection in [stopped, never_begun, chunk_that_stops] {
            let answer = connection.answer().await;
            assert_eq!(answer.error(), (408, "request_timeout".into()));
        }
        // The one that drips came last, and its answer is behind what was sent to it.
        gateway.logged(5).await
    };
    let lines = tokio::select! {
        lines = others => lines,
        () = drops => panic!("for ever"),
    };
    let given_up = lines
        .iter()
        .filter(|line| line["outcome"] == "request_timeout");
    assert_eq!(given_up.count(), 4, "{lines:?}");
    assert_eq!(dripping.answer().await.status, 408);
    assert_eq!(gateway.calls(), 1);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_breaks_off_is_no_request_and_no_fault_of_the_gateways() {
    let gateway = Gateway::start(&[]).await;
    let (half, _) = FOX.split_at(20);
    for (number, text) in ["", half].into_iter().enumerate() {
        let mut connection = gateway.connect(with_length(FOX.len()) + text).await;
        connection.end().await;
        let lines = gateway.logged(number + 1).await;
        // Nobody is left to be told; the log has what it was.
        assert_eq!(lines[number]["outcome"], "invalid_request", "{lines:?}");
        assert_eq!(lines[number]["status"], 400);
    }
    let chunked = head(&format!("{JSON}\r\ntransfer-encoding: chunked"));
    let mut connection = gateway.connect(chunked + "14\r\n" + half + "\r\n").await;
    connection.end().await;
    let lines = gateway.logged(3).await;
    assert_eq!(lines[2]["outcome"], "invalid_request", "{lines:?}");
    assert!(!gateway.log().contains("\"fault\""), "{}", gateway.log());
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_length_that_is_a_lie_is_not_believed() {
    let gateway = Gateway::start(&[]).await;
    let mut open = vec![];
    for length in ["1048577", "4294967296", "1000000000000"] {
        let connection = gateway.connect(with_length(length) + FOX).await;
        open.push(connection);
        // Refused at once; wrangler holds the answer back until the body is there.
        let lines = gateway.logged(open.len()).await;
        for line in lines {
            assert_eq!(line["outcome"], "payload_too_large", "{length}");
        }
    }
    let mut shorter = gateway.connect(with_length(FOX.len() - 1) + FOX).await;
    let answer = shorter.answer().await;
    assert_eq!(answer.error(), (400, "invalid_request".into()));
    // What says no length is cut off at the same size, though there is no end to it.
    let endless = head(&format!("{JSON}\r\ntransfer-encoding: chunked"));
    let mut connection = gateway.connect(endless).await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    for _ in 0..=16 {
        connection.send(&chunk).await;
    }
    let answer = connection.answer().await;
    assert_eq!(answer.error(), (413, "payload_too_large".into()));
    gateway.logged(open.len() + 2).await;
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_with_two_lengths_is_one_request_at_most() {
    let gateway = Gateway::start(&[]).await;
    let chunked = format!("{:x}\r\n{FOX}\r\n0\r\n\r\n", FOX.len());
    let hidden = format!("0\r\n\r\n{}{FOX}", with_length(FOX.len()));
    for (name, headers, body) in [
        (
            "the same twice",
            "content-length: 36\r\ncontent-length: 36",
            FOX,
        ),
        (
            "another one",
            "content-length: 36\r\ncontent-length: 5",
            FOX,
        ),
        ("no number", "content-length: many", FOX),
        ("below nothing", "content-length: -1", FOX),
        ("signed", "content-length: +36", FOX),
        (
            "unknown coding",
            "transfer-encoding: gzip, chunked",
            &chunked,
        ),
        ("almost chunked", "transfer-encoding: xchunked", &chunked),
        (
            "no size of a chunk",
            "transfer-encoding: chunked",
            "zz\r\n{}\r\n0\r\n\r\n",
        ),
    ] {
        let request = head(&format!("{JSON}\r\n{headers}")) + body;
        let answer = gateway.connect(request).await.answer().await;
        assert!(answer.status >= 400, "{name}: {}", answer.status);
    }
    gateway.assert_untouched();

    // Both lengths at once: whichever counts, a second request is not to be found in the first.
    let both = format!("{JSON}\r\ncontent-length: 5\r\ntransfer-encoding: chunked");
    let mut connection = gateway.connect(head(&both) + &chunked).await;
    assert!([200, 400].contains(&connection.answer().await.status));
    let length = hidden.len();
    let both = format!("{JSON}\r\ntransfer-encoding: chunked\r\ncontent-length: {length}");
    let calls = gateway.calls();
    let request = head(&both) + &hidden.replace("a fox", "a hidden fox");
    let mut connection = gateway.connect(request).await;
    assert_eq!(connection.answer().await.status, 400);
    assert_eq!(gateway.calls(), calls, "the hidden one is not run");
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_in_any_encoding_but_utf_8_is_refused() {
    let gateway = Gateway::start(&[]).await;
    let around = |bytes: &[u8]| {
        let parts = [
            b"{\"image_request\":{\"prompt\":\"a fox ",
            bytes,
            b"\"}}".as_slice(),
        ];
        parts.concat()
    };
    let wide = |bytes: fn(u16) -> [u8; 2], mark: Option<u16>| -> Vec<u8> {
        let units = mark.into_iter().chain(FOX.encode_utf16());
        units.flat_map(bytes).collect()
    };
    for (name, body) in [
        ("UTF-16, little end first", wide(u16::to_le_bytes, None)),
        ("UTF-16, big end first", wide(u16::to_be_bytes, None)),
        ("UTF-16 with its mark", wide(u16::to_le_bytes, Some(0xFEFF))),
        ("a mark before UTF-8", format!("\u{FEFF}{FOX}").into_bytes()),
        ("Latin-1", around(b"caf\xE9")),
        ("overlong", around(b"\xC0\xAF")),
        ("overlong NUL", around(b"\xC0\x80")),
        ("a surrogate in UTF-8", around(b"\xED\xA0\x80")),
        ("beyond Unicode", around(b"\xF4\x90\x80\x80")),
        ("cut off within a character", around(b"\xF0\x9F\xA6")),
        ("half a pair", around(br"\udc00")),
        ("a pair the wrong way round", around(br"\udc00\ud800")),
        ("half a pair in a name", around(br#"","\ud800":""#)),
        ("NUL", around(b"\0")),
        ("a line end", around(b"\r\nX-Injected: yes")),
        ("NUL after the end", [FOX.as_bytes(), b"\0"].concat()),
        ("a million brackets", vec![b'['; 1_000_000]),
        ("compressed", vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
    ] {
        for content_type in ["application/json", "application/json; charset=utf-16"] {
            let request = gateway.request(Method::POST, "/generate");
            let request = request.header("content-type", content_type);
            let answer = Answer::to(request.body(body.clone())).await;
            assert_eq!(answer.error(), (400, "invalid_request".into()), "{name}");
            assert_eq!(answer.json()["field"], "body", "{name}");
        }
    }
    gateway.assert_untouched();

    // JSON is UTF-8, whatever the type says of it (RFC 8259, section 8.1).
    let request = gateway.request(Method::POST, "/generate").body(FOX);
    let request = request.header("content-type", "application/json; charset=utf-16");
    assert_eq!(Answer::to(request).await.cache(), "miss");
    let escaped = around(br"\u0000\u000d\u000a\ud83e\udd8a");
    let request = gateway.request(Method::POST, "/generate").body(escaped);
    let taken = Answer::to(request.header("content-type", "application/json")).await;
    assert_eq!(taken.result()["data"][0]["prompt"], "a fox \u{1F98A}");
}

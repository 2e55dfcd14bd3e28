//! Answers of Ideogram's that are not what they should be, down to their bytes.
//! Holds true: each ends in a result or in a typed error; nothing is booked below the bill; an answer
//! without an end is read to a bound, and what is told on is short.

use serde_json::json;
use simulator::{GenerationFault, RawAnswer};

use crate::compressed::{compressed, inflating};
use crate::gateway::{Answer, Gateway, PRICE};

/// A result that there is nothing to fetch for.
const WITHHELD: &str = r#"{"data":[{"is_image_safe":false,"url":null}]}"#;
/// A failure holds its place on, here for as short as there is a hold at all.
const SHORT_HOLD: (&str, &str) = ("UNCONFIRMED_HOLD_SECONDS", "1");

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json";

/// These bytes, then those again and again, sent after the work was done.
fn bytes(start: impl Into<Vec<u8>>, repeated: &[u8]) -> GenerationFault {
    let (start, repeated) = (start.into(), repeated.to_vec());
    GenerationFault::Raw {
        answer: RawAnswer { start, repeated },
        billed: true,
    }
}

/// An answer with this head.
fn raw(head: &str, body: &[u8], repeated: &[u8]) -> GenerationFault {
    bytes([head.as_bytes(), b"\r\n\r\n", body].concat(), repeated)
}

/// A 200 whose end is the connection's.
fn said(body: impl AsRef<[u8]>) -> GenerationFault {
    raw(OK, body.as_ref(), b"")
}

/// A refusal, which is free.
fn refused(status: u16, headers: &[(&str, &str)], body: String) -> GenerationFault {
    let headers = headers.iter();
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    GenerationFault::Answer {
        status,
        headers: headers.map(owned).collect(),
        body,
        billed: false,
    }
}

/// Asks for a picture that a fault strikes; holds that no less is booked than billed.
async fn struck(gateway: &Gateway, name: &str, fault: GenerationFault) -> Answer {
    let (before, billed) = (gateway.booked(), gateway.billed());
    gateway.simulator.script(fault, 1);
    let answer = gateway.generate(json!({"prompt": name})).await;
    let after = gateway.booked();
    let requests = after.requests - before.requests;
    assert_eq!(requests, 1, "{name}: {}", answer.json());
    let booked = after.billed + after.unconfirmed - before.billed - before.unconfirmed;
    assert!(booked >= gateway.billed() - billed, "{name}: {booked}");
    answer
}

/// Holds that a fault is no result: told so, booked as unconfirmed, nothing kept.
async fn assert_no_result(gateway: &Gateway, name: &str, fault: GenerationFault) {
    let (before, kept) = (gateway.booked(), gateway.pictures().len());
    let (calls, cached) = (gateway.calls(), gateway.cached().len());
    let answer = struck(gateway, name, fault).await;
    assert_eq!(answer.error(), (502, "upstream_error".into()), "{name}");
    assert!(answer.body.len() < 1_000, "{name}");
    let after = gateway.booked();
    assert_eq!(after.billed, before.billed, "{name}");
    assert_eq!(after.unconfirmed - before.unconfirmed, PRICE, "{name}");
    assert_eq!(gateway.calls() - calls, 1, "{name}: asked again");
    assert_eq!(gateway.pictures().len(), kept, "{name}");
    assert_eq!(gateway.cached().len(), cached, "{name}");
    let line = gateway.log_line_of(&answer).await;
    assert!(line.to_string().len() < 1_000, "{name}: {line}");
    // Between failures more is made than fails, so that the breaker stays closed.
    for prompt in [name, &format!("{name}, then another")] {
        let made = gateway.generate(json!({"prompt": prompt})).await;
        assert_eq!(made.cache(), "miss", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_an_end_is_read_to_a_bound() {
    let gateway = Gateway::start(&[SHORT_HOLD]).await;
    let zip = format!("{OK}\r\ncontent-encoding: gzip");
    let chunked = format!("{OK}\r\ntransfer-encoding: chunked");
    let error = "HTTP/1.1 504 No\r\ncontent-type: application/json";
    let blanks = vec![b' '; 0x10000];
    let chunk = [b"10000\r\n".as_slice(), &blanks, b"\r\n"].concat();
    let (begun, growth) = inflating(b"{\"data\":[");
    let lines = "x-line: x\r\n".repeat(1_000);
    for (name, fault) in [
        ("no length", raw(OK, b"{", &blanks)),
        ("chunks", raw(&chunked, &chunk, &chunk)),
        ("inflating", raw(&zip, &begun, &growth)),
        ("a head", bytes("HTTP/1.1 200 OK\r\n", lines.as_bytes())),
        ("a line", bytes("HTTP/1.1 200 OK\r\nx-line: ", &blanks)),
        ("an error", raw(error, b"{\"error\":\"", &blanks)),
    ] {
        assert_no_result(&gateway, name, fault).await;
    }
    // What a refusal's status says is not changed by a body without an end.
    let answer = "HTTP/1.1 422 No\r\n\r\n{\"error\":\"";
    let fault = GenerationFault::Raw {
        answer: RawAnswer {
            start: answer.into(),
            repeated: blanks,
        },
        billed: false,
    };
    let answer = struck(&gateway, "a refusal", fault).await;
    assert_eq!(answer.error(), (422, "prompt_rejected".into()));
    assert_eq!(
        gateway.booked().billed + gateway.booked().unconfirmed,
        gateway.billed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_json_or_no_http_is_no_result() {
    let gateway = Gateway::start(&[SHORT_HOLD]).await;
    let zip = format!("{OK}\r\ncontent-encoding: gzip");
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        said(format!(
            r#"{{"data":[{{"is_image_safe":false,"deep":{open}{close}}}]}}"#
        ))
    };
    let items = |count: usize| said(json!({ "data": vec![json!({}); count] }).to_string());
    let whole = compressed(WITHHELD.as_bytes());
    let (half, _) = whole.split_at(whole.len() / 2);
    let growing = vec!["1e15"; 200_000].join(",");
    for (name, fault) in [
        ("not UTF-8", said(b"{\"data\":[{\"prompt\":\"\xFF\"}]}")),
        (
            "UTF-16",
            said(
                WITHHELD
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<_>>(),
            ),
        ),
        ("half a pair", said(r#"{"data":[{"prompt":"\ud800"}]}"#)),
        ("NUL", said(b"{\"data\":[{\"prompt\":\"\0\"}]}")),
        ("no number", said(r#"{"data":[{"seed":1e999}]}"#)),
        ("two answers", said(format!("{WITHHELD}{WITHHELD}"))),
        ("nested 124 deep", nested(124)),
        ("nested 1000 deep", nested(1_000)),
        ("nested 400000 deep", nested(400_000)),
        ("300 items", items(300)),
        ("100000 items", items(100_000)),
        (
            "numbers that grow when they are written",
            said(format!(
                r#"{{"data":[{{"is_image_safe":false,"numbers":[{growing}]}}]}}"#
            )),
        ),
        ("half of gzip", raw(&zip, half, b"")),
    ] {
        assert_no_result(&gateway, name, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_no_http_is_a_lost_one() {
    let gateway = Gateway::start(&[SHORT_HOLD]).await;
    let two_lengths = format!("{OK}\r\ncontent-length: 5\r\ncontent-length: 50");
    let wrong_length = format!("{OK}\r\ncontent-length: -1");
    let chunked = format!("{OK}\r\ntransfer-encoding: chunked");
    for (name, fault) in [
        ("silence", bytes("", b"")),
        ("another protocol", bytes("SSH-2.0-OpenSSH_9.9\r\n", b"")),
        (
            "a head cut off",
            bytes("HTTP/1.1 200 OK\r\ncontent-ty", b""),
        ),
        (
            "no status",
            bytes(format!("HTTP/1.1 fine\r\n\r\n{WITHHELD}"), b""),
        ),
        (
            "NUL in the head",
            raw(&format!("{OK}\r\nx-nul: \0"), WITHHELD.as_bytes(), b""),
        ),
        ("two lengths", raw(&two_lengths, WITHHELD.as_bytes(), b"")),
        (
            "a length below nothing",
            raw(&wrong_length, WITHHELD.as_bytes(), b""),
        ),
        (
            "no size of a chunk",
            raw(&chunked, b"zz\r\n{}\r\n0\r\n\r\n", b""),
        ),
        ("chunks cut off", raw(&chunked, b"5\r\n{\"dat\r\n", b"")),
        (
            "another protocol asked for",
            raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: x", b"", b""),
        ),
        ("no content", raw("HTTP/1.1 204 No Content", b"", b"")),
        ("not modified", raw("HTTP/1.1 304 Not Modified", b"", b"")),
        (
            "a redirect",
            raw("HTTP/1.1 307 x\r\nlocation: /generate", b"", b""),
        ),
        (
            "a status of its own",
            raw("HTTP/1.1 799 x", WITHHELD.as_bytes(), b""),
        ),
    ] {
        assert_no_result(&gateway, name, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_is_one_however_it_is_sent() {
    let gateway = Gateway::start(&[]).await;
    let zip = format!("{OK}\r\ncontent-encoding: gzip");
    let headers =
        "x-many: x\r\n".repeat(100) + "set-cookie: a=b\r\nx-injected: yes\r\nx-cache: hit";
    let twice = format!(r#"{{"data":[{{}},{{}},{{}}],{}"#, WITHHELD.split_at(1).1);
    for (name, fault) in [
        ("no length", said(WITHHELD)),
        (
            "compressed",
            raw(&zip, &compressed(WITHHELD.as_bytes()), b""),
        ),
        (
            "many headers",
            raw(&format!("{OK}\r\n{headers}"), WITHHELD.as_bytes(), b""),
        ),
        (
            "another type",
            raw(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html",
                WITHHELD.as_bytes(),
                b"",
            ),
        ),
        ("data twice, of which the last counts", said(twice)),
    ] {
        let answer = struck(&gateway, name, fault).await;
        assert_eq!(
            (answer.cache(), answer.cost()),
            ("miss".into(), PRICE),
            "{name}"
        );
        for header in ["set-cookie", "x-injected", "x-many"] {
            assert_eq!(answer.header(header), None, "{name}");
        }
        let again = gateway.generate(json!({"prompt": name})).await;
        assert_eq!(again.cache(), "hit", "{name}");
    }
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_ideograms_is_told_on_in_short_and_without_what_shows_nothing() {
    let gateway = Gateway::start(&[]).await;
    let hidden = "a\\r\\nX-Injected: yes\\u0000\\u001b[31m\\u202e\\ud83e\\udd8a";
    for (status, code) in [
        (400, "invalid_request"),
        (422, "prompt_rejected"),
        (404, "upstream_error"),
    ] {
        let texts = [
            hidden.to_owned(),
            hidden.repeat(10_000),
            "\u{1F98A}".repeat(400_000),
        ];
        for (number, text) in texts.into_iter().enumerate() {
            // A prompt that was refused is not sent again.
            let prompt = format!("fox {status} {number}");
            let body = format!(r#"{{"error":"{text}"}}"#);
            let answer = struck(&gateway, &prompt, refused(status, &[], body)).await;
            assert_eq!(answer.json()["code"], code);
            assert_eq!(answer.header("x-injected"), None);
            let told = answer.json()["error"].as_str().unwrap().to_owned();
            assert!(told.chars().count() < 400, "{told}");
            assert!(
                !told.contains(['\r', '\n', '\0', '\u{1B}', '\u{202E}']),
                "{told:?}"
            );
            let line = gateway.log_line_of(&answer).await;
            assert_eq!(line["error"], told.as_str());
        }
    }
    assert_eq!(gateway.billed(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_that_ideogram_asks_for_is_told_on_if_somebody_could_wait_it_out() {
    let gateway = Gateway::start(&[("MAX_ATTEMPTS", "1")]).await;
    for (value, told) in [
        ("30", 30),
        ("86400", 3_600),
        ("18446744073709551615", 3_600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3_600),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("-1", 1),
        ("99999999999999999999", 1),
        ("1e9", 1),
        ("\u{1F98A}", 1),
        ("0", 1),
    ] {
        let fault = refused(429, &[("retry-after", value)], String::new());
        let answer = struck(&gateway, value, fault).await;
        let waits = (answer.error(), answer.retry_after());
        assert_eq!(waits, ((503, "busy".into()), told), "{value}");
    }
    assert_eq!(gateway.billed(), 0);
}

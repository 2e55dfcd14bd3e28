//! Answers whose pictures are traps: addresses inside the gateway's own network, redirects there,
//! bodies that grow while they are read, fields that are no text for a name or a label.
//! Holds true: the answer is a 200 in any case, because the picture was made and billed; a listener
//! beside the simulator is what must never be called.

use std::net::TcpListener;

use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault, RawAnswer, Times, picture};

use crate::compressed::inflating;
use crate::gateway::{Answer, Gateway, PRICE, eventually};

/// A listener that nobody may call.
struct Private(TcpListener);

impl Private {
    fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Every spelling of an address in this machine or the network around it that came to mind.
    fn addresses(&self) -> Vec<String> {
        let port = self.port();
        let hosts = [
            "127.0.0.1",
            "127.1",
            "127.0.0.2",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "localhost",
            "localhost.",
            "LOCALHOST",
            "0.0.0.0",
            "0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "\u{2460}27.0.0.1",
            "127\u{3002}0\u{3002}0\u{3002}1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "metadata.google.internal",
            "ideogram.ai.localhost",
            "%6cocalhost",
        ];
        let mut addresses: Vec<_> = hosts
            .iter()
            .map(|host| format!("http://{host}:{port}/x.png"))
            .collect();
        for address in [
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            format!("http://user@127.0.0.1:{port}/x.png"),
            format!("http://ideogram.ai@127.0.0.1:{port}/x.png"),
            format!("http://ideogram.ai:443@127.0.0.1:{port}/x.png"),
            format!("http://127.0.0.1:{port}#@ideogram.ai/x.png"),
            format!("http://127.0.0.1:{port}\\@ideogram.ai/x.png"),
            format!("http:\\\\127.0.0.1:{port}\\x.png"),
            format!("https://127.0.0.1:{port}/x.png"),
            format!("ftp://127.0.0.1:{port}/x.png"),
            format!("ws://127.0.0.1:{port}/x.png"),
            format!("gopher://127.0.0.1:{port}/x.png"),
            "file:///etc/passwd".to_owned(),
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==".to_owned(),
            "blob:https://ideogram.ai/x".to_owned(),
            "javascript:alert(1)".to_owned(),
            "about:blank".to_owned(),
        ] {
            addresses.push(address);
        }
        addresses
    }

    fn assert_left_alone(&self) {
        let called = self.0.accept();
        assert!(called.is_err(), "{called:?}");
    }
}

/// A 200 with these pictures' fields.
fn answered(data: &Value) -> GenerationFault {
    GenerationFault::Answer {
        status: 200,
        headers: vec![],
        body: json!({ "data": data }).to_string(),
        billed: true,
    }
}

/// A picture's answer that goes on like this.
fn raw(headers: &str, body: &[u8], repeated: &[u8]) -> ImageFault {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n{headers}");
    let start = [head.as_bytes(), body].concat();
    let repeated = repeated.to_vec();
    ImageFault::Raw {
        answer: RawAnswer { start, repeated },
    }
}

/// The address of a picture that the simulator has made, billed to somebody else.
async fn made_elsewhere(gateway: &Gateway) -> String {
    let simulator = &gateway.simulator;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}/generate", simulator.base_url()));
    let request = request.header("api-key", simulator.api_key());
    let fields = json!({"image_request": {"prompt": "elsewhere", "seed": 9}});
    Answer::to(request.json(&fields)).await.link(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_spelling_of_a_private_address_is_fetched() {
    let gateway = Gateway::start(&[]).await;
    let private = Private::listen();
    for addresses in private.addresses().chunks(8) {
        let data: Value = addresses.iter().map(|url| json!({ "url": url })).collect();
        gateway.simulator.script(answered(&data), 1);
        let answer = gateway.generate(json!({"prompt": addresses[0]})).await;
        for (index, address) in addresses.iter().enumerate() {
            assert!(!answer.is_persisted(index), "{address}");
            assert_eq!(answer.link(index), *address);
        }
    }
    assert_eq!(gateway.simulator.image_fetches(), 0);
    private.assert_left_alone();
    assert!(gateway.pictures().is_empty() && gateway.cached().is_empty());
    assert!(gateway.booked().billed >= gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_redirect_to_a_private_address_is_followed() {
    let gateway = Gateway::start(&[("DAILY_BUDGET_USD", "100")]).await;
    let private = Private::listen();
    // Line ends and other letters than ASCII have no place in a header.
    let mut locations = private.addresses();
    locations.retain(|location| location.is_ascii());
    locations.push(format!("//127.0.0.1:{}/x.png", private.port()));
    locations.push(format!("/\\127.0.0.1:{}/x.png", private.port()));
    let requests = locations.iter().enumerate().map(|(number, location)| {
        gateway.simulator.script(ImageFault::redirect(location), 1);
        json!({ "prompt": format!("fox {number}") })
    });
    for (location, answer) in locations
        .iter()
        .zip(gateway.generate_at_once(requests).await)
    {
        assert!(!answer.is_persisted(0), "{location}");
    }
    private.assert_left_alone();
    assert_eq!(gateway.simulator.image_fetches(), locations.len() as u64);
    assert!(gateway.pictures().is_empty() && gateway.cached().is_empty());
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_grows_while_it_is_read_is_read_to_a_bound() {
    let gateway = Gateway::start(&[]).await;
    let (start, growth) = inflating(b"\x89PNG\r\n\x1a\n0000");
    for (name, fault) in [
        (
            "inflating",
            raw("content-encoding: gzip\r\n\r\n", &start, &growth),
        ),
        ("a head", raw("", b"", &b"x-line: x\r\n".repeat(1_000))),
    ] {
        gateway.simulator.clear_faults();
        gateway.simulator.script(fault, Times::UntilCleared);
        let answer = gateway.generate(json!({"prompt": name})).await;
        assert!(!answer.is_persisted(0), "{name}");
        assert_eq!(answer.cost(), PRICE, "{name}");
    }
    eventually("it was too large, not too slow", async || {
        gateway
            .log()
            .contains("larger than 52428800 bytes")
            .then_some(())
    })
    .await;
    assert!(gateway.pictures().is_empty() && gateway.cached().is_empty());
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_kept_whatever_else_is_said_of_it() {
    let gateway = Gateway::start(&[]).await;
    let source = made_elsewhere(&gateway).await;
    let drawn = picture("elsewhere", 9, 1024, 1024);
    let (spent, long) = (gateway.billed(), "long \u{1F98A} ".repeat(10_000));
    for (name, fields) in [
        ("a seed below nothing", json!({"seed": -1})),
        ("a seed in parts", json!({"seed": 1.5})),
        ("the largest seed", json!({"seed": u64::MAX})),
        ("a seed beyond it", json!({"seed": 1e300})),
        ("a seed in words", json!({"seed": "../../7"})),
        (
            "a list for a seed",
            json!({"seed": [7], "style_type": {}, "resolution": 5}),
        ),
        (
            "long words",
            json!({"style_type": long, "resolution": long, "prompt": long}),
        ),
        (
            "line ends",
            json!({"style_type": "A\r\nX-Injected: yes\0", "resolution": "\n"}),
        ),
    ] {
        let mut item = fields.clone();
        item["url"] = source.clone().into();
        gateway.simulator.script(answered(&json!([item])), 1);
        let answer = gateway.generate(json!({"prompt": name})).await;
        assert!(answer.is_persisted(0), "{name}");
        let mut told = answer.result()["data"][0].clone();
        told["url"] = source.clone().into();
        assert_eq!(told, item, "{name}: all of it is the caller's");
        let kept = gateway.get(&answer.link(0)).await;
        assert!(kept.body == drawn, "{name}: other bytes");
        assert_eq!(kept.header("x-injected"), None, "{name}");
        assert_eq!(
            gateway.generate(json!({"prompt": name})).await.cache(),
            "hit",
            "{name}"
        );
    }
    assert_eq!(gateway.booked().billed, gateway.billed() - spent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_none_is_told_on_and_nothing_is_fetched_for_it() {
    let gateway = Gateway::start(&[]).await;
    let source = gateway.simulator.base_url();
    for (name, url) in [
        ("a number", json!(7)),
        ("an object", json!({"href": "https://ideogram.ai/x.png"})),
        ("words", json!("not an address")),
        ("a path", json!("/images/x.png")),
        (
            "line ends",
            json!("https://example.com/\r\nX-Injected: yes\0"),
        ),
        (
            "as long as can be",
            json!(format!("{source}/images/{}", "a".repeat(920_000))),
        ),
    ] {
        gateway
            .simulator
            .script(answered(&json!([{ "url": url }])), 1);
        let answer = gateway.generate(json!({"prompt": name})).await;
        assert_eq!(answer.cost(), PRICE, "{name}");
        assert!(!answer.is_persisted(0), "{name}");
        assert_eq!(answer.header("x-injected"), None, "{name}");
        let link = &answer.result()["data"][0]["url"];
        assert_eq!(
            *link,
            if url.is_string() { url } else { Value::Null },
            "{name}"
        );
        let path = format!("/generations/{}", answer.header("x-generation-id").unwrap());
        assert_eq!(gateway.get(&path).await.status, 200, "{name}");
    }
    let log = gateway.log();
    assert!(!log.contains("aaaa"), "an address is in the log");
    assert!(gateway.pictures().is_empty());
    assert_eq!(gateway.booked().billed, gateway.billed());
}

//! How these tests call a simulator.
//! Holds true: every call has a connection of its own, so that nothing is retried behind a
//! test's back.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Settings, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

pub const PATIENCE: Duration = Duration::from_secs(20);

pub async fn start() -> Simulator {
    start_with(Settings::default()).await
}

pub async fn start_with(settings: Settings) -> Simulator {
    Simulator::start(settings).await.expect("a free port")
}

/// A generation request with these fields in `image_request`.
pub fn request(simulator: &Simulator, fields: Value) -> reqwest::RequestBuilder {
    reqwest::Client::new()
        .post(format!("{}/generate", simulator.base_url()))
        .header("Api-Key", simulator.api_key())
        .json(&json!({ "image_request": fields }))
}

pub async fn generate(simulator: &Simulator, fields: Value) -> reqwest::Response {
    request(simulator, fields).send().await.expect("an answer")
}

pub async fn generated(simulator: &Simulator, fields: Value) -> Value {
    let answer = generate(simulator, fields).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a JSON body")
}

pub async fn refused(simulator: &Simulator, fields: Value) -> (u16, Value) {
    let answer = generate(simulator, fields).await;
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("a JSON body"))
}

/// The address of a freshly made image.
pub async fn image_url(simulator: &Simulator) -> String {
    let body = generated(simulator, json!({"prompt": "a fox", "seed": 7})).await;
    body["data"][0]["url"].as_str().expect("a URL").to_owned()
}

pub async fn get(url: &str) -> reqwest::Response {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    client.get(url).send().await.expect("an answer")
}

/// A connection on which a generation request was sent.
pub async fn plain_connection(simulator: &Simulator) -> TcpStream {
    let body = r#"{"image_request":{"prompt":"a fox"}}"#;
    let head = format!(
        "POST /generate HTTP/1.1\r\nhost: simulator\r\napi-key: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        simulator.api_key(),
        body.len()
    );
    send(simulator, &format!("{head}{body}")).await
}

/// A connection on which this URL's path was asked for.
pub async fn plain_get(simulator: &Simulator, url: &str) -> TcpStream {
    let path = url.trim_start_matches(&simulator.base_url());
    send(
        simulator,
        &format!("GET {path} HTTP/1.1\r\nhost: simulator\r\n\r\n"),
    )
    .await
}

async fn send(simulator: &Simulator, text: &str) -> TcpStream {
    let address = simulator.base_url().replace("http://", "");
    let mut connection = TcpStream::connect(address).await.expect("a connection");
    connection.write_all(text.as_bytes()).await.expect("sent");
    connection
}

/// Everything up to the end of the connection, as head and body.
pub async fn received(mut connection: TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    timeout(PATIENCE, connection.read_to_end(&mut bytes)).await??;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.ok_or_else(|| io::Error::other("no complete head"))?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Ok((head, bytes[end + 4..].to_vec()))
}

pub fn declared_length(head: &str) -> usize {
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    line.and_then(|length| length.parse().ok())
        .expect("a Content-Length")
}

pub async fn until(happened: impl Fn() -> bool) {
    let waiting = async {
        while !happened() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, waiting)
        .await
        .expect("what was waited for");
}

//! A moderation endpoint in OpenAI's shape, on this machine.
//! Holds true: it says of every prompt what it was told to say, and keeps what it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does when it is asked.
#[derive(Clone, Debug)]
pub enum Mood {
    /// Answers with this status and body.
    Says(u16, String),
    /// Never answers.
    Hangs,
}

impl Mood {
    /// Flags everything as violence.
    pub fn flags() -> Self {
        let result = json!({"flagged": true, "categories": {"violence": true, "hate": false}});
        Self::Says(200, json!({ "results": [result] }).to_string())
    }

    /// Has nothing against anything.
    pub fn passes() -> Self {
        let result = json!({"flagged": false, "categories": {"violence": false}});
        Self::Says(200, json!({ "results": [result] }).to_string())
    }
}

/// A running one.
pub struct Moderator {
    /// Its address.
    pub url: String,
    mood: Arc<Mutex<Mood>>,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Moderator {
    /// Starts one on a free port.
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/moderations", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(mood));
        let requests = Arc::default();
        let (told, kept) = (Arc::clone(&mood), Arc::clone(&requests));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&told), Arc::clone(&kept)));
            }
        });
        Self {
            url,
            mood,
            requests,
            task,
        }
    }

    /// From now on it does this.
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The heads and bodies it was sent.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The prompts it was asked about.
    pub fn prompts(&self) -> Vec<String> {
        let body = |request: &String| {
            let (_, body) = request.split_once("\r\n\r\n")?;
            let body: Value = serde_json::from_str(body).ok()?;
            body["input"].as_str().map(str::to_owned)
        };
        self.requests().iter().filter_map(body).collect()
    }
}

impl Drop for Moderator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    mood: Arc<Mutex<Mood>>,
    requests: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let mut request = String::new();
    while !is_whole(&request) {
        let mut bytes = [0; 4096];
        let read = stream
            .read(&mut bytes)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        request.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    requests.lock().unwrap().push(request);
    let mood = mood.lock().unwrap().clone();
    let Mood::Says(status, body) = mood else {
        tokio::time::sleep(Duration::from_secs(600)).await;
        return None;
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await.ok()
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    body.len() >= length.unwrap_or(0)
}

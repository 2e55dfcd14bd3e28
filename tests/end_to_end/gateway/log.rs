//! The gateway's log.
//! Holds true: a line of the Worker's is one JSON object, whatever it was sent; one that is not
//! fails the test that looks.

use serde_json::Value;

use super::{Answer, Gateway, eventually};

impl Gateway {
    /// What has been written since the gateway listens.
    pub fn log(&self) -> String {
        let output = self.process().output();
        let (_, after) = output.split_once("Ready on").expect("it listens");
        after.to_owned()
    }

    /// The lines of all that the Worker has told so far, oldest first.
    pub fn all_log_lines(&self) -> Vec<Value> {
        let log = self.log();
        let lines = log.lines().filter(|line| line.contains("\"event\":"));
        lines
            .map(|line| {
                let line = undecorated(line);
                serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))
            })
            .collect()
    }

    /// The lines of all requests so far, oldest first.
    pub fn log_lines(&self) -> Vec<Value> {
        let mut lines = self.all_log_lines();
        lines.retain(|line| line["event"] == "request");
        lines
    }

    /// Waits until there is such a line.
    pub async fn log_line(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || {
            self.all_log_lines().into_iter().find(|line| is(line))
        })
        .await
    }

    /// Waits until so many requests are in the log, and holds that there are no more.
    pub async fn logged(&self, requests: usize) -> Vec<Value> {
        let lines = eventually(&format!("{requests} requests are in the log"), async || {
            let lines = self.log_lines();
            (lines.len() >= requests).then_some(lines)
        })
        .await;
        assert_eq!(lines.len(), requests, "{lines:?}");
        lines
    }

    /// The one line of an answer's request.
    pub async fn log_line_of(&self, answer: &Answer) -> Value {
        let id = answer.header("x-request-id").unwrap();
        let lines = eventually("the request is in the log", async || {
            let mut lines = self.log_lines();
            lines.retain(|line| line["request_id"] == id);
            (!lines.is_empty()).then_some(lines)
        })
        .await;
        let [line] = &lines[..] else {
            panic!("{} lines: {lines:?}", lines.len());
        };
        assert_eq!(line["status"], answer.status);
        assert!(
            line["ms"].is_u64() && line["stages_ms"].is_object(),
            "{line}"
        );
        line.clone()
    }
}

/// What the Worker wrote; wrangler paints errors red.
fn undecorated(line: &str) -> &str {
    match (line.find('{'), line.rfind('}')) {
        (Some(first), Some(last)) => line.get(first..=last).unwrap_or(line),
        _ => line,
    }
}

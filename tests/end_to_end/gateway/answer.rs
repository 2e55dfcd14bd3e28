//! An answer of the gateway's, read to its end.
//! Holds true: what a test asks for and is not there fails the test, with the whole answer shown;
//! an answer that is `wrangler dev`'s own, which restarts workerd now and then, is not taken for one
//! of the gateway's.

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// With what `wrangler dev` answers for a Worker that it has restarted, with status 503.
const RESTARTED: &[u8] = b"Your worker restarted mid-request.";

/// Status, headers and body.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    headers: HeaderMap,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// Of what was read from a connection.
    pub(super) const fn new(status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    /// Sends a request and reads the answer; again, as `wrangler dev` asks for, where it restarted
    /// the Worker meanwhile.
    pub async fn to(request: RequestBuilder) -> Self {
        let again = request.try_clone();
        let answer = Self::unless_lost(request).await.expect("a whole answer");
        match again {
            Some(again) if answer.body.starts_with(RESTARTED) => {
                eprintln!("wrangler dev restarted the Worker; asked again");
                Self::unless_lost(again).await.expect("a whole answer")
            }
            _ => answer,
        }
    }

    /// The same, where the connection may be lost on the way.
    pub async fn unless_lost(request: RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send().await?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        })
    }

    /// The value of a header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Whether the body is JSON.
    pub fn is_json(&self) -> bool {
        serde_json::from_slice::<Value>(&self.body).is_ok()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| {
            let body = String::from_utf8_lossy(&self.body);
            panic!("no JSON, status {}: {body}", self.status)
        })
    }

    /// Status and code of an error.
    pub fn error(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        (self.status, code)
    }

    /// The result of an answer that has to be one.
    pub fn result(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json());
        self.json()
    }

    /// The link of the picture at this place in a result.
    pub fn link(&self, index: usize) -> String {
        let result = self.result();
        let link = result["data"][index]["url"].as_str();
        link.unwrap_or_else(|| panic!("no link: {result}"))
            .to_owned()
    }

    /// Whether the picture at this place in a result is kept.
    pub fn is_persisted(&self, index: usize) -> bool {
        let result = self.result();
        let persisted = result["gateway"]["images"][index]["persisted"].as_bool();
        persisted.unwrap_or_else(|| panic!("no word on that: {result}"))
    }

    /// `hit`, `miss` or `joined`, the same in header and body.
    pub fn cache(&self) -> String {
        let result = self.result();
        let cache = result["gateway"]["cache"].as_str().unwrap();
        assert_eq!(self.header("x-cache"), Some(cache));
        cache.to_owned()
    }

    /// What the request added to the bill, in micro-dollars, the same in header and body.
    pub fn cost(&self) -> u64 {
        let result = self.result();
        let dollars = result["gateway"]["cost_usd"].as_f64().unwrap();
        let header: f64 = self.header("x-cost-usd").unwrap().parse().unwrap();
        assert!((dollars - header).abs() < 1e-9, "{dollars} and {header}");
        (dollars * 1e6).round() as u64
    }

    /// The seconds after which to ask again.
    pub fn retry_after(&self) -> u64 {
        let seconds = self.header("retry-after");
        let seconds = seconds.unwrap_or_else(|| panic!("no Retry-After: {self:?}"));
        seconds.parse().expect("whole seconds")
    }
}

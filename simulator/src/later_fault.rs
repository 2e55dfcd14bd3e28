//! What can be made to go wrong after a submission: with polls and with webhooks.
//! Holds true: none of it touches the work or the bill.

use serde::{Deserialize, Serialize};

/// A fault of polling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PollFault {
    /// Any answer: a reported failure, or a 200 that is not what it should be.
    Answer {
        /// HTTP status.
        status: u16,
        /// Further headers; `content-type` is `application/json` unless given.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Body text.
        #[serde(default)]
        body: String,
    },
    /// The usual answer, late, and as it is by then.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
    /// No answer until the caller goes away.
    Hang,
    /// The connection is reset before any byte of the answer.
    Reset,
    /// The usual head with its right `Content-Length`, half of the body, then the end of the
    /// connection.
    HalfBody,
    /// It says that the work goes on, though it may have ended.
    Pending,
    /// 404, though the id is known.
    Unknown,
}

impl PollFault {
    /// A plain failure with a JSON `error`.
    pub fn status(status: u16) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: format!(r#"{{"error":"Scripted failure {status}"}}"#),
        }
    }
}

/// A fault of a webhook, whatever it tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum WebhookFault {
    /// It is never sent.
    Lost,
    /// It is sent twice, one after the other, whatever the first is answered.
    Twice,
    /// It is sent late.
    Late {
        /// Milliseconds.
        millis: u64,
    },
    /// Its signature is not the one of what it says.
    BadSignature,
    /// It is signed rightly, with a key that is not published.
    UnknownKey,
    /// It is signed rightly, and says that it is older than it is.
    OldTimestamp {
        /// By so many seconds.
        seconds: u64,
    },
    /// It has another body.
    WrongBody {
        /// What it has.
        body: String,
        /// Whether this is what is signed; else the usual body is.
        #[serde(default)]
        signed: bool,
    },
}

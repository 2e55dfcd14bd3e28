//! What can be made to go wrong.
//! Holds true: the same types are used by the library and by `POST /control/faults`,
//! and each fault says by itself whether it is charged.

use serde::{Deserialize, Serialize};

use crate::later_fault::{PollFault, WebhookFault};

/// A fault, by what it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum Fault {
    /// Strikes requests that would otherwise be run, at any endpoint that generates: those with a
    /// known key, a valid body, enough credit and free places.
    Generation(GenerationFault),
    /// Strikes fetches under `/images/`, whatever is fetched.
    Image(ImageFault),
    /// Strikes quotes, whatever they are about.
    Quote(QuoteFault),
    /// Strikes polls of generations that would otherwise be answered: those with a known key and
    /// an id that can be one, within the limit.
    Poll(PollFault),
    /// Strikes webhooks that are about to be sent.
    Webhook(WebhookFault),
}

/// A fault of generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum GenerationFault {
    /// Any answer: a reported failure, or a 200 that is not what it should be.
    /// It comes at once, or, if billed, when the work is finished; of a submission at once, and
    /// the work goes on.
    Answer {
        /// HTTP status.
        status: u16,
        /// Further headers; `content-type` is `application/json` unless given.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Body text.
        #[serde(default)]
        body: String,
        /// Whether the work is done and charged all the same, before the answer.
        #[serde(default)]
        billed: bool,
    },
    /// The usual answer, late.
    Delay {
        /// Milliseconds before the work, while its places are taken.
        #[serde(default)]
        before_work_ms: u64,
        /// Milliseconds between the finished, charged work and the answer; by which the answer to a
        /// submission is late.
        #[serde(default)]
        after_work_ms: u64,
    },
    /// No answer until the caller goes away.
    Hang {
        /// Whether the work is done and charged meanwhile.
        #[serde(default)]
        billed: bool,
    },
    /// The usual head with its right `Content-Length`, half of the body, then the end of the
    /// connection. Charged.
    HalfBody,
    /// The connection is reset before any byte of the answer.
    Reset {
        /// Whether the work is done and charged before the reset.
        #[serde(default)]
        billed: bool,
    },
    /// These images come back withheld: `is_image_safe` false, `url` null. Charged.
    /// Descriptions come as usual.
    Unsafe {
        /// Places in the answer, from 0.
        indices: Vec<u32>,
    },
    /// At most this many images or descriptions come back. Those that do are charged.
    Fewer {
        /// Number of images.
        images: u32,
    },
    /// One image's `url` is replaced. Descriptions come as usual.
    ImageUrl {
        /// Place in the answer, from 0.
        index: u32,
        /// Any text.
        url: String,
    },
    /// The work is begun, takes its time, and fails, uncharged: a generation of v2 that is polled
    /// says so; an answer that waited for the work is a 422.
    Fails {
        /// Why, as a short machine string, for example `content_policy_violation`.
        reason: String,
    },
    /// What is sent instead of an answer need not be HTTP.
    Raw {
        /// All of it.
        answer: RawAnswer,
        /// Whether the work is done and charged before.
        #[serde(default)]
        billed: bool,
    },
}

impl GenerationFault {
    /// A plain failure with a JSON `error` that is not charged.
    pub fn status(status: u16) -> Self {
        Self::failure(status, false)
    }

    /// A plain failure that is charged all the same.
    pub fn billed_status(status: u16) -> Self {
        Self::failure(status, true)
    }

    fn failure(status: u16, billed: bool) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: format!(r#"{{"error":"Scripted failure {status}"}}"#),
            billed,
        }
    }

    /// A 200 that says in its body that it failed with this status, as the removal of backgrounds
    /// may answer. Not charged.
    pub fn failure_in_a_success(status_code: u16) -> Self {
        Self::Answer {
            status: 200,
            headers: Vec::new(),
            body: format!(
                r#"{{"error":"Scripted failure {status_code}","status_code":{status_code}}}"#
            ),
            billed: false,
        }
    }

    /// Whether the work is begun.
    pub fn begins_work(&self) -> bool {
        self.is_billed() || matches!(self, Self::Fails { .. })
    }

    /// Whether the work is done and charged.
    pub fn is_billed(&self) -> bool {
        match self {
            Self::Answer { billed, .. }
            | Self::Hang { billed }
            | Self::Reset { billed }
            | Self::Raw { billed, .. } => *billed,
            Self::Fails { .. } => false,
            Self::Delay { .. }
            | Self::HalfBody
            | Self::Unsafe { .. }
            | Self::Fewer { .. }
            | Self::ImageUrl { .. } => true,
        }
    }
}

/// A fault of the image host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ImageFault {
    /// Any answer: gone, a redirect, something that is not an image.
    Answer {
        /// HTTP status.
        status: u16,
        /// Further headers; `content-type` is `text/plain` unless given.
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// Body text.
        #[serde(default)]
        body: String,
    },
    /// The whole picture is sent under a `Content-Length` that is wrong by so many bytes, then
    /// the connection ends: a caller waits in vain for a positive difference, and gets more
    /// than it was told of for a negative one.
    WrongContentLength {
        /// Declared minus real length in bytes.
        difference: i64,
    },
    /// The right `Content-Length`, half of the picture, then the end of the connection.
    HalfBody,
    /// `Transfer-Encoding: chunked` and no `Content-Length`.
    Chunked,
    /// The picture trickles in small pieces.
    Slow {
        /// Milliseconds for all of it.
        total_ms: u64,
    },
    /// The connection is reset before any byte of the answer.
    Reset,
    /// The beginning of another format under a content type of your choice.
    Disguised {
        /// What the bytes are.
        format: PictureFormat,
        /// What the answer says they are.
        content_type: String,
    },
    /// A body that starts like a PNG and goes on for long, with an honest `Content-Length`.
    /// It is made while it is sent.
    Oversize {
        /// Length of the body in bytes.
        bytes: u64,
    },
    /// What is sent instead of an answer need not be HTTP.
    Raw {
        /// All of it.
        answer: RawAnswer,
    },
}

impl ImageFault {
    /// An answer of this status with nothing in it, for example 404, 410 or 503.
    pub fn status(status: u16) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A 302 to somewhere else.
    pub fn redirect(location: &str) -> Self {
        Self::Answer {
            status: 302,
            headers: vec![("location".to_owned(), location.to_owned())],
            body: String::new(),
        }
    }

    /// A 200 with a text, such as HTML or SVG, under any content type.
    pub fn not_an_image(content_type: &str, body: &str) -> Self {
        Self::Answer {
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.to_owned(),
        }
    }
}

/// A fault of quotes, which are never charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum QuoteFault {
    /// Any answer: a refusal, or a 200 that is no quote.
    Answer {
        /// HTTP status.
        status: u16,
        /// Body text.
        #[serde(default)]
        body: String,
    },
    /// The usual answer, late.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
    /// No answer until the caller goes away.
    Hang,
    /// The connection is reset before any byte of the answer.
    Reset,
}

impl QuoteFault {
    /// A plain failure with a JSON `error`.
    pub fn status(status: u16) -> Self {
        Self::Answer {
            status,
            body: format!(r#"{{"error":"Scripted failure {status}"}}"#),
        }
    }
}

/// The very bytes of an answer, from its status line on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAnswer {
    /// Sent once.
    pub start: Vec<u8>,
    /// Sent after it again and again until the caller goes away. Without any, the connection ends
    /// after the start.
    #[serde(default)]
    pub repeated: Vec<u8>,
}

/// A picture format other than the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    /// Starts with JPEG's marker and a JFIF segment.
    Jpeg,
    /// Starts with RIFF and WEBP.
    Webp,
}

impl From<GenerationFault> for Fault {
    fn from(fault: GenerationFault) -> Self {
        Self::Generation(fault)
    }
}

impl From<QuoteFault> for Fault {
    fn from(fault: QuoteFault) -> Self {
        Self::Quote(fault)
    }
}

impl From<PollFault> for Fault {
    fn from(fault: PollFault) -> Self {
        Self::Poll(fault)
    }
}

impl From<WebhookFault> for Fault {
    fn from(fault: WebhookFault) -> Self {
        Self::Webhook(fault)
    }
}

impl From<ImageFault> for Fault {
    fn from(fault: ImageFault) -> Self {
        Self::Image(fault)
    }
}

//! Where a request goes at Ideogram. Its v2 API takes work without having its caller wait, names it,
//! and can be asked for it again: a picture that was paid for cannot be lost with a connection. So
//! every request goes there that v2 understands as it was meant, and any other where its caller sent
//! it. Callers see no difference.
//!
//! `table` says which way a request goes, each row (`way`) of it a way to one of v2's endpoints:
//! which models go it, which fields, and how their values are written there (`carried`). What a row
//! does not name has no way. `family` is what v2 takes besides, `answer` the way back,
//! `id` what Ideogram calls a generation, `polled` what it says of one.

mod answer;
mod carried;
mod family;
mod id;
mod polled;
mod table;
#[cfg(test)]
mod tests;
mod way;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::id::{NotAnUpstreamId, UpstreamId};
pub use self::polled::{Polled, is_for_safety, poll_path, read_poll, read_submission};
use crate::request::{ImageRequest, UpstreamBody};
use family::Family;

/// What the paths of v2 begin with.
pub(crate) const V2_PATHS: &str = "/v2/";

/// Which of Ideogram's APIs is called where there is a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upstream {
    /// v2, wherever it understands a request as it was meant.
    #[default]
    V2,
    /// The endpoint that was asked for.
    Legacy,
}

/// The text names neither; says which there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownUpstream;

impl fmt::Display for UnknownUpstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("v2 or legacy")
    }
}

impl std::error::Error for UnknownUpstream {}

impl fmt::Display for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::V2 => "v2",
            Self::Legacy => "legacy",
        })
    }
}

impl FromStr for Upstream {
    type Err = UnknownUpstream;

    fn from_str(text: &str) -> Result<Self, UnknownUpstream> {
        match text {
            "v2" => Ok(Self::V2),
            "legacy" => Ok(Self::Legacy),
            _ => Err(UnknownUpstream),
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct UpstreamCall {
    /// Where it goes, after the base URL.
    pub path: String,
    /// What goes there.
    pub body: UpstreamBody,
    /// When it is answered.
    pub answered: Answered,
}

/// When a call is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// With what was made, once it is made.
    OnTheCall,
    /// At once with a name, by which Ideogram is asked for what was made.
    Later,
    /// The same, and Ideogram says when it is time to ask.
    Announced,
}

impl ImageRequest {
    /// The call that this is made by. `webhook_url` is where Ideogram may say that it is done, for
    /// calls that it takes one for. What was asked for in v2's own words goes to v2 whatever the
    /// `upstream` is: there is no other way for it.
    #[must_use]
    pub fn upstream_call(&self, upstream: Upstream, webhook_url: Option<&str>) -> UpstreamCall {
        let endpoint = self.endpoint();
        let path = endpoint.path();
        if endpoint.is_v2() {
            let family = Family::at(path);
            let fields = family.furnished(self.fields(), webhook_url);
            let body = endpoint.body(fields, self.references());
            return UpstreamCall::new(path, body, family.answered(webhook_url));
        }
        let submission = match upstream {
            Upstream::V2 => table::submission(self),
            Upstream::Legacy => None,
        };
        let Some((path, submission)) = submission else {
            return UpstreamCall::new(path, self.upstream_body(), Answered::OnTheCall);
        };
        let family = Family::at(path);
        let fields = family.furnished(submission.fields, webhook_url);
        let body = UpstreamBody::new(fields, submission.pictures);
        UpstreamCall::new(path, body, family.answered(webhook_url))
    }
}

impl UpstreamCall {
    fn new(path: &str, body: UpstreamBody, answered: Answered) -> Self {
        Self {
            path: path.to_owned(),
            body,
            answered,
        }
    }
}

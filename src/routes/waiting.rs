//! How a caller wants to wait for its pictures: with the request open, to be told where to look
//! (RFC 7240, `Prefer: respond-async`; Ideogram's own `async`), or by following what happens (server-sent events).

use domain::time::Millis;
use worker::Request;

use crate::config::Config;
use crate::error::Refused;

/// The media type of server-sent events (WHATWG HTML, section 9.2).
pub const EVENT_STREAM: &str = "text/event-stream";

/// How a caller wants to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Until there is an answer, but no longer than this, if it says so.
    ForAnswer(Option<Millis>),
    /// So long for the answer; then it comes back for it.
    Async(Millis),
    /// Not at all: it is told the generation and comes back for it, as v2's `async` has it.
    Submitted,
    /// Following the events.
    Events,
}

impl Waiting {
    /// As the headers have it, or the body, by which a caller of v2 may be `asynchronous`.
    pub fn of(request: &Request, asynchronous: bool) -> Result<Self, Refused> {
        let headers = request.headers();
        let prefer = headers.get("prefer")?.unwrap_or_default();
        let accept = headers.get("accept")?.unwrap_or_default();
        Ok(match Self::parse(&prefer, &accept) {
            Self::Events => Self::Events,
            _ if asynchronous => Self::Submitted,
            waiting => waiting,
        })
    }

    /// What cannot be understood is no preference.
    fn parse(prefer: &str, accept: &str) -> Self {
        if accept.split(',').any(takes_events) {
            return Self::Events;
        }
        let preferences = || prefer.split(',').map(preference);
        let wait = preferences().find(|(name, _)| name.eq_ignore_ascii_case("wait"));
        let wait = wait.and_then(|(_, seconds)| seconds.parse().ok());
        let wait = wait.map(Millis::from_seconds);
        if preferences().any(|(name, _)| name.eq_ignore_ascii_case("respond-async")) {
            Self::Async(wait.unwrap_or(Millis::ZERO))
        } else {
            Self::ForAnswer(wait)
        }
    }

    /// How long the request stays open for an answer.
    pub fn patience(self, config: &Config) -> Millis {
        let most = config.answer_deadline;
        match self {
            Self::ForAnswer(wait) => wait.unwrap_or(most).min(most),
            Self::Async(wait) => wait.min(most),
            Self::Submitted | Self::Events => Millis::ZERO,
        }
    }
}

/// A media range of an `Accept` header that is for events, and not with the weight 0.
fn takes_events(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let named = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case(EVENT_STREAM));
    let refused = |part: &str| {
        let weight = part
            .strip_prefix("q=")
            .and_then(|weight| weight.parse::<f32>().ok());
        weight.is_some_and(|weight| weight <= 0.0)
    };
    named && !parts.any(refused)
}

/// Name and value of one preference; its parameters say nothing here.
fn preference(text: &str) -> (&str, &str) {
    let text = text.split(';').next().unwrap_or_default();
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.trim(), value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_without_preferences_waits_for_the_answer() {
        for (prefer, accept) in [
            ("", ""),
            ("handling=lenient", "*/*"),
            ("respond-asynchronously", "application/json, text/*"),
            ("wait=long", "text/event-stream;q=0, application/json"),
            ("wait=-1", "text/event-stream-of-mine"),
        ] {
            let waiting = Waiting::parse(prefer, accept);
            assert_eq!(waiting, Waiting::ForAnswer(None), "{prefer} {accept}");
        }
    }

    #[test]
    fn preferences_are_read_in_any_case_and_order() {
        let seconds = Millis::from_seconds;
        for (prefer, expected) in [
            ("respond-async", Waiting::Async(Millis::ZERO)),
            ("Respond-Async", Waiting::Async(Millis::ZERO)),
            ("respond-async, wait=10", Waiting::Async(seconds(10))),
            (
                "wait=\"10\" , handling=strict, respond-async; x",
                Waiting::Async(seconds(10)),
            ),
            ("wait=3, wait=9", Waiting::ForAnswer(Some(seconds(3)))),
        ] {
            assert_eq!(Waiting::parse(prefer, ""), expected, "{prefer}");
        }
        let endless = Waiting::parse("respond-async, wait=18446744073709551615", "");
        assert_eq!(endless, Waiting::Async(seconds(u64::MAX)));
    }

    #[test]
    fn events_are_sent_to_one_that_takes_them() {
        for accept in [
            "text/event-stream",
            "application/json;q=0.5, Text/Event-Stream; charset=utf-8",
        ] {
            assert_eq!(Waiting::parse("respond-async", accept), Waiting::Events);
        }
    }
}

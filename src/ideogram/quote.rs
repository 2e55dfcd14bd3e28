//! Asks Ideogram what a picture costs. It is free, and proves that Ideogram is there and takes the
//! key; what the answer means is `domain::quote`'s.

use domain::quote::{Quote, QuoteAnswer, QuoteOutcome};
use domain::time::{Millis, UnixMillis};
use worker::Response;

use super::{Upstream, read_answer, send_json, time_out};
use crate::clock::now;
use crate::config::Config;

/// A quote makes nothing; what takes this long is not well.
const PATIENCE: Millis = Millis::from_seconds(10);

/// Asks for a price.
pub async fn quote(config: &Config, question: &Quote) -> QuoteOutcome {
    let signal = time_out(PATIENCE);
    let started_at = now();
    let path = question.path();
    let upstream = Upstream {
        config,
        path: &path,
    };
    let (outcome, date) = match send_json(upstream, &question.body().to_string(), &signal).await {
        Ok(response) => {
            let date = date(&response);
            (read_answer(response, &signal).await, date)
        }
        Err(outcome) => (outcome, None),
    };
    let ended_at = now();
    QuoteOutcome {
        answer: QuoteAnswer::of(outcome, ended_at),
        latency: ended_at.since(started_at),
        date,
    }
}

/// When the answer was given, by Ideogram's clock.
fn date(response: &Response) -> Option<UnixMillis> {
    let date = response.headers().get("date").ok().flatten()?;
    UnixMillis::from_http_date(&date)
}

//! Asks Ideogram what a picture costs. It is free, and proves that Ideogram is there and takes the
//! key; what the answer means is `domain::quote`'s.

use domain::quote::{DRY_RUN, Quote, QuoteAnswer, QuoteOutcome};
use domain::request::ImageRequest;
use domain::retry::CallOutcome;
use domain::time::{Millis, UnixMillis};
use worker::{Env, Response};

use super::{Upstream, read_answer, send, send_json, time_out};
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

/// Asks what a caller's own request would cost, its pictures included.
pub async fn dry_run(env: &Env, config: &Config, request: &ImageRequest) -> CallOutcome {
    let signal = time_out(PATIENCE);
    let path = format!("{}{DRY_RUN}", request.endpoint().path());
    let upstream = Upstream {
        config,
        path: &path,
    };
    send(env, upstream, request.upstream_body(), &signal).await
}

/// When the answer was given, by Ideogram's clock.
fn date(response: &Response) -> Option<UnixMillis> {
    let date = response.headers().get("date").ok().flatten()?;
    UnixMillis::from_http_date(&date)
}

//! A generation that Ideogram has taken and named: it is asked for until it has an end, whatever
//! becomes of the gateway meanwhile. What it made is had in the end, and what it cost is known.
//! Holds true: the ledger hears that the cost is in doubt after `Policy::generation_deadline`, and what
//! it was in the end; while it is in doubt, nothing else is made in its place.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::job::{Job, Phase};
use super::links::Links;
use super::words::{Policy, Step};
use crate::answer::Answer;
use crate::failure::{Failure, FailureCode};
use crate::ledger::{CallReport, Settlement};
use crate::money::MicroDollars;
use crate::pace::{Pace, wait_before_poll};
use crate::retry::{Again, CallOutcome, FailedCall, FailureCost, Health};
use crate::time::{Millis, UnixMillis};
use crate::upstream::{
    Answered, Polled, Upstream, UpstreamCall, UpstreamId, V2_PATHS, is_for_safety, read_poll,
};

/// Once its cost is in doubt, it is asked for no more often.
const DOUBTFUL_WAIT: Millis = Millis::from_seconds(60);
/// After this long, counted from the submission, what is still pending is given up. Nothing that
/// Ideogram makes takes a tenth of it.
const GIVEN_UP: Millis = Millis::from_seconds(60 * 60);
/// After this long without a word from Ideogram it is given up: its links would be dead by now
/// (Ideogram's page on responses, 2026).
const FORGOTTEN: Millis = Millis::from_seconds(24 * 60 * 60);
/// No single word is the end: for so long Ideogram has to go on saying what gives no hope.
const LAST_HOPE: Millis = Millis::from_seconds(60);
/// A webhook that comes while a poll is on its way, which may just miss the news, is good for another.
const HURRIED: u32 = 2;
const HURRIED_WAIT: Millis = Millis::new(500);
/// No wait between two polls is longer; a longer one is a clock that went back.
const LONGEST_WAIT: Millis = Millis::from_seconds(60 * 60);

/// How a call is made, and how its outcome comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Whose words it is in.
    pub upstream: Upstream,
    /// What its outcome comes with.
    pub awaits: Awaits,
}

/// As all calls were made before there was a choice.
impl Default for Way {
    fn default() -> Self {
        Self {
            upstream: Upstream::Legacy,
            awaits: Awaits::Answer,
        }
    }
}

impl Way {
    /// How this call is made.
    #[must_use]
    pub fn of(call: &UpstreamCall) -> Self {
        Self {
            upstream: if call.path.starts_with(V2_PATHS) {
                Upstream::V2
            } else {
                Upstream::Legacy
            },
            awaits: match call.answered {
                Answered::OnTheCall => Awaits::Answer,
                Answered::Later => Awaits::Polls,
                Answered::Announced => Awaits::Webhook,
            },
        }
    }
}

/// What the outcome of a call comes with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaits {
    /// Its own answer.
    #[default]
    Answer,
    /// Polls.
    Polls,
    /// Polls, the first of them when a webhook says so.
    Webhook,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Polling {
    id: UpstreamId,
    way: Way,
    /// When the submission left.
    started_at: UnixMillis,
    /// The last moment at which Ideogram was known to be at work.
    pending_at: UnixMillis,
    polls: u32,
    next_at: UnixMillis,
    /// How many polls come without much of a wait: a webhook has said that there is news.
    #[serde(default)]
    hurried: u32,
    /// Since when there is no hope in what Ideogram says; none while there is.
    #[serde(default)]
    hopeless_since: Option<UnixMillis>,
    /// What its failures may have cost before it was in doubt itself; none while it is not.
    doubted: Option<FailureCost>,
}

impl Polling {
    pub(super) fn next(&self, now: UnixMillis) -> Step {
        let wait = self.next_at.since(now);
        if wait == Millis::ZERO || wait > LONGEST_WAIT {
            Step::Poll(self.id.clone())
        } else {
            Step::Wait(self.next_at)
        }
    }
}

impl Job {
    /// Ideogram has taken the submission that left at `started_at`.
    pub(super) fn accepted(
        &mut self,
        now: UnixMillis,
        id: UpstreamId,
        way: Way,
        started_at: UnixMillis,
        policy: &Policy,
    ) {
        let polling = Polling {
            id,
            way,
            started_at,
            pending_at: started_at,
            polls: 0,
            next_at: now,
            hurried: 0,
            hopeless_since: None,
            doubted: None,
        };
        let wait = self.wait_before_poll(&polling, now, policy);
        self.phase = Phase::Polling(Polling {
            next_at: now.plus(wait),
            ..polling
        });
    }

    /// How long Ideogram takes for such pictures, if that is known.
    pub const fn takes(&mut self, pace: Option<Pace>) {
        self.pace = pace;
    }

    fn wait_before_poll(&self, polling: &Polling, now: UnixMillis, policy: &Policy) -> Millis {
        let wait = wait_before_poll(
            self.pace,
            polling.way.awaits == Awaits::Webhook,
            now.since(polling.started_at),
            polling.polls,
            policy.poll_floor,
        );
        if polling.doubted.is_some() {
            wait.max(DOUBTFUL_WAIT)
        } else {
            wait
        }
    }

    /// Somebody says that Ideogram has news of the generation of this id. True if this job waits
    /// for it; then it polls next.
    pub fn nudged(&mut self, now: UnixMillis, id: &UpstreamId) -> bool {
        match &mut self.phase {
            Phase::Polling(polling) if polling.id == *id => {
                polling.next_at = polling.next_at.min(now);
                polling.hurried = HURRIED;
                true
            }
            _ => false,
        }
    }

    /// A poll has ended. To be stored at once.
    pub fn polled(&mut self, now: UnixMillis, outcome: CallOutcome, random: u64, policy: &Policy) {
        let Phase::Polling(mut polling) = self.phase.clone() else {
            return;
        };
        self.touch(now);
        polling.polls = polling.polls.saturating_add(1);
        polling.hurried = polling.hurried.saturating_sub(1);
        match read_poll(outcome, now) {
            Polled::Pending => {
                polling.pending_at = now;
                self.still_polling(now, polling, Millis::ZERO, GIVEN_UP, policy);
            }
            Polled::Unanswered { wait, .. } => {
                self.still_polling(now, polling, wait, FORGOTTEN, policy);
            }
            Polled::Unknown => {
                self.still_polling(now, polling, Millis::ZERO, Millis::ZERO, policy);
            }
            Polled::Completed { answer, cost } => {
                let answer = self.answer_of(polling.way.upstream, answer);
                match answer {
                    Some(answer) => self.completed(now, &polling, answer, cost),
                    None => self.still_polling(now, polling, Millis::ZERO, GIVEN_UP, policy),
                }
            }
            Polled::Failed { reason } => {
                self.no_longer_doubted(&polling);
                let call = failed_generation(&reason);
                let report = polling.report(now, call.health);
                self.failed(now, call, report, random, policy);
            }
        }
    }

    /// Asks again later, for as long as that makes sense: after this much patience there is no hope.
    fn still_polling(
        &mut self,
        now: UnixMillis,
        mut polling: Polling,
        asked_for: Millis,
        patience: Millis,
        policy: &Policy,
    ) {
        let since = now.since(polling.started_at);
        polling.hopeless_since = (since >= patience).then(|| polling.hopeless_since.unwrap_or(now));
        let hopeless_for = polling.hopeless_since.map(|from| now.since(from));
        if hopeless_for >= Some(LAST_HOPE) {
            // What the ledger knows of its cost stays true.
            self.owe(
                Settlement::Unconfirmed,
                Some(polling.report(now, Health::Failing)),
            );
            return self.fail(now, given_up());
        }
        if since >= policy.generation_deadline && polling.doubted.is_none() {
            polling.doubted = Some(self.cost_of_failures);
            self.owe(
                Settlement::Unconfirmed,
                Some(polling.report(now, Health::Failing)),
            );
        }
        let wait = match polling.hurried {
            0 => self.wait_before_poll(&polling, now, policy),
            _ => policy.poll_floor.max(HURRIED_WAIT),
        };
        polling.next_at = now.plus(wait.max(asked_for).min(LONGEST_WAIT));
        self.phase = Phase::Polling(polling);
    }

    fn completed(
        &mut self,
        now: UnixMillis,
        polling: &Polling,
        answer: Answer,
        cost: Option<MicroDollars>,
    ) {
        self.no_longer_doubted(polling);
        let report = polling.report(now, Health::Working);
        let cost = cost.or_else(|| self.quoted_cost(polling.way.upstream, &answer));
        self.made(now, answer, report, cost);
        let given_at = self.updated_at;
        if let Phase::Storing(storing) = &mut self.phase {
            storing.links = Some(Links::new(polling.id.clone(), given_at));
        }
    }

    /// What pictures cost by the quote for them. Quotes are v2's own.
    pub(super) fn quoted_cost(&self, upstream: Upstream, answer: &Answer) -> Option<MicroDollars> {
        let unit = self.quoted.filter(|_| upstream == Upstream::V2)?;
        Some(unit.times(self.request().units(answer.image_count())))
    }

    /// Its cost is known after all.
    fn no_longer_doubted(&mut self, polling: &Polling) {
        if let Some(before) = polling.doubted {
            self.cost_of_failures = before;
        }
    }

    /// An answer of Ideogram's in the words of the endpoint that was asked.
    pub(super) fn answer_of(&self, upstream: Upstream, answer: Value) -> Option<Answer> {
        let answer = match upstream {
            Upstream::V2 => self.request().answer_from_v2(answer),
            Upstream::Legacy => answer,
        };
        Answer::from_value(answer, self.request().endpoint().product()).ok()
    }
}

impl Polling {
    fn report(&self, now: UnixMillis, health: Health) -> CallReport {
        CallReport {
            health,
            latency: now.since(self.started_at),
            ended_at: now,
            polled: true,
            pending_for: self.pending_at.since(self.started_at),
        }
    }
}

/// Ideogram does not bill a generation that failed.
fn failed_generation(reason: &str) -> FailedCall {
    if is_for_safety(reason) {
        let message = format!("Ideogram's safety check refused the prompt: {reason}");
        return FailedCall {
            cost: FailureCost::Nothing,
            again: Again::Never,
            health: Health::Working,
            failure: Failure::new(FailureCode::PromptRejected, message),
        };
    }
    let message = format!("Ideogram took the request and failed to make it: {reason}");
    FailedCall {
        cost: FailureCost::Nothing,
        again: Again::After(Millis::ZERO),
        health: Health::Failing,
        failure: Failure::new(FailureCode::UpstreamError, message)
            .retry_after(Millis::from_seconds(1)),
    }
}

fn given_up() -> Failure {
    Failure::new(
        FailureCode::UpstreamTimeout,
        "Ideogram took the request and has not told what came of it; the picture may have been made and billed, so it was not asked for again",
    )
}

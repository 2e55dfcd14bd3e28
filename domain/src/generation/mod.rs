//! The life of one generation: one state machine.
//!
//! ```text
//! queued ─ granted ─▶ ready ─ call ─▶ generating ─ answered ─▶ storing ─ all kept ─▶ done
//!    └ refused ──▶ failed ◀── not worth another try ──┴── try again ─▶ ready (or queued)
//! ```
//!
//! `next` derives what to do from the state alone, so a restart goes on where the stored state
//! stands. The state is stored before each step that costs or cannot be asked again: `generating`
//! before the call leaves, `storing` with Ideogram's whole answer the moment it is in. Under one
//! lease at most one call can have been billed. What a lease cost is owed to the ledger (`owed`)
//! from the moment it is known until the ledger has confirmed it. A call that was on its way when
//! the object restarted is booked as unconfirmed, and the generation fails as interrupted.

mod pictures;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::pictures::{Picture, PictureState, StoreOutcome};

use crate::answer::Answer;
use crate::failure::{Failure, FailureCode};
use crate::ids::{ClientId, GenerationId};
use crate::ledger::{Acquired, CallReport, LastCall, LeaseTerms, Settlement};
use crate::money::MicroDollars;
use crate::picture_key::PictureSecret;
use crate::request::ImageRequest;
use crate::retry::{self, Again, CallOutcome, FailedCall, FailureCost, Health, Verdict};
use crate::time::{Millis, UnixMillis};

/// How often the ledger is asked, when it does not answer, before the generation gives up.
const LEDGER_TRIES: u32 = 3;
/// The wait before a ledger that did not answer is asked again; it doubles with each try.
const LEDGER_WAIT: Millis = Millis::from_seconds(1);
const LEDGER_WAIT_MOST: Millis = Millis::from_seconds(60);
/// How long a failure can be looked up by its id.
const FAILURE_LIFE: Millis = Millis::from_seconds(60 * 60);

/// What the operator allows, from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The most calls to Ideogram for one generation.
    pub max_attempts: u32,
    /// Whether a call that may have been billed may be tried again.
    pub retry_unconfirmed: bool,
    /// After this long, counted from the request, no further call is started.
    pub deadline: Millis,
    /// How long a result is good for.
    pub result_life: Millis,
}

/// What starts a generation. Randomness comes from the caller.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: GenerationId,
    /// Who asked first, and pays.
    pub client: ClientId,
    /// What was asked.
    pub request: ImageRequest,
    /// The price of one picture.
    pub price: MicroDollars,
    /// What makes the pictures' links impossible to guess.
    pub secret: PictureSecret,
    /// What an earlier generation in the same object still owes the ledger.
    pub owed: Vec<Owed>,
    /// Now.
    pub now: UnixMillis,
}

/// One generation, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    id: GenerationId,
    client: ClientId,
    request: ImageRequest,
    price: MicroDollars,
    secret: PictureSecret,
    created_at: UnixMillis,
    updated_at: UnixMillis,
    /// Which lease is the current one.
    lease: u32,
    /// Calls made so far.
    calls: u32,
    /// Calls under the current lease that Ideogram failed, for the breaker.
    failed_calls: u32,
    phase: Phase,
    owed: Vec<Owed>,
    /// How often in a row the ledger did not answer, and when it is asked again.
    ledger_failures: u32,
    ledger_at: UnixMillis,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    Queued,
    Ready { not_before: UnixMillis },
    Generating { started_at: UnixMillis },
    Storing(Storing),
    Done(GenerationResult),
    Failed(Failure),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Storing {
    result: GenerationResult,
    rounds: u32,
    next_at: UnixMillis,
}

/// A settlement the ledger has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The lease and what it was for.
    pub terms: LeaseTerms,
    /// How it ends.
    pub settlement: Settlement,
    /// What its calls said about Ideogram.
    pub report: CallReport,
}

/// What came of a generation: Ideogram's answer, and where its pictures are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GenerationResult {
    /// The generation.
    pub id: GenerationId,
    /// Ideogram's own answer, unknown fields kept.
    pub answer: Answer,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What it cost.
    pub cost: MicroDollars,
    /// When it was asked for.
    pub created_at: UnixMillis,
}

impl GenerationResult {
    /// Whether it can be given to others for as long as results live: every picture is kept, or was
    /// withheld by Ideogram.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.pictures.iter().all(Picture::is_settled_for_good)
    }
}

/// What those who asked are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The result.
    Done(GenerationResult),
    /// Why there is none.
    Failed(Failure),
}

/// Where a generation stands, as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waiting for money or a place.
    Queued,
    /// Ideogram is at work, or will be tried again.
    Generating,
    /// The pictures are being kept.
    Storing,
    /// There is a result.
    Done,
    /// There is none.
    Failed,
}

/// What to do next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Tell the ledger; then `settled` or `ledger_failed`.
    Settle(Owed),
    /// Ask the ledger; then `acquired` or `ledger_failed`.
    Acquire(LeaseTerms),
    /// `call_begins`, store, call Ideogram, `call_ended`.
    Call,
    /// Fetch and keep these; then `round_ended`.
    Store(Vec<Picture>),
    /// Put the result into the cache, if it is lasting; then `published`.
    Publish,
    /// Nothing until then.
    Wait(UnixMillis),
    /// Forget the generation.
    Forget,
}

impl Job {
    /// A generation that has just been asked for.
    #[must_use]
    pub fn new(new: NewJob) -> Self {
        Self {
            id: new.id,
            client: new.client,
            request: new.request,
            price: new.price,
            secret: new.secret,
            created_at: new.now,
            updated_at: new.now,
            lease: 1,
            calls: 0,
            failed_calls: 0,
            phase: Phase::Queued,
            owed: new.owed,
            ledger_failures: 0,
            ledger_at: new.now,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &GenerationId {
        &self.id
    }

    /// Who asked first, and pays.
    #[must_use]
    pub const fn client(&self) -> &ClientId {
        &self.client
    }

    /// What the ledger has not confirmed yet; it outlives the generation.
    #[must_use]
    pub fn owed(&self) -> &[Owed] {
        &self.owed
    }

    /// What was asked.
    #[must_use]
    pub const fn request(&self) -> &ImageRequest {
        &self.request
    }

    /// What makes its pictures' links impossible to guess.
    #[must_use]
    pub const fn secret(&self) -> &PictureSecret {
        &self.secret
    }

    /// When it was asked for.
    #[must_use]
    pub const fn created_at(&self) -> UnixMillis {
        self.created_at
    }

    /// When its state last changed.
    #[must_use]
    pub const fn updated_at(&self) -> UnixMillis {
        self.updated_at
    }

    /// How many calls to Ideogram it has made.
    #[must_use]
    pub const fn calls(&self) -> u32 {
        self.calls
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> State {
        match self.phase {
            Phase::Queued => State::Queued,
            Phase::Ready { .. } | Phase::Generating { .. } => State::Generating,
            Phase::Storing(_) => State::Storing,
            Phase::Done(_) => State::Done,
            Phase::Failed(_) => State::Failed,
        }
    }

    /// What those who asked can be told by now: also a result of which not every picture is kept
    /// yet, once each has been tried. The ledger hears of the cost first, if it listens.
    #[must_use]
    pub fn reply(&self) -> Option<Reply> {
        if !self.owed.is_empty() && self.ledger_failures == 0 {
            return None;
        }
        match &self.phase {
            Phase::Storing(storing) if storing.rounds > 0 => {
                let unfinished = storing.result.pictures.iter().any(Picture::is_pending);
                unfinished.then(|| Reply::Done(storing.result.clone()))
            }
            Phase::Done(result) => Some(Reply::Done(result.clone())),
            Phase::Failed(failure) => Some(Reply::Failed(failure.clone())),
            _ => None,
        }
    }

    /// Whether its result answers a new request for the same thing.
    #[must_use]
    pub fn answers_new_requests(&self, now: UnixMillis, policy: &Policy) -> bool {
        match &self.phase {
            Phase::Done(result) => {
                result.is_lasting() && now.since(self.updated_at) < policy.result_life
            }
            Phase::Failed(_) => false,
            _ => true,
        }
    }

    /// The result, once there is one to publish or show.
    #[must_use]
    pub const fn result(&self) -> Option<&GenerationResult> {
        match &self.phase {
            Phase::Storing(storing) => Some(&storing.result),
            Phase::Done(result) => Some(result),
            _ => None,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn next(&self, now: UnixMillis, policy: &Policy) -> Step {
        if let Some(owed) = self.owed.first()
            && self.ledger_at <= now
        {
            return Step::Settle(owed.clone());
        }
        let forget = |life: Millis| match self.updated_at.plus(life) {
            _ if !self.owed.is_empty() => Step::Wait(self.ledger_at),
            end if end <= now => Step::Forget,
            end => Step::Wait(end),
        };
        match &self.phase {
            Phase::Queued if self.ledger_at > now => Step::Wait(self.ledger_at),
            Phase::Queued => Step::Acquire(self.terms()),
            Phase::Ready { not_before } if *not_before > now => Step::Wait(*not_before),
            Phase::Ready { .. } => Step::Call,
            // Only the call itself ends this phase; a restart is told by `restarted`.
            Phase::Generating { started_at } => Step::Wait(started_at.plus(policy.deadline)),
            Phase::Storing(storing) => storing.next(now),
            Phase::Done(_) => forget(policy.result_life),
            Phase::Failed(_) => forget(FAILURE_LIFE),
        }
    }

    fn terms(&self) -> LeaseTerms {
        LeaseTerms {
            lease: self.id.lease(self.lease),
            client: self.client.clone(),
            model: self.request.model().name().to_owned(),
            images: self.request.images().get(),
            cost: self.price.times(self.request.images().get()),
        }
    }

    fn owe(&mut self, settlement: Settlement, report: CallReport) {
        self.owed.push(Owed {
            terms: self.terms(),
            settlement,
            report,
        });
    }

    /// The ledger's answer to `acquire`.
    pub fn acquired(&mut self, now: UnixMillis, answer: Acquired) {
        self.touch(now);
        self.ledger_failures = 0;
        self.ledger_at = now;
        self.phase = match answer {
            Acquired::Granted => Phase::Ready { not_before: now },
            Acquired::Refused(refusal) => Phase::Failed(refusal.failure()),
            Acquired::Closed => {
                // No call was made under it: while a job is queued there never was one.
                self.new_lease(Settlement::Void, CallReport::default());
                Phase::Queued
            }
        };
    }

    fn new_lease(&mut self, settlement: Settlement, report: CallReport) {
        self.owe(settlement, report);
        self.lease += 1;
        self.failed_calls = 0;
    }

    /// The ledger has confirmed a settlement.
    pub fn settled(&mut self, now: UnixMillis, owed: &Owed) {
        self.owed.retain(|other| other != owed);
        self.ledger_failures = 0;
        self.ledger_at = now;
    }

    /// The ledger did not answer.
    pub fn ledger_failed(&mut self, now: UnixMillis) {
        let doublings = self.ledger_failures.min(16);
        self.ledger_failures = self.ledger_failures.saturating_add(1);
        let wait = LEDGER_WAIT.times(1 << doublings).min(LEDGER_WAIT_MOST);
        self.ledger_at = now.plus(wait);
        if matches!(self.phase, Phase::Queued) && self.ledger_failures >= LEDGER_TRIES {
            // Its answer may have been a grant.
            self.owe(Settlement::Void, CallReport::default());
            self.fail(
                now,
                Failure::new(
                    FailureCode::Busy,
                    "the gateway's ledger did not answer; nothing was spent, try again shortly",
                )
                .retry_after(LEDGER_WAIT.times(5)),
            );
        }
    }

    /// A call is about to leave. To be stored before it does.
    pub fn call_begins(&mut self, now: UnixMillis) {
        self.touch(now);
        self.calls += 1;
        self.phase = Phase::Generating { started_at: now };
    }

    /// A call has ended. To be stored at once: this may hold Ideogram's only answer.
    pub fn call_ended(
        &mut self,
        now: UnixMillis,
        outcome: CallOutcome,
        random: u64,
        policy: &Policy,
    ) {
        let Phase::Generating { started_at } = self.phase else {
            return;
        };
        self.touch(now);
        let last = |health| LastCall {
            health,
            latency: now.since(started_at),
            ended_at: now,
        };
        match retry::judge(outcome, now) {
            Verdict::Made(answer) => {
                let report = self.report(last(Health::Working));
                self.made(now, answer, report);
            }
            Verdict::Failed(call) => {
                let report = self.report(last(call.health));
                self.failed(now, call, report, random, policy);
            }
        }
    }

    const fn report(&self, last: LastCall) -> CallReport {
        CallReport {
            failed_calls: self.failed_calls,
            last: Some(last),
        }
    }

    fn made(&mut self, now: UnixMillis, answer: Answer, report: CallReport) {
        let images = answer.image_count();
        let cost = self.price.times(images);
        self.owe(Settlement::Billed { images, cost }, report);
        if images == 0 {
            let message = "Ideogram answered without a picture";
            return self.fail(now, Failure::new(FailureCode::UpstreamError, message));
        }
        self.phase = Phase::Storing(Storing {
            result: GenerationResult {
                id: self.id.clone(),
                pictures: pictures::of_answer(&answer),
                answer,
                cost,
                created_at: self.created_at,
            },
            rounds: 0,
            next_at: now,
        });
    }

    fn failed(
        &mut self,
        now: UnixMillis,
        call: FailedCall,
        report: CallReport,
        random: u64,
        policy: &Policy,
    ) {
        let settlement = match call.cost {
            FailureCost::Nothing => Settlement::Void,
            FailureCost::Unconfirmed => Settlement::Unconfirmed,
        };
        let deadline = self.created_at.plus(policy.deadline);
        let more = self.calls < policy.max_attempts;
        let retry_at = match call.again {
            Again::After(asked_for) => {
                now.plus(retry::wait_before_retry(self.calls, asked_for, random))
            }
            Again::IfPaidTwice | Again::Never => now,
        };
        match call.again {
            Again::After(_) if more && retry_at < deadline => {
                self.failed_calls += u32::from(call.health == Health::Failing);
                self.phase = Phase::Ready {
                    not_before: retry_at,
                };
            }
            Again::IfPaidTwice if more && policy.retry_unconfirmed && retry_at < deadline => {
                self.new_lease(settlement, report);
                self.phase = Phase::Queued;
            }
            _ => {
                self.owe(settlement, report);
                self.fail(now, call.failure);
            }
        }
    }

    fn fail(&mut self, now: UnixMillis, failure: Failure) {
        self.touch(now);
        self.phase = Phase::Failed(failure);
    }

    fn touch(&mut self, now: UnixMillis) {
        self.updated_at = self.updated_at.max(now);
    }

    /// The object that ran this has restarted.
    pub fn restarted(&mut self, now: UnixMillis) {
        self.ledger_at = self.ledger_at.min(now);
        if let Phase::Generating { .. } = self.phase {
            let report = CallReport {
                failed_calls: self.failed_calls,
                last: None,
            };
            self.owe(Settlement::Unconfirmed, report);
            self.fail(
                now,
                Failure::new(
                    FailureCode::Interrupted,
                    "the gateway was restarted while Ideogram was at work; the picture may have been made and billed, so it was not asked for again",
                ),
            );
        }
    }

    /// A round of storing has ended, with what came of each picture tried.
    pub fn round_ended(&mut self, now: UnixMillis, outcomes: Vec<(u32, StoreOutcome)>) {
        let made_at = self.created_at;
        self.touch(now);
        let Phase::Storing(storing) = &mut self.phase else {
            return;
        };
        storing.rounds = storing.rounds.saturating_add(1);
        storing.next_at = now.plus(pictures::wait_after_round(storing.rounds));
        for (index, outcome) in outcomes {
            let pictures = &mut storing.result.pictures;
            if let Some(picture) = pictures.iter_mut().find(|picture| picture.index == index) {
                picture.take(outcome, now, made_at);
            }
        }
    }

    /// The result is in the cache, or not meant for it.
    pub fn published(&mut self, now: UnixMillis) {
        self.touch(now);
        if let Phase::Storing(storing) = &self.phase {
            self.phase = Phase::Done(storing.result.clone());
        }
    }
}

impl Storing {
    fn next(&self, now: UnixMillis) -> Step {
        let pictures = &self.result.pictures;
        let pending = || pictures.iter().filter(|picture| picture.is_pending());
        if pending().next().is_none() {
            Step::Publish
        } else if self.next_at > now {
            Step::Wait(self.next_at)
        } else {
            Step::Store(pending().cloned().collect())
        }
    }
}

//! The state of a generation, as it is stored, and what follows from it alone: what to do next, what
//! callers can be told.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::event::EventLog;
use super::links::Links;
use super::pictures::{self, Picture};
use super::polling::{Polling, Way};
use super::references::HeldReferences;
use super::words::{GenerationResult, NewJob, Owed, Policy, REJECTION_LIFE, Reply, State, Step};
use crate::cache_control::CacheUse;
use crate::failure::{Failure, FailureCode};
use crate::idempotency::{IdempotencyKey, KEY_LIFE};
use crate::ids::{ClientId, GenerationId, LeaseId};
use crate::ledger::{Allowance, CallReport, LeaseTerms, Settlement};
use crate::money::MicroDollars;
use crate::pace::Pace;
use crate::picture_key::{PictureFolder, PictureSecret};
use crate::request::{ImageRequest, ReferenceKey};
use crate::retry::FailureCost;
use crate::time::{Millis, UnixMillis};

/// How long a failure can be looked up by its id.
const FAILURE_LIFE: Millis = Millis::from_seconds(60 * 60);

/// So many clients that joined may look at a generation.
pub(super) const MOST_JOINED: usize = 100;

/// One generation, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub(super) id: GenerationId,
    client: ClientId,
    /// Others who asked for the same while it was there.
    #[serde(default)]
    joined: BTreeSet<ClientId>,
    #[serde(default)]
    allowance: Allowance,
    #[serde(default)]
    endpoint: String,
    request: ImageRequest,
    /// What the request that started it makes of the cache.
    #[serde(default)]
    pub(super) cache: CacheUse,
    /// The keys of requests that started or met it.
    #[serde(default)]
    pub(super) keys: BTreeSet<IdempotencyKey>,
    /// Whether any of its calls so far may have been billed although it failed.
    #[serde(default)]
    pub(super) cost_of_failures: FailureCost,
    pub(super) price: MicroDollars,
    /// The price of one unit by Ideogram's own quote, if there is one.
    #[serde(default)]
    pub(super) quoted: Option<MicroDollars>,
    secret: PictureSecret,
    pub(super) created_at: UnixMillis,
    pub(super) updated_at: UnixMillis,
    /// What deadlines are counted from: when it was asked for, or the earliest moment seen since, if
    /// the clock went back. Otherwise a call could leave long after its lease was lost.
    pub(super) deadlines_from: UnixMillis,
    /// Which lease is the current one.
    pub(super) lease: u32,
    /// Calls made so far.
    pub(super) calls: u32,
    pub(super) phase: Phase,
    pub(super) owed: Vec<Owed>,
    /// How often in a row the ledger did not answer, and when it is asked again.
    pub(super) ledger_failures: u32,
    pub(super) ledger_at: UnixMillis,
    /// What callers are told of it.
    #[serde(default)]
    pub(super) events: EventLog,
    #[serde(default)]
    pub(super) references: HeldReferences,
    /// How long Ideogram takes for such pictures, as far as it is known.
    #[serde(default)]
    pub(super) pace: Option<Pace>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    Queued,
    Ready {
        not_before: UnixMillis,
    },
    Generating {
        started_at: UnixMillis,
        #[serde(default)]
        way: Way,
    },
    Polling(Polling),
    Asking(FailedTry),
    Storing(Storing),
    Done(GenerationResult),
    Failed(Failure),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Storing {
    pub(super) result: GenerationResult,
    pub(super) rounds: u32,
    pub(super) next_at: UnixMillis,
    /// Where other links come from; none where Ideogram cannot be asked again.
    #[serde(default)]
    pub(super) links: Option<Links>,
}

/// A call that failed and may be worth another try, until the ledger has said so.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FailedTry {
    /// What the ledger is told of it.
    pub(super) call: CallReport,
    /// How its lease ends if that was the last try, or if the next one needs a lease of its own.
    pub(super) settlement: Settlement,
    /// When the next try may leave.
    pub(super) retry_at: UnixMillis,
    /// What callers are told if there is none.
    pub(super) failure: Failure,
}

impl Job {
    /// A generation that has just been asked for.
    #[must_use]
    pub fn new(new: NewJob) -> Self {
        let references = HeldReferences::new(new.references_left, new.request.references());
        Self {
            id: new.id,
            client: new.client,
            joined: BTreeSet::new(),
            allowance: new.allowance,
            endpoint: new.endpoint,
            request: new.request,
            cache: new.cache,
            keys: BTreeSet::new(),
            cost_of_failures: FailureCost::Nothing,
            price: new.price,
            quoted: new.quoted,
            secret: new.secret,
            created_at: new.now,
            updated_at: new.now,
            deadlines_from: new.now,
            lease: 1,
            calls: 0,
            phase: Phase::Queued,
            owed: new.owed,
            ledger_failures: 0,
            ledger_at: new.now,
            events: EventLog::begun(),
            references,
            pace: None,
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

    /// The others who may look at it: they asked for the same.
    #[must_use]
    pub const fn joined(&self) -> &BTreeSet<ClientId> {
        &self.joined
    }

    /// Another client asks for the same. Says whether that has to be stored; beyond a number that no
    /// picture needs they are no longer remembered.
    pub fn join(&mut self, client: &ClientId) -> bool {
        let known = self.client == *client || self.joined.contains(client);
        let room = self.joined.len() < MOST_JOINED;
        !known && room && self.joined.insert(client.clone())
    }

    /// What the ledger has not confirmed yet; it outlives the generation.
    #[must_use]
    pub fn owed(&self) -> &[Owed] {
        &self.owed
    }

    /// The pictures that came with it and are still there; they outlive the generation, too.
    #[must_use]
    pub fn references_left(&self) -> &[ReferenceKey] {
        self.references.keys()
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

    /// The current lease.
    #[must_use]
    pub fn lease_id(&self) -> LeaseId {
        self.id.lease(self.lease)
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

    /// Whether Ideogram has taken it and is asked what came of it.
    #[must_use]
    pub const fn is_polling(&self) -> bool {
        matches!(self.phase, Phase::Polling(_))
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
            Phase::Ready { .. }
            | Phase::Generating { .. }
            | Phase::Polling(_)
            | Phase::Asking(_) => State::Generating,
            Phase::Storing(_) => State::Storing,
            Phase::Done(_) => State::Done,
            Phase::Failed(ref failure) if matches!(failure.code, FailureCode::Cancelled) => {
                State::Cancelled
            }
            Phase::Failed(_) => State::Failed,
        }
    }

    /// What those who asked can be told by now: also a result of which not every picture is kept
    /// yet, once each has been tried. The ledger hears of the cost first, if it listens; a generation
    /// that was cancelled had none.
    #[must_use]
    pub fn reply(&self) -> Option<Reply> {
        let cancelled = self.state() == State::Cancelled;
        let cost_is_unheard = self.owed.iter().any(Owed::tells_of_cost);
        if !cancelled && cost_is_unheard && self.ledger_failures == 0 {
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
            Phase::Done(result) => now.since(self.updated_at) < result.answers_for(policy),
            Phase::Failed(_) => {
                self.rejection().is_some() && now.since(self.updated_at) < REJECTION_LIFE
            }
            _ => true,
        }
    }

    /// Ideogram's refusal of the prompt, if that is what came of it.
    #[must_use]
    pub fn rejection(&self) -> Option<&Failure> {
        match &self.phase {
            Phase::Failed(failure) if failure.code == FailureCode::PromptRejected => Some(failure),
            _ => None,
        }
    }

    /// Whether it has ended, nobody has to hear of it any more, and what came with it is deleted.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let ended = matches!(self.phase, Phase::Done(_) | Phase::Failed(_));
        ended && self.owed.is_empty() && self.references.is_empty()
    }

    /// Whether no call to Ideogram can leave any more.
    #[must_use]
    pub const fn calls_are_over(&self) -> bool {
        matches!(
            self.phase,
            Phase::Storing(_) | Phase::Done(_) | Phase::Failed(_)
        )
    }

    /// The part that the names of its pictures begin with.
    #[must_use]
    pub fn picture_folder(&self) -> PictureFolder {
        PictureFolder::new(self.created_at.day(), self.secret)
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

    /// What to do next. What came with the request is deleted when there is nothing else to do:
    /// nobody waits for that.
    #[must_use]
    pub fn next(&self, now: UnixMillis, policy: &Policy) -> Step {
        let step = self.next_of_phase(now, policy);
        if self.references.is_empty() || !self.calls_are_over() {
            return step;
        }
        match step {
            Step::Wait(until) => self.references.next(now, Some(until)),
            Step::Forget => self.references.next(now, None),
            step => step,
        }
    }

    fn next_of_phase(&self, now: UnixMillis, policy: &Policy) -> Step {
        if let Some(owed) = self.owed.first()
            && self.may_ask_ledger(now)
        {
            return Step::Settle(Box::new(owed.clone()));
        }
        // A key whose request never heard of the outcome may still ask for it.
        let asked_for = if self.keys.is_empty() {
            Millis::ZERO
        } else {
            KEY_LIFE
        };
        let forget = |life: Millis| match self.updated_at.plus(life.max(asked_for)) {
            _ if !self.owed.is_empty() => Step::Wait(self.ledger_at),
            end if end <= now => Step::Forget,
            end => Step::Wait(end),
        };
        match &self.phase {
            Phase::Queued | Phase::Ready { .. }
                if self.deadlines_from.plus(policy.deadline) <= now =>
            {
                Step::GiveUp
            }
            Phase::Queued if !self.may_ask_ledger(now) => Step::Wait(self.ledger_at),
            Phase::Queued => Step::Acquire(self.terms()),
            Phase::Ready { not_before } if *not_before > now => Step::Wait(*not_before),
            Phase::Ready { .. } => Step::Call,
            Phase::Asking(failed) => Step::AskToRetry(self.terms(), failed.call),
            // Only the call itself ends this phase; a restart is told by `restarted`.
            Phase::Generating { started_at, .. } => Step::Wait(started_at.plus(policy.deadline)),
            Phase::Polling(polling) => polling.next(now),
            Phase::Storing(storing) => storing.next(now),
            Phase::Done(_) => forget(policy.result_life),
            Phase::Failed(_) => forget(FAILURE_LIFE),
        }
    }

    /// Whether the wait after a ledger that did not answer is over. Without such a wait it does not
    /// matter what the clock said when the ledger last answered: it may have gone back since.
    const fn may_ask_ledger(&self, now: UnixMillis) -> bool {
        self.ledger_failures == 0 || self.ledger_at.get() <= now.get()
    }

    pub(super) fn terms(&self) -> LeaseTerms {
        LeaseTerms {
            lease: self.lease_id(),
            client: self.client.clone(),
            model: self.request.model().name().to_owned(),
            endpoint: self.endpoint.clone(),
            images: self.request.images().get(),
            cost: self
                .price
                .times(self.request.units(self.request.images().get())),
            allowance: self.allowance.clone(),
        }
    }
}

impl Storing {
    fn next(&self, now: UnixMillis) -> Step {
        let pictures = &self.result.pictures;
        let pending = || pictures.iter().filter(|picture| picture.is_pending());
        if pending().next().is_none() {
            Step::Publish
        } else if self.rounds > 0 && self.next_at > now {
            Step::Wait(self.next_at)
        } else {
            let store = || Step::Store(pending().cloned().collect());
            self.renewal().unwrap_or_else(store)
        }
    }

    /// The next round comes later, with each a while longer.
    pub(super) fn wait_a_round(&mut self, now: UnixMillis, at_least: Millis) {
        self.rounds = self.rounds.saturating_add(1);
        let wait = pictures::wait_after_round(self.rounds);
        self.next_at = now.plus(wait.max(at_least));
    }
}

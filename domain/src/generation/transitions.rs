//! The events of a generation: what the ledger, Ideogram, R2 and the cache said, and restarts.

use super::event::Noted;
use super::job::{FailedTry, Job, Phase, Storing};
use super::links::Links;
use super::pictures::{self, Picture, StoreOutcome};
use super::polling::{Awaits, Way};
use super::words::{GenerationResult, Owed, Policy, Record, StoringReport};
use crate::answer::{Answer, AnsweredImage};
use crate::failure::{Failure, FailureCode};
use crate::ids::LeaseId;
use crate::ledger::{Acquired, CallReport, RetryAnswer, Settlement};
use crate::money::MicroDollars;
use crate::request::ReferenceKey;
use crate::retry::{self, Again, CallOutcome, FailedCall, FailureCost, Health, Verdict};
use crate::time::{Millis, UnixMillis};

/// How often the ledger is asked, when it does not answer, before the generation gives up.
pub(super) const LEDGER_TRIES: u32 = 3;
/// The wait before a ledger that did not answer is asked again; it doubles with each try.
const LEDGER_WAIT: Millis = Millis::from_seconds(1);
const LEDGER_WAIT_MOST: Millis = Millis::from_seconds(60);

impl Job {
    /// The ledger's answer to `acquire`. One that comes for a generation that was cancelled meanwhile
    /// says nothing any more: its lease is settled.
    pub fn acquired(&mut self, now: UnixMillis, lease: &LeaseId, answer: Acquired) {
        if !self.waits_for(lease) {
            return;
        }
        self.touch(now);
        self.ledger_failures = 0;
        self.ledger_at = now;
        self.phase = match answer {
            Acquired::Granted => Phase::Ready { not_before: now },
            Acquired::Refused(refusal) => Phase::Failed(self.with_cost(refusal.failure())),
            Acquired::Closed => {
                // No call was made under it: while a job is queued there never was one.
                self.new_lease(Settlement::Void);
                Phase::Queued
            }
        };
        self.note_end();
    }

    /// The ledger did not answer `acquire`.
    pub fn acquire_failed(&mut self, now: UnixMillis, lease: &LeaseId) {
        if self.waits_for(lease) {
            self.ledger_failed(now);
        }
    }

    fn waits_for(&self, lease: &LeaseId) -> bool {
        matches!(self.phase, Phase::Queued) && self.lease_id() == *lease
    }

    /// Ends the current lease; what comes next goes under another. The ledger has heard of its
    /// calls.
    fn new_lease(&mut self, settlement: Settlement) {
        self.owe(settlement, None);
        self.lease = self.lease.saturating_add(1);
        self.events.note(Noted::Queued);
    }

    /// The ledger has confirmed a settlement.
    pub fn settled(&mut self, now: UnixMillis, owed: &Owed) {
        self.owed.retain(|other| other != owed);
        self.ledger_failures = 0;
        self.ledger_at = now;
        self.note_end();
    }

    /// The ledger did not answer.
    pub fn ledger_failed(&mut self, now: UnixMillis) {
        let doublings = self.ledger_failures.min(16);
        self.ledger_failures = self.ledger_failures.saturating_add(1);
        let wait = LEDGER_WAIT.times(1 << doublings).min(LEDGER_WAIT_MOST);
        self.ledger_at = now.plus(wait);
        if matches!(self.phase, Phase::Queued) && self.ledger_failures >= LEDGER_TRIES {
            // Its answer may have been a grant.
            self.owe(Settlement::Void, None);
            self.fail(
                now,
                Failure::new(
                    FailureCode::Busy,
                    "the gateway's ledger did not answer; nothing was spent, try again shortly",
                )
                .retry_after(LEDGER_WAIT.times(5)),
            );
        }
        self.note_end();
    }

    /// A call would leave too late: an alarm came late, or the object was down. Its lease may have
    /// expired meanwhile.
    pub fn gave_up(&mut self, now: UnixMillis) {
        // Whatever was called under it was free; the ledger may have granted it unheard.
        self.owe(Settlement::Void, None);
        let message = "it took the gateway too long to call Ideogram; nothing was spent, try again";
        let failure = Failure::new(FailureCode::Busy, message);
        self.fail(now, failure.retry_after(LEDGER_WAIT));
    }

    /// A call is about to leave. To be stored before it does.
    pub fn call_begins(&mut self, now: UnixMillis, way: Way) {
        self.touch(now);
        self.calls = self.calls.saturating_add(1);
        let started_at = now;
        self.phase = Phase::Generating { started_at, way };
        let attempt = self.calls;
        self.events.note(Noted::Generating { attempt });
    }

    /// A call has ended. To be stored at once: this may hold Ideogram's only answer.
    pub fn call_ended(
        &mut self,
        now: UnixMillis,
        outcome: CallOutcome,
        random: u64,
        policy: &Policy,
    ) {
        let Phase::Generating { started_at, way } = self.phase else {
            return;
        };
        self.touch(now);
        let report = |health| CallReport {
            health,
            latency: now.since(started_at),
            ended_at: now,
            polled: false,
            pending_for: Millis::ZERO,
        };
        let product = self.request().endpoint().product();
        let verdict = match way.awaits {
            Awaits::Answer => retry::judge(outcome, product, now),
            Awaits::Polls | Awaits::Webhook => retry::judge_submission(outcome, product, now),
        };
        match verdict {
            Verdict::Accepted(id) => self.accepted(now, id, way, started_at, policy),
            Verdict::Made(answer) => {
                let said = answer.clone();
                let answer = self.answer_of(way.upstream, answer.into()).unwrap_or(said);
                let cost = self.quoted_cost(way.upstream, &answer);
                self.made(now, answer, report(Health::Working), cost);
            }
            Verdict::Failed(call) => {
                let report = report(call.health);
                self.failed(now, call, report, random, policy);
            }
            Verdict::NotSent(failure) => {
                // The ledger hears of no call: there is nothing to say about Ideogram.
                self.owe(Settlement::Void, None);
                self.fail(now, failure);
            }
        }
    }

    /// Pictures were made. `cost` is what Ideogram says that they cost, where it does.
    pub(super) fn made(
        &mut self,
        now: UnixMillis,
        answer: Answer,
        report: CallReport,
        cost: Option<MicroDollars>,
    ) {
        let images = answer.image_count();
        let cost = cost.unwrap_or_else(|| self.price.times(self.request().units(images)));
        self.owe(Settlement::Billed { images, cost }, Some(report));
        if images == 0 {
            let message = "Ideogram answered without a picture";
            return self.fail(now, Failure::new(FailureCode::UpstreamError, message));
        }
        let seeds = answer.items().filter_map(AnsweredImage::seed).collect();
        self.record(now, Record::DONE, seeds);
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
            links: None,
        });
    }

    pub(super) fn failed(
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
        let retry_at = match call.again {
            Again::Never => None,
            Again::IfPaidTwice => policy.retry_unconfirmed.then_some(now),
            Again::After(asked_for) => {
                Some(now.plus(retry::wait_before_retry(self.calls, asked_for, random)))
            }
        };
        let deadline = self.deadlines_from.plus(policy.deadline);
        let worth_it = |at: &UnixMillis| self.calls < policy.max_attempts && *at < deadline;
        if let Some(retry_at) = retry_at.filter(worth_it) {
            self.phase = Phase::Asking(FailedTry {
                call: report,
                settlement,
                retry_at,
                failure: call.failure,
            });
        } else {
            self.owe(settlement, Some(report));
            self.fail(now, call.failure);
        }
    }

    /// The ledger's word on another try; a ledger that does not answer denies it.
    pub fn retry_answered(&mut self, now: UnixMillis, answer: RetryAnswer) {
        let Phase::Asking(failed) = self.phase.clone() else {
            return;
        };
        self.touch(now);
        match (answer, failed.settlement) {
            (RetryAnswer::Denied, settlement) => {
                self.owe(settlement, None);
                self.fail(now, failed.failure);
            }
            (RetryAnswer::Allowed, Settlement::Unconfirmed) => {
                self.new_lease(Settlement::Unconfirmed);
                self.phase = Phase::Queued;
            }
            (RetryAnswer::Allowed, _) => {
                self.phase = Phase::Ready {
                    not_before: failed.retry_at,
                };
            }
        }
    }

    pub(super) fn fail(&mut self, now: UnixMillis, failure: Failure) {
        self.touch(now);
        self.record(now, failure.code.as_str(), vec![]);
        self.phase = Phase::Failed(self.with_cost(failure));
        self.note_end();
    }

    /// An earlier call may have been billed, whatever the last one came to.
    const fn with_cost(&self, mut failure: Failure) -> Failure {
        failure.cost = self.cost_of_failures;
        failure
    }

    pub(super) fn touch(&mut self, now: UnixMillis) {
        self.updated_at = self.updated_at.max(now);
        self.deadlines_from = self.deadlines_from.min(now);
    }

    /// The object that ran this has restarted.
    pub fn restarted(&mut self, now: UnixMillis) {
        self.references.restarted(now);
        self.ledger_at = self.ledger_at.min(now);
        if let Phase::Generating { .. } = self.phase {
            self.owe(Settlement::Unconfirmed, None);
            self.fail(
                now,
                Failure::new(
                    FailureCode::Interrupted,
                    "the gateway was restarted while Ideogram was at work; the picture may have been made and billed, so it was not asked for again",
                ),
            );
        }
        self.note_the_past();
    }

    /// One picture of a round has been tried.
    pub fn picture_tried(&mut self, now: UnixMillis, index: u32, outcome: StoreOutcome) {
        let asked_at = self.created_at;
        self.touch(now);
        let Phase::Storing(storing) = &mut self.phase else {
            return;
        };
        let links = storing.links.as_ref();
        let links_at = links.map_or(asked_at, |links| links.given_at);
        let renewable = links.is_some_and(Links::may_be_renewed);
        let pictures = &mut storing.result.pictures;
        let tried = pictures.iter_mut().find(|picture| picture.index == index);
        if let Some(picture) = tried.filter(|picture| picture.is_pending()) {
            picture.take(outcome, now, links_at, renewable);
            if picture.is_stored() {
                self.events.note(Noted::Stored { index });
            }
        }
    }

    /// A round of storing has ended: each picture has been tried.
    pub fn round_ended(&mut self, now: UnixMillis) {
        self.touch(now);
        let Phase::Storing(storing) = &mut self.phase else {
            return;
        };
        storing.wait_a_round(now, Millis::ZERO);
        let result = &storing.result;
        if storing.rounds == 1 && result.pictures.iter().any(Picture::is_pending) {
            let result = result.clone();
            self.report_storing(now, &result);
        }
        self.note_end();
    }

    /// The result is in the cache, or not meant for it.
    pub fn published(&mut self, now: UnixMillis) {
        self.touch(now);
        if let Phase::Storing(storing) = &self.phase {
            let result = storing.result.clone();
            self.report_storing(now, &result);
            self.phase = Phase::Done(result);
        }
        self.note_end();
    }

    /// Pictures that came with the request are deleted.
    pub fn references_dropped(&mut self, keys: &[ReferenceKey]) {
        self.references.dropped(keys);
    }

    /// They could not be deleted.
    pub fn references_not_dropped(&mut self, now: UnixMillis) {
        self.references.not_dropped(now);
    }

    pub(super) fn owe(&mut self, settlement: Settlement, call: Option<CallReport>) {
        if settlement == Settlement::Unconfirmed {
            self.cost_of_failures = FailureCost::Unconfirmed;
        }
        let terms = self.terms();
        // What is known now takes the place of a doubt that the ledger has not heard of.
        let is_doubt = |owed: &Owed| owed.settlement == Settlement::Unconfirmed;
        self.owed
            .retain(|owed| owed.terms.lease != terms.lease || !is_doubt(owed));
        self.owed.push(Owed {
            terms,
            settlement,
            call,
            record: None,
        });
    }

    /// Tells the ledger how storing goes, by the settlement that it knows already. What is newer takes
    /// the place of what it has not heard yet.
    fn report_storing(&mut self, now: UnixMillis, result: &GenerationResult) {
        let count = |is: fn(&Picture) -> bool| {
            let pictures = result.pictures.iter();
            u32::try_from(pictures.filter(|picture| is(picture)).count()).unwrap_or(u32::MAX)
        };
        let seeds = result.answer.items().filter_map(AnsweredImage::seed);
        let record = Record {
            storing: Some(StoringReport {
                keys: result.pictures.iter().filter_map(Picture::key).collect(),
                pending: count(Picture::is_pending),
                lost: count(Picture::is_lost),
            }),
            ..self.new_record(now, Record::DONE, seeds.collect())
        };
        let lease = self.lease_id();
        let is_news = |owed: &Owed| owed.tells_of_cost() || owed.terms.lease != lease;
        self.owed.retain(is_news);
        self.owed.push(Owed {
            terms: self.terms(),
            settlement: Settlement::Billed {
                images: result.answer.image_count(),
                cost: result.cost,
            },
            call: None,
            record: Some(record),
        });
    }

    fn new_record(&self, now: UnixMillis, outcome: &str, seeds: Vec<u64>) -> Record {
        Record {
            id: self.id.clone(),
            prompt: self.request().prompt().to_owned(),
            options: self.request().options().clone(),
            seeds,
            outcome: outcome.to_owned(),
            pictures: Some(self.picture_folder()),
            storing: None,
            latency: now.since(self.created_at),
            created_at: self.created_at,
        }
    }

    /// Lets the history have this outcome, with the settlement of the current lease. What never had
    /// a lease is no part of it.
    fn record(&mut self, now: UnixMillis, outcome: &str, seeds: Vec<u64>) {
        let record = self.new_record(now, outcome, seeds);
        let lease = self.lease_id();
        let owed = self.owed.iter_mut();
        for owed in owed.filter(|owed| owed.terms.lease == lease) {
            owed.record = Some(record.clone());
        }
    }
}

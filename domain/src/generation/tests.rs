//! Generations in a world that answers at random, fails at random and restarts at random: whatever
//! happens, each ends, the ledger is told once what each lease cost, and never less than the bill.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::job::Phase;
use super::transitions::LEDGER_TRIES;
use super::*;
use crate::failure::FailureCode;
use crate::fingerprint::Fingerprint;
use crate::ids::{ClientId, GenerationId, LeaseId};
use crate::ledger::{Acquired, Refusal, RefusalReason, RetryAnswer, Settlement};
use crate::money::MicroDollars;
use crate::picture::PictureFormat;
use crate::picture_key::PictureKey;
use crate::picture_key::PictureSecret;
use crate::request::ImageRequest;
use crate::request::{Endpoint, ImageCount, Limits, Model};
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};

const POLICY: Policy = Policy {
    max_attempts: 3,
    retry_unconfirmed: false,
    deadline: Millis::from_seconds(240),
    result_life: Millis::from_seconds(604_800),
};
const START: UnixMillis = UnixMillis::new(1_795_262_400_000);
const PRICE: MicroDollars = MicroDollars::new(80_000);

fn job(images: u32) -> Job {
    let limits = Limits {
        default_model: Model::V2,
        prompt_max_chars: 100,
        max_images: ImageCount::MOST,
    };
    let body = json!({"image_request": {"prompt": "a fox", "num_images": images}});
    let request = ImageRequest::parse(Endpoint::Generate, &body, &limits).unwrap();
    Job::new(NewJob {
        id: GenerationId::new(Fingerprint::of(&request), [7; 8]),
        client: ClientId::new("client".into()),
        request,
        price: PRICE,
        secret: PictureSecret::new([9; 16]),
        owed: vec![],
        now: START,
    })
}

fn answered(status: u16, body: &str) -> CallOutcome {
    CallOutcome::Answered {
        status,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    }
}

fn pictures(count: u32) -> CallOutcome {
    let item = |n| json!({"url": format!("https://ideogram.ai/{n}.png"), "seed": n, "is_image_safe": n != 3});
    let data: Vec<_> = (0..count).map(item).collect();
    answered(
        200,
        &json!({"created": "2026-11-21T12:00:00Z", "data": data}).to_string(),
    )
}

fn stored(job: &Job, picture: &Picture) -> StoreOutcome {
    let seed = picture.seed.unwrap_or(0);
    StoreOutcome::Stored(PictureKey::new(
        START.day(),
        *job.secret(),
        picture.index,
        seed,
        PictureFormat::Png,
    ))
}

/// Takes a job to the start of its first call.
fn calling(images: u32) -> Job {
    let mut job = job(images);
    job.acquired(START, Acquired::Granted);
    assert!(matches!(job.next(START, &POLICY), Step::Call));
    job.call_begins(START);
    job
}

fn failure(job: &Job) -> FailureCode {
    match &job.phase {
        Phase::Failed(failure) => failure.code,
        other => panic!("not failed: {other:?}"),
    }
}

fn only_owed(job: &Job) -> Settlement {
    assert_eq!(job.owed.len(), 1);
    job.owed[0].settlement
}

#[test]
fn a_good_day_goes_from_queued_to_done_and_pays_once() {
    let mut job = calling(2);
    job.call_ended(START, pictures(2), 0, &POLICY);
    assert!(job.reply().is_none(), "the ledger hears of the cost first");
    let Step::Settle(owed) = job.next(START, &POLICY) else {
        panic!()
    };
    assert_eq!(
        owed.settlement,
        Settlement::Billed {
            images: 2,
            cost: PRICE.times(2)
        }
    );
    job.settled(START, &owed);
    let Step::Store(tasks) = job.next(START, &POLICY) else {
        panic!()
    };
    let outcomes = tasks
        .iter()
        .map(|task| (task.index, stored(&job, task)))
        .collect();
    job.round_ended(START, outcomes);
    assert!(job.reply().is_none(), "the cache hears of the result first");
    assert!(matches!(job.next(START, &POLICY), Step::Publish));
    job.published(START);
    assert_eq!(job.state(), State::Done);
    assert!(matches!(job.reply(), Some(Reply::Done(result)) if result.is_lasting()));
    assert!(job.answers_new_requests(START, &POLICY));
    let end = START.plus(POLICY.result_life);
    assert!(!job.answers_new_requests(end, &POLICY));
    assert!(matches!(job.next(end, &POLICY), Step::Forget));
}

#[test]
fn what_a_generation_came_to_is_told_with_its_last_settlement_and_only_then() {
    let allowed = Policy {
        retry_unconfirmed: true,
        ..POLICY
    };
    let mut job = calling(1);
    job.call_ended(START, CallOutcome::TimedOut, 0, &allowed);
    job.retry_answered(START, RetryAnswer::Allowed);
    assert_eq!(job.owed[0].record, None, "the generation goes on");
    job.acquired(START, Acquired::Granted);
    job.call_begins(START);
    job.call_ended(START, pictures(1), 0, &allowed);
    let record = job.owed[1].record.clone().unwrap();
    assert_eq!((record.outcome.as_str(), record.seeds), ("done", vec![0]));

    let mut job = calling(1);
    job.call_ended(START, answered(422, ""), 0, &POLICY);
    let record = job.owed[0].record.clone().unwrap();
    assert_eq!(record.outcome, "prompt_rejected");
    assert_eq!(record.prompt, "a fox");
}

#[test]
fn a_call_that_would_leave_too_late_is_not_made() {
    let mut job = job(1);
    job.acquired(START, Acquired::Granted);
    let late = START.plus(POLICY.deadline);
    assert!(matches!(job.next(late, &POLICY), Step::GiveUp));
    job.gave_up(late);
    assert_eq!(failure(&job), FailureCode::Busy);
    assert_eq!(only_owed(&job), Settlement::Void);
}

#[test]
fn a_clock_that_goes_back_does_not_put_the_deadline_off() {
    let mut job = job(1);
    let earlier = START.minus(Millis::from_seconds(3600));
    job.acquired(earlier, Acquired::Granted);
    let late = earlier.plus(POLICY.deadline);
    assert!(matches!(job.next(late, &POLICY), Step::GiveUp));
}

#[test]
fn a_clock_that_goes_back_delays_neither_settlement_nor_answer() {
    let mut job = calling(1);
    job.call_ended(START, pictures(1), 0, &POLICY);
    let earlier = START.minus(Millis::from_seconds(3600));
    assert!(matches!(job.next(earlier, &POLICY), Step::Settle(_)));
    let owed = job.owed[0].clone();
    job.settled(earlier, &owed);
    assert!(matches!(job.next(earlier, &POLICY), Step::Store(_)));
}

#[test]
fn a_restart_during_the_call_is_booked_as_unconfirmed_and_fails_as_interrupted() {
    let mut job = calling(1);
    job.restarted(START);
    assert_eq!(failure(&job), FailureCode::Interrupted);
    assert_eq!(only_owed(&job), Settlement::Unconfirmed);
}

#[test]
fn a_restart_before_the_call_asks_again_under_the_same_lease() {
    let mut job = job(1);
    job.restarted(START);
    let Step::Acquire(terms) = job.next(START, &POLICY) else {
        panic!()
    };
    assert_eq!(terms.lease, job.id().lease(1));
    job.acquired(START, Acquired::Closed);
    assert_eq!(only_owed(&job), Settlement::Void);
    let Step::Settle(owed) = job.next(START, &POLICY) else {
        panic!()
    };
    job.settled(START, &owed);
    let Step::Acquire(terms) = job.next(START, &POLICY) else {
        panic!()
    };
    assert_eq!(terms.lease, job.id().lease(2));
}

#[test]
fn what_ideogram_failed_is_tried_again_under_the_same_lease_until_the_attempts_are_used_up() {
    let mut job = calling(1);
    for _ in 0..2 {
        job.call_ended(START, answered(500, ""), 300, &POLICY);
        assert_eq!(job.state(), State::Generating);
        assert!(job.owed.is_empty());
        assert!(matches!(job.next(START, &POLICY), Step::AskToRetry(..)));
        job.retry_answered(START, RetryAnswer::Allowed);
        let Step::Wait(until) = job.next(START, &POLICY) else {
            panic!()
        };
        assert!(matches!(job.next(until, &POLICY), Step::Call));
        job.call_begins(until);
    }
    job.call_ended(START, answered(500, ""), 300, &POLICY);
    assert_eq!(failure(&job), FailureCode::UpstreamError);
    assert_eq!(only_owed(&job), Settlement::Void);
}

#[test]
fn a_wait_that_would_end_after_the_deadline_is_not_begun() {
    let mut job = calling(1);
    let outcome = CallOutcome::Answered {
        status: 429,
        retry_after: Some("3600".into()),
        body: vec![],
    };
    job.call_ended(START, outcome, 0, &POLICY);
    assert_eq!(failure(&job), FailureCode::Busy);
}

#[test]
fn what_may_have_been_billed_is_tried_again_only_if_allowed_and_under_a_new_lease() {
    let mut job = calling(1);
    job.call_ended(START, CallOutcome::TimedOut, 0, &POLICY);
    assert_eq!(failure(&job), FailureCode::UpstreamTimeout);
    assert_eq!(only_owed(&job), Settlement::Unconfirmed);

    let allowed = Policy {
        retry_unconfirmed: true,
        ..POLICY
    };
    let mut job = calling(1);
    job.call_ended(START, CallOutcome::TimedOut, 0, &allowed);
    assert!(job.owed.is_empty(), "the ledger is asked first");
    job.retry_answered(START, RetryAnswer::Allowed);
    assert_eq!(only_owed(&job), Settlement::Unconfirmed);
    assert_eq!(job.terms().lease, job.id().lease(2));
    assert_eq!(job.state(), State::Queued);
}

#[test]
fn a_try_that_the_ledger_denies_is_not_made() {
    let mut job = calling(1);
    job.call_ended(START, answered(503, ""), 0, &POLICY);
    job.retry_answered(START, RetryAnswer::Denied);
    assert_eq!(failure(&job), FailureCode::UpstreamError);
    assert_eq!(only_owed(&job), Settlement::Void);
}

#[test]
fn a_refusal_of_the_ledger_is_a_failure_that_cost_nothing() {
    let mut job = job(1);
    let refusal = Refusal {
        reason: RefusalReason::DailyBudget,
        retry_after: Millis::from_seconds(60),
    };
    job.acquired(START, Acquired::Refused(refusal));
    assert_eq!(failure(&job), FailureCode::DailyBudgetExceeded);
    assert!(job.owed.is_empty());
    assert!(job.reply().is_some());
    assert!(!job.answers_new_requests(START, &POLICY));
}

#[test]
fn a_ledger_that_does_not_answer_fails_the_generation_and_hears_of_it_later() {
    let mut job = job(1);
    let mut now = START;
    for _ in 0..LEDGER_TRIES {
        assert!(matches!(job.next(now, &POLICY), Step::Acquire(_)));
        job.ledger_failed(now);
        if let Step::Wait(until) = job.next(now, &POLICY) {
            now = until;
        }
    }
    assert_eq!(failure(&job), FailureCode::Busy);
    assert_eq!(only_owed(&job), Settlement::Void);
    assert!(job.reply().is_some(), "callers do not wait for the ledger");
    assert!(matches!(job.next(now, &POLICY), Step::Settle(_)));
}

#[test]
fn a_picture_that_cannot_be_kept_yet_is_answered_with_its_source_and_tried_until_that_dies() {
    let mut job = calling(1);
    job.call_ended(START, pictures(1), 0, &POLICY);
    let owed = job.owed[0].clone();
    job.settled(START, &owed);
    let mut now = START;
    let mut rounds = 0;
    while let Step::Store(tasks) = job.next(now, &POLICY) {
        job.round_ended(
            now,
            vec![(tasks[0].index, StoreOutcome::Failed("R2 is down".into()))],
        );
        rounds += 1;
        if let Step::Wait(until) = job.next(now, &POLICY) {
            assert!(matches!(job.reply(), Some(Reply::Done(result)) if !result.is_lasting()));
            now = until;
        }
    }
    assert!(rounds > 100, "{rounds}");
    assert!(now.since(START) >= Millis::from_seconds(24 * 60 * 60));
    assert!(matches!(job.next(now, &POLICY), Step::Publish));
    job.published(now);
    assert!(
        !job.answers_new_requests(now, &POLICY),
        "a lost picture is made again"
    );
}

#[test]
fn an_answer_without_pictures_is_a_failure_that_was_not_billed() {
    let mut job = calling(1);
    job.call_ended(START, answered(200, r#"{"data":[]}"#), 0, &POLICY);
    assert_eq!(failure(&job), FailureCode::UpstreamError);
    let nothing = Settlement::Billed {
        images: 0,
        cost: MicroDollars::ZERO,
    };
    assert_eq!(only_owed(&job), nothing);
}

#[test]
fn a_job_written_by_this_version_is_read_back_the_same() {
    let mut job = calling(2);
    job.call_ended(START, pictures(2), 0, &POLICY);
    let text = serde_json::to_string(&job).unwrap();
    let back: Job = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

/// The world around a job: which leases were granted, what was booked, what was billed.
#[derive(Default)]
struct World {
    granted: BTreeMap<LeaseId, bool>,
    booked: BTreeMap<LeaseId, Settlement>,
    billed: u32,
    calls: u32,
}

#[derive(Debug, Clone, Copy)]
struct Dice {
    outcome: u8,
    billed_all_the_same: bool,
    restart_before: bool,
    restart_after: bool,
}

fn dice() -> impl Strategy<Value = Vec<Dice>> {
    let one = (
        0_u8..12,
        any::<bool>(),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
    );
    let one = one.prop_map(
        |(outcome, billed_all_the_same, restart_before, restart_after)| Dice {
            outcome,
            billed_all_the_same,
            restart_before,
            restart_after,
        },
    );
    proptest::collection::vec(one, 40..80)
}

fn restart(stored: &Job, now: UnixMillis) -> Job {
    let mut job: Job = serde_json::from_str(&serde_json::to_string(stored).unwrap()).unwrap();
    job.restarted(now);
    job
}

impl World {
    /// One step of the object's loop. Returns the job as it goes on.
    fn step(&mut self, mut job: Job, dice: Dice, now: UnixMillis, policy: &Policy) -> Job {
        match job.next(now, policy) {
            Step::Settle(owed) => {
                if dice.outcome == 0 {
                    job.ledger_failed(now);
                } else {
                    let booked = self
                        .booked
                        .insert(owed.terms.lease.clone(), owed.settlement);
                    assert!(booked.is_none_or(|before| before == owed.settlement));
                    if !dice.restart_after {
                        job.settled(now, &owed);
                    }
                }
            }
            Step::Acquire(terms) => {
                assert!(
                    !self.booked.contains_key(&terms.lease),
                    "a settled lease is not asked for again"
                );
                match dice.outcome {
                    0 => job.ledger_failed(now),
                    1 => {
                        self.granted.insert(terms.lease, true);
                        job.ledger_failed(now);
                    }
                    2 if !self.granted.contains_key(&terms.lease) => {
                        let refusal = Refusal {
                            reason: RefusalReason::QueueFull,
                            retry_after: Millis::ZERO,
                        };
                        job.acquired(now, Acquired::Refused(refusal));
                    }
                    3 => job.acquired(now, Acquired::Closed),
                    _ => {
                        self.granted.insert(terms.lease, true);
                        job.acquired(now, Acquired::Granted);
                    }
                }
            }
            Step::AskToRetry(terms, _) => {
                assert!(!self.booked.contains_key(&terms.lease));
                let answer = match dice.outcome {
                    0..=3 => RetryAnswer::Denied,
                    _ => RetryAnswer::Allowed,
                };
                job.retry_answered(now, answer);
            }
            Step::Call => {
                let lease = job.terms().lease;
                assert_eq!(
                    self.granted.get(&lease),
                    Some(&true),
                    "a call without a lease"
                );
                assert!(
                    !self.booked.contains_key(&lease),
                    "a call under a settled lease"
                );
                job.call_begins(now);
                let stored = job.clone();
                self.calls += 1;
                let images = job.request().images().get();
                let outcome = match dice.outcome {
                    0 | 1 => answered(500, ""),
                    2 => answered(429, ""),
                    3 => answered(422, ""),
                    4 => CallOutcome::TimedOut,
                    5 => CallOutcome::ConnectionLost,
                    6 => answered(524, ""),
                    7 => answered(200, "half"),
                    _ => pictures(images),
                };
                let unclear = (4..=7).contains(&dice.outcome) || dice.restart_after;
                let made = matches!(&outcome, CallOutcome::Answered { status: 200, .. });
                self.billed += images * u32::from(made || (unclear && dice.billed_all_the_same));
                if dice.restart_after {
                    return stored;
                }
                job.call_ended(now, outcome, 0, policy);
            }
            Step::Store(tasks) => {
                let outcomes = tasks.iter().map(|task| match dice.outcome {
                    0 => (task.index, StoreOutcome::Failed("down".into())),
                    1 => (task.index, StoreOutcome::Impossible("not a picture".into())),
                    _ => (task.index, stored(&job, task)),
                });
                let outcomes = outcomes.collect();
                job.round_ended(now, outcomes);
            }
            Step::Publish => job.published(now),
            Step::GiveUp => job.gave_up(now),
            Step::Wait(_) | Step::Forget => {}
        }
        job
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_generation_ends_and_books_at_least_what_was_billed(
        images in 1_u32..=8, dice in dice(), retry_unconfirmed: bool
    ) {
        let policy = Policy { retry_unconfirmed, ..POLICY };
        let mut world = World::default();
        let mut job = job(images);
        let mut now = START;
        let good = Dice { outcome: 11, billed_all_the_same: false, restart_before: false, restart_after: false };
        for dice in dice.into_iter().chain(std::iter::repeat_n(good, 60)) {
            if dice.restart_before {
                job = restart(&job, now);
            }
            let before = world.calls;
            job = world.step(job, dice, now, &policy);
            prop_assert!(world.calls <= before + 1);
            if dice.restart_after {
                job = restart(&job, now);
            }
            if let Step::Wait(until) = job.next(now, &policy) {
                now = until;
            }
        }
        prop_assert!(matches!(job.state(), State::Done | State::Failed));
        prop_assert!(job.owed.is_empty());
        prop_assert!(world.calls <= policy.max_attempts + 60);
        for lease in world.granted.keys() {
            prop_assert!(world.booked.contains_key(lease), "lease {} was never settled", lease);
        }
        let booked: u32 = world.booked.values().map(|settlement| match settlement {
            Settlement::Billed { images, .. } => *images,
            Settlement::Void => 0,
            Settlement::Unconfirmed => images,
        }).sum();
        prop_assert!(booked >= world.billed, "booked {} billed {}", booked, world.billed);
    }
}

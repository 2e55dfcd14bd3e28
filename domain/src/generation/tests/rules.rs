//! The life of a generation, one turn at a time.

use super::*;
use crate::failure::FailureCode;
use crate::generation::job::Phase;
use crate::generation::transitions::LEDGER_TRIES;
use crate::generation::{Owed, Reply, State, Step, StoringReport};
use crate::ledger::{Acquired, Refusal, RefusalReason, RetryAnswer, Settlement};

/// Takes a job to the start of its first call.
fn calling(images: u32) -> Job {
    let mut job = job(images);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    assert!(matches!(job.next(START, &POLICY), Step::Call));
    job.call_begins(START, Way::default());
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

fn storing(owed: &Owed) -> &StoringReport {
    let record = owed.record.as_ref();
    record.and_then(|record| record.storing.as_ref()).unwrap()
}

#[test]
fn a_report_takes_the_place_of_the_one_before_and_of_no_other_debt() {
    let mut job = calling(1);
    job.call_ended(START, pictures(1), 0, &POLICY);
    job.ledger_failed(START);
    let Step::Store(tasks) = job.next(START, &POLICY) else {
        panic!()
    };
    let failed = StoreOutcome::Failed("R2 is down".into());
    job.picture_tried(START, tasks[0].index, failed);
    job.round_ended(START);
    let unheard = |job: &Job| {
        let owed = job.owed.iter().map(Owed::tells_of_cost);
        owed.collect::<Vec<_>>()
    };
    assert_eq!(unheard(&job), [true, false]);
    keep(&mut job, &tasks);
    job.published(START);
    assert_eq!(unheard(&job), [true, false]);
    assert_eq!(storing(&job.owed[1]).keys.len(), 1);
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
    keep(&mut job, &tasks);
    assert!(job.reply().is_none(), "the cache hears of the result first");
    assert!(matches!(job.next(START, &POLICY), Step::Publish));
    job.published(START);
    assert_eq!(job.state(), State::Done);
    assert!(matches!(job.reply(), Some(Reply::Done(result)) if result.is_lasting()));
    assert!(job.answers_new_requests(START, &POLICY));
    let Step::Settle(again) = job.next(START, &POLICY) else {
        panic!("the history hears where the pictures are")
    };
    assert_eq!(again.settlement, owed.settlement, "booked once");
    assert_eq!(storing(&again).keys.len(), 2);
    job.settled(START, &again);
    let end = START.plus(POLICY.result_life);
    assert!(!job.answers_new_requests(end, &POLICY));
    assert!(matches!(job.next(end, &POLICY), Step::Forget));
}

#[test]
fn an_answer_that_is_taken_can_be_read_back_however_deeply_it_is_nested() {
    for depth in [1, 32, 64, 100, 126] {
        let new = "[".repeat(depth) + &"]".repeat(depth);
        let mut job = calling(1);
        let body = format!(r#"{{"data":[{{}}],"new":{new}}}"#);
        job.call_ended(START, answered(200, &body), 0, &POLICY);
        let stored = serde_json::to_string(&job).unwrap();
        assert!(serde_json::from_str::<Job>(&stored).is_ok(), "{depth}");
    }
}

#[test]
fn counters_that_were_stored_at_their_end_stay_there() {
    let mut job = job(1);
    (job.lease, job.calls) = (u32::MAX, u32::MAX);
    job.acquired(START, &job.lease_id(), Acquired::Closed);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    assert_eq!((job.lease, job.calls), (u32::MAX, u32::MAX));
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
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
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
    job.acquired(START, &job.lease_id(), Acquired::Granted);
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
    job.acquired(earlier, &job.lease_id(), Acquired::Granted);
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
    job.acquired(START, &job.lease_id(), Acquired::Closed);
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
        job.call_begins(until, Way::default());
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
    job.acquired(START, &job.lease_id(), Acquired::Refused(refusal));
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
        job.picture_tried(
            now,
            tasks[0].index,
            StoreOutcome::Failed("R2 is down".into()),
        );
        job.round_ended(now);
        rounds += 1;
        if rounds == 1 {
            let Step::Settle(owed) = job.next(now, &POLICY) else {
                panic!("the ledger hears that storing fails")
            };
            assert_eq!(storing(&owed).pending, 1);
            job.settled(now, &owed);
        }
        if let Step::Wait(until) = job.next(now, &POLICY) {
            assert!(matches!(job.reply(), Some(Reply::Done(result)) if !result.is_lasting()));
            now = until;
        }
    }
    assert!(rounds > 100, "{rounds}");
    assert!(now.since(START) >= Millis::from_seconds(24 * 60 * 60));
    assert!(matches!(job.next(now, &POLICY), Step::Publish));
    job.published(now);
    assert_eq!(storing(&job.owed[0]).lost, 1);
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

#[test]
fn a_prompt_that_ideogram_refused_is_not_sent_again_for_an_hour() {
    let mut job = calling(1);
    job.call_ended(START, answered(422, r#"{"error": "unsafe"}"#), 0, &POLICY);
    assert!(job.rejection().is_some());
    let hour = Millis::from_seconds(3600);
    assert!(job.answers_new_requests(START.plus(hour).minus(Millis::new(1)), &POLICY));
    assert!(!job.answers_new_requests(START.plus(hour), &POLICY));
    let mut other = calling(1);
    other.call_ended(START, answered(400, "{}"), 0, &POLICY);
    assert!(other.rejection().is_none());
    assert!(!other.answers_new_requests(START, &POLICY));
}

#[test]
fn a_result_with_a_withheld_picture_is_not_for_the_cache_and_answers_for_an_hour() {
    let mut job = calling(4);
    job.call_ended(START, pictures(4), 0, &POLICY);
    let owed = job.owed[0].clone();
    job.settled(START, &owed);
    let Step::Store(tasks) = job.next(START, &POLICY) else {
        panic!()
    };
    assert_eq!(tasks.len(), 3, "the fourth is withheld");
    keep(&mut job, &tasks);
    assert!(job.result().is_some_and(|result| !result.is_lasting()));
    job.published(START);
    let hour = Millis::from_seconds(3600);
    assert!(job.answers_new_requests(START.plus(hour).minus(Millis::new(1)), &POLICY));
    assert!(!job.answers_new_requests(START.plus(hour), &POLICY));
}

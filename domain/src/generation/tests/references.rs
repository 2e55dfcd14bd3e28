//! The pictures that came with a request: they are there for every call, and gone after the last.

use super::*;
use crate::failure::FailureCode;
use crate::generation::{Reply, State, Step};
use crate::ledger::{Acquired, Refusal, RefusalReason, Settlement};

/// A job whose first call has just left.
fn calling() -> Job {
    let mut job = job_with(1, 2);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job
}

/// Settles what is owed; the ledger answers.
fn settled(job: &mut Job) {
    while let Step::Settle(owed) = job.next(START, &POLICY) {
        job.settled(START, &owed);
    }
}

#[test]
fn they_go_after_the_result_was_told_and_the_generation_has_not_ended_before() {
    let mut job = calling();
    let own: Vec<_> = job.references_left().to_vec();
    assert_eq!(own.len(), 2);
    job.call_ended(START, pictures(1), 0, &POLICY);
    settled(&mut job);
    let Step::Store(tasks) = job.next(START, &POLICY) else {
        panic!("a picture that somebody waits for comes first");
    };
    keep(&mut job, &tasks);
    assert!(matches!(job.next(START, &POLICY), Step::Publish));
    job.published(START);
    assert!(matches!(job.reply(), Some(Reply::Done(_))));
    assert!(!job.has_ended());
    settled(&mut job);
    let Step::DropReferences(keys) = job.next(START, &POLICY) else {
        panic!("nothing else is to be done");
    };
    assert_eq!(keys, own);
    job.references_dropped(&keys);
    assert!(job.has_ended());
    assert!(matches!(job.next(START, &POLICY), Step::Wait(_)));
    let end = START.plus(POLICY.result_life);
    assert!(matches!(job.next(end, &POLICY), Step::Forget));
}

#[test]
fn one_that_was_refused_before_any_call_deletes_them_too() {
    let mut job = job_with(1, 2);
    let refusal = Refusal {
        reason: RefusalReason::QueueFull,
        retry_after: Millis::ZERO,
    };
    job.acquired(START, &job.lease_id(), Acquired::Refused(refusal));
    assert!(matches!(job.next(START, &POLICY), Step::DropReferences(_)));
}

#[test]
fn what_cannot_be_deleted_is_tried_again_and_not_forgotten() {
    let mut job = calling();
    job.restarted(START);
    settled(&mut job);
    let mut now = START;
    for _ in 0..8 {
        let Step::DropReferences(_) = job.next(now, &POLICY) else {
            panic!("{:?}", job.next(now, &POLICY));
        };
        job.references_not_dropped(now);
        let Step::Wait(until) = job.next(now, &POLICY) else {
            panic!("at once");
        };
        assert!(now < until && until.since(now) <= Millis::from_seconds(300));
        now = until;
    }
    let much_later = START.plus(POLICY.result_life);
    assert!(matches!(
        job.next(much_later, &POLICY),
        Step::DropReferences(_)
    ));
    let earlier = START.minus(Millis::from_seconds(86_400));
    job.restarted(earlier);
    assert!(matches!(
        job.next(earlier, &POLICY),
        Step::DropReferences(_)
    ));
}

#[test]
fn what_a_job_leaves_goes_over_to_the_next_in_its_place() {
    let left = calling().references_left().to_vec();
    let mut next = job_with_left(left.clone());
    assert_eq!(next.references_left(), left);
    assert!(!next.calls_are_over());
    assert!(matches!(next.next(START, &POLICY), Step::Acquire(_)));
    // What was meant for the one before finds its own.
    next.references_dropped(&left);
    assert!(next.references_left().is_empty());
}

#[test]
fn a_call_whose_pictures_are_gone_was_none_and_costs_nothing() {
    for (outcome, code) in [
        (CallOutcome::ReferenceGone, FailureCode::InternalError),
        (CallOutcome::ReferencesUnknown, FailureCode::Busy),
    ] {
        let mut job = calling();
        job.call_ended(START, outcome, 0, &POLICY);
        let [owed] = job.owed() else {
            panic!("{:?}", job.owed());
        };
        assert_eq!((owed.settlement, owed.call), (Settlement::Void, None));
        settled(&mut job);
        assert_eq!(job.state(), State::Failed);
        assert!(matches!(job.reply(), Some(Reply::Failed(failure)) if failure.code == code));
    }
}

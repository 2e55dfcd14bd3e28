//! Generations that are wanted no longer.

use super::events::names;
use super::*;
use crate::failure::FailureCode;
use crate::generation::{Cancellation, Reply, State, Step};
use crate::ledger::{Acquired, Settlement};

fn cancelled() -> Job {
    let mut job = job(1);
    assert_eq!(job.cancel(START), Cancellation::Cancelled);
    job
}

#[test]
fn a_generation_that_waits_is_cancelled_and_gives_its_lease_back() {
    let mut job = cancelled();
    assert_eq!(job.state(), State::Cancelled);
    assert_eq!(names(&job), ["queued", "cancelled"], "told at once");
    let told = matches!(job.reply(), Some(Reply::Failed(failure)) if failure.code == FailureCode::Cancelled);
    assert!(told);
    let Step::Settle(owed) = job.next(START, &POLICY) else {
        panic!("the lease is not given back")
    };
    assert_eq!(owed.settlement, Settlement::Void);
    assert_eq!(owed.terms.lease, job.lease_id());
    assert_eq!(owed.record.clone().unwrap().outcome, "cancelled");
    job.settled(START, &owed);
    assert!(job.has_ended());
    assert!(!job.answers_new_requests(START, &POLICY), "it starts anew");
    assert_eq!(job.cancel(START), Cancellation::Ended);
}

#[test]
fn a_grant_that_comes_after_the_cancellation_starts_nothing() {
    for answer in [Acquired::Granted, Acquired::Closed] {
        let mut job = cancelled();
        let owed = job.owed.clone();
        job.acquired(START, &job.lease_id(), answer);
        job.acquire_failed(START, &job.lease_id());
        assert_eq!(job.state(), State::Cancelled);
        assert_eq!(job.owed, owed);
        assert_eq!(names(&job), ["queued", "cancelled"]);
    }
}

#[test]
fn the_answer_to_a_cancelled_lease_is_none_for_the_generation_in_its_place() {
    let old = cancelled();
    let mut new = job(1);
    new.id = GenerationId::new(*old.id.fingerprint(), [8; 8]);
    new.acquired(START, &old.lease_id(), Acquired::Granted);
    new.acquire_failed(START, &old.lease_id());
    assert_eq!((new.state(), new.ledger_failures), (State::Queued, 0));
}

#[test]
fn what_ideogram_has_been_asked_for_is_not_cancelled() {
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    assert_eq!(job.cancel(START), Cancellation::Running);
    job.call_begins(START, Way::default());
    assert_eq!(job.cancel(START), Cancellation::Running);
    job.call_ended(START, pictures(1), 0, &POLICY);
    assert_eq!(job.cancel(START), Cancellation::Running);
    job.published(START);
    assert_eq!(job.cancel(START), Cancellation::Ended);
    assert_eq!(job.state(), State::Done);
}

#[test]
fn one_that_waits_again_after_a_call_is_not_cancelled() {
    let paid_twice = Policy {
        retry_unconfirmed: true,
        ..POLICY
    };
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, CallOutcome::TimedOut, 0, &paid_twice);
    job.retry_answered(START, crate::ledger::RetryAnswer::Allowed);
    assert_eq!(job.state(), State::Queued);
    assert_eq!(job.cancel(START), Cancellation::Running);
}

#[test]
fn one_that_others_wait_for_is_not_cancelled() {
    let mut job = job(1);
    let other = ClientId::new("other".into());
    assert!(!job.was_asked_for_by(&other));
    job.join(&other);
    assert!(job.was_asked_for_by(&other));
    assert_eq!(job.cancel(START), Cancellation::Shared);
    assert_eq!(job.state(), State::Queued);
}

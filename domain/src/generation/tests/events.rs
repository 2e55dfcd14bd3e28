//! What callers are told on the way: nothing twice, nothing left out.

use super::*;
use crate::failure::FailureCode;
use crate::generation::{Event, EventKind};
use crate::ledger::{Acquired, Refusal, RefusalReason, RetryAnswer};

pub(super) fn names(job: &Job) -> Vec<String> {
    let events = job.events_after(0).events;
    let numbers: Vec<_> = events.iter().map(|event| event.number).collect();
    let expected: Vec<_> = (1..=job.latest_event()).collect();
    assert_eq!(numbers, expected, "numbers have gaps");
    events.iter().map(name).collect()
}

fn name(event: &Event) -> String {
    match &event.kind {
        EventKind::Queued { .. } => "queued".into(),
        EventKind::Generating { attempt } => format!("generating {attempt}"),
        EventKind::Stored(picture) => format!("stored {}", picture.index),
        EventKind::Done(_) => "done".into(),
        EventKind::Failed(failure) => format!("failed {}", failure.code.as_str()),
        EventKind::Cancelled => "cancelled".into(),
    }
}

fn settle(job: &mut Job) {
    for owed in job.owed.clone() {
        job.settled(START, &owed);
    }
}

fn storing(images: u32) -> Job {
    let mut job = job(images);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, pictures(images), 0, &POLICY);
    settle(&mut job);
    job
}

fn tried(job: &mut Job, index: u32) {
    let picture = job.result().unwrap().pictures[index as usize].clone();
    let outcome = stored(job, &picture);
    job.picture_tried(START, index, outcome);
}

#[test]
fn each_step_of_a_good_day_is_told_in_the_moment_it_is_made() {
    let mut job = job(2);
    assert_eq!(names(&job), ["queued"]);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    assert_eq!(names(&job), ["queued"]);
    job.call_begins(START, Way::default());
    assert_eq!(names(&job), ["queued", "generating 1"]);
    job.call_ended(START, pictures(2), 0, &POLICY);
    settle(&mut job);
    assert_eq!(job.latest_event(), 2);
    tried(&mut job, 1);
    assert_eq!(names(&job)[2..], ["stored 1"], "as it lands");
    tried(&mut job, 0);
    job.round_ended(START);
    assert!(!job.events_after(0).ended);
    job.published(START);
    assert_eq!(names(&job)[2..], ["stored 1", "stored 0", "done"]);
    assert!(job.events_after(0).ended);
}

#[test]
fn one_who_comes_back_gets_the_rest_and_one_with_a_wrong_number_all() {
    let mut job = storing(1);
    tried(&mut job, 0);
    let rest = |after| {
        let events = job.events_after(after).events;
        events.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(rest(1), ["generating 1", "stored 0"]);
    assert!(rest(3).is_empty());
    assert_eq!(rest(4), ["queued", "generating 1", "stored 0"]);
    assert_eq!(rest(u32::MAX), rest(0));
}

#[test]
fn the_ledger_hears_of_a_failure_before_callers_do() {
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, answered(422, ""), 0, &POLICY);
    assert_eq!(names(&job), ["queued", "generating 1"]);
    settle(&mut job);
    assert_eq!(names(&job)[2..], ["failed prompt_rejected"]);
}

#[test]
fn a_refusal_is_told_and_so_is_each_attempt() {
    let mut refused = job(1);
    let refusal = Refusal {
        reason: RefusalReason::DailyBudget,
        retry_after: Millis::ZERO,
    };
    refused.acquired(START, &refused.lease_id(), Acquired::Refused(refusal));
    let code = FailureCode::DailyBudgetExceeded.as_str();
    assert_eq!(names(&refused), ["queued", &format!("failed {code}")]);

    let paid_twice = Policy {
        retry_unconfirmed: true,
        ..POLICY
    };
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Closed);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, CallOutcome::TimedOut, 0, &paid_twice);
    job.retry_answered(START, RetryAnswer::Allowed);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    let told = ["queued", "generating 1", "queued", "generating 2"];
    assert_eq!(names(&job), told);
}

#[test]
fn a_result_that_is_answered_before_all_is_kept_is_the_last_event() {
    let mut job = storing(2);
    tried(&mut job, 0);
    job.picture_tried(START, 1, StoreOutcome::Failed("R2 is down".into()));
    assert!(!job.events_after(0).ended);
    job.round_ended(START);
    assert_eq!(names(&job)[2..], ["stored 0", "done"]);
    tried(&mut job, 1);
    job.round_ended(START);
    job.published(START);
    assert_eq!(job.latest_event(), 4, "nothing follows the last event");
    let last = job.events_after(3).events.pop().unwrap();
    assert!(matches!(last.kind, EventKind::Done(result) if result.is_lasting()));
}

#[test]
fn a_job_stored_by_a_version_without_events_is_given_those_its_state_shows() {
    let old = |job: &Job| {
        let mut stored = serde_json::to_value(job).unwrap();
        stored.as_object_mut().unwrap().remove("events");
        let mut job: Job = serde_json::from_value(stored).unwrap();
        job.restarted(START);
        job
    };
    assert_eq!(names(&old(&job(1))), ["queued"]);
    let mut job = storing(2);
    tried(&mut job, 1);
    let told = ["queued", "generating 1", "stored 1"];
    assert_eq!(names(&old(&job)), told);
    tried(&mut job, 0);
    job.published(START);
    let done = old(&job);
    assert!(done.events_after(0).ended);
    assert_eq!(names(&done)[2..], ["stored 0", "stored 1", "done"]);
}

#[test]
fn what_is_stored_of_the_events_is_read_back_and_counted_on() {
    let mut job = storing(2);
    tried(&mut job, 0);
    let stored = serde_json::to_string(&job).unwrap();
    let mut again: Job = serde_json::from_str(&stored).unwrap();
    again.restarted(START);
    assert_eq!(names(&again), names(&job));
    tried(&mut again, 1);
    assert_eq!(again.latest_event(), 4);
}

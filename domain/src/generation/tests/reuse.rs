//! Whom a generation answers: requests that want nothing of the cache, something new, nothing in the
//! cache; and those that come again with a key.

use super::*;
use crate::cache_control::{CacheControl, NONCE_BYTES, Nonce};
use crate::generation::{GenerationResult, Reply, Step};
use crate::idempotency::{IdempotencyKey, KEY_LIFE};
use crate::ledger::{Acquired, Refusal, RefusalReason, RetryAnswer};

fn usage(control: CacheControl, byte: u8) -> CacheUse {
    CacheUse::of(control, Nonce::new([byte; NONCE_BYTES]))
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text, &ClientId::new("client".into()), "/generate").unwrap()
}

fn answers(job: &Job, cache: CacheUse, key: Option<&IdempotencyKey>) -> bool {
    job.answers(cache, key, START, &POLICY)
}

/// Does what the job wants, everything going well, until it only waits.
fn run(job: &mut Job, outcome: &CallOutcome) {
    loop {
        match job.next(START, &POLICY) {
            Step::Acquire(terms) => job.acquired(START, &terms.lease, Acquired::Granted),
            Step::Call => {
                job.call_begins(START, Way::default());
                job.call_ended(START, outcome.clone(), 0, &POLICY);
            }
            Step::AskToRetry(..) => job.retry_answered(START, RetryAnswer::Denied),
            Step::Settle(owed) => job.settled(START, &owed),
            Step::Store(pictures) => keep(job, &pictures),
            Step::Publish => job.published(START),
            Step::Wait(_) => return,
            step => panic!("{step:?}"),
        }
    }
}

#[test]
fn what_is_done_is_not_given_to_who_wants_something_new_and_what_is_under_way_is() {
    let mut job = job(1);
    let renewal = usage(CacheControl::NoCache, 1);
    assert!(answers(&job, renewal, None), "queued");
    run(&mut job, &pictures(1));
    assert!(answers(&job, CacheUse::Usual, None));
    assert!(!answers(&job, renewal, None));
}

#[test]
fn the_request_that_made_something_new_is_given_it_when_it_is_sent_again() {
    let renewal = usage(CacheControl::NoCache, 1);
    let mut job = job_of_use(renewal);
    run(&mut job, &pictures(1));
    assert!(answers(&job, renewal, None));
    assert!(!answers(&job, usage(CacheControl::NoCache, 2), None));
    assert!(job.to_publish().is_some());
}

#[test]
fn what_bypasses_the_cache_is_for_nobody_else() {
    let mut job = job_of_use(usage(CacheControl::NoStore, 1));
    run(&mut job, &pictures(1));
    assert!(job.result().is_some_and(GenerationResult::is_lasting));
    assert!(job.to_publish().is_none());
    assert!(!job.is_for_others());
}

#[test]
fn a_refused_prompt_is_not_sent_again_for_who_wants_something_new() {
    let mut job = job(1);
    run(&mut job, &answered(422, ""));
    assert!(answers(&job, usage(CacheControl::NoCache, 1), None));
}

#[test]
fn a_key_that_has_met_a_generation_is_given_whatever_may_have_been_paid() {
    let cases = [
        (pictures(1), true),
        (CallOutcome::TimedOut, true),
        (CallOutcome::ConnectionLost, true),
        (answered(504, ""), true),
        (answered(302, ""), true),
        (answered(200, "no result"), true),
        (answered(200, r#"{"data": []}"#), false),
        (answered(400, ""), false),
        (answered(401, ""), false),
        (answered(402, ""), false),
        (answered(403, ""), false),
        (answered(429, ""), false),
        (answered(500, ""), false),
        (answered(503, ""), false),
    ];
    for (outcome, paid) in cases {
        let mut job = job(1);
        assert!(job.goes_by(&key("known")));
        assert!(!job.goes_by(&key("known")), "once is enough");
        run(&mut job, &outcome);
        let renewal = usage(CacheControl::NoCache, 1);
        for cache in [CacheUse::Usual, renewal] {
            let known = answers(&job, cache, Some(&key("known")));
            assert_eq!(known, paid, "{outcome:?}");
        }
        assert!(!answers(&job, renewal, Some(&key("other"))), "{outcome:?}");
    }
}

#[test]
fn whether_a_failure_may_have_been_billed_is_told_with_it_also_when_a_later_try_was_free() {
    let policy = Policy {
        retry_unconfirmed: true,
        ..POLICY
    };
    let failure = |job: &Job| match job.reply() {
        Some(Reply::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    };
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, CallOutcome::TimedOut, 0, &policy);
    job.retry_answered(START, RetryAnswer::Allowed);
    let owed = job.owed()[0].clone();
    job.settled(START, &owed);
    let refusal = Refusal {
        reason: RefusalReason::DailyBudget,
        retry_after: Millis::ZERO,
    };
    job.acquired(START, &job.lease_id(), Acquired::Refused(refusal));
    assert!(failure(&job).may_have_been_billed());

    let mut refused = super::job(1);
    refused.acquired(START, &refused.lease_id(), Acquired::Refused(refusal));
    assert!(!failure(&refused).may_have_been_billed());

    let mut interrupted = super::job(1);
    interrupted.acquired(START, &interrupted.lease_id(), Acquired::Granted);
    interrupted.call_begins(START, Way::default());
    interrupted.restarted(START);
    run(&mut interrupted, &pictures(1));
    assert!(failure(&interrupted).may_have_been_billed());
}

#[test]
fn what_goes_by_a_key_is_remembered_for_as_long_as_the_key() {
    for outcome in [CallOutcome::TimedOut, pictures(1)] {
        let mut job = job(1);
        let short = Policy {
            result_life: Millis::from_seconds(60),
            ..POLICY
        };
        run(&mut job, &outcome);
        let last = START.plus(KEY_LIFE).minus(Millis::new(1));
        assert!(matches!(job.next(last, &short), Step::Forget));
        job.goes_by(&key("known"));
        assert!(matches!(job.next(last, &short), Step::Wait(_)));
        assert!(job.answers(CacheUse::Usual, Some(&key("known")), last, &short));
        let end = START.plus(KEY_LIFE);
        assert!(matches!(job.next(end, &short), Step::Forget));
    }
}

#[test]
fn only_so_many_keys_are_remembered() {
    let mut job = job(1);
    let new = (0..1000).filter(|number| job.goes_by(&key(&number.to_string())));
    assert_eq!(new.count(), 100);
}

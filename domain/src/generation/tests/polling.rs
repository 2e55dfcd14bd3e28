//! What Ideogram was given to take: it is asked for until it has an end, through restarts and doubt,
//! and dead links are exchanged before a picture is given up.

use super::*;
use crate::failure::FailureCode;
use crate::generation::{Awaits, PictureState, Reply, State, Step};
use crate::ledger::{Acquired, Settlement};
use crate::retry::FailureCost;
use crate::upstream::{Upstream, UpstreamId};

const SUBMITTED: Way = Way {
    upstream: Upstream::V2,
    awaits: Awaits::Polls,
};

fn seconds(seconds: u64) -> Millis {
    Millis::from_seconds(seconds)
}

fn id() -> UpstreamId {
    UpstreamId::try_from("named-by-Ideogram".to_owned()).unwrap()
}

/// A job for so many pictures that Ideogram has taken at the start.
fn submitted(images: u32) -> Job {
    let mut job = job(images);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, SUBMITTED);
    let answer = answered(200, r#"{"generation_id": "named-by-Ideogram", "seed": 5}"#);
    job.call_ended(START, answer, 0, &POLICY);
    assert!(job.is_polling());
    job
}

fn restarted(job: &Job, now: UnixMillis) -> Job {
    let mut job: Job = serde_json::from_str(&serde_json::to_string(job).unwrap()).unwrap();
    job.restarted(now);
    job
}

fn pending() -> CallOutcome {
    answered(200, r#"{"status": "pending"}"#)
}

fn completed(links: &[&str]) -> CallOutcome {
    let item = |link| json!({"url": link, "seed": 5, "is_image_safe": true});
    let data: Vec<_> = links.iter().map(item).collect();
    let body = json!({"status": "completed", "created": "2026-11-21T12:00:00Z", "data": data});
    answered(200, &body.to_string())
}

/// Waits until it is to be polled, and polls it.
fn poll(job: &mut Job, now: UnixMillis, outcome: CallOutcome) -> UnixMillis {
    let now = match job.next(now, &POLICY) {
        Step::Wait(until) => until,
        _ => now,
    };
    let next = job.next(now, &POLICY);
    assert!(matches!(next, Step::Poll(_) | Step::Settle(_)), "{next:?}");
    job.polled(now, outcome, 0, &POLICY);
    now
}

fn owed(job: &Job) -> Vec<Settlement> {
    job.owed().iter().map(|owed| owed.settlement).collect()
}

const BILLED: Settlement = Settlement::Billed {
    images: 1,
    cost: PRICE,
};

#[test]
fn a_restart_goes_on_polling_and_an_hour_later_what_was_paid_is_had() {
    let mut job = submitted(1);
    let now = poll(&mut job, START, pending());
    let much_later = now.plus(seconds(3600));
    let mut job = restarted(&job, much_later);
    assert_eq!(job.state(), State::Generating);
    poll(
        &mut job,
        much_later,
        completed(&["https://ideogram.ai/1.png"]),
    );
    assert_eq!(job.state(), State::Storing);
    assert_eq!(owed(&job), [BILLED]);
}

#[test]
fn the_price_is_what_ideogram_says_at_last_or_else_its_quote_or_else_the_table() {
    let cost_of = |job: &mut Job, body: &str| {
        poll(job, START, answered(200, body));
        job.result().unwrap().cost
    };
    let data = r#""data": [{"url": "https://ideogram.ai/1.png"}]"#;
    let said = format!(r#"{{"status": "completed", "usage_cost_usd_micros": 61000, {data}}}"#);
    let unsaid = format!(r#"{{"status": "completed", {data}}}"#);
    let mut job = submitted(1);
    assert_eq!(cost_of(&mut job.clone(), &said), MicroDollars::new(61_000));
    assert_eq!(cost_of(&mut job.clone(), &unsaid), PRICE);
    job.quoted = Some(MicroDollars::new(70_000));
    assert_eq!(cost_of(&mut job, &unsaid), MicroDollars::new(70_000));
}

#[test]
fn a_failed_generation_costs_nothing_and_is_tried_again_unless_it_is_the_prompts_fault() {
    let mut job = submitted(1);
    let refused = r#"{"status": "failed", "failure_reason": "content_policy_violation"}"#;
    poll(&mut job, START, answered(200, refused));
    assert!(job.rejection().is_some());
    assert_eq!(owed(&job), [Settlement::Void]);

    let mut job = submitted(1);
    let now = poll(&mut job, START, answered(200, r#"{"status": "failed"}"#));
    assert!(matches!(job.next(now, &POLICY), Step::AskToRetry(..)));
}

#[test]
fn nothing_that_a_poll_comes_to_but_an_end_ends_it() {
    let mut job = submitted(1);
    let mut now = START;
    for status in [401, 402, 403, 429, 500, 503, 524] {
        now = poll(&mut job, now, answered(status, ""));
    }
    for outcome in [CallOutcome::TimedOut, CallOutcome::ConnectionLost] {
        now = poll(&mut job, now, outcome);
    }
    now = poll(&mut job, now, answered(200, r#"{"status": "completed"}"#));
    assert!(job.is_polling() && job.owed().is_empty());
    let retry_after = CallOutcome::Answered {
        status: 429,
        retry_after: Some("33".to_owned()),
        body: vec![],
    };
    now = poll(&mut job, now, retry_after);
    assert!(matches!(job.next(now, &POLICY), Step::Wait(until) if until == now.plus(seconds(33))));
}

#[test]
fn after_the_deadline_the_ledger_hears_of_doubt_and_later_of_the_truth() {
    let mut job = submitted(1);
    let late = START.plus(POLICY.generation_deadline);
    poll(&mut job, late, pending());
    assert!(job.is_polling() && job.reply().is_none());
    assert_eq!(owed(&job), [Settlement::Unconfirmed]);
    assert!(
        job.answers_new_requests(late, &POLICY),
        "nothing is made in its place"
    );
    let doubt = job.owed().first().unwrap().clone();
    job.settled(late, &doubt);
    let now = poll(&mut job, late, pending());
    assert!(job.owed().is_empty(), "the ledger hears of it once");

    let mut made = job.clone();
    poll(&mut made, now, completed(&["https://ideogram.ai/1.png"]));
    assert_eq!(owed(&made), [BILLED]);

    poll(&mut job, now, answered(200, r#"{"status": "failed"}"#));
    assert_eq!(owed(&job), [Settlement::Void]);
    let settled = job.owed().first().unwrap().clone();
    job.settled(now, &settled);
    let Some(Reply::Failed(failure)) = job.reply() else {
        panic!("{job:?}");
    };
    assert_eq!(failure.cost, FailureCost::Nothing);
}

#[test]
fn a_doubt_that_the_ledger_never_heard_of_is_not_told_once_it_is_none() {
    let mut job = submitted(1);
    let late = START.plus(POLICY.generation_deadline);
    let now = poll(&mut job, late, pending());
    poll(&mut job, now, completed(&["https://ideogram.ai/1.png"]));
    assert_eq!(owed(&job), [BILLED]);
}

#[test]
fn what_is_pending_for_an_hour_or_unknown_for_a_minute_is_given_up_as_unconfirmed() {
    let unknown = || answered(404, "{}");
    for (hopeless, outcome) in [
        (seconds(3600), pending as fn() -> _),
        (seconds(90), unknown),
        (seconds(86_400), || CallOutcome::TimedOut),
    ] {
        let mut job = submitted(1);
        job.polled(START.plus(seconds(80)), pending(), 0, &POLICY);
        for more in [0, 59] {
            job.polled(
                START.plus(hopeless).plus(seconds(more)),
                outcome(),
                0,
                &POLICY,
            );
            assert!(job.is_polling(), "one word is not the end");
        }
        job.polled(
            START.plus(hopeless).plus(seconds(60)),
            outcome(),
            0,
            &POLICY,
        );
        assert_eq!(job.state(), State::Failed);
        assert_eq!(owed(&job), [Settlement::Unconfirmed]);
        let record = job.owed().first().unwrap().record.as_ref().unwrap();
        assert_eq!(record.outcome, FailureCode::UpstreamTimeout.as_str());
    }
}

#[test]
fn a_wrong_word_long_after_the_submission_loses_no_picture() {
    let unknown = || answered(404, "{}");
    for wrong in [pending as fn() -> _, unknown] {
        let mut job = restarted(&submitted(1), START.plus(seconds(3600)));
        let now = poll(&mut job, START.plus(seconds(3600)), wrong());
        assert!(job.is_polling());
        poll(&mut job, now, completed(&["https://ideogram.ai/1.png"]));
        assert_eq!(job.state(), State::Storing);
    }
    let mut job = submitted(1);
    for minutes in 2..50 {
        let outcome = if minutes % 2 == 0 {
            unknown()
        } else {
            pending()
        };
        job.polled(START.plus(seconds(60 * minutes)), outcome, 0, &POLICY);
        assert!(job.is_polling(), "what is known again is not unknown");
    }
}

#[test]
fn a_webhook_for_this_generation_makes_the_poll_come_at_once_and_any_other_does_nothing() {
    let mut job = submitted(1);
    assert!(matches!(job.next(START, &POLICY), Step::Wait(_)));
    let other = UpstreamId::try_from("another".to_owned()).unwrap();
    assert!(!job.nudged(START, &other));
    assert!(matches!(job.next(START, &POLICY), Step::Wait(_)));
    assert!(job.nudged(START, &id()));
    assert!(matches!(job.next(START, &POLICY), Step::Poll(polled) if polled == id()));
    poll(&mut job, START, completed(&["https://ideogram.ai/1.png"]));
    assert!(
        !job.nudged(START, &id()),
        "a second one comes too late to matter"
    );
}

#[test]
fn a_webhook_that_comes_while_a_poll_misses_the_news_is_good_for_another_poll_at_once() {
    let mut job = submitted(1);
    assert!(job.nudged(START, &id()));
    job.polled(START, pending(), 0, &POLICY);
    let soon = START.plus(Millis::new(500));
    assert!(matches!(job.next(START, &POLICY), Step::Wait(until) if until == soon));
    job.polled(soon, pending(), 0, &POLICY);
    let Step::Wait(later) = job.next(soon, &POLICY) else {
        panic!("{job:?}");
    };
    assert!(
        later.since(soon) > Millis::from_seconds(1),
        "and then it is patient again"
    );
}

#[test]
fn a_clock_that_goes_back_does_not_put_the_next_poll_off() {
    let mut job = submitted(1);
    let now = poll(&mut job, START, pending());
    let earlier = UnixMillis::new(now.get() - 86_400_000);
    assert!(matches!(job.next(earlier, &POLICY), Step::Poll(_)));
}

#[test]
fn a_submission_whose_answer_is_lost_is_the_one_thing_that_stays_unconfirmed() {
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, SUBMITTED);
    let job = restarted(&job, START);
    assert_eq!(job.state(), State::Failed);
    assert_eq!(owed(&job), [Settlement::Unconfirmed]);
}

#[test]
fn a_submission_that_is_answered_with_pictures_is_done() {
    let mut job = job(1);
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, SUBMITTED);
    job.call_ended(START, pictures(1), 0, &POLICY);
    assert_eq!(job.state(), State::Storing);
    assert_eq!(owed(&job), [BILLED]);
}

/// A job whose picture's link was dead when it was fetched.
fn with_a_dead_link() -> Job {
    let mut job = submitted(1);
    poll(&mut job, START, completed(&["https://ideogram.ai/1.png"]));
    lose(&mut job);
    job
}

fn lose(job: &mut Job) {
    let outcome = StoreOutcome::Impossible("status 404".to_owned());
    job.picture_tried(START, 0, outcome);
    job.round_ended(START);
    for owed in job.owed().to_vec() {
        job.settled(START, &owed);
    }
}

fn renew(job: &mut Job, outcome: CallOutcome) {
    let now = match job.next(START, &POLICY) {
        Step::Wait(until) => until,
        _ => START,
    };
    assert!(matches!(job.next(now, &POLICY), Step::RenewLinks(asked) if asked == id()));
    job.links_renewed(now, outcome);
}

fn picture(job: &Job) -> PictureState {
    job.result()
        .unwrap()
        .pictures
        .first()
        .unwrap()
        .state
        .clone()
}

#[test]
fn a_dead_link_is_exchanged_for_the_one_that_another_poll_gives() {
    let mut job = with_a_dead_link();
    renew(&mut job, CallOutcome::TimedOut);
    renew(&mut job, completed(&["https://ideogram.ai/fresh.png"]));
    let source = "https://ideogram.ai/fresh.png".to_owned();
    assert_eq!(picture(&job), PictureState::Pending { source, dead: None });
    let Step::Store(pictures) = job.next(START.plus(seconds(60)), &POLICY) else {
        panic!("{job:?}");
    };
    keep(&mut job, &pictures);
    assert!(job.result().unwrap().is_lasting());
}

#[test]
fn a_link_given_while_the_clock_is_behind_is_not_old_when_the_clock_is_right() {
    let mut job = submitted(1);
    let behind = UnixMillis::new(START.get() - 2 * 86_400_000);
    job.polled(
        behind,
        completed(&["https://ideogram.ai/1.png"]),
        0,
        &POLICY,
    );
    let outcome = StoreOutcome::Failed("R2 is down".to_owned());
    job.picture_tried(START.plus(seconds(60)), 0, outcome);
    assert!(matches!(
        picture(&job),
        PictureState::Pending { dead: None, .. }
    ));
}

#[test]
fn a_picture_is_lost_once_ideogram_has_no_other_link() {
    let same = || completed(&["https://ideogram.ai/1.png"]);
    let none = || answered(404, "{}");
    let withheld = || answered(200, r#"{"status": "completed", "data": [{"url": null}]}"#);
    for outcome in [same as fn() -> _, none, withheld] {
        let mut job = with_a_dead_link();
        renew(&mut job, outcome());
        assert!(matches!(picture(&job), PictureState::Lost { .. }));
    }
    let mut job = with_a_dead_link();
    for round in 0..3 {
        let fresh = format!("https://ideogram.ai/fresh-{round}.png");
        renew(&mut job, completed(&[&fresh]));
        lose(&mut job);
    }
    assert!(
        matches!(picture(&job), PictureState::Lost { .. }),
        "it is not asked without end"
    );
}

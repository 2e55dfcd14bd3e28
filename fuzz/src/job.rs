//! A generation as it is read from storage: whatever state stands there, its life goes on without a
//! panic, can be stored at every step, and forgets nothing that it owes.

use domain::answer::Answer;
use domain::cache_control::CacheUse;
use domain::fingerprint::{CacheScope, Fingerprint};
use domain::generation::{Awaits, Job, NewJob, Owed, Picture, Policy, Step, StoreOutcome, Way};
use domain::ids::{ClientId, GenerationId};
use domain::ledger::{Acquired, Allowance, Refusal, RefusalReason, RetryAnswer, Settlement};
use domain::money::MicroDollars;
use domain::picture::PictureFormat;
use domain::picture_key::{PictureKey, PictureSecret};
use domain::request::{Endpoint, ImageCount, ImageRequest, Limits, Model, PiiPolicy};
use domain::retry::CallOutcome;
use domain::time::{Millis, UnixMillis};
use domain::upstream::Upstream;
use serde_json::{Value, json};

pub(crate) const TOKENS: &[&str] = &[
    "\"queued\"",
    "{\"ready\":{\"not_before\":0}}",
    "{\"generating\":{\"started_at\":0}}",
    "{\"polling\":{\"id\":\"a\",\"way\":{\"upstream\":\"v2\",\"awaits\":\"polls\"},\"started_at\":0,\"pending_at\":0,\"polls\":0,\"next_at\":0,\"doubted\":null}}",
    "\"asking\":",
    "\"storing\":",
    "\"done\":",
    "\"failed\":",
    "\"unconfirmed\"",
    "\"void\"",
    "\"billed\":",
    "\"working\"",
    "\"failing\"",
    "\"pending\":",
    "\"withheld\"",
    "\"retry_after\":",
    "4294967295",
    "18446744073709551615",
    "null",
];

const POLICY: Policy = Policy {
    max_attempts: 3,
    retry_unconfirmed: true,
    deadline: Millis::from_seconds(240),
    result_life: Millis::from_seconds(604_800),
    generation_deadline: Millis::from_seconds(600),
    poll_floor: Millis::new(500),
};
const MOST_STEPS: usize = 64;
const START: UnixMillis = UnixMillis::new(1_795_262_400_000);

/// The last line says what the world answers, a byte for each step; what is before it is the job.
pub(crate) fn check(data: &[u8]) {
    let mut lines = data.rsplitn(2, |&byte| byte == b'\n');
    let (Some(events), Some(stored)) = (lines.next(), lines.next()) else {
        return;
    };
    let Ok(mut job) = serde_json::from_slice::<Job>(stored) else {
        return;
    };
    let mut now = START;
    for event in events.iter().take(MOST_STEPS) {
        let before = job.clone();
        let confirmed = step(&mut job, *event, now);
        survives_storage(&job);
        nothing_is_forgotten(&before, &job, confirmed.as_ref());
        if let Step::Wait(until) = job.next(now, &POLICY) {
            now = now.max(until);
        }
    }
}

/// A job can keep this answer: what was paid for is read back.
pub(crate) fn holds(answer: &Answer) {
    let Some(mut job) = calling() else {
        return;
    };
    let body = Value::from(answer.clone()).to_string().into_bytes();
    let outcome = CallOutcome::Answered {
        status: 200,
        retry_after: None,
        body,
    };
    job.call_ended(START, outcome, 0, &POLICY);
    assert_eq!(job.result().is_some(), answer.image_count() > 0);
    survives_storage(&job);
}

/// A job whose first call has just left.
fn calling() -> Option<Job> {
    let limits = Limits {
        default_model: Model::V2,
        prompt_max_chars: 100,
        pii: PiiPolicy::Redact,
        max_images: ImageCount::MOST,
    };
    let body = json!({ "image_request": { "prompt": "a fox" } });
    let request = ImageRequest::parse(Endpoint::GENERATE, &body, &limits);
    let request = request.ok()?.request;
    let mut job = Job::new(NewJob {
        id: GenerationId::new(Fingerprint::of(&request, &CacheScope::Shared), [7; 8]),
        client: ClientId::new("client".into()),
        allowance: Allowance::default(),
        endpoint: "/generate".into(),
        request,
        cache: CacheUse::Usual,
        price: MicroDollars::new(80_000),
        quoted: None,
        secret: PictureSecret::new([9; 16]),
        owed: vec![],
        references_left: vec![],
        now: START,
    });
    job.acquired(START, &job.lease_id(), Acquired::Granted);
    job.call_begins(START, Way::default());
    Some(job)
}

fn survives_storage(job: &Job) {
    let stored = serde_json::to_string(job).unwrap_or_default();
    let read = serde_json::from_str::<Job>(&stored);
    assert!(read.is_ok(), "cannot be read again: {:?}", read.err());
    let again = read.and_then(|job| serde_json::to_string(&job));
    assert_eq!(again.unwrap_or_default(), stored);
}

fn nothing_is_forgotten(before: &Job, after: &Job, confirmed: Option<&Owed>) {
    for owed in before.owed() {
        // A doubt gives way to what is known.
        let doubt = owed.settlement == Settlement::Unconfirmed;
        let same = |other: &Owed| {
            other.terms == owed.terms && (doubt || other.settlement == owed.settlement)
        };
        assert!(Some(owed) == confirmed || after.owed().iter().any(same));
    }
    assert!(after.calls() >= before.calls());
    assert!(after.updated_at() >= before.updated_at());
}

/// Does what the job wants, and answers as `event` says; gives back what the ledger has confirmed.
fn step(job: &mut Job, event: u8, now: UnixMillis) -> Option<Owed> {
    let choice = event % 8;
    if event >= 0xF0 {
        job.restarted(now);
        return None;
    }
    if event >= 0xE8 {
        job.cancel(now);
        return None;
    }
    match job.next(now, &POLICY) {
        Step::Settle(_) | Step::Acquire(_) if choice == 0 => job.ledger_failed(now),
        Step::Settle(owed) => {
            job.settled(now, &owed);
            return Some(*owed);
        }
        Step::Acquire(terms) => {
            assert_eq!(terms.images, job.request().images().get());
            job.acquired(now, &job.lease_id(), acquired(choice));
        }
        Step::AskToRetry(..) if choice < 4 => job.retry_answered(now, RetryAnswer::Denied),
        Step::AskToRetry(..) => job.retry_answered(now, RetryAnswer::Allowed),
        Step::Call => {
            job.call_begins(now, way(event));
            survives_storage(job);
            job.call_ended(now, outcome(choice), u64::from(event), &POLICY);
        }
        Step::Poll(_) => {
            job.polled(now, polled(choice), u64::from(event), &POLICY);
            survives_storage(job);
        }
        Step::RenewLinks(_) => job.links_renewed(now, polled(choice)),
        Step::Store(pictures) => {
            for picture in &pictures {
                let outcome = stored(job, picture, choice);
                job.picture_tried(now, picture.index, outcome);
            }
            job.round_ended(now);
        }
        Step::Publish => {
            assert!(job.result().is_some());
            job.published(now);
        }
        Step::GiveUp => job.gave_up(now),
        Step::DropReferences(_) if choice == 0 => job.references_not_dropped(now),
        Step::DropReferences(keys) => {
            assert!(job.calls_are_over(), "a call may need them");
            job.references_dropped(&keys);
        }
        Step::Wait(_) => {}
        Step::Forget => {
            assert!(job.owed().is_empty(), "forgotten with debts");
            assert!(
                job.references_left().is_empty(),
                "forgotten with pictures left"
            );
        }
    }
    None
}

const fn acquired(choice: u8) -> Acquired {
    match choice {
        1 => Acquired::Closed,
        2 => Acquired::Refused(Refusal {
            reason: RefusalReason::QueueFull,
            retry_after: Millis::ZERO,
        }),
        _ => Acquired::Granted,
    }
}

/// Half of the calls are submissions.
const fn way(event: u8) -> Way {
    if event & 0x40 == 0 {
        return Way {
            upstream: Upstream::Legacy,
            awaits: Awaits::Answer,
        };
    }
    Way {
        upstream: Upstream::V2,
        awaits: Awaits::Polls,
    }
}

fn polled(choice: u8) -> CallOutcome {
    let (status, body) = match choice {
        0 => return CallOutcome::TimedOut,
        1 => (404, ""),
        2 => (500, ""),
        3 => (200, r#"{"status":"pending"}"#),
        4 => (
            200,
            r#"{"status":"failed","failure_reason":"content_policy_violation"}"#,
        ),
        5 => (200, r#"{"status":"failed"}"#),
        6 => (200, r#"{"status":"completed","data":[]}"#),
        _ => (
            200,
            r#"{"status":"completed","usage_cost_usd_micros":61000,"data":[{"url":"https://ideogram.ai/1.png","seed":1},{"is_image_safe":false}]}"#,
        ),
    };
    CallOutcome::Answered {
        status,
        retry_after: None,
        body: body.into(),
    }
}

fn outcome(choice: u8) -> CallOutcome {
    let (status, body) = match choice {
        0 => return CallOutcome::TimedOut,
        1 => return CallOutcome::ConnectionLost,
        2 => (429, ""),
        3 => (500, ""),
        4 => (422, r#"{"error":"no"}"#),
        5 => (200, r#"{"data":[]}"#),
        6 => (200, r#"{"generation_id":"taken"}"#),
        _ => (
            200,
            r#"{"data":[{"url":"https://ideogram.ai/0.png","seed":1},{"is_image_safe":false}]}"#,
        ),
    };
    CallOutcome::Answered {
        status,
        retry_after: None,
        body: body.into(),
    }
}

fn stored(job: &Job, picture: &Picture, choice: u8) -> StoreOutcome {
    match choice {
        0 => StoreOutcome::Failed("down".into()),
        1 => StoreOutcome::Impossible("not a picture".into()),
        _ => StoreOutcome::Stored(PictureKey::new(
            job.created_at().day(),
            *job.secret(),
            picture.index,
            picture.seed.unwrap_or(0),
            PictureFormat::Png,
        )),
    }
}

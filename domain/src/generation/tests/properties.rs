//! Generations in a world that answers at random, fails at random and restarts at random: whatever
//! happens, each ends, the ledger is told once what each lease cost, and never less than the bill.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::generation::{Awaits, Cancellation, Events, State, Step};
use crate::ids::LeaseId;
use crate::ledger::{Acquired, Refusal, RefusalReason, RetryAnswer, Settlement};
use crate::upstream::Upstream;

/// The world around a job: which leases were granted, what was booked, what was billed.
#[derive(Default)]
struct World {
    granted: BTreeMap<LeaseId, bool>,
    booked: BTreeMap<LeaseId, Settlement>,
    billed: u32,
    calls: u32,
    cancelled: bool,
    /// How Ideogram is asked.
    way: Way,
    /// Whether the last submission it has named comes to pictures.
    named: Option<bool>,
    /// The pictures in R2 that came with the request.
    references: BTreeSet<ReferenceKey>,
}

#[derive(Debug, Clone, Copy)]
struct Dice {
    outcome: u8,
    billed_all_the_same: bool,
    restart_before: bool,
    restart_after: bool,
    cancel: bool,
}

fn dice() -> impl Strategy<Value = Vec<Dice>> {
    let one = (
        0_u8..12,
        any::<bool>(),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.05),
    );
    let one = one.prop_map(
        |(outcome, billed_all_the_same, restart_before, restart_after, cancel)| Dice {
            outcome,
            billed_all_the_same,
            restart_before,
            restart_after,
            cancel,
        },
    );
    proptest::collection::vec(one, 40..80)
}

/// What a poll says of pictures, with the links of this round.
fn polled(images: u32, round: u32) -> CallOutcome {
    let item = |n| json!({"url": format!("https://ideogram.ai/{round}/{n}.png"), "seed": n});
    let data: Vec<_> = (0..images).map(item).collect();
    answered(
        200,
        &json!({"status": "completed", "data": data}).to_string(),
    )
}

const SUBMITTED: Way = Way {
    upstream: Upstream::V2,
    awaits: Awaits::Polls,
};

fn restart(stored: &Job, now: UnixMillis) -> Job {
    let mut job: Job = serde_json::from_str(&serde_json::to_string(stored).unwrap()).unwrap();
    job.restarted(now);
    job
}

/// Events are numbered without gaps, stay as they were told, and end once.
fn nothing_told_is_taken_back(told: &Events, job: &Job) {
    let now = job.events_after(0);
    assert!((1..).zip(&now.events).all(|(n, event)| event.number == n));
    let kinds = |events: &Events| {
        let kinds = events.events.iter();
        let kinds = kinds.map(|event| std::mem::discriminant(&event.kind));
        kinds.collect::<Vec<_>>()
    };
    assert!(kinds(&now).starts_with(&kinds(told)));
    assert!(!told.ended || now.events.len() == told.events.len());
    let rest = job.events_after(told.events.last().map_or(0, |event| event.number));
    assert_eq!(rest.events.len(), now.events.len() - told.events.len());
}

impl World {
    /// The ledger may have granted its lease, and the answer be on its way.
    fn cancel(&mut self, job: &mut Job, now: UnixMillis) {
        let lease = job.lease_id();
        if job.cancel(now) == Cancellation::Cancelled {
            assert_eq!(self.calls, 0);
            self.cancelled = true;
            self.granted.insert(lease.clone(), true);
            job.acquired(now, &lease, Acquired::Granted);
        }
    }

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
                    let may_follow =
                        |before| before == owed.settlement || before == Settlement::Unconfirmed;
                    assert!(booked.is_none_or(may_follow));
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
                        job.acquired(now, &job.lease_id(), Acquired::Refused(refusal));
                    }
                    3 => job.acquired(now, &job.lease_id(), Acquired::Closed),
                    _ => {
                        self.granted.insert(terms.lease, true);
                        job.acquired(now, &job.lease_id(), Acquired::Granted);
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
                assert!(!self.cancelled, "a call for a cancelled generation");
                let needed = job.request().references().iter();
                let mut needed = needed.map(|reference| &reference.key);
                assert!(
                    needed.all(|key| self.references.contains(key)),
                    "a call without its pictures"
                );
                job.call_begins(now, self.way);
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
                    _ if self.way.awaits != Awaits::Answer => {
                        answered(200, r#"{"generation_id":"g"}"#)
                    }
                    _ => pictures(images),
                };
                let unclear = (4..=7).contains(&dice.outcome) || dice.restart_after;
                let fails = self.way.awaits != Awaits::Answer && dice.outcome == 8;
                let made = matches!(&outcome, CallOutcome::Answered { status: 200, .. }) && !fails;
                self.billed += images * u32::from(made || (unclear && dice.billed_all_the_same));
                if dice.restart_after {
                    return stored;
                }
                job.call_ended(now, outcome, 0, policy);
                self.named = job.is_polling().then_some(!fails);
            }
            Step::Poll(id) => {
                assert_eq!(id.as_str(), "g");
                let outcome = match dice.outcome {
                    0 | 1 => answered(500, ""),
                    2 => answered(200, r#"{"status":"pending"}"#),
                    3 => CallOutcome::TimedOut,
                    _ if self.named == Some(false) => answered(200, r#"{"status":"failed"}"#),
                    _ => polled(job.request().images().get(), 0),
                };
                if !dice.restart_after {
                    job.polled(now, outcome, 0, policy);
                }
            }
            Step::RenewLinks(_) => {
                let images = job.request().images().get();
                let outcome = match dice.outcome {
                    0 => answered(503, ""),
                    1 => answered(404, ""),
                    _ => polled(images, self.calls),
                };
                job.links_renewed(now, outcome);
            }
            Step::Store(tasks) => {
                for task in &tasks {
                    let outcome = match dice.outcome {
                        0 => StoreOutcome::Failed("down".into()),
                        1 => StoreOutcome::Impossible("not a picture".into()),
                        _ => stored(&job, task),
                    };
                    job.picture_tried(now, task.index, outcome);
                }
                if dice.restart_after {
                    return job;
                }
                job.round_ended(now);
            }
            Step::Publish => job.published(now),
            Step::GiveUp => job.gave_up(now),
            Step::DropReferences(keys) => {
                if dice.outcome == 0 {
                    job.references_not_dropped(now);
                } else {
                    self.references.retain(|key| !keys.contains(key));
                    if !dice.restart_after {
                        job.references_dropped(&keys);
                    }
                }
            }
            Step::Forget => assert!(self.references.is_empty(), "forgotten with pictures left"),
            Step::Wait(_) => {}
        }
        job
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_generation_ends_books_at_least_what_was_billed_and_leaves_no_picture(
        images in 1_u32..=8, pictures in 0_usize..3, dice in dice(), retry_unconfirmed: bool, v2: bool
    ) {
        let policy = Policy { retry_unconfirmed, ..POLICY };
        let mut job = job_with(images, pictures);
        let references = job.references_left().iter().cloned().collect();
        let way = if v2 { SUBMITTED } else { Way::default() };
        let mut world = World { references, way, ..World::default() };
        let mut now = START;
        let good = Dice { outcome: 11, billed_all_the_same: false, restart_before: false, restart_after: false, cancel: false };
        for dice in dice.into_iter().chain(std::iter::repeat_n(good, 60)) {
            if dice.restart_before {
                job = restart(&job, now);
            }
            if dice.cancel {
                world.cancel(&mut job, now);
            }
            let (before, told) = (world.calls, job.events_after(0));
            job = world.step(job, dice, now, &policy);
            prop_assert!(world.calls <= before + 1);
            nothing_told_is_taken_back(&told, &job);
            if dice.restart_after {
                job = restart(&job, now);
            }
            if let Step::Wait(until) = job.next(now, &policy) {
                now = until;
            }
        }
        let cancelled = job.state() == State::Cancelled;
        prop_assert_eq!(cancelled, world.cancelled);
        prop_assert!(cancelled || matches!(job.state(), State::Done | State::Failed));
        prop_assert!(world.named != Some(true) || job.state() == State::Done, "what Ideogram named is had");
        prop_assert!(!cancelled || world.calls == 0);
        prop_assert!(job.events_after(0).ended);
        prop_assert!(job.owed.is_empty());
        prop_assert!(world.references.is_empty() && job.references_left().is_empty());
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

//! How the gateway treats an Ideogram in trouble, counted a second time from what the ledger hears,
//! writes and answers: the breaker opens when it has to, no call is repeated unasked, and not too
//! many are.

use std::collections::{BTreeSet, VecDeque};

use super::promises::{Checked, Promise, Promises};
use crate::ids::LeaseId;
use crate::ledger::{BreakerState, CallReport, RetryAnswer};
use crate::retry::Health;
use crate::time::{Millis, UnixMillis};

/// So many failures in a row open the breaker.
const FAILURES_IN_A_ROW: u32 = 5;
/// Within this time so many retries are always allowed, and one for so many grants.
const RETRY_WINDOW: Millis = Millis::from_seconds(60);
const RETRIES_ALWAYS: usize = 3;
const GRANTS_PER_RETRY: usize = 5;

#[derive(Debug, Default)]
pub(super) struct LeftAlone {
    called: BTreeSet<LeaseId>,
    /// Leases under which another call may leave.
    may_call_again: BTreeSet<LeaseId>,
    /// What this life of the ledger has heard and answered. It counts in memory: a ledger that
    /// has forgotten is not held to it.
    life: Life,
}

#[derive(Debug, Default)]
struct Life {
    failures_in_a_row: u32,
    grants: VecDeque<UnixMillis>,
    retries: VecDeque<UnixMillis>,
}

impl LeftAlone {
    pub(super) fn ledger_forgets(&mut self) {
        self.life = Life::default();
    }

    pub(super) fn granted(&mut self, now: UnixMillis) {
        self.life.grants.push_back(now);
    }

    pub(super) fn breaker_written(&mut self) {
        self.life.failures_in_a_row = 0;
    }
}

impl Promises {
    /// The ledger has taken note of a call, with the breaker as it stands by then.
    pub(super) fn call_noted(&mut self, call: &CallReport, breaker: &BreakerState) -> Checked {
        if *breaker != BreakerState::Closed {
            return Ok(());
        }
        let failures = &mut self.left_alone.life.failures_in_a_row;
        let has_to_open = match call.health {
            Health::Working | Health::RateLimited => {
                *failures = 0;
                false
            }
            Health::Failing => {
                *failures += 1;
                *failures >= FAILURES_IN_A_ROW
            }
            Health::KeyRefused | Health::NoCredits => true,
        };
        self.checks.hold(Promise::LeftAlone, !has_to_open, || {
            format!("the breaker stayed closed after {call:?}")
        })
    }

    /// The ledger has said whether a failed call may be tried again, with the breaker as it stands
    /// by then.
    pub(super) fn retry_answered(
        &mut self,
        now: UnixMillis,
        lease: &LeaseId,
        answer: RetryAnswer,
        breaker: &BreakerState,
    ) -> Checked {
        if answer == RetryAnswer::Denied {
            return Ok(());
        }
        let closed = *breaker == BreakerState::Closed;
        self.checks.hold(Promise::LeftAlone, closed, || {
            format!("a retry was allowed while the breaker was {breaker:?}")
        })?;
        self.left_alone.may_call_again.insert(lease.clone());
        let life = &mut self.left_alone.life;
        life.retries.push_back(now);
        let (retries, grants) = (
            recent(&mut life.retries, now),
            recent(&mut life.grants, now),
        );
        let most = (grants / GRANTS_PER_RETRY).max(RETRIES_ALWAYS);
        // The ledger's minute is another one if its clock has jumped.
        let excused = self.clock_jumped_at.is_some();
        self.checks
            .hold(Promise::LeftAlone, retries <= most || excused, || {
                format!("{retries} retries within a minute, and {grants} leases granted")
            })
    }

    /// A call leaves under a lease: the first, or one that the ledger was asked for.
    pub(super) fn call_was_allowed(&mut self, lease: &LeaseId) -> Checked {
        let known = &mut self.left_alone;
        let first = known.called.insert(lease.clone());
        let allowed = known.may_call_again.remove(lease);
        self.checks.hold(Promise::LeftAlone, first || allowed, || {
            format!("a second call left under {lease}, and the ledger had not allowed it")
        })
    }
}

/// How many of these moments are less than a window ago; forgets the others.
fn recent(moments: &mut VecDeque<UnixMillis>, now: UnixMillis) -> usize {
    while moments
        .front()
        .is_some_and(|at| now.since(*at) > RETRY_WINDOW)
    {
        moments.pop_front();
    }
    moments.len()
}

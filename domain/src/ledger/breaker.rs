//! The breaker: leaves Ideogram alone while it fails, then tries it with one request.
//!
//! It opens on 5 failures in a row, on half of at least 10 within 60 s, and at once when Ideogram
//! refuses the key or the account has no credit. It stays open for 30 s, doubled each time the try
//! fails, up to 5 min; then one lease goes through as the probe, and its outcome decides.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::refusal::RefusalReason;
use crate::ids::LeaseId;
use crate::retry::Health;
use crate::time::{Millis, UnixMillis};

const FAILURES_IN_A_ROW: u32 = 5;
const WINDOW: Millis = Millis::from_seconds(60);
const WINDOW_LEAST: usize = 10;
/// More than a minute's worth at any rate the in-flight limit allows; bounds the memory.
const WINDOW_MOST: usize = 1000;
const OPEN_FIRST: Millis = Millis::from_seconds(30);
const OPEN_MOST: Millis = Millis::from_seconds(300);

/// Why the breaker is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerReason {
    /// Ideogram failed too often.
    Failing,
    /// Ideogram refused the gateway's key.
    UpstreamAuth,
    /// The account has no credit.
    NoCredits,
}

impl BreakerReason {
    /// How an `acquire` is refused while it is open.
    #[must_use]
    pub const fn refusal(self) -> RefusalReason {
        match self {
            Self::Failing => RefusalReason::BreakerOpen,
            Self::UpstreamAuth => RefusalReason::UpstreamAuth,
            Self::NoCredits => RefusalReason::NoCredits,
        }
    }
}

/// Where the breaker stands; stored, so that a restart does not close it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Requests go through.
    #[default]
    Closed,
    /// None goes through until the moment named; the first one after it is the probe.
    Open {
        /// Why.
        reason: BreakerReason,
        /// Until when.
        until: UnixMillis,
        /// How often in a row it has opened.
        openings: u32,
    },
    /// The probe is on its way.
    HalfOpen {
        /// Why it was open.
        reason: BreakerReason,
        /// The lease that goes through.
        probe: LeaseId,
        /// How often in a row it has opened.
        openings: u32,
    },
}

/// Whether one more request may go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Open,
    /// Open for one, which decides for those after it.
    Probe,
    Refused {
        reason: BreakerReason,
        retry_after: Millis,
    },
}

#[derive(Debug, Clone, Default)]
pub(super) struct Breaker {
    state: BreakerState,
    failures_in_a_row: u32,
    /// The last minute's outcomes: when, and whether it failed.
    window: VecDeque<(UnixMillis, bool)>,
}

impl Breaker {
    pub(super) fn restore(state: BreakerState) -> Self {
        Self {
            state,
            ..Self::default()
        }
    }

    pub(super) const fn state(&self) -> &BreakerState {
        &self.state
    }

    pub(super) fn admission(&self, now: UnixMillis) -> Admission {
        match &self.state {
            BreakerState::Closed => Admission::Open,
            BreakerState::Open { until, .. } if *until <= now => Admission::Probe,
            BreakerState::Open { reason, until, .. } => Admission::Refused {
                reason: *reason,
                retry_after: until.since(now),
            },
            BreakerState::HalfOpen { reason, .. } => Admission::Refused {
                reason: *reason,
                retry_after: Millis::from_seconds(1),
            },
        }
    }

    /// The lease that goes through first.
    pub(super) fn start_probe(&mut self, lease: &LeaseId) {
        if let BreakerState::Open {
            reason, openings, ..
        } = self.state
        {
            self.state = BreakerState::HalfOpen {
                reason,
                probe: lease.clone(),
                openings,
            };
        }
    }

    /// Takes note of one call's outcome under `lease`.
    pub(super) fn record(&mut self, now: UnixMillis, lease: &LeaseId, health: Health) {
        let failure = match health {
            Health::Working | Health::RateLimited => None,
            Health::Failing => Some(BreakerReason::Failing),
            Health::KeyRefused => Some(BreakerReason::UpstreamAuth),
            Health::NoCredits => Some(BreakerReason::NoCredits),
        };
        match &self.state {
            BreakerState::Closed => self.record_closed(now, failure),
            BreakerState::HalfOpen {
                probe, openings, ..
            } if probe == lease => match failure {
                None => *self = Self::default(),
                Some(reason) => self.open(now, reason, openings.saturating_add(1)),
            },
            // What was on its way when it opened decides nothing.
            BreakerState::Open { .. } | BreakerState::HalfOpen { .. } => {}
        }
    }

    /// Ideogram has taken the gateway's key: if it was left alone because it had refused it, that is
    /// over. Nothing is known of anything else, and what is on its way already decides by itself.
    pub(super) fn key_accepted(&mut self) {
        if let BreakerState::Open {
            reason: BreakerReason::UpstreamAuth,
            ..
        } = self.state
        {
            *self = Self::default();
        }
    }

    /// The probe's lease ended without any outcome: somebody else has to be the probe.
    pub(super) fn probe_vanished(&mut self, now: UnixMillis, lease: &LeaseId) {
        if let BreakerState::HalfOpen {
            reason,
            probe,
            openings,
        } = &self.state
            && probe == lease
        {
            self.state = BreakerState::Open {
                reason: *reason,
                until: now,
                openings: *openings,
            };
        }
    }

    fn record_closed(&mut self, now: UnixMillis, failure: Option<BreakerReason>) {
        match failure {
            None => self.failures_in_a_row = 0,
            Some(BreakerReason::Failing) => self.failures_in_a_row += 1,
            Some(reason) => return self.open(now, reason, 1),
        }
        self.window.push_back((now, failure.is_some()));
        while self.window.len() > WINDOW_MOST
            || self
                .window
                .front()
                .is_some_and(|(at, _)| now.since(*at) > WINDOW)
        {
            self.window.pop_front();
        }
        let failed = self.window.iter().filter(|(_, failed)| *failed).count();
        let half = self.window.len() >= WINDOW_LEAST && failed * 2 >= self.window.len();
        if self.failures_in_a_row >= FAILURES_IN_A_ROW || half {
            self.open(now, BreakerReason::Failing, 1);
        }
    }

    fn open(&mut self, now: UnixMillis, reason: BreakerReason, openings: u32) {
        let doublings = openings.saturating_sub(1).min(16);
        let length = OPEN_FIRST.times(1 << doublings).min(OPEN_MOST);
        *self = Self::restore(BreakerState::Open {
            reason,
            until: now.plus(length),
            openings,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(number: u64) -> LeaseId {
        LeaseId::new(number.to_string())
    }

    fn at(seconds: u64) -> UnixMillis {
        UnixMillis::new(seconds * 1000)
    }

    fn fail(breaker: &mut Breaker, times: u64, now: UnixMillis) {
        for number in 0..times {
            breaker.record(now, &lease(number), Health::Failing);
        }
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 4, at(0));
        breaker.record(at(0), &lease(9), Health::Working);
        fail(&mut breaker, 4, at(0));
        assert_eq!(breaker.admission(at(0)), Admission::Open);
        breaker.record(at(0), &lease(9), Health::Failing);
        assert_eq!(
            breaker.admission(at(10)),
            Admission::Refused {
                reason: BreakerReason::Failing,
                retry_after: Millis::from_seconds(20)
            }
        );
    }

    #[test]
    fn half_of_ten_within_a_minute_opens_it_and_older_ones_do_not_count() {
        let mut breaker = Breaker::default();
        let alternate = |breaker: &mut Breaker, now| {
            breaker.record(now, &lease(1), Health::Working);
            breaker.record(now, &lease(1), Health::Failing);
        };
        for second in 0..4 {
            alternate(&mut breaker, at(second));
        }
        alternate(&mut breaker, at(100));
        assert_eq!(breaker.admission(at(100)), Admission::Open);
        for second in 101..105 {
            alternate(&mut breaker, at(second));
        }
        assert!(matches!(
            breaker.admission(at(105)),
            Admission::Refused { .. }
        ));
    }

    #[test]
    fn a_refused_key_and_an_empty_account_open_it_at_once() {
        for (health, reason) in [
            (Health::KeyRefused, BreakerReason::UpstreamAuth),
            (Health::NoCredits, BreakerReason::NoCredits),
        ] {
            let mut breaker = Breaker::default();
            breaker.record(at(0), &lease(1), health);
            let retry_after = Millis::from_seconds(30);
            assert_eq!(
                breaker.admission(at(0)),
                Admission::Refused {
                    reason,
                    retry_after
                }
            );
        }
    }

    #[test]
    fn an_accepted_key_closes_it_only_if_the_key_was_what_was_wrong() {
        let mut breaker = Breaker::default();
        breaker.record(at(0), &lease(1), Health::KeyRefused);
        breaker.key_accepted();
        assert_eq!(breaker.admission(at(1)), Admission::Open);

        breaker.record(at(2), &lease(1), Health::NoCredits);
        breaker.key_accepted();
        assert!(matches!(
            breaker.admission(at(3)),
            Admission::Refused { .. }
        ));

        let mut breaker = Breaker::default();
        fail(&mut breaker, 5, at(0));
        breaker.key_accepted();
        assert!(matches!(
            breaker.admission(at(1)),
            Admission::Refused { .. }
        ));

        let mut breaker = Breaker::default();
        breaker.record(at(0), &lease(1), Health::KeyRefused);
        breaker.start_probe(&lease(2));
        breaker.key_accepted();
        let half_open = matches!(breaker.state(), BreakerState::HalfOpen { .. });
        assert!(half_open, "the request on its way decides");
    }

    #[test]
    fn rate_limits_and_refusals_are_no_failures() {
        let mut breaker = Breaker::default();
        for number in 0..100 {
            breaker.record(at(0), &lease(number), Health::RateLimited);
        }
        assert_eq!(breaker.admission(at(0)), Admission::Open);
    }

    #[test]
    fn one_probe_goes_through_and_closes_it_or_doubles_the_wait() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 5, at(0));
        let mut now = at(0);
        for seconds in [30, 60, 120, 240, 300, 300] {
            now = now.plus(Millis::from_seconds(seconds));
            assert!(matches!(
                breaker.admission(now.plus(Millis::ZERO)),
                Admission::Probe
            ));
            breaker.start_probe(&lease(1));
            assert!(matches!(breaker.admission(now), Admission::Refused { .. }));
            breaker.record(now, &lease(2), Health::Working);
            assert!(matches!(breaker.admission(now), Admission::Refused { .. }));
            breaker.record(now, &lease(1), Health::Failing);
        }
        now = now.plus(Millis::from_seconds(300));
        breaker.start_probe(&lease(3));
        breaker.record(now, &lease(3), Health::Working);
        assert_eq!(breaker.admission(now), Admission::Open);
    }

    #[test]
    fn a_probe_that_vanishes_makes_room_for_another() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 5, at(0));
        breaker.start_probe(&lease(1));
        breaker.probe_vanished(at(40), &lease(1));
        assert_eq!(breaker.admission(at(40)), Admission::Probe);
    }
}

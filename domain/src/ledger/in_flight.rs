//! How many pictures may be in progress at the moment. Ideogram's own limit may be lower than the
//! configured one, for a while or for good: each time it says so the limit is halved, and every
//! 30 s without such a word one place comes back.

use crate::time::{Millis, UnixMillis};

const RECOVERY: Millis = Millis::from_seconds(30);

#[derive(Debug, Clone)]
pub(super) struct InFlightLimit {
    configured: u32,
    effective: u32,
    /// When it was last halved or given a place back.
    changed_at: UnixMillis,
}

impl InFlightLimit {
    pub(super) const fn new(configured: u32, now: UnixMillis) -> Self {
        Self {
            configured,
            effective: configured,
            changed_at: now,
        }
    }

    pub(super) const fn effective(&self) -> u32 {
        self.effective
    }

    /// Ideogram had too much in progress for a call that left at `started_at`. Calls that had left
    /// before the last halving say nothing new.
    pub(super) fn exceeded(&mut self, now: UnixMillis, started_at: UnixMillis) {
        if started_at >= self.changed_at || self.effective == self.configured {
            self.effective = (self.effective / 2).max(1);
            self.changed_at = now;
        }
    }

    pub(super) fn recover(&mut self, now: UnixMillis) {
        while self.effective < self.configured && now.since(self.changed_at) >= RECOVERY {
            self.effective += 1;
            self.changed_at = self.changed_at.plus(RECOVERY);
        }
    }

    /// When the next place comes back; none if all are there.
    pub(super) fn next_recovery(&self) -> Option<UnixMillis> {
        (self.effective < self.configured).then(|| self.changed_at.plus(RECOVERY))
    }

    /// Whether so many more fit. A request larger than the limit of the moment goes alone.
    pub(super) const fn admits(&self, in_flight: u32, images: u32) -> bool {
        let together = in_flight.saturating_add(images);
        together <= self.effective || (in_flight == 0 && images <= self.configured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixMillis {
        UnixMillis::new(seconds * 1000)
    }

    #[test]
    fn one_burst_of_refusals_halves_it_once_and_places_come_back_one_by_one() {
        let mut limit = InFlightLimit::new(8, at(0));
        for _ in 0..8 {
            limit.exceeded(at(100), at(99));
        }
        assert_eq!(limit.effective(), 4);
        limit.exceeded(at(102), at(101));
        assert_eq!(limit.effective(), 2);
        limit.recover(at(131));
        assert_eq!(limit.effective(), 2);
        limit.recover(at(132));
        assert_eq!(limit.effective(), 3);
        assert_eq!(limit.next_recovery(), Some(at(162)));
        limit.recover(at(10_000));
        assert_eq!(limit.effective(), 8);
        assert_eq!(limit.next_recovery(), None);
    }

    #[test]
    fn it_never_falls_below_one_and_a_large_request_goes_alone() {
        let mut limit = InFlightLimit::new(8, at(0));
        for second in 1..20 {
            limit.exceeded(at(second), at(second));
        }
        assert_eq!(limit.effective(), 1);
        assert!(limit.admits(0, 8));
        assert!(!limit.admits(1, 1));
        assert!(!limit.admits(0, 9));
    }
}

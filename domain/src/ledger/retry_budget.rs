//! How much may be tried again, over all jobs: at most 20 % of what was granted in the last 60 s,
//! and always 3, so that an outage at Ideogram is not multiplied by everybody's retries.

use std::collections::VecDeque;

use crate::time::{Millis, UnixMillis};

const WINDOW: Millis = Millis::from_seconds(60);
const GRANTS_PER_RETRY: usize = 5;
const ALWAYS: usize = 3;
/// More grants than any in-flight limit lets through in a minute; bounds the memory.
const MOST_REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Default)]
pub(super) struct RetryBudget {
    grants: VecDeque<UnixMillis>,
    retries: VecDeque<UnixMillis>,
}

impl RetryBudget {
    pub(super) fn granted(&mut self, now: UnixMillis) {
        remember(&mut self.grants, now);
    }

    /// Takes one retry out of the budget, if there is one left.
    pub(super) fn take(&mut self, now: UnixMillis) -> bool {
        forget(&mut self.grants, now);
        forget(&mut self.retries, now);
        let most = (self.grants.len() / GRANTS_PER_RETRY).max(ALWAYS);
        let left = self.retries.len() < most;
        if left {
            remember(&mut self.retries, now);
        }
        left
    }
}

fn remember(moments: &mut VecDeque<UnixMillis>, now: UnixMillis) {
    if moments.len() == MOST_REMEMBERED {
        moments.pop_front();
    }
    moments.push_back(now);
}

fn forget(moments: &mut VecDeque<UnixMillis>, now: UnixMillis) {
    while moments.front().is_some_and(|at| now.since(*at) > WINDOW) {
        moments.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &mut RetryBudget, now: UnixMillis) -> usize {
        (0..1000).filter(|_| budget.take(now)).count()
    }

    #[test]
    fn three_retries_a_minute_are_always_allowed_and_a_fifth_of_many_requests() {
        let mut budget = RetryBudget::default();
        let now = UnixMillis::new(1_000_000);
        assert_eq!(taken(&mut budget, now), 3);
        for _ in 0..100 {
            budget.granted(now);
        }
        assert_eq!(taken(&mut budget, now), 17);
        let later = now.plus(Millis::from_seconds(61));
        assert_eq!(taken(&mut budget, later), 3);
    }
}

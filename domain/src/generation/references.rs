//! The pictures that came with a generation's request, until they are deleted: a generation that has
//! started has them to itself, and they go once no call can leave any more. What a generation leaves
//! behind goes over to the next in the same object.

use serde::{Deserialize, Serialize};

use super::pictures::wait_after_round;
use super::words::Step;
use crate::request::{Reference, ReferenceKey};
use crate::time::UnixMillis;

/// What is still in R2.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HeldReferences {
    keys: Vec<ReferenceKey>,
    /// How often in a row they could not be deleted, and when that is tried again.
    failures: u32,
    next_at: UnixMillis,
}

impl HeldReferences {
    pub fn new(left: Vec<ReferenceKey>, own: &[Reference]) -> Self {
        let mut keys = left;
        for reference in own {
            if !keys.contains(&reference.key) {
                keys.push(reference.key.clone());
            }
        }
        Self {
            keys,
            ..Self::default()
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn keys(&self) -> &[ReferenceKey] {
        &self.keys
    }

    /// What a generation with nothing else to do until `rest` does.
    pub fn next(&self, now: UnixMillis, rest: Option<UnixMillis>) -> Step {
        if self.failures == 0 || self.next_at <= now {
            return Step::DropReferences(self.keys.clone());
        }
        Step::Wait(rest.map_or(self.next_at, |rest| rest.min(self.next_at)))
    }

    pub fn dropped(&mut self, keys: &[ReferenceKey]) {
        self.keys.retain(|key| !keys.contains(key));
        self.failures = 0;
    }

    pub fn not_dropped(&mut self, now: UnixMillis) {
        self.failures = self.failures.saturating_add(1);
        self.next_at = now.plus(wait_after_round(self.failures));
    }

    /// The clock may have gone back since.
    pub fn restarted(&mut self, now: UnixMillis) {
        self.next_at = self.next_at.min(now);
    }
}

//! Whom a generation answers besides the request that started it: what others want of the cache,
//! which keys it goes by, and whether its result is for everybody.

use super::job::{Job, MOST_JOINED, Phase};
use super::words::{GenerationResult, Policy};
use crate::cache_control::CacheUse;
use crate::idempotency::IdempotencyKey;
use crate::time::UnixMillis;

impl Job {
    /// Whether it answers a request that makes this use of the cache, with this key if it has one.
    ///
    /// A key that has met it before stands for a request that never heard of the outcome: it is
    /// given whatever may have been paid. A request for something new is not given what is there;
    /// what is under way is newer than that, and is paid once.
    #[must_use]
    pub fn answers(
        &self,
        cache: CacheUse,
        key: Option<&IdempotencyKey>,
        now: UnixMillis,
        policy: &Policy,
    ) -> bool {
        let known = key.is_some_and(|key| self.keys.contains(key));
        match &self.phase {
            Phase::Done(_) if known => true,
            Phase::Failed(failure) if known && failure.may_have_been_billed() => true,
            // Until those who wait have heard of it, it is under way.
            Phase::Done(_) if cache.renews() && self.cache != cache => self.reply().is_none(),
            _ => self.answers_new_requests(now, policy),
        }
    }

    /// A request with this key has started or met it. Says whether that has to be stored; beyond a
    /// number that no picture needs they are no longer remembered.
    pub fn goes_by(&mut self, key: &IdempotencyKey) -> bool {
        let room = self.keys.len() < MOST_JOINED;
        room && self.keys.insert(key.clone())
    }

    /// The result, if it lasts and is for everybody.
    #[must_use]
    pub fn to_publish(&self) -> Option<&GenerationResult> {
        let result = self.result().filter(|_| self.cache.writes());
        result.filter(|result| result.is_lasting())
    }

    /// Whether anything of it may be remembered for others.
    #[must_use]
    pub const fn is_for_others(&self) -> bool {
        self.cache.writes()
    }
}

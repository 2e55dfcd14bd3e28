//! What is known of Ideogram's keys, and when they are asked for anew: when they are old, and when a
//! signature fits none of them, because Ideogram changes its keys. Holds true: however many deliveries
//! are forged, Ideogram is asked at most once a minute.

use serde::{Deserialize, Serialize};

use super::delivery::Delivery;
use super::key_set::KeySet;
use super::refused::DeliveryRefused;
use crate::time::{Millis, UnixMillis};
use crate::upstream::UpstreamId;

/// The longest that keys are relied on (Ideogram's page on webhooks).
const KEYS_LIFE: Millis = Millis::from_seconds(24 * 60 * 60);
/// The least time between two requests for keys.
const BETWEEN_FETCHES: Millis = Millis::from_seconds(60);

/// Keys, and when Ideogram was asked for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchedKeys {
    /// The keys.
    pub keys: KeySet,
    /// When Ideogram was asked.
    pub fetched_at: UnixMillis,
}

/// What is known so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownKeys {
    fetched: Option<FetchedKeys>,
    /// When Ideogram was asked for them last, whatever came of it.
    asked_at: Option<UnixMillis>,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Ideogram has sent it, about this generation.
    Genuine(UpstreamId),
    /// It is not taken.
    Refused(DeliveryRefused),
    /// Newer keys have to be had first.
    NeedsKeys,
}

impl KnownKeys {
    /// Nothing.
    pub const NONE: Self = Self {
        fetched: None,
        asked_at: None,
    };

    /// Learns keys, unless newer ones are known.
    pub fn learn(&mut self, fetched: FetchedKeys) {
        let known = self.fetched.as_ref();
        if known.is_none_or(|known| known.fetched_at <= fetched.fetched_at) {
            self.fetched = Some(fetched);
        }
    }

    /// Ideogram is asked for its keys now. To be told before it is.
    pub const fn ask(&mut self, now: UnixMillis) {
        self.asked_at = Some(now);
    }

    /// What becomes of a delivery by what is known now.
    #[must_use]
    pub fn judge(&self, delivery: &Delivery, now: UnixMillis) -> Judgement {
        let fetched = self.fetched.as_ref();
        let fresh = fetched.filter(|fetched| now.since(fetched.fetched_at) < KEYS_LIFE);
        let Delivery {
            upstream_id,
            message,
            signature,
        } = delivery;
        match fresh {
            Some(fresh) if fresh.keys.verifies(message.as_bytes(), signature) => {
                Judgement::Genuine(upstream_id.clone())
            }
            _ if self.may_ask(now) => Judgement::NeedsKeys,
            Some(fresh) if self.is_the_last_word(fresh) => {
                Judgement::Refused(DeliveryRefused::Forged)
            }
            _ => Judgement::Refused(DeliveryRefused::KeysUnknown),
        }
    }

    /// Whether Ideogram was not asked within the last minute, here or wherever the keys are from.
    fn may_ask(&self, now: UnixMillis) -> bool {
        let fetched_at = self.fetched.as_ref().map(|fetched| fetched.fetched_at);
        let last = self.asked_at.max(fetched_at);
        last.is_none_or(|last| now.since(last) >= BETWEEN_FETCHES)
    }

    /// Whether these keys are from the last time that Ideogram was asked. Otherwise it did not answer
    /// then, or has not yet, and may have other keys by now.
    fn is_the_last_word(&self, fetched: &FetchedKeys) -> bool {
        self.asked_at
            .is_none_or(|asked| asked <= fetched.fetched_at)
    }
}

//! How the gateway is, judged from what is known of its parts. `probe` is one look at Ideogram,
//! `ideogram` what follows from the last one, from the breaker and from real calls.

mod ideogram;
mod probe;

use serde::{Deserialize, Serialize};

pub use self::ideogram::IdeogramHealth;
pub use self::probe::{Probe, ProbeKind, picture_asked};
use crate::ledger::Status;

/// How the gateway, or a part of it, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All is well.
    Healthy,
    /// It serves, with something amiss.
    Degraded,
    /// It does not make pictures.
    Down,
    /// It is switched off on purpose.
    Disabled,
    /// The ledger's books are wrong, so it spends nothing.
    Frozen,
    /// Nobody can say.
    Unknown,
}

/// What is known of the parts.
#[derive(Debug, Clone)]
pub struct Parts<'parts> {
    /// Whether the settings are right.
    pub settings: bool,
    /// The ledger's word, if it answered.
    pub ledger: Option<&'parts Status>,
    /// How Ideogram is.
    pub ideogram: IdeogramHealth,
    /// Whether the cache answered.
    pub cache: bool,
    /// Whether the pictures' store answered.
    pub images: bool,
}

impl Parts<'_> {
    /// How the ledger is.
    #[must_use]
    pub fn ledger(&self) -> Condition {
        match self.ledger {
            None => Condition::Down,
            Some(status) if status.frozen.is_some() => Condition::Frozen,
            Some(_) => Condition::Healthy,
        }
    }

    /// How the gateway is as a whole: healthy, degraded or down.
    #[must_use]
    pub fn overall(&self) -> Condition {
        let ideogram = self.ideogram.condition;
        let spends = self.settings && self.ledger() == Condition::Healthy;
        if !spends || ideogram == Condition::Down {
            Condition::Down
        } else if ideogram != Condition::Healthy || !self.cache || !self.images {
            Condition::Degraded
        } else {
            Condition::Healthy
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureCode;
    use crate::ledger::{BreakerReason, BreakerState, Frozen, Ledger, Limits, Stored};
    use crate::money::MicroDollars;
    use crate::time::{Millis, UnixMillis};

    pub(super) fn status() -> Status {
        let limits = Limits {
            enabled: true,
            daily_budget: MicroDollars::ZERO,
            max_in_flight: 8,
            queue_limit: 0,
            queue_timeout: Millis::ZERO,
            lease_duration: Millis::ZERO,
            unconfirmed_hold: Millis::ZERO,
        };
        Ledger::restore(limits, Stored::default(), UnixMillis::new(0)).status()
    }

    fn well(status: &Status) -> Parts<'_> {
        Parts {
            settings: true,
            ledger: Some(status),
            ideogram: IdeogramHealth::of(Some(status), true, UnixMillis::new(0)),
            cache: true,
            images: true,
        }
    }

    fn overall(change: impl FnOnce(&mut Status)) -> Condition {
        let mut status = status();
        change(&mut status);
        well(&status).overall()
    }

    #[test]
    fn what_cannot_spend_is_down_and_what_can_with_something_amiss_is_degraded() {
        let open = BreakerState::Open {
            reason: BreakerReason::Failing,
            until: UnixMillis::new(1),
            openings: 1,
        };
        assert_eq!(overall(|_| {}), Condition::Healthy);
        assert_eq!(
            overall(|status| status.enabled = false),
            Condition::Degraded
        );
        assert_eq!(overall(|status| status.breaker = open), Condition::Down);
        let refused = Err(FailureCode::UpstreamAuth);
        let probe = Probe::of_generation(UnixMillis::new(0), Millis::ZERO, refused);
        let probed = |status: &mut Status| status.last_probe = Some(probe);
        assert_eq!(overall(probed), Condition::Down);
        let frozen = Some(Frozen::TotalsBelowZero);
        assert_eq!(overall(|status| status.frozen = frozen), Condition::Down);
    }

    #[test]
    fn wrong_settings_and_a_silent_ledger_are_down_and_a_silent_store_is_degraded() {
        let status = status();
        let wrong_settings = Parts {
            settings: false,
            ..well(&status)
        };
        let no_ledger = Parts {
            ledger: None,
            ideogram: IdeogramHealth::of(None, true, UnixMillis::new(0)),
            ..well(&status)
        };
        let no_cache = Parts {
            cache: false,
            ..well(&status)
        };
        let no_images = Parts {
            images: false,
            ..well(&status)
        };
        assert_eq!(wrong_settings.overall(), Condition::Down);
        assert_eq!(no_ledger.overall(), Condition::Down);
        assert_eq!(no_cache.overall(), Condition::Degraded);
        assert_eq!(no_images.overall(), Condition::Degraded);
    }
}

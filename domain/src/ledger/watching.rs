//! What the ledger hears of Ideogram besides: how it is, what it asks and what it charged, from those who watch it,
//! and how long it takes, from calls. None of it spends anything.

use super::commands::{CallReport, Effects, Write};
use super::machine::Ledger;
use crate::health::Probe;
use crate::pace::Paces;
use crate::quote::PriceWatch;
use crate::reconciliation::Reconciliation;
use crate::retry::Health;
use crate::time::UnixMillis;

impl Ledger {
    /// A look at Ideogram. One that found the key accepted ends the time in which nothing is asked
    /// because it was refused. One that found it refused begins none: a quote goes to another API
    /// than pictures do, and the first real call that is refused costs nothing and decides at once.
    pub fn probed(&mut self, now: UnixMillis, probe: Probe) -> Effects {
        let mut effects = self.tick(now);
        if probe.key_accepted {
            self.breaker_changes(&mut effects, |breaker, _| breaker.key_accepted());
        }
        self.last_probe = Some(probe.clone());
        effects.writes.push(Write::Probe(probe));
        effects
    }

    /// A look at Ideogram's prices.
    pub fn quoted(&mut self, now: UnixMillis, watch: PriceWatch) -> Effects {
        let mut effects = self.tick(now);
        effects.writes.push(Write::PriceWatch(watch));
        effects
    }

    /// A day by both accounts.
    pub fn reconciled(&mut self, now: UnixMillis, reconciliation: Reconciliation) -> Effects {
        let mut effects = self.tick(now);
        effects.writes.push(Write::Reconciliation(reconciliation));
        effects
    }

    /// How long models take, as far as that is known.
    #[must_use]
    pub fn paces(&self) -> Paces {
        self.times.paces()
    }

    /// A call under a lease for this model has ended. How long it takes to fail says nothing.
    pub(super) fn learn(&mut self, model: &str, call: CallReport, effects: &mut Effects) {
        if call.polled && call.health == Health::Working {
            self.times.heard(model, call.pending_for, call.latency);
            effects.writes.push(Write::Times(self.times.clone()));
        }
    }
}

//! What the ledger hears from those who watch Ideogram: how it is, and what it charges. Neither
//! spends anything.

use super::commands::{Effects, Write};
use super::machine::Ledger;
use crate::health::Probe;
use crate::quote::PriceWatch;
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
}

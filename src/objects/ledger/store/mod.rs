//! The ledger's rows: each kind of them has a file, and `schema` has the tables. Here is what a
//! ledger starts from, and how all that a command leads to is written as one.

mod alerts;
mod costs;
mod counters;
mod facts;
mod history;
mod leases;
mod pages;
mod probes;
mod reconciliations;
mod restored;
mod schema;
mod totals;

use domain::generation::Owed;
use domain::ledger::{BreakerState, Ledger, Stored, Write};
use domain::time::UnixMillis;

pub use self::history::Recorded;
use self::schema::VERSIONS;
use crate::objects::sql::{Sql, StorageError, migrate};

const BREAKER: &str = "breaker";
const LAST_CALL: &str = "last_call";
const LAST_PROBE: &str = "last_probe";
/// The last look at Ideogram's prices.
const QUOTES: &str = "quotes";
/// How long models take.
const TIMES: &str = "times";
const MODE: &str = "mode";

/// The ledger's storage.
pub struct LedgerStore<S>(pub S);

impl<S: Sql> LedgerStore<S> {
    /// Reads what a ledger starts from, after bringing the tables up to date.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load(&self, now: UnixMillis) -> Result<Stored, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let leases = self.open_leases()?;
        leases::prune(&self.0, Ledger::first_day_kept(now.day()))?;
        Ok(Stored {
            leases,
            totals: self.totals(now.day())?,
            audit: self.audit(now.day())?,
            tokens: self.tokens(now)?,
            breaker: self.fact(BREAKER)?.unwrap_or(BreakerState::Closed),
            last_call: self.fact(LAST_CALL)?,
            last_probe: self.fact(LAST_PROBE)?,
            times: self.readable_fact(TIMES)?.unwrap_or_default(),
            mode: self.fact(MODE)?.unwrap_or_default(),
        })
    }

    /// Writes what a command led to, and what goes into the history with it: all of it or nothing.
    ///
    /// # Errors
    /// The storage failed.
    pub fn write(&self, writes: Vec<Write>, settled: Option<Owed>) -> Result<(), StorageError> {
        self.0.atomically(move |sql| {
            for write in &writes {
                write_one(sql, write)?;
            }
            match &settled {
                Some(owed) => history::write_history(sql, owed),
                None => Ok(()),
            }
        })
    }
}

fn write_one(sql: &impl Sql, write: &Write) -> Result<(), StorageError> {
    counters::count(sql, write)?;
    match write {
        Write::Lease(lease) => leases::write_lease(sql, lease),
        Write::Totals(change) => totals::write_totals(sql, change),
        Write::Breaker(state) => facts::write_fact(sql, BREAKER, state),
        Write::LastCall(call) => facts::write_fact(sql, LAST_CALL, call),
        Write::Probe(probe) => probes::write_probe(sql, probe),
        Write::PriceWatch(watch) => facts::write_fact(sql, QUOTES, watch),
        Write::Reconciliation(day) => reconciliations::write_reconciliation(sql, day),
        Write::Times(times) => facts::write_fact(sql, TIMES, times),
        Write::Mode(mode) => facts::write_fact(sql, MODE, mode),
        Write::PruneLeases { before } => leases::prune(sql, *before),
        Write::Waited(_) => Ok(()),
        Write::Gathered(batch) => totals::write_saved(sql, batch),
        Write::Alert(write) => alerts::write_alert(sql, write),
    }
}

#[cfg(test)]
mod tests;

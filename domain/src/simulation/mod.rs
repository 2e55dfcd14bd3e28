//! The whole gateway in one thread and in no time: callers, Workers, Generation objects, the Ledger
//! object, Ideogram with its bill, R2, KV, and everything that can go wrong between them.
//!
//! One seed decides everything: settings, callers, faults and when they strike. After every step
//! the promises of ARCHITECTURE.md are checked; one that does not hold ends the run with the seed, and
//! the same seed runs the same way again. The rules are the real ones, `generation` and `ledger`;
//! what is modelled is what surrounds them: `generation_object`, `driver` and `ledger_object` do
//! what the Worker's Durable Objects do, step by step, write by write.
//!
//! `world` is the event loop, `events` what can happen, `faults` what can go wrong, `promises` and
//! its neighbours what has to hold.

mod callers;
mod chance;
mod driver;
mod events;
mod faults;
mod generation_object;
mod generation_promises;
mod ideogram;
mod ideogram_moods;
mod ideogram_polled;
mod large_faults;
mod lease_promises;
mod ledger_object;
mod ledger_rows;
mod left_alone;
mod messages;
mod promises;
mod report;
mod rest;
mod settings;
mod storage;
mod versions;
mod world;

#[cfg(test)]
mod tests;

pub use self::faults::Fault;
pub use self::promises::Promise;
pub use self::report::{BrokenPromise, Report};

use self::world::World;

/// Runs the world that grows from `seed` until it has come to rest.
///
/// # Errors
/// A promise was broken; the error holds what led to it.
pub fn simulate(seed: u64) -> Result<Report, Box<BrokenPromise>> {
    let unwatched = World::new(seed, false).run();
    match unwatched {
        Ok(report) => Ok(report),
        // Once more, the same, with somebody who writes down what happens.
        Err(_) => World::new(seed, true).run(),
    }
}

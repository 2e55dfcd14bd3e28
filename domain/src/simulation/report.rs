//! What a run comes to.

use std::collections::BTreeMap;
use std::fmt;

use super::faults::Fault;
use super::promises::Promise;
use crate::money::MicroDollars;
use crate::time::UnixMillis;

/// What one run, or many, came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Generations that were started.
    pub generations: u64,
    /// Requests of callers.
    pub visits: u64,
    /// Calls to Ideogram.
    pub calls: u64,
    /// Things that happened.
    pub steps: u64,
    /// What Ideogram billed.
    pub billed: MicroDollars,
    /// The part of it that Ideogram reported as failed.
    pub billed_failures: MicroDollars,
    /// Those of them whose answer is an id to poll.
    pub submissions: u64,
    /// Calls that were billed, their answer lost, and their pictures with it.
    pub lost_calls: u64,
    /// The same of submissions.
    pub lost_submissions: u64,
    /// Polls.
    pub polls: u64,
    /// Faults by kind.
    pub faults: BTreeMap<Fault, u64>,
    /// Checks by promise.
    pub checks: BTreeMap<Promise, u64>,
    /// Stands for everything that happened, in its order.
    pub history: u64,
}

impl Report {
    /// Adds another run.
    pub fn add(&mut self, other: &Self) {
        self.generations += other.generations;
        self.visits += other.visits;
        self.calls += other.calls;
        self.steps += other.steps;
        self.submissions += other.submissions;
        self.lost_calls += other.lost_calls;
        self.lost_submissions += other.lost_submissions;
        self.polls += other.polls;
        self.billed = self.billed.plus(other.billed);
        self.billed_failures = self.billed_failures.plus(other.billed_failures);
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
        for (promise, count) in &other.checks {
            *self.checks.entry(*promise).or_default() += count;
        }
        self.history = self.history.rotate_left(1) ^ other.history;
    }
}

/// A promise that was broken, with what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenPromise {
    /// The seed that leads to it, always.
    pub seed: u64,
    /// After how many steps.
    pub step: u64,
    /// At what moment of the simulated world.
    pub at: UnixMillis,
    /// Which.
    pub promise: Promise,
    /// How it shows.
    pub how: String,
    /// What happened last, the oldest first.
    pub trace: Vec<String>,
}

impl fmt::Display for BrokenPromise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.trace {
            writeln!(formatter, "  {line}")?;
        }
        writeln!(
            formatter,
            "seed {}, step {}, {}: the promise \"{}\" is broken",
            self.seed,
            self.step,
            self.at.to_rfc3339(),
            self.promise
        )?;
        write!(formatter, "  {}", self.how)
    }
}

impl std::error::Error for BrokenPromise {}

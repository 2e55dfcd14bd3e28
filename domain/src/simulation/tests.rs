//! The promises in a fixed set of worlds, in fresh ones, and that a seed is all there is to a world.

use super::*;
use std::time::{SystemTime, UNIX_EPOCH};

fn holds(seeds: impl Iterator<Item = u64>) -> Report {
    let mut total = Report::default();
    for seed in seeds {
        match simulate(seed) {
            Ok(report) => total.add(&report),
            Err(broken) => panic!("{broken}"),
        }
    }
    total
}

#[test]
fn the_promises_hold_in_the_worlds_of_a_fixed_set_of_seeds() {
    let total = holds(0..150);
    for fault in Fault::ALL {
        assert!(
            total.faults.contains_key(fault),
            "never struck: {}",
            fault.name()
        );
    }
    assert!(total.generations > 5_000, "{total:?}");
    assert!(total.billed > total.billed_failures);
}

#[test]
fn the_promises_hold_in_worlds_nobody_has_seen_before() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let first = now.as_secs() * 1_000;
    println!("seeds from {first} on");
    holds(first..first + 100);
}

#[test]
fn the_same_seed_leads_to_the_same_history_and_another_to_another() {
    for seed in 0..20 {
        assert_eq!(simulate(seed), simulate(seed));
    }
    assert_ne!(simulate(1).unwrap().history, simulate(2).unwrap().history);
}

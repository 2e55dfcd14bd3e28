//! Every target on its seeds and on mutations of them, without libFuzzer: in seconds, the same in
//! every run.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

use fastrand::Rng;

use crate::{TARGETS, Target};

const MUTATIONS: u64 = 10_000;
const LONGEST: usize = 4_096;

fn seeds_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds")
}

/// A target's seeds in the order of their names.
fn seeds(target: &Target) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(seeds_folder().join(target.name)).unwrap();
    let paths: BTreeSet<_> = files.map(|file| file.unwrap().path()).collect();
    let read = |path: PathBuf| (path.display().to_string(), fs::read(&path).unwrap());
    paths.into_iter().map(read).collect()
}

fn check(target: &Target, input: &[u8], what: &str) {
    let check = target.check;
    assert!(
        catch_unwind(|| check(input)).is_ok(),
        "target {}, {what}: \"{}\"",
        target.name,
        input.escape_ascii(),
    );
}

/// One change to an input: what it takes to reach the next branch is mostly small.
fn mutate(input: &mut Vec<u8>, target: &Target, seeds: &[(String, Vec<u8>)], chance: &mut Rng) {
    let at = chance.usize(..=input.len());
    let until = chance.usize(at..=input.len()).min(at + 16);
    match chance.u8(..8) {
        0 if at < input.len() => input[at] ^= 1 << chance.u8(..8),
        1 if at < input.len() => input[at] = chance.u8(..),
        2 => input.insert(at, chance.u8(..)),
        3 => drop(input.drain(at..until)),
        4 => {
            let piece = input[at..until].to_vec();
            let times = chance.usize(1..40);
            input.splice(at..at, piece.repeat(times));
        }
        5 | 6 if !target.tokens.is_empty() => {
            let token = target.tokens[chance.usize(..target.tokens.len())];
            input.splice(at..until, token.bytes());
        }
        _ => {
            let (_, other) = &seeds[chance.usize(..seeds.len())];
            let from = chance.usize(..=other.len());
            input.splice(at.., other[from..].iter().copied());
        }
    }
    input.truncate(LONGEST);
}

#[test]
fn every_target_has_seeds_and_every_seed_a_target() {
    let folders = fs::read_dir(seeds_folder()).unwrap();
    let folders = folders.map(|folder| folder.unwrap().file_name().into_string().unwrap());
    let targets = TARGETS.iter().map(|target| target.name.to_owned());
    let names: BTreeSet<String> = targets.collect();
    assert_eq!(names.len(), TARGETS.len(), "each has a name of its own");
    assert_eq!(folders.collect::<BTreeSet<_>>(), names);
}

#[test]
fn what_holds_of_any_bytes_holds_of_the_seeds_of_every_target() {
    for target in TARGETS {
        let seeds = seeds(target);
        assert!(!seeds.is_empty(), "{}", target.name);
        for (file, seed) in seeds {
            check(target, &seed, &file);
        }
    }
}

#[test]
fn what_holds_of_any_bytes_holds_of_mutations_of_the_seeds() {
    for target in TARGETS {
        let seeds = seeds(target);
        for number in 0..MUTATIONS {
            let mut chance = Rng::with_seed(number);
            let (_, mut input) = seeds[chance.usize(..seeds.len())].clone();
            for _ in 0..chance.usize(1..=6) {
                mutate(&mut input, target, &seeds, &mut chance);
            }
            check(target, &input, &format!("mutation {number}"));
        }
    }
}

//! Everything that a storm leaves to chance, drawn from one seed.
//! Holds true: the same seed draws the same; what is drawn does not depend on how fast anything runs,
//! because all of it is drawn before the storm begins.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// The variable that replays a storm.
const SEED: &str = "STORM_SEED";

/// Splitmix64.
pub struct Chance(u64);

impl Chance {
    /// From the seed in the environment, or a fresh one; either is printed with the test's output.
    pub fn of_this_run(storm: &str) -> Self {
        let seed = env::var(SEED).map_or_else(
            |_| {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                u64::from(since_epoch.subsec_nanos())
            },
            |seed| seed.parse().expect("a whole number in STORM_SEED"),
        );
        println!("{storm}: {SEED}={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is above zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// Whether something happens that happens once in `times`.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of `choices`, each as likely as any other.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

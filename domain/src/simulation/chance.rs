//! Everything that is left to chance, drawn from one seed. The same seed draws the same for ever,
//! as long as the order of the draws is the same.

use crate::time::Millis;

#[derive(Debug, Clone)]
pub(super) struct Chance(fastrand::Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        // Neighbouring seeds would begin alike.
        Self(fastrand::Rng::with_seed(
            seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        ))
    }

    /// Where the draws stand; two runs that agree on it have drawn the same.
    pub(super) fn fingerprint(&self) -> u64 {
        self.0.get_seed()
    }

    pub(super) fn any(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number below `bound`, which is above zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        self.0.u32(..bound.max(1))
    }

    pub(super) fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.u64(least..=most.max(least))
    }

    pub(super) fn millis(&mut self, least: Millis, most: Millis) -> Millis {
        Millis::new(self.between(least.get(), most.get()))
    }

    /// Whether something happens that happens once in `times`.
    pub(super) fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// Whether something happens that happens so often in 10,000 times.
    pub(super) fn in_ten_thousand(&mut self, often: u32) -> bool {
        self.below(10_000) < often
    }

    /// One of `choices`, each as likely as any other; `otherwise` if there is none.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let place = usize::try_from(self.below(count)).unwrap_or(0);
        choices.get(place).copied().unwrap_or(otherwise)
    }

    /// A wait around `mean`, often much shorter, at times much longer.
    pub(super) fn gap(&mut self, mean: Millis) -> Millis {
        let doubled = mean.get().saturating_mul(2);
        let drawn = self.between(0, doubled);
        Millis::new(if self.one_in(8) { drawn * 4 } else { drawn })
    }

    /// How long a message takes: some milliseconds, at times seconds.
    pub(super) fn delay(&mut self) -> Millis {
        let most = if self.one_in(50) { 2_000 } else { 30 };
        Millis::new(self.between(1, most))
    }
}

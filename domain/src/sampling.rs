//! Which ordinary lines of the log are written when not all are. The request's id alone decides, so
//! whoever has an id can tell, and a line that a smaller share keeps a larger share keeps too.

/// How many of a hundred ordinary lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SamplePercent(u32);

impl SamplePercent {
    /// Every line.
    pub const ALL: Self = Self(100);

    /// From 0 to 100; more is 100.
    #[must_use]
    pub const fn new(percent: u32) -> Self {
        Self(if percent > 100 { 100 } else { percent })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether the line of this request is written. The id begins with random hex digits; one that
    /// does not is nothing ordinary.
    #[must_use]
    pub fn keeps(self, request_id: &str) -> bool {
        let drawn = request_id
            .get(..8)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        drawn.is_none_or(|drawn| u64::from(drawn) * 100 < u64::from(self.0) << u32::BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids whose first digits lie evenly over all there are.
    fn ids() -> impl Iterator<Item = String> {
        (0..1000_u32).map(|number| format!("{:08x}00000000", number * (u32::MAX / 1000 + 1)))
    }

    fn kept(percent: u32) -> Vec<String> {
        let percent = SamplePercent::new(percent);
        ids().filter(|id| percent.keeps(id)).collect()
    }

    #[test]
    fn of_a_hundred_so_many_are_kept() {
        assert_eq!(kept(0).len(), 0);
        assert_eq!(kept(10).len(), 100);
        assert_eq!(kept(100).len(), 1000);
        assert_eq!(kept(101).len(), 1000);
        assert!(SamplePercent::ALL.keeps("ffffffff"));
    }

    #[test]
    fn a_larger_share_keeps_what_a_smaller_one_keeps() {
        for (smaller, larger) in [(1, 2), (10, 50), (50, 99)] {
            let larger = kept(larger);
            assert!(kept(smaller).iter().all(|id| larger.contains(id)));
        }
    }

    #[test]
    fn a_request_without_an_id_is_kept() {
        for id in ["", "0123", "not hexadecimal", "ümlaute ümlaute"] {
            assert!(SamplePercent::new(0).keeps(id), "{id}");
        }
    }
}

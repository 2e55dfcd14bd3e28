//! So many may do something at once. Whoever holds a place gives it back, or is gone without a word,
//! as an invocation is that the platform has cancelled: then its place is free again after the longest
//! time that anybody can need it.

use crate::time::{Millis, UnixMillis};

/// Places, and who holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    most: usize,
    longest: Millis,
    held: Vec<(Place, UnixMillis)>,
    last: u64,
}

/// A place that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u64);

impl Places {
    /// This many, each held for no longer than this.
    #[must_use]
    pub const fn new(most: usize, longest: Millis) -> Self {
        Self {
            most,
            longest,
            held: vec![],
            last: 0,
        }
    }

    /// A place; none if all are held.
    pub fn take(&mut self, now: UnixMillis) -> Option<Place> {
        self.held
            .retain(|(_, since)| now.since(*since) <= self.longest);
        if self.held.len() >= self.most {
            return None;
        }
        self.last = self.last.wrapping_add(1);
        let place = Place(self.last);
        self.held.push((place, now));
        Some(place)
    }

    /// The place is free again.
    pub fn give_back(&mut self, place: Place) {
        self.held.retain(|(held, _)| *held != place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Millis = Millis::from_seconds(10);
    const START: UnixMillis = UnixMillis::new(1_795_262_400_000);

    #[test]
    fn as_many_have_a_place_as_there_are_and_each_that_goes_makes_room_for_one() {
        let mut places = Places::new(2, LONGEST);
        let first = places.take(START).unwrap();
        places.take(START).unwrap();
        assert_eq!(places.take(START), None);
        places.give_back(first);
        places.give_back(first);
        assert!(places.take(START).is_some());
        assert_eq!(places.take(START), None);
    }

    #[test]
    fn the_place_of_one_that_is_gone_is_free_after_the_longest_time_and_taken_from_nobody_else() {
        let mut places = Places::new(1, LONGEST);
        let gone = places.take(START).unwrap();
        assert_eq!(places.take(START.plus(LONGEST)), None);
        let later = START.plus(LONGEST).plus(Millis::new(1));
        assert!(places.take(later).is_some());
        places.give_back(gone);
        assert_eq!(places.take(later), None);
    }
}

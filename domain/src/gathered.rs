//! What an isolate counts by itself, so that a request that needs nothing of the ledger costs it no
//! call: requests by what they were answered with, what the cache was to them, and what hits and
//! joins saved. Now and then all of it goes to the ledger, which adds it up.
//!
//! Holds true: what is gathered is sent at most once, so nothing is counted twice. Lost is what an
//! isolate that ends has gathered since it last sent: ten seconds' worth, or twelve where the request
//! that was to send it was cut off, so that the next one does. So is what was on its way to a ledger
//! that did not take it. There are never more than `MOST_ROWS` rows, whatever is asked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::generation::GenerationResult;
use crate::ids::ClientId;
use crate::money::MicroDollars;
use crate::time::{Day, Millis, UnixMillis};

/// How long something gathered waits to be sent. The platform lets work go on for 30 s after an
/// answer (Cloudflare's documentation of `waitUntil`).
pub const LIFE: Millis = Millis::from_seconds(10);
/// Once it is overdue by this, whoever was to send it has ended before it could.
const GRACE: Millis = Millis::from_seconds(2);
/// With so many rows it is sent at once.
pub const MOST_ROWS: usize = 200;

/// What a request was answered with. All three are words of the gateway's own tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answered {
    /// The path as the table of routes has it.
    pub route: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// The code of a failure, or `ok`.
    pub code: Cow<'static, str>,
}

/// Who was saved a picture, of what, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SavedFor {
    /// The day it was asked for.
    pub day: Day,
    /// Who asked.
    pub client: ClientId,
    /// The model asked for.
    pub model: Cow<'static, str>,
    /// The path of the endpoint, as the table of routes has it.
    pub endpoint: Cow<'static, str>,
    /// How.
    pub saving: Saving,
}

/// How pictures are had without paying for them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saving {
    /// They had been made before.
    Hit,
    /// They were being made for another request.
    Joined,
}

impl Saving {
    /// How a request saved, if it did.
    #[must_use]
    pub const fn of(cache: Cache) -> Option<Self> {
        match cache {
            Cache::Hit => Some(Self::Hit),
            Cache::Joined => Some(Self::Joined),
            Cache::Miss | Cache::Bypass => None,
        }
    }

    /// The word for it in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => Cache::Hit.as_str(),
            Self::Joined => Cache::Joined.as_str(),
        }
    }
}

/// What was saved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Requests.
    pub requests: u64,
    /// Pictures they were given.
    pub images: u64,
    /// What those had cost when they were made.
    pub cost: MicroDollars,
}

impl Saved {
    /// A request whose pictures are not there yet.
    pub const REQUEST: Self = Self {
        requests: 1,
        images: 0,
        cost: MicroDollars::ZERO,
    };

    /// The pictures of a result, without a request.
    #[must_use]
    pub fn pictures(result: &GenerationResult) -> Self {
        Self {
            requests: 0,
            images: u64::try_from(result.pictures.len()).unwrap_or(u64::MAX),
            cost: result.cost,
        }
    }

    /// The sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            images: self.images.saturating_add(other.images),
            cost: self.cost.plus(other.cost),
        }
    }
}

/// One thing to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A request was answered.
    Answered(Answered),
    /// A request for pictures has come to a result, or to a generation that goes on.
    Cache(Cache),
    /// A request was saved something. A join is seen twice if its pictures come later: first the
    /// request without pictures, then the pictures without a request.
    Saved(SavedFor, Saved),
}

/// What is to be done about what is gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Send {
    /// Nothing: somebody will send it.
    Later,
    /// Wait so long, then send it.
    After(Millis),
    /// Send it.
    Now,
}

/// What is sent: rows of what was seen, with how often.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Requests by what they were answered with.
    pub answered: Vec<(Answered, u64)>,
    /// What the cache was to them.
    pub cache: Vec<(Cache, u64)>,
    /// What was saved.
    pub saved: Vec<(SavedFor, Saved)>,
}

impl Batch {
    /// Whether there is nothing in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.answered.is_empty() && self.cache.is_empty() && self.saved.is_empty()
    }
}

/// What an isolate has counted and not sent yet.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    answered: BTreeMap<Answered, u64>,
    cache: BTreeMap<Cache, u64>,
    saved: BTreeMap<SavedFor, Saved>,
    /// When somebody is to send it.
    due: Option<UnixMillis>,
}

impl Gathered {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            answered: BTreeMap::new(),
            cache: BTreeMap::new(),
            saved: BTreeMap::new(),
            due: None,
        }
    }

    /// Counts something, and says what is to be done about it all.
    pub fn count(&mut self, now: UnixMillis, seen: Seen) -> Send {
        match seen {
            Seen::Answered(answered) => add(self.answered.entry(answered).or_default()),
            Seen::Cache(cache) => add(self.cache.entry(cache).or_default()),
            Seen::Saved(saved_for, saved) => {
                let row = self.saved.entry(saved_for).or_default();
                *row = row.plus(saved);
            }
        }
        let rows = self.answered.len() + self.cache.len() + self.saved.len();
        match self.due {
            _ if rows >= MOST_ROWS => Send::Now,
            None => {
                self.due = Some(now.plus(LIFE));
                Send::After(LIFE)
            }
            Some(due) if now > due.plus(GRACE) => Send::Now,
            Some(_) => Send::Later,
        }
    }

    /// Takes all of it, to be sent.
    pub fn take(&mut self) -> Batch {
        let taken = std::mem::take(self);
        Batch {
            answered: taken.answered.into_iter().collect(),
            cache: taken.cache.into_iter().collect(),
            saved: taken.saved.into_iter().collect(),
        }
    }
}

const fn add(number: &mut u64) {
    *number = number.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: UnixMillis = UnixMillis::new(1_000_000);

    fn answered(status: u16) -> Seen {
        Seen::Answered(Answered {
            route: "/generate".into(),
            status,
            code: "ok".into(),
        })
    }

    fn saved(client: u16, saving: Saving, images: u64) -> Seen {
        let saved_for = SavedFor {
            day: START.day(),
            client: ClientId::new(client.to_string()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            saving,
        };
        let saved = Saved {
            requests: 1,
            images,
            cost: MicroDollars::new(80_000 * images),
        };
        Seen::Saved(saved_for, saved)
    }

    fn seen() -> impl Strategy<Value = Seen> {
        let saving = prop_oneof![Just(Saving::Hit), Just(Saving::Joined)];
        prop_oneof![
            (200_u16..600).prop_map(answered),
            proptest::sample::select(&Cache::ALL[..]).prop_map(Seen::Cache),
            (0..500_u16, saving, 0..9_u64)
                .prop_map(|(client, saving, images)| saved(client, saving, images)),
        ]
    }

    /// Requests, cache outcomes, and what was saved.
    type Sums = (u64, u64, Saved);

    fn sums(batch: &Batch) -> Sums {
        let saved = batch.saved.iter().map(|(_, saved)| *saved);
        (
            batch.answered.iter().map(|(_, number)| number).sum(),
            batch.cache.iter().map(|(_, number)| number).sum(),
            saved.fold(Saved::default(), Saved::plus),
        )
    }

    fn sum(sums: Sums, more: Sums) -> Sums {
        (sums.0 + more.0, sums.1 + more.1, sums.2.plus(more.2))
    }

    fn alone(seen: Seen) -> Sums {
        let mut gathered = Gathered::new();
        gathered.count(START, seen);
        sums(&gathered.take())
    }

    #[test]
    fn the_first_thing_gathered_has_a_timer_and_those_after_it_wait_for_that() {
        let mut gathered = Gathered::new();
        assert_eq!(gathered.count(START, answered(200)), Send::After(LIFE));
        assert_eq!(gathered.count(START, answered(200)), Send::Later);
        let last = START.plus(LIFE).plus(GRACE);
        assert_eq!(gathered.count(last, answered(404)), Send::Later);
        assert_eq!(sums(&gathered.take()).0, 3);
        assert_eq!(gathered.count(last, answered(200)), Send::After(LIFE));
    }

    #[test]
    fn what_nobody_has_sent_in_time_is_sent_by_whoever_comes_next() {
        let mut gathered = Gathered::new();
        gathered.count(START, answered(200));
        let late = START.plus(LIFE).plus(GRACE).plus(Millis::new(1));
        assert_eq!(gathered.count(late, answered(200)), Send::Now);
    }

    #[test]
    fn a_batch_is_the_same_after_its_way_to_the_ledger() {
        let mut gathered = Gathered::new();
        for seen in [
            answered(200),
            Seen::Cache(Cache::Hit),
            saved(1, Saving::Hit, 2),
        ] {
            gathered.count(START, seen);
        }
        let batch = gathered.take();
        let text = serde_json::to_string(&batch).unwrap();
        assert_eq!(serde_json::from_str::<Batch>(&text).unwrap(), batch);
    }

    proptest! {
        #[test]
        fn everything_is_sent_exactly_once_and_there_are_never_many_rows(
            seen in proptest::collection::vec((seen(), 0..4_000_u64), 0..600),
        ) {
            let mut gathered = Gathered::new();
            let (mut expected, mut sent) = (Sums::default(), Sums::default());
            let (mut now, mut oldest) = (START, None);
            for (one, pause) in seen {
                now = now.plus(Millis::new(pause));
                expected = sum(expected, alone(one.clone()));
                oldest = oldest.or(Some(now));
                // No timer ever fires here, as in isolates whose requests end early.
                if gathered.count(now, one) == Send::Now {
                    let batch = gathered.take();
                    let rows = batch.answered.len() + batch.cache.len() + batch.saved.len();
                    prop_assert!(rows <= MOST_ROWS);
                    sent = sum(sent, sums(&batch));
                    oldest = None;
                }
                let age = oldest.map(|oldest| now.since(oldest));
                prop_assert!(age <= Some(LIFE.plus(GRACE)));
            }
            prop_assert_eq!(sum(sent, sums(&gathered.take())), expected);
            prop_assert!(gathered.take().is_empty());
        }
    }
}

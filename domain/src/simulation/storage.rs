//! R2 and KV, as far as a generation notices them.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::events::{Event, Place, Token, Told};
use super::faults::Fault;
use super::generation_promises::key_of;
use super::promises::{Checked, Promise};
use super::world::World;
use crate::generation::{GenerationResult, Job, Picture, PictureState, StoreOutcome};
use crate::picture_key::PictureKey;
use crate::time::{Millis, UnixMillis};

/// Why a picture is given up whose source says that there is none.
pub(super) const SOURCE_IS_GONE: &str = "the source says there is no such picture";
/// How long KV may answer from the past.
const STALE: Millis = Millis::from_seconds(60);

/// R2.
#[derive(Debug)]
pub(super) struct PictureStore {
    pub up: bool,
    /// What it holds. Only ever asked for one by one.
    pub held: HashSet<PictureKey>,
}

impl Default for PictureStore {
    fn default() -> Self {
        Self {
            up: true,
            held: HashSet::new(),
        }
    }
}

/// KV.
#[derive(Debug)]
pub(super) struct ResultCache {
    pub up: bool,
    entries: BTreeMap<Place, Cached>,
}

#[derive(Debug)]
struct Cached {
    result: Rc<GenerationResult>,
    put_at: UnixMillis,
    until: UnixMillis,
}

impl Default for ResultCache {
    fn default() -> Self {
        Self {
            up: true,
            entries: BTreeMap::new(),
        }
    }
}

impl World {
    /// Fetches these pictures and keeps them.
    pub(super) fn store_pictures(
        &mut self,
        place: Place,
        token: Token,
        pictures: &[Picture],
    ) -> Checked {
        let slow = self.chance.one_in(30);
        let most = Millis::from_seconds(if slow { 40 } else { 2 });
        let mut last = Millis::new(50);
        for picture in pictures {
            let job = self.generation(place)?.job.as_ref();
            let Some(key) = job.map(|job| key_of(job, picture)) else {
                continue;
            };
            let tried = Event::PictureTried {
                place,
                token,
                index: picture.index,
                outcome: self.keep(key),
            };
            let wait = self.chance.millis(Millis::new(50), most);
            last = last.max(wait);
            self.after(wait, tried);
        }
        let told = Told::RoundEnded;
        self.after(last, Event::Driver { place, token, told });
        Ok(())
    }

    fn keep(&mut self, key: PictureKey) -> StoreOutcome {
        if self.faults.strikes(Fault::SourceGone, &mut self.chance) {
            return StoreOutcome::Impossible(SOURCE_IS_GONE.to_owned());
        }
        if !self.pictures.up {
            return StoreOutcome::Failed("R2 is down".to_owned());
        }
        if self.faults.strikes(Fault::PutFailed, &mut self.chance) {
            if self.chance.one_in(2) {
                // It is there, and nobody knows.
                self.pictures.held.insert(key);
            }
            return StoreOutcome::Failed("the put failed".to_owned());
        }
        self.pictures.held.insert(key.clone());
        StoreOutcome::Stored(key)
    }

    /// Puts the result into KV, if it is lasting. The object answers for it if that fails.
    pub(super) fn publish(&mut self, place: Place, token: Token) -> Checked {
        let job = self.generation(place)?.job.as_ref();
        let result = job.and_then(Job::to_publish).cloned();
        if let Some(result) = result
            && self.cache.up
            && !self.faults.strikes(Fault::CacheDown, &mut self.chance)
        {
            let cached = Cached {
                result: Rc::new(result),
                put_at: self.now,
                until: self.now.plus(self.settings.policy.result_life),
            };
            self.cache.entries.insert(place, cached);
        }
        let wait = self.chance.delay();
        let told = Told::Published;
        self.after(wait, Event::Driver { place, token, told });
        Ok(())
    }

    /// What KV answers a Worker. A cache that fails is a cache that misses.
    pub(super) fn look_up(&mut self, place: Place) -> Checked<Option<Rc<GenerationResult>>> {
        let Some(cached) = self.cache.entries.get(&place) else {
            return Ok(None);
        };
        if !self.cache.up || cached.until <= self.now {
            return Ok(None);
        }
        let young = self.now.since(cached.put_at) < STALE;
        if young && self.faults.strikes(Fault::CacheStale, &mut self.chance) {
            return Ok(None);
        }
        let result = Rc::clone(&cached.result);
        let lasting = result.pictures.iter().all(Picture::is_stored);
        self.promises.checks.hold(Promise::Kept, lasting, || {
            format!("KV gives everybody a result that does not last: {result:?}")
        })?;
        self.check_links(&result)?;
        Ok(Some(result))
    }

    /// Every picture of a result that says it is stored is in R2.
    pub(super) fn check_links(&mut self, result: &GenerationResult) -> Checked {
        for picture in &result.pictures {
            if let PictureState::Stored { key } = &picture.state {
                let held = self.pictures.held.contains(key);
                self.promises.checks.hold(Promise::Kept, held, || {
                    format!("{picture:?} of {} is not in R2", result.id)
                })?;
            }
        }
        Ok(())
    }
}

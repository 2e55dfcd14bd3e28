//! What becomes of each picture of a generation: withheld by Ideogram, still to be stored, stored,
//! or lost with its source link.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::picture_key::PictureKey;
use crate::source;
use crate::time::{Millis, UnixMillis};

/// How long a source link lives if it does not say so itself (Ideogram's page on responses, 2026).
const SOURCE_LIFE: Millis = Millis::from_seconds(24 * 60 * 60);
/// The wait after the first round of storing; it doubles with each round.
const ROUND_WAIT: Millis = Millis::from_seconds(2);
const ROUND_WAIT_MOST: Millis = Millis::from_seconds(300);

/// One picture of a generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its place in Ideogram's answer.
    pub index: u32,
    /// The seed it was made from, where Ideogram named it.
    pub seed: Option<u64>,
    /// Where it stands.
    pub state: PictureState,
}

/// Where a picture stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureState {
    /// Ideogram withheld it as unsafe; there is nothing to store.
    Withheld,
    /// To be fetched from here.
    Pending {
        /// Ideogram's link.
        source: String,
        /// Why this link is dead, where Ideogram may still have another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dead: Option<String>,
    },
    /// Kept.
    Stored {
        /// Its name in R2.
        key: PictureKey,
    },
    /// Not kept, and no longer tried.
    Lost {
        /// Ideogram's link, while it lives.
        source: String,
        /// Why.
        reason: String,
    },
}

/// What came of one try to store a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreOutcome {
    /// It is in R2.
    Stored(PictureKey),
    /// Not this time.
    Failed(String),
    /// It never will be.
    Impossible(String),
}

impl Picture {
    /// Whether it still has to be stored.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, PictureState::Pending { .. })
    }

    /// Whether it is in R2.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        matches!(self.state, PictureState::Stored { .. })
    }

    /// Whether it is not kept and no longer tried.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        matches!(self.state, PictureState::Lost { .. })
    }

    /// Its name in R2, if it is there.
    #[must_use]
    pub fn key(&self) -> Option<PictureKey> {
        match &self.state {
            PictureState::Stored { key } => Some(key.clone()),
            _ => None,
        }
    }

    /// Whether Ideogram found it unsafe.
    #[must_use]
    pub const fn is_withheld(&self) -> bool {
        matches!(self.state, PictureState::Withheld)
    }

    /// `links_at` is when its link was given, `renewable` whether Ideogram may have another.
    pub(super) fn take(
        &mut self,
        outcome: StoreOutcome,
        now: UnixMillis,
        links_at: UnixMillis,
        renewable: bool,
    ) {
        let PictureState::Pending { source, .. } = &self.state else {
            return;
        };
        let dead = |source: &str| {
            now >= source::expires(source).unwrap_or_else(|| links_at.plus(SOURCE_LIFE))
        };
        let reason = match outcome {
            StoreOutcome::Stored(key) => {
                self.state = PictureState::Stored { key };
                return;
            }
            StoreOutcome::Failed(_) if !dead(source) => return,
            StoreOutcome::Failed(reason) | StoreOutcome::Impossible(reason) => reason,
        };
        let source = source.clone();
        self.state = if renewable {
            let dead = Some(reason);
            PictureState::Pending { source, dead }
        } else {
            PictureState::Lost { source, reason }
        };
    }
}

impl PictureState {
    /// Whether its link is dead, and Ideogram may still have another.
    pub(super) const fn is_dead(&self) -> bool {
        matches!(self, Self::Pending { dead: Some(_), .. })
    }
}

/// The pictures of an answer, none stored yet.
pub(super) fn of_answer(answer: &Answer) -> Vec<Picture> {
    let pictures = answer.items().map(|item| Picture {
        index: item.index(),
        seed: item.seed(),
        state: item
            .url()
            .map_or(PictureState::Withheld, |url| PictureState::Pending {
                source: url.to_owned(),
                dead: None,
            }),
    });
    pictures.collect()
}

/// How long to wait after this many rounds of storing.
pub(super) fn wait_after_round(rounds: u32) -> Millis {
    let doublings = rounds.saturating_sub(1).min(16);
    ROUND_WAIT.times(1 << doublings).min(ROUND_WAIT_MOST)
}

//! What the cache was to one request: where its result came from, and so what it has added to the
//! bill.

use serde::{Deserialize, Serialize};

use crate::generation::GenerationResult;
use crate::money::MicroDollars;

/// Where a result came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    /// It had been made before.
    Hit,
    /// It was made for this request.
    Miss,
    /// It was being made for another request.
    Joined,
    /// It was made for this request and is for no other.
    Bypass,
}

impl Cache {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hit, Self::Miss, Self::Joined, Self::Bypass];

    /// The word in answers, logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Joined => "joined",
            Self::Bypass => "bypass",
        }
    }

    /// What a request that came by the result so has added to the bill.
    #[must_use]
    pub const fn cost(self, result: &GenerationResult) -> MicroDollars {
        match self {
            Self::Miss | Self::Bypass => result.cost,
            Self::Hit | Self::Joined => MicroDollars::ZERO,
        }
    }
}

//! How many pictures one request may ask for.

use serde::{Deserialize, Serialize};

/// A number of pictures from 1 to 8, Ideogram's limits for one request (its OpenAPI document of
/// 2026-04, `num_images`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ImageCount(u32);

impl ImageCount {
    /// One picture, what a request without a number asks for.
    pub const ONE: Self = Self(1);
    /// The most pictures one request may ask for.
    pub const MOST: Self = Self(8);

    /// This many pictures; none unless it is from 1 to 8.
    #[must_use]
    pub fn new(count: u32) -> Option<Self> {
        (Self::ONE.0..=Self::MOST.0)
            .contains(&count)
            .then_some(Self(count))
    }

    /// This many, or as many as one request may ask for; at least one.
    #[must_use]
    pub fn at_most(count: u32) -> Self {
        Self(count).clamp(Self::ONE, Self::MOST)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl From<ImageCount> for u32 {
    fn from(count: ImageCount) -> Self {
        count.0
    }
}

impl TryFrom<u32> for ImageCount {
    type Error = &'static str;

    fn try_from(count: u32) -> Result<Self, &'static str> {
        Self::new(count).ok_or("a number of pictures is from 1 to 8")
    }
}

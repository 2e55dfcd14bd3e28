//! Rendering speeds, and what one image costs at each.
//! Holds true: every price here was typed in for the simulator alone, so that a wrong
//! price elsewhere cannot make the bill agree with it.

/// Ideogram's OpenAPI document, `RenderingSpeed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speed {
    Flash,
    Turbo,
    Balanced,
    Default,
    Quality,
}

/// Micro-dollars an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpeedPrices {
    turbo: u64,
    default: u64,
    quality: u64,
}

/// Ideogram's pricing page, 2026-11.
pub(crate) const V3: SpeedPrices = prices(30_000, 60_000, 90_000);
/// Ideogram's pricing page, 2026-11.
pub(crate) const V3_WITH_CHARACTER: SpeedPrices = prices(100_000, 150_000, 200_000);
/// Ideogram's pricing page, 2026-11.
pub(crate) const V3_TRANSPARENT: SpeedPrices = prices(40_000, 70_000, 100_000);
/// Ideogram's pricing page, 2026-11.
pub(crate) const V4: SpeedPrices = prices(30_000, 60_000, 100_000);

/// Ideogram's pricing page, 2026-11. No price is published for `quality`: that of the default is
/// taken.
pub(crate) const V2: SpeedPrices = prices(50_000, 80_000, 80_000);
/// Ideogram's pricing page, 2026-11. No price is published for `quality`: that of the default is
/// taken.
pub(crate) const V2A: SpeedPrices = prices(25_000, 40_000, 40_000);
/// A quote seen in 2026-10; no price is published for the other speeds.
pub(crate) const V4_TRANSPARENT: SpeedPrices = prices(60_000, 60_000, 60_000);

const fn prices(turbo: u64, default: u64, quality: u64) -> SpeedPrices {
    SpeedPrices {
        turbo,
        default,
        quality,
    }
}

impl SpeedPrices {
    /// FLASH is published for 3.0 alone, at the rate of TURBO. No price is published for
    /// BALANCED: the dearest is taken.
    pub(crate) fn at(self, speed: Speed) -> u64 {
        match speed {
            Speed::Flash | Speed::Turbo => self.turbo,
            Speed::Default => self.default,
            Speed::Balanced | Speed::Quality => self.quality,
        }
    }
}

impl Speed {
    const ALL: [Self; 5] = [
        Self::Flash,
        Self::Turbo,
        Self::Balanced,
        Self::Default,
        Self::Quality,
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|speed| speed.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flash => "FLASH",
            Self::Turbo => "TURBO",
            Self::Balanced => "BALANCED",
            Self::Default => "DEFAULT",
            Self::Quality => "QUALITY",
        }
    }

    pub(crate) fn is_fast(self) -> bool {
        matches!(self, Self::Flash | Self::Turbo)
    }
}

//! The models of the legacy endpoints and what one image of each costs.
//! Holds true: every price here was typed in for the simulator alone, so that a wrong
//! price elsewhere cannot make the bill agree with it.

/// A model of the legacy endpoints (Ideogram's OpenAPI document, `ModelEnum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    V1,
    V1Turbo,
    V2,
    V2Turbo,
    V2a,
    V2aTurbo,
    V3,
    Auto,
}

impl Model {
    const ALL: [Self; 8] = [
        Self::V1,
        Self::V1Turbo,
        Self::V2,
        Self::V2Turbo,
        Self::V2a,
        Self::V2aTurbo,
        Self::V3,
        Self::Auto,
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V1 => "V_1",
            Self::V1Turbo => "V_1_TURBO",
            Self::V2 => "V_2",
            Self::V2Turbo => "V_2_TURBO",
            Self::V2a => "V_2A",
            Self::V2aTurbo => "V_2A_TURBO",
            Self::V3 => "V_3",
            Self::Auto => "AUTO",
        }
    }

    /// Price of one image in micro-dollars (Ideogram's pricing page, 2026-11).
    /// No price is published for V_3 and AUTO on these endpoints: 3.0's default rate is taken.
    pub(crate) fn micro_dollars_per_image(self) -> u64 {
        match self {
            Self::V1 | Self::V3 | Self::Auto => 60_000,
            Self::V1Turbo => 20_000,
            Self::V2 => 80_000,
            Self::V2Turbo => 50_000,
            Self::V2a => 40_000,
            Self::V2aTurbo => 25_000,
        }
    }

    pub(crate) fn is_turbo(self) -> bool {
        matches!(self, Self::V1Turbo | Self::V2Turbo | Self::V2aTurbo)
    }

    /// Style types belong to V_2 and above (Ideogram's OpenAPI document).
    pub(crate) fn has_style_types(self) -> bool {
        !matches!(self, Self::V1 | Self::V1Turbo)
    }
}

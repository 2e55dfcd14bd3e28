//! The models that can be asked for, under the names that keys, prices, the ledger and the history
//! know them by. Where Ideogram takes a rendering speed, a quality or a factor in place of a model, each
//! is one: it is what the price depends on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares the models once: each with its name.
macro_rules! models {
    ($($(#[$documentation:meta])* $model:ident $name:literal;)+) => {
        /// A model, or a model at one of its speeds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Model {
            $($(#[$documentation])* $model,)+
        }

        impl Model {
            /// All models.
            pub const ALL: &[Self] = &[$(Self::$model,)+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$model => $name,)+
                }
            }
        }
    };
}

models! {
    /// Ideogram 1.0.
    V1 "V_1";
    /// Ideogram 1.0, the faster one.
    V1Turbo "V_1_TURBO";
    /// Ideogram 2.0, Ideogram's default at its unversioned endpoints.
    V2 "V_2";
    /// Ideogram 2.0, the faster one.
    V2Turbo "V_2_TURBO";
    /// Ideogram 2.0, the finer one, which only the v2 API has.
    V2Quality "V_2_QUALITY";
    /// Ideogram 2a.
    V2A "V_2A";
    /// Ideogram 2a, the faster one.
    V2ATurbo "V_2A_TURBO";
    /// Ideogram 2a, the finer one, which only the v2 API has.
    V2AQuality "V_2A_QUALITY";
    /// Listed for the unversioned endpoints, but neither its options nor its price are documented.
    V3 "V_3";
    /// Ideogram chooses. Listed, but neither its options nor its price are documented.
    Auto "AUTO";
    /// Ideogram 3.0 at `FLASH`.
    V3Flash "V_3_FLASH";
    /// Ideogram 3.0 at `TURBO`.
    V3Turbo "V_3_TURBO";
    /// Ideogram 3.0 at `BALANCED`. Listed, but not documented.
    V3Balanced "V_3_BALANCED";
    /// Ideogram 3.0 at `DEFAULT`.
    V3Default "V_3_DEFAULT";
    /// Ideogram 3.0 at `QUALITY`.
    V3Quality "V_3_QUALITY";
    /// Ideogram 4.0 at `TURBO`.
    V4Turbo "V_4_TURBO";
    /// Ideogram 4.0 at `BALANCED`. Listed, but not documented.
    V4Balanced "V_4_BALANCED";
    /// Ideogram 4.0 at `DEFAULT`.
    V4Default "V_4_DEFAULT";
    /// Ideogram 4.0 at `QUALITY`.
    V4Quality "V_4_QUALITY";
    /// Ideogram 4.5 at the quality `very_low`, for which it needs pictures.
    V45VeryLow "V_4_5_VERY_LOW";
    /// Ideogram 4.5 at the quality `low`.
    V45Low "V_4_5_LOW";
    /// Ideogram 4.5 at the quality `medium`.
    V45Medium "V_4_5_MEDIUM";
    /// Ideogram 4.5 at the quality `high`.
    V45High "V_4_5_HIGH";
    /// What makes pictures larger.
    Upscale "UPSCALE";
    /// What makes pictures twice as wide and high, in the v2 API.
    UpscaleX2 "UPSCALE_X2";
    /// The same, four times.
    UpscaleX4 "UPSCALE_X4";
    /// The same, eight times.
    UpscaleX8 "UPSCALE_X8";
    /// What takes backgrounds away.
    RemoveBackground "REMOVE_BACKGROUND";
    /// What describes pictures.
    Describe "DESCRIBE";
}

impl Model {
    /// Those that the unversioned endpoints take by name (Ideogram's OpenAPI document of 2026-04,
    /// `ModelEnum`).
    pub const UNVERSIONED: &[Self] = &[
        Self::V1,
        Self::V1Turbo,
        Self::V2,
        Self::V2Turbo,
        Self::V2A,
        Self::V2ATurbo,
        Self::V3,
        Self::Auto,
    ];

    /// The one of these with this name.
    ///
    /// # Errors
    /// There is none; says which there are.
    pub fn among(models: &'static [Self], name: &str) -> Result<Self, UnknownModel> {
        let mut named = models.iter().filter(|model| model.name() == name);
        named.next().copied().ok_or(UnknownModel(models))
    }
}

impl fmt::Display for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The text names none of these models; says which there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownModel(&'static [Model]);

impl fmt::Display for UnknownModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().copied().map(Model::name).collect();
        write!(formatter, "one of {}", names.join(", "))
    }
}

impl std::error::Error for UnknownModel {}

impl FromStr for Model {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        Self::among(Self::ALL, name)
    }
}

impl From<Model> for String {
    fn from(model: Model) -> Self {
        model.name().to_owned()
    }
}

impl TryFrom<String> for Model {
    type Error = UnknownModel;

    fn try_from(name: String) -> Result<Self, UnknownModel> {
        name.parse()
    }
}

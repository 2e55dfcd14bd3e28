//! The models of Ideogram's unversioned API (its OpenAPI document of 2026-04, `ModelEnum`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A model, by Ideogram's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Model {
    /// `V_1`
    V1,
    /// `V_1_TURBO`
    V1Turbo,
    /// `V_2`, Ideogram's default.
    V2,
    /// `V_2_TURBO`
    V2Turbo,
    /// `V_2A`
    V2A,
    /// `V_2A_TURBO`
    V2ATurbo,
    /// `V_3`. Listed, but neither its options nor its price are documented.
    V3,
    /// `AUTO`: Ideogram chooses. Listed, but neither its options nor its price are documented.
    Auto,
}

impl Model {
    /// All models.
    pub const ALL: [Self; 8] = [
        Self::V1,
        Self::V1Turbo,
        Self::V2,
        Self::V2Turbo,
        Self::V2A,
        Self::V2ATurbo,
        Self::V3,
        Self::Auto,
    ];

    /// Ideogram's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "V_1",
            Self::V1Turbo => "V_1_TURBO",
            Self::V2 => "V_2",
            Self::V2Turbo => "V_2_TURBO",
            Self::V2A => "V_2A",
            Self::V2ATurbo => "V_2A_TURBO",
            Self::V3 => "V_3",
            Self::Auto => "AUTO",
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The text names no model; says which there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownModel;

impl fmt::Display for UnknownModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "one of {}",
            Model::ALL.map(Model::name).join(", ")
        )
    }
}

impl std::error::Error for UnknownModel {}

impl FromStr for Model {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        let named = |model: &Self| model.name() == name;
        Self::ALL.into_iter().find(named).ok_or(UnknownModel)
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

//! Why a delivery is not taken, and how whoever sent it is told.

use crate::failure::{Failure, FailureCode};
use crate::time::Millis;

/// When a delivery that could not be verified may be sent again: Ideogram is asked for its keys at
/// most once a minute.
const SEND_AGAIN: Millis = Millis::from_seconds(60);

/// Why a delivery is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRefused {
    /// A header is missing or does not fit.
    Malformed {
        /// Its name, in lower case.
        header: &'static str,
        /// What it takes.
        takes: &'static str,
    },
    /// It was signed too long ago, or is dated too far ahead.
    NotRecent,
    /// No key of Ideogram's has made its signature.
    Forged,
    /// Ideogram's keys cannot be had.
    KeysUnknown,
    /// Its address names no generation that there is.
    UnknownGeneration,
}

impl DeliveryRefused {
    /// The header that is wrong, if one is.
    #[must_use]
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Malformed { header, .. } => Some(header),
            _ => None,
        }
    }
}

impl From<DeliveryRefused> for Failure {
    fn from(refused: DeliveryRefused) -> Self {
        match refused {
            DeliveryRefused::Malformed { header, takes } => {
                Self::new(FailureCode::InvalidRequest, format!("{header} {takes}"))
            }
            DeliveryRefused::NotRecent => Self::new(
                FailureCode::Unauthorized,
                "it was signed more than 5 minutes ago, or is dated more than 5 minutes ahead",
            ),
            DeliveryRefused::Forged => Self::new(
                FailureCode::Unauthorized,
                "the signature is none that Ideogram made with a key that it publishes",
            ),
            DeliveryRefused::KeysUnknown => Self::new(
                FailureCode::Busy,
                "Ideogram's keys cannot be had, so nothing is known of the signature; send it again",
            )
            .retry_after(SEND_AGAIN),
            DeliveryRefused::UnknownGeneration => {
                Self::new(FailureCode::NotFound, "there is no such generation")
            }
        }
    }
}

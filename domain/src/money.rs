//! Money: whole micro-dollars in a `u64`, never a float. In JSON and in settings it is a decimal
//! number of dollars with at most six decimals, exact to the micro-dollar in both directions.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MICRO_DOLLARS_PER_DOLLAR: u64 = 1_000_000;
const DECIMALS: usize = 6;

/// An amount of money in micro-dollars (a millionth of a US dollar). Stored and passed between the
/// objects as the whole number; sums saturate instead of wrapping, so that no overflow can make a
/// spent budget look free.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MicroDollars(u64);

impl MicroDollars {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// From whole micro-dollars.
    #[must_use]
    pub const fn new(micro_dollars: u64) -> Self {
        Self(micro_dollars)
    }

    /// The whole micro-dollars.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The sum, at most `u64::MAX`.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left after taking `other` away, at least nothing.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The price of `count` pieces at this rate.
    #[must_use]
    pub const fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count as u64))
    }

    /// As a JSON number of dollars. The shortest decimal of the nearest double names every amount
    /// up to four billion dollars exactly, so the printed number is exact to the micro-dollar.
    #[must_use]
    pub fn to_dollars_json(self) -> serde_json::Value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact to the micro-dollar up to four billion dollars; see the property test"
        )]
        let dollars = self.0 as f64 / MICRO_DOLLARS_PER_DOLLAR as f64;
        serde_json::Value::from(dollars)
    }

    /// From dollars as a JSON number or text, exactly as written; none if it is no such amount.
    #[must_use]
    pub fn from_dollars_json(value: &serde_json::Value) -> Option<Self> {
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            // Rust writes a float as the shortest decimal that names it, without an exponent: the
            // amount as it was written.
            serde_json::Value::Number(number) => number
                .as_u64()
                .map(|whole| whole.to_string())
                .or_else(|| number.as_f64().map(|float| float.to_string()))?,
            _ => return None,
        };
        text.parse().ok()
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::plus)
    }
}

/// As decimal dollars without trailing zeros: `0.08`, `10`.
impl fmt::Display for MicroDollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0 / MICRO_DOLLARS_PER_DOLLAR;
        let fraction = self.0 % MICRO_DOLLARS_PER_DOLLAR;
        if fraction == 0 {
            return write!(formatter, "{whole}");
        }
        let digits = format!("{fraction:0DECIMALS$}");
        write!(formatter, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// The text is no amount of dollars; says what an amount looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDollars;

impl fmt::Display for NotDollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an amount in dollars with at most six decimals, such as 10 or 0.08")
    }
}

/// Decimal dollars with at most six decimals; no sign, no exponent.
impl FromStr for MicroDollars {
    type Err = NotDollars;

    fn from_str(text: &str) -> Result<Self, NotDollars> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || fraction.len() > DECIMALS {
            return Err(NotDollars);
        }
        let whole: u64 = whole.parse().map_err(|_| NotDollars)?;
        let fraction: u64 = format!("{fraction:0<DECIMALS$}")
            .parse()
            .map_err(|_| NotDollars)?;
        whole
            .checked_mul(MICRO_DOLLARS_PER_DOLLAR)
            .and_then(|micro| micro.checked_add(fraction))
            .map(Self)
            .ok_or(NotDollars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_with_more_than_six_decimals_a_sign_or_an_exponent_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "0.0000001",
            "1,5",
            " 1",
            "NaN",
        ] {
            assert_eq!(text.parse::<MicroDollars>(), Err(NotDollars), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_text_and_json(micro in 0..4_000_000_000_000_000_u64) {
            let amount = MicroDollars::new(micro);
            prop_assert_eq!(amount.to_string().parse::<MicroDollars>(), Ok(amount));
            let dollars: f64 = amount.to_dollars_json().as_f64().unwrap();
            prop_assert_eq!(format!("{dollars:.6}").parse::<MicroDollars>(), Ok(amount));
        }
    }
}

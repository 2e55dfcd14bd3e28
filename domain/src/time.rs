//! Time as the rules see it: handed in, in milliseconds. Nothing in this crate reads a clock.

use std::fmt;
use std::str::FromStr;
use std::time::UNIX_EPOCH;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

const MILLIS_PER_DAY: u64 = 24 * 60 * 60 * 1000;

/// A length of time in milliseconds.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(u64);

impl Millis {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// From milliseconds.
    #[must_use]
    pub const fn new(millis: u64) -> Self {
        Self(millis)
    }

    /// From whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// The milliseconds.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whole seconds, rounded up: what a `Retry-After` header takes.
    #[must_use]
    pub const fn seconds_rounded_up(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// The sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// This length `factor` times over.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnixMillis(u64);

impl UnixMillis {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn new(millis: u64) -> Self {
        Self(millis)
    }

    /// From a date as HTTP writes it (RFC 9110 §5.6.7); none if it is no such date.
    #[must_use]
    pub fn from_http_date(text: &str) -> Option<Self> {
        let date = httpdate::parse_http_date(text).ok()?;
        let since_epoch = date.duration_since(UNIX_EPOCH).ok()?;
        Some(Self(u64::try_from(since_epoch.as_millis()).ok()?))
    }

    /// The milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The moment `length` later.
    #[must_use]
    pub const fn plus(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// The moment `length` earlier, at the earliest the epoch.
    #[must_use]
    pub const fn minus(self, length: Millis) -> Self {
        Self(self.0.saturating_sub(length.0))
    }

    /// How long after `earlier` this is; nothing if the clock went back between the two.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    /// The UTC day this moment lies in.
    #[must_use]
    pub const fn day(self) -> Day {
        Day(self.0 / MILLIS_PER_DAY)
    }

    /// How long until the next midnight UTC.
    #[must_use]
    pub const fn until_midnight(self) -> Millis {
        Millis(MILLIS_PER_DAY - self.0 % MILLIS_PER_DAY)
    }

    /// As RFC 3339 in UTC with milliseconds, `2026-11-21T09:30:00.000Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.date_time()
            .to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// From a moment as RFC 3339 writes it, at the earliest the epoch; none if it is no such moment.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let moment = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(moment.timestamp_millis().try_into().unwrap_or(0)))
    }

    pub(crate) fn date_time(self) -> DateTime<Utc> {
        i64::try_from(self.0)
            .ok()
            .and_then(DateTime::from_timestamp_millis)
            .unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// A UTC day, counted from 1970-01-01. Budgets are per day; a lease belongs to the day it was
/// acquired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(u64);

impl Day {
    /// From the number of days since 1970-01-01.
    #[must_use]
    pub const fn new(days: u64) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Its midnight.
    #[must_use]
    pub const fn begins_at(self) -> UnixMillis {
        UnixMillis(self.0.saturating_mul(MILLIS_PER_DAY))
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        let before = self.begins_at().date_time().day0();
        Self(self.0.saturating_sub(before.into()))
    }
}

/// `2026-11-21`.
impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.begins_at().date_time();
        let (year, month, day) = (date.year(), date.month(), date.day());
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

/// The text is no day since 1970; says what a day looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a day, such as 2026-11-21")
    }
}

/// `2026-11-21`, and no other spelling.
impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date: NaiveDate = text.parse().map_err(|_| NotADay)?;
        let epoch = DateTime::UNIX_EPOCH.date_naive();
        let days = date.signed_duration_since(epoch).num_days();
        let day = Self(days.try_into().map_err(|_| NotADay)?);
        (day.to_string() == text).then_some(day).ok_or(NotADay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_moment_knows_its_day_and_the_time_to_midnight() {
        let last_second = UnixMillis::new(1_795_305_599_000);
        let written = "2026-11-21T23:59:59.000Z";
        assert_eq!(last_second.to_rfc3339(), written);
        assert_eq!(UnixMillis::from_rfc3339(written), Some(last_second));
        let elsewhere = UnixMillis::from_rfc3339("2026-11-22T01:59:59+02:00");
        assert_eq!(elsewhere, Some(last_second));
        let long_ago = UnixMillis::from_rfc3339("1969-12-31T23:59:59Z");
        assert_eq!(long_ago, Some(UnixMillis::new(0)));
        assert_eq!(UnixMillis::from_rfc3339("2026-11-21"), None);
        assert_eq!(last_second.day().to_string(), "2026-11-21");
        assert_eq!(last_second.until_midnight().seconds_rounded_up(), 1);
        assert_eq!(
            UnixMillis::from_rfc3339("2026-11-21T23:59:59.000Z"),
            Some(last_second)
        );
        let midnight = last_second.plus(Millis::from_seconds(1));
        assert_eq!(midnight.day().to_string(), "2026-11-22");
        assert_eq!(midnight.until_midnight(), Millis::from_seconds(86_400));
    }

    #[test]
    fn a_day_has_one_spelling_and_knows_its_month() {
        for text in [
            "2026-11-1",
            "2026-02-29",
            "1969-12-31",
            "+2026-11-21",
            " 2026-11-21",
            "",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotADay), "{text}");
        }
        for (day, first) in [("2026-11-21", "2026-11-01"), ("2028-02-29", "2028-02-01")] {
            let day: Day = day.parse().unwrap();
            assert_eq!(day.first_of_month().to_string(), first);
            assert_eq!(day.first_of_month().first_of_month().to_string(), first);
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back(days in 0..2_900_000_u64) {
            prop_assert_eq!(Day::new(days).to_string().parse(), Ok(Day::new(days)));
        }
    }
}

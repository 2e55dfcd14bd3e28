//! The time of day, in the two forms that answers and records need.
//! Holds true: everything is UTC, and no calendar library is needed for it.

use std::time::{SystemTime, UNIX_EPOCH};

const MILLISECONDS_PER_DAY: u64 = 86_400_000;

/// Unix time in milliseconds.
pub(crate) fn unix_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.map_or(0, |elapsed| elapsed.as_millis() as u64)
}

/// RFC 3339 in the form Ideogram writes it: `2026-11-21T20:45:07.123+00:00`.
pub(crate) fn rfc3339(unix_ms: u64) -> String {
    let (year, month, day) = civil_date(unix_ms / MILLISECONDS_PER_DAY);
    let of_day = unix_ms % MILLISECONDS_PER_DAY;
    let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (second, millisecond) = (of_day / 1_000 % 60, of_day % 1_000);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}+00:00"
    )
}

/// Days since 1970-01-01 to (year, month, day), counting years from March so
/// that the leap day falls at the end (Howard Hinnant's `civil_from_days`).
fn civil_date(days_since_epoch: u64) -> (u64, u64, u64) {
    let days = days_since_epoch + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn a_leap_day_is_written_as_such() {
        assert_eq!(rfc3339(1_709_211_599_007), "2024-02-29T12:59:59.007+00:00");
    }

    #[test]
    fn the_epoch_and_a_year_end_are_written_right() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000+00:00");
        assert_eq!(rfc3339(1_798_761_599_999), "2026-12-31T23:59:59.999+00:00");
    }
}

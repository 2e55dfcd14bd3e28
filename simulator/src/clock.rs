//! The time of day, in the two forms that answers and records need.
//! Holds true: everything is UTC.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{SecondsFormat, Utc};

/// Microseconds since the Unix epoch.
pub(crate) fn unix_us() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.map_or(0, |elapsed| elapsed.as_micros() as u64)
}

/// Seconds since the Unix epoch.
pub(crate) fn unix_seconds() -> u64 {
    unix_us() / 1_000_000
}

/// Now as v2 writes moments: `2026-11-21T12:00:00.000000+00:00`.
pub(crate) fn rfc3339_us() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// Now as Ideogram writes moments: `2026-11-21T12:00:00.000+00:00`.
pub(crate) fn rfc3339() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, false)
}

//! Numbers that states give to people. Each has its country's own check, and dates in it must be
//! dates. Those of digits alone (`numeric`) need the written form or a word nearby, for one check
//! digit lets one in ten random numbers pass; those with letters (`lettered`) mostly do not.

mod lettered;
mod numeric;

pub(super) use lettered::find;
pub(super) use numeric::judge;

/// Whether two digits each are a day and a month.
fn is_day_and_month(day: u64, month: u64) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

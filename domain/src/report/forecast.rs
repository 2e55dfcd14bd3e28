//! What the current day will have come to by its end, if it goes on as it began.
//! Holds true: a forecast is between what is spent already and the day's budget, whichever is more.

use crate::money::MicroDollars;
use crate::time::{Millis, UnixMillis};

/// Before so much of a day has passed, one picture more or less would double the forecast.
const FIRST_AFTER: Millis = Millis::from_seconds(60 * 60);

/// What is spent by `now`, drawn out in proportion to the part of the UTC day that has passed; never
/// more than the budget lets through. None within the first hour of a day.
#[must_use]
pub fn forecast(
    spent: MicroDollars,
    budget: MicroDollars,
    now: UnixMillis,
) -> Option<MicroDollars> {
    let passed = now.since(now.day().begins_at());
    if passed < FIRST_AFTER {
        return None;
    }
    let whole = u128::from(passed.plus(now.until_midnight()).get());
    let pace = u128::from(spent.get()) * whole / u128::from(passed.get());
    let pace = MicroDollars::new(u64::try_from(pace).unwrap_or(u64::MAX));
    Some(pace.min(budget).max(spent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MIDNIGHT: UnixMillis = UnixMillis::new(1_795_219_200_000);
    const LOTS: MicroDollars = MicroDollars::new(u64::MAX);

    fn at(seconds: u64, spent: u64, budget: MicroDollars) -> Option<u64> {
        let now = MIDNIGHT.plus(Millis::from_seconds(seconds));
        forecast(MicroDollars::new(spent), budget, now).map(MicroDollars::get)
    }

    #[test]
    fn a_day_goes_on_as_it_began_up_to_its_budget() {
        assert_eq!(at(6 * 3600, 1_000_000, LOTS), Some(4_000_000));
        assert_eq!(at(12 * 3600, 1_000_001, LOTS), Some(2_000_002));
        let budget = MicroDollars::new(3_000_000);
        assert_eq!(at(6 * 3600, 1_000_000, budget), Some(3_000_000));
        assert_eq!(
            at(6 * 3600, 5_000_000, budget),
            Some(5_000_000),
            "lowered since"
        );
    }

    #[test]
    fn within_the_first_hour_nobody_can_tell() {
        assert_eq!(at(0, 80_000, LOTS), None);
        assert_eq!(at(3599, 80_000, LOTS), None);
        assert_eq!(at(3600, 80_000, LOTS), Some(24 * 80_000));
    }

    proptest! {
        #[test]
        fn a_forecast_is_never_below_what_is_spent_nor_above_a_budget_that_is_not(
            second in 3600..86_400_u64, spent: u64, budget: u64,
        ) {
            let told = at(second, spent, MicroDollars::new(budget)).unwrap();
            prop_assert!(told >= spent);
            prop_assert!(told <= spent.max(budget));
        }
    }
}

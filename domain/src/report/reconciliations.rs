//! Which reconciliations the operator wants to see.

use super::parameters::Parameters;
use super::query::{A_DAY, Days};
use crate::request::InvalidRequest;
use crate::time::Day;

/// How many days there are if nobody says how many.
const USUAL_DAYS: u64 = 31;

impl Days {
    /// Reads `from=2026-11-01&to=2026-11-21`, both of which may be left out: then it is the last month up
    /// to `today`.
    ///
    /// # Errors
    /// Names the first parameter that is wrong, and what it takes.
    pub fn parse(given: &[(String, String)], today: Day) -> Result<Self, InvalidRequest> {
        let mut parameters = Parameters::of(given);
        let first = parameters.optional("from", A_DAY, |text| text.parse().ok())?;
        let last = parameters.optional("to", A_DAY, |text| text.parse().ok())?;
        parameters.no_others()?;
        let last = last.unwrap_or(today);
        let usual = Day::new(last.get().saturating_sub(USUAL_DAYS));
        Self::new(first.unwrap_or(usual), last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(given: &[(&str, &str)]) -> Result<(String, String), String> {
        let given = given
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        let today = "2026-11-21".parse().unwrap();
        let days = Days::parse(&given.collect::<Vec<_>>(), today);
        let days = days.map_err(|refused| refused.field)?;
        Ok((days.first.to_string(), days.last.to_string()))
    }

    #[test]
    fn it_is_the_last_month_unless_other_days_are_asked_for() {
        let days = |first: &str, last: &str| Ok((first.to_owned(), last.to_owned()));
        assert_eq!(parsed(&[]), days("2026-10-21", "2026-11-21"));
        let to = ("to", "2026-02-01");
        assert_eq!(parsed(&[to]), days("2026-01-01", "2026-02-01"));
        let from = ("from", "2026-01-31");
        assert_eq!(parsed(&[to, from]), days("2026-01-31", "2026-02-01"));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_its_name() {
        for (name, value, field) in [
            ("from", "2026-11-22", "from"),
            ("from", "yesterday", "from"),
            ("to", "2026-02-30", "to"),
            ("by", "day", "query"),
        ] {
            assert_eq!(
                parsed(&[(name, value)]),
                Err(field.to_owned()),
                "{name}={value}"
            );
        }
    }
}

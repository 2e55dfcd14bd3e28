//! What a cost report is asked for: which days, by what, in which form.

use serde::{Deserialize, Serialize};

use super::parameters::Parameters;
use crate::request::InvalidRequest;
use crate::time::Day;

/// The most days of one report: a year, and a leap day.
const MOST_DAYS: u64 = 366;

pub(super) const A_DAY: &str = "takes a day, such as 2026-11-21";

/// Declares what rows can be told apart by, once: each with its name in queries, answers and tables.
macro_rules! dimensions {
    ($($(#[doc = $doc:literal])+ $dimension:ident = $name:literal;)+) => {
        /// What the rows of a report are told apart by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Dimension {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $dimension,)+
        }

        impl Dimension {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$dimension,)+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$dimension => $name,)+ }
            }
        }
    };
}

dimensions! {
    /// The UTC day a lease was acquired, or a result was given.
    Day = "day";
    /// The model.
    Model = "model";
    /// Who pays.
    Client = "client";
    /// The path a request came by.
    Endpoint = "endpoint";
}

/// Days without a gap, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub first: Day,
    /// The last.
    pub last: Day,
}

/// What a cost report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostQuery {
    /// Its days.
    pub days: Days,
    /// What its rows are told apart by, in this order; nothing: one row.
    pub by: Vec<Dimension>,
}

/// How a cost report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With the total and what is worth knowing besides.
    Json,
    /// The rows alone, for a spreadsheet.
    Csv,
}

impl CostQuery {
    /// Reads `from=2026-11-01&to=2026-11-21&by=day,model&format=csv`. Left out, a report goes to
    /// `today` from the first of the month, by day.
    ///
    /// # Errors
    /// Names the first parameter that is wrong, and what it takes.
    pub fn parse(
        given: &[(String, String)],
        today: Day,
    ) -> Result<(Self, Option<Format>), InvalidRequest> {
        let mut parameters = Parameters::of(given);
        let first = parameters.optional("from", A_DAY, |text| text.parse().ok())?;
        let last = parameters.optional("to", A_DAY, |text| text.parse().ok())?;
        let by = parameters.optional("by", &takes_dimensions(), dimensions)?;
        let format = parameters.optional("format", "takes json or csv", format)?;
        parameters.no_others()?;
        let last = last.unwrap_or(today);
        let first = first.unwrap_or_else(|| last.first_of_month());
        let query = Self {
            days: Days::new(first, last)?,
            by: by.unwrap_or_else(|| vec![Dimension::Day]),
        };
        Ok((query, format))
    }
}

impl Days {
    pub(super) fn new(first: Day, last: Day) -> Result<Self, InvalidRequest> {
        let complaint = format_args!("must be a day up to {last}, where the report ends");
        let before = last.get().checked_sub(first.get());
        let before = before.ok_or_else(|| InvalidRequest::new("from", complaint))?;
        if before < MOST_DAYS {
            return Ok(Self { first, last });
        }
        let complaint = format_args!("must be at most {MOST_DAYS} days before {last}");
        Err(InvalidRequest::new("from", complaint))
    }
}

impl Format {
    /// The form that an `Accept` header asks for.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let mut kinds = accept.split(',').map(|range| {
            let (kind, _) = range.split_once(';').unwrap_or((range, ""));
            kind.trim()
        });
        if kinds.any(|kind| kind.eq_ignore_ascii_case("text/csv")) {
            Self::Csv
        } else {
            Self::Json
        }
    }
}

fn format(name: &str) -> Option<Format> {
    match name {
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// Names with commas between them, each once; none at all is a list too.
fn dimensions(list: &str) -> Option<Vec<Dimension>> {
    let mut by = vec![];
    for name in list.split(',').filter(|_| !list.is_empty()) {
        let mut named = Dimension::ALL.iter().filter(|known| known.name() == name);
        let dimension = *named.next()?;
        if by.contains(&dimension) {
            return None;
        }
        by.push(dimension);
    }
    Some(by)
}

fn takes_dimensions() -> String {
    let names: Vec<_> = Dimension::ALL.iter().map(|known| known.name()).collect();
    let names = names.join(", ");
    format!("takes any of {names}, each once, with commas between them")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &[(&str, &str)]) -> Result<(CostQuery, Option<Format>), InvalidRequest> {
        let given = query.iter();
        let given: Vec<_> = given
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        CostQuery::parse(&given, day("2026-11-21"))
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_report_is_of_the_month_to_date_by_day_unless_asked_otherwise() {
        let (query, format) = parsed(&[]).unwrap();
        assert_eq!(
            query.days,
            Days {
                first: day("2026-11-01"),
                last: day("2026-11-21")
            }
        );
        assert_eq!((query.by, format), (vec![Dimension::Day], None));
        let asked = [
            ("to", "2026-02-10"),
            ("by", "endpoint,day"),
            ("format", "csv"),
        ];
        let (query, format) = parsed(&asked).unwrap();
        assert_eq!(
            query.days,
            Days {
                first: day("2026-02-01"),
                last: day("2026-02-10")
            }
        );
        assert_eq!(query.by, [Dimension::Endpoint, Dimension::Day]);
        assert_eq!(format, Some(Format::Csv));
        let (query, _) = parsed(&[("by", "")]).unwrap();
        assert_eq!(query.by, []);
    }

    #[test]
    fn a_year_and_a_leap_day_can_be_asked_for_and_no_more() {
        assert!(parsed(&[("from", "2025-11-21")]).is_ok());
        assert_eq!(parsed(&[("from", "2025-11-20")]).unwrap_err().field, "from");
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_its_name() {
        for (query, field) in [
            ([("from", "2026-11-22"), ("by", "day")], "from"),
            ([("from", "2026-11-1"), ("by", "day")], "from"),
            ([("to", "yesterday"), ("by", "day")], "to"),
            ([("to", ""), ("by", "day")], "to"),
            ([("to", "2026-02-29"), ("by", "day")], "to"),
            ([("by", "day,"), ("to", "2026-11-21")], "by"),
            ([("by", "day,day"), ("to", "2026-11-21")], "by"),
            ([("by", "day, model"), ("to", "2026-11-21")], "by"),
            ([("by", "colour"), ("to", "2026-11-21")], "by"),
            ([("by", "day"), ("by", "model")], "by"),
            ([("by", "day"), ("format", "xlsx")], "format"),
            ([("by", "day"), ("until", "2026-11-21")], "query"),
        ] {
            assert_eq!(parsed(&query).unwrap_err().field, field, "{query:?}");
        }
        let message = parsed(&[("by", "colour")]).unwrap_err().message;
        assert!(
            message.contains("day, model, client, endpoint"),
            "{message}"
        );
    }

    #[test]
    fn an_accept_header_may_ask_for_csv_among_other_things() {
        for accept in [
            "text/csv",
            "Text/CSV; q=0.9",
            "application/pdf, text/csv;header=present",
        ] {
            assert_eq!(Format::accepted(accept), Format::Csv, "{accept}");
        }
        for accept in ["", "*/*", "application/json", "text/csv-schema", "text/*"] {
            assert_eq!(Format::accepted(accept), Format::Json, "{accept}");
        }
    }
}

//! The queries of the operator's questions: what is understood is bounded, and means the same when it is
//! written out.

use domain::report::{CostQuery, Cursor, Days, HistoryQuery};
use domain::time::Day;
use url::form_urlencoded;

pub(crate) const TOKENS: &[&str] = &[
    "&",
    "=",
    "from=",
    "to=",
    "by=",
    "day",
    "model",
    "client",
    "endpoint",
    ",",
    "format=csv",
    "limit=",
    "before=",
    "outcome=done",
    "2026-11-21",
    "2028-02-29",
    "9999-12-31",
    "18446744073709551615",
    "9007199254740993.",
];

const TODAY: Day = Day::new(20_778);

pub(crate) fn check(data: &[u8]) {
    let given: Vec<_> = form_urlencoded::parse(data).into_owned().collect();
    if let Ok((query, format)) = CostQuery::parse(&given, TODAY) {
        let (first, last) = (query.days.first, query.days.last);
        assert!(first <= last && last.get() - first.get() < 366);
        let names: Vec<_> = query.by.iter().map(|by| by.name()).collect();
        let written = [
            ("from", first.to_string()),
            ("to", last.to_string()),
            ("by", names.join(",")),
        ];
        let written = written.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(CostQuery::parse(&written, Day::new(0)), Ok((query, None)));
        assert_eq!(
            format.is_some(),
            given.iter().any(|(name, _)| name == "format")
        );
    }
    if let Ok(days) = Days::parse(&given, TODAY) {
        assert!(days.first <= days.last && days.last.get() - days.first.get() < 366);
    }
    if let Ok(query) = HistoryQuery::parse(&given) {
        assert!((1..=HistoryQuery::MOST).contains(&query.limit));
        if let Some(cursor) = query.before {
            assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }
    }
}

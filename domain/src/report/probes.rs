//! Which probes of Ideogram's health the operator wants to see, and how they are told page by page.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::parameters::Parameters;
use crate::health::Probe;
use crate::request::InvalidRequest;
use crate::time::UnixMillis;

/// The probes of a page if nobody says how many.
const USUAL_LIMIT: usize = 100;
const MOST: usize = 1000;

/// So many probes from before a moment, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeQuery {
    /// The most probes of the page.
    pub limit: usize,
    /// From before this moment; none: from the last one on.
    pub before: Option<UnixMillis>,
}

impl ProbeQuery {
    /// Reads `limit=100&before=2026-11-21T09:30:00.000Z`, both of which may be left out.
    ///
    /// # Errors
    /// Names the first parameter that is wrong, and what it takes.
    pub fn parse(given: &[(String, String)]) -> Result<Self, InvalidRequest> {
        let mut parameters = Parameters::of(given);
        let takes = format!("takes a whole number from 1 to {MOST}");
        let limit = parameters.optional("limit", &takes, limit)?;
        let takes = "takes a moment such as 2026-11-21T09:30:00.000Z";
        let before = parameters.optional("before", takes, UnixMillis::from_rfc3339)?;
        parameters.no_others()?;
        Ok(Self {
            limit: limit.unwrap_or(USUAL_LIMIT),
            before,
        })
    }

    /// The page, with where the next one begins if there may be one.
    #[must_use]
    pub fn page(&self, probes: &[Probe]) -> Value {
        let shown: Vec<_> = probes.iter().map(Probe::to_json).collect();
        match probes.last() {
            Some(last) if probes.len() >= self.limit => {
                json!({"probes": shown, "next": last.at.to_rfc3339()})
            }
            _ => json!({"probes": shown}),
        }
    }
}

fn limit(text: &str) -> Option<usize> {
    let limit = text.parse().ok();
    limit.filter(|limit| (1..=MOST).contains(limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;

    fn parse(given: &[(&str, &str)]) -> Result<ProbeQuery, InvalidRequest> {
        let given = given
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        ProbeQuery::parse(&given.collect::<Vec<_>>())
    }

    #[test]
    fn a_hundred_from_the_last_one_on_unless_something_else_is_wanted() {
        let usual = ProbeQuery {
            limit: 100,
            before: None,
        };
        assert_eq!(parse(&[]), Ok(usual));
        let asked = parse(&[("before", "1970-01-01T00:00:01Z"), ("limit", "1000")]);
        let before = Some(UnixMillis::new(1000));
        assert_eq!(
            asked,
            Ok(ProbeQuery {
                limit: 1000,
                before
            })
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for (name, value) in [
            ("limit", "0"),
            ("limit", "1001"),
            ("limit", ""),
            ("limit", "-1"),
            ("before", "yesterday"),
            ("before", ""),
            ("since", "1"),
        ] {
            assert!(parse(&[(name, value)]).is_err(), "{name}={value}");
        }
    }

    #[test]
    fn a_full_page_says_where_the_next_one_begins() {
        let probe = |at| Probe::of_generation(UnixMillis::new(at), Millis::ZERO, Ok(()));
        let query = ProbeQuery {
            limit: 2,
            before: None,
        };
        let page = query.page(&[probe(2000), probe(1000)]);
        assert_eq!(page["next"], "1970-01-01T00:00:01.000Z");
        assert_eq!(query.page(&[probe(2000)]).get("next"), None);
    }
}

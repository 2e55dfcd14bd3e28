//! The history: what can be asked of it, and how it is told page by page.
//! Holds true: a page goes on right after the entry where the one before it ended, by the moment and
//! the id of that entry, so what is new meanwhile moves nothing and nothing is told twice.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::parameters::Parameters;
use super::query::A_DAY;
use crate::failure::FailureCode;
use crate::generation::Record;
use crate::ids::{ClientId, GenerationId};
use crate::money::MicroDollars;
use crate::request::{InvalidRequest, Model};
use crate::time::{Day, Millis, UnixMillis};

/// The latest moment that storage takes (see `MicroDollars` for why it is bounded).
const LATEST: UnixMillis = UnixMillis::new(1 << 53);

/// What is asked of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryQuery {
    /// The most entries of the page.
    pub limit: u32,
    /// Where the page before this one ended.
    pub before: Option<Cursor>,
    /// Of this client only.
    pub client: Option<ClientId>,
    /// On this model only.
    pub model: Option<Model>,
    /// With this outcome only.
    pub outcome: Option<String>,
    /// Asked for on this day or later.
    pub from: Option<Day>,
    /// Asked for on this day or earlier.
    pub to: Option<Day>,
}

impl HistoryQuery {
    /// The entries of a page if nobody says how many.
    pub const USUAL_LIMIT: u32 = 50;
    /// The most entries of a page.
    pub const MOST: u32 = 200;
    /// The longest id of a client that can be asked for.
    pub const LONGEST_CLIENT: usize = 100;

    /// The outcomes that can be asked for.
    pub fn outcomes() -> impl Iterator<Item = &'static str> {
        let codes = FailureCode::ALL.iter().map(|code| code.as_str());
        std::iter::once(Record::DONE).chain(codes)
    }

    /// Reads `limit=50&before=…&client=…&model=V_2&outcome=done&from=2026-11-01&to=2026-11-21`, all of
    /// which may be left out.
    ///
    /// # Errors
    /// Names the first parameter that is wrong, and what it takes.
    pub fn parse(given: &[(String, String)]) -> Result<Self, InvalidRequest> {
        let mut parameters = Parameters::of(given);
        let takes = format!("takes a whole number from 1 to {}", Self::MOST);
        let limit = parameters.optional("limit", &takes, limit)?;
        let takes = "takes what the page before this one has as next";
        let before = parameters.optional("before", takes, |text| text.parse().ok())?;
        let client = parameters.optional("client", "takes the id of a client", client)?;
        let takes = "takes the name of a model, such as V_2_TURBO";
        let model = parameters.optional("model", takes, |name| name.parse().ok())?;
        let takes = "takes done, or the code of an error, such as prompt_rejected";
        let outcome = parameters.optional("outcome", takes, outcome)?;
        let from = parameters.optional("from", A_DAY, |text| text.parse().ok())?;
        let to = parameters.optional("to", A_DAY, |text| text.parse().ok())?;
        parameters.no_others()?;
        Ok(Self {
            limit: limit.unwrap_or(Self::USUAL_LIMIT),
            before,
            client,
            model,
            outcome,
            from,
            to,
        })
    }
}

fn limit(text: &str) -> Option<u32> {
    let limit = text.parse().ok();
    limit.filter(|limit| (1..=HistoryQuery::MOST).contains(limit))
}

fn client(text: &str) -> Option<ClientId> {
    let fits = (1..=HistoryQuery::LONGEST_CLIENT).contains(&text.len());
    fits.then(|| ClientId::new(text.to_owned()))
}

fn outcome(text: &str) -> Option<String> {
    let mut outcomes = HistoryQuery::outcomes();
    outcomes.find(|name| *name == text).map(str::to_owned)
}

/// Where a page ended: what comes before this entry is on the next one. Callers give it back as they
/// got it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// When the page's last entry was asked for.
    pub created_at: UnixMillis,
    /// Which it is, of those asked for at that moment.
    pub id: GenerationId,
}

/// The text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotACursor;

impl fmt::Display for NotACursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not where a page ended")
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.created_at.get(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (moment, id) = text.split_once('.').ok_or(NotACursor)?;
        let cursor = Self {
            created_at: UnixMillis::new(moment.parse().map_err(|_| NotACursor)?),
            id: id.parse().map_err(|_| NotACursor)?,
        };
        let sound = cursor.to_string() == text && cursor.created_at <= LATEST;
        sound.then_some(cursor).ok_or(NotACursor)
    }
}

impl TryFrom<String> for Cursor {
    type Error = NotACursor;

    fn try_from(text: String) -> Result<Self, NotACursor> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

/// A generation in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The generation.
    pub id: GenerationId,
    /// When it was asked for.
    pub created_at: UnixMillis,
    /// Who pays.
    pub client: ClientId,
    /// The model, by its name.
    pub model: String,
    /// The path it was asked for by; empty if it was recorded before that was.
    pub endpoint: String,
    /// How many pictures were asked for.
    pub images: u32,
    /// The sanitised prompt.
    pub prompt: String,
    /// The options it was asked with, by Ideogram's names.
    pub options: BTreeMap<String, Value>,
    /// The seeds of its pictures.
    pub seeds: Vec<u64>,
    /// Its pictures in R2, those that are kept so far.
    pub keys: Vec<String>,
    /// What was booked for it.
    pub cost: MicroDollars,
    /// `done`, or the code it failed with.
    pub outcome: String,
    /// From the request to the outcome.
    pub latency: Millis,
    /// Whether the operator has erased all of it that is not money.
    pub erased: bool,
}

impl HistoryEntry {
    fn cursor(&self) -> Cursor {
        Cursor {
            created_at: self.created_at,
            id: self.id.clone(),
        }
    }

    fn to_json(&self) -> Value {
        let mut entry = json!({
            "id": self.id,
            "created_at": self.created_at.to_rfc3339(),
            "client": self.client,
            "model": self.model,
            "endpoint": self.endpoint,
            "images": self.images,
            "prompt": self.prompt,
            "options": self.options,
            "seeds": self.seeds,
            "keys": self.keys,
            "cost_usd": self.cost.to_dollars_json(),
            "outcome": self.outcome,
            "latency_ms": self.latency,
        });
        if let Some(fields) = entry.as_object_mut().filter(|_| self.erased) {
            fields.insert("erased".to_owned(), true.into());
        }
        entry
    }
}

/// A page of the history, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    entries: Vec<HistoryEntry>,
    next: Option<Cursor>,
}

impl HistoryPage {
    /// The first `limit` of what was found; if more was found, another page follows.
    #[must_use]
    pub fn new(mut found: Vec<HistoryEntry>, limit: u32) -> Self {
        let limit = limit as usize;
        let goes_on = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| goes_on);
        Self {
            next: last.map(HistoryEntry::cursor),
            entries: found,
        }
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let entries: Vec<_> = self.entries.iter().map(HistoryEntry::to_json).collect();
        let mut page = json!({ "generations": entries });
        if let (Some(next), Some(fields)) = (&self.next, page.as_object_mut()) {
            fields.insert("next".to_owned(), next.to_string().into());
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u8) -> GenerationId {
        let text = format!("{}-00000000000000{number:02x}", "ab".repeat(32));
        text.parse().unwrap()
    }

    fn parsed(query: &[(&str, &str)]) -> Result<HistoryQuery, InvalidRequest> {
        let given = query.iter();
        let given: Vec<_> = given
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        HistoryQuery::parse(&given)
    }

    fn entry(number: u8) -> HistoryEntry {
        HistoryEntry {
            id: id(number),
            created_at: UnixMillis::new(1_795_262_400_000),
            client: ClientId::new("shop".into()),
            model: "V_2".into(),
            endpoint: "/generate".into(),
            images: 1,
            prompt: "a fox".into(),
            options: BTreeMap::new(),
            seeds: vec![7],
            keys: vec![],
            cost: MicroDollars::new(80_000),
            outcome: "done".into(),
            latency: Millis::new(900),
            erased: number == 0,
        }
    }

    #[test]
    fn everything_may_be_left_out_and_everything_may_be_asked_for() {
        let all = parsed(&[]).unwrap();
        assert_eq!((all.limit, all.before, all.client), (50, None, None));
        let cursor = format!("1795262400000.{}", id(1));
        let asked = parsed(&[
            ("limit", "200"),
            ("before", &cursor),
            ("client", "shop"),
            ("model", "V_2"),
            ("outcome", "prompt_rejected"),
            ("from", "2026-11-01"),
            ("to", "2026-11-21"),
        ]);
        let asked = asked.unwrap();
        assert_eq!(asked.before.map(String::from), Some(cursor));
        assert_eq!(asked.model, Some(Model::V2));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_its_name() {
        let late = format!("{}.{}", u64::MAX, id(1));
        let spelled = format!("01.{}", id(1));
        for (name, value) in [
            ("limit", "0"),
            ("limit", "201"),
            ("limit", "-1"),
            ("limit", "ten"),
            ("before", ""),
            ("before", "1795262400000"),
            ("before", &late),
            ("before", &spelled),
            ("client", ""),
            ("model", "V_9"),
            ("outcome", "good"),
            ("from", "2026"),
            ("to", "2026-13-01"),
        ] {
            assert_eq!(parsed(&[(name, value)]).unwrap_err().field, name, "{value}");
        }
        assert_eq!(parsed(&[("offset", "50")]).unwrap_err().field, "query");
    }

    #[test]
    fn a_page_says_where_the_next_one_begins_only_if_there_is_one() {
        let found = vec![entry(2), entry(1), entry(0)];
        let page = HistoryPage::new(found.clone(), 2).to_json();
        assert_eq!(page["generations"].as_array().unwrap().len(), 2);
        assert_eq!(page["next"], format!("1795262400000.{}", id(1)));
        let whole = HistoryPage::new(found, 3).to_json();
        assert_eq!(whole.get("next"), None);
        assert_eq!(whole["generations"][2]["erased"], true);
        assert_eq!(whole["generations"][1].get("erased"), None);
        let first = &whole["generations"][0];
        assert_eq!(first["cost_usd"], 0.08);
        assert_eq!(first["created_at"], "2026-11-21T12:00:00.000Z");
    }

    proptest! {
        #[test]
        fn a_cursor_is_read_back_as_it_was_told(moment in 0..=LATEST.get(), number: u8) {
            let cursor = Cursor { created_at: UnixMillis::new(moment), id: id(number) };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }
}

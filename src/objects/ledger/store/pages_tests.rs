//! The history on real SQL: pages have no gap and tell nothing twice, and no question makes SQLite look
//! at all there is.

use std::collections::BTreeMap;

use domain::generation::{Owed, Record};
use domain::ids::{GenerationId, LeaseId};
use domain::ledger::{Allowance, LeaseTerms, Settlement};
use domain::report::{Cursor, HistoryPage};
use domain::request::Model;

use super::*;
use crate::objects::native_sql::NativeSql;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const CLIENTS: [&str; 3] = ["shop", "blog", "operator"];
const OUTCOMES: [&str; 3] = ["done", "upstream_error", "prompt_rejected"];

fn everything() -> HistoryQuery {
    HistoryQuery {
        limit: 7,
        before: None,
        client: None,
        model: None,
        outcome: None,
        from: None,
        to: None,
    }
}

/// Three of them are asked for at each moment, a day has 24 moments.
fn write(store: &LedgerStore<NativeSql>, number: u64) {
    let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let id = GenerationId::new(format!("{spread:064x}").parse().unwrap(), [0; 8]);
    let pick = |names: [&str; 3], by: u64| names[(spread / by % 3) as usize].to_owned();
    let terms = LeaseTerms {
        lease: LeaseId::new(format!("{id}.0")),
        client: ClientId::new(pick(CLIENTS, 1)),
        model: pick(["V_2", "V_1", "V_2_TURBO"], 3),
        endpoint: "/generate".into(),
        images: 2,
        cost: MicroDollars::new(160_000),
        allowance: Allowance::default(),
    };
    let record = Record {
        id,
        prompt: format!("fox {number}"),
        options: BTreeMap::from([("seed".to_owned(), number.into())]),
        seeds: vec![number],
        pictures: None,
        storing: None,
        outcome: pick(OUTCOMES, 9),
        latency: Millis::new(900),
        created_at: NOON.plus(Millis::from_seconds(number / 3 * 3600)),
    };
    let owed = Owed {
        settlement: Settlement::Billed {
            images: 2,
            cost: terms.cost,
        },
        terms,
        call: None,
        record: Some(record),
    };
    store.write(vec![], Some(owed)).unwrap();
}

fn filled(entries: u64) -> LedgerStore<NativeSql> {
    let store = LedgerStore(NativeSql::new());
    store.load(NOON).unwrap();
    (0..entries).for_each(|number| write(&store, number));
    store
}

/// All questions with one value for each filter, or none.
fn questions() -> Vec<HistoryQuery> {
    let questions = (0..32_u32).map(|set| {
        let asked = |place: u32| set & (1 << place) != 0;
        let day = |after: u64| Day::new(NOON.day().get() + after);
        HistoryQuery {
            client: asked(0).then(|| ClientId::new("shop".into())),
            model: asked(1).then_some(Model::V2),
            outcome: asked(2).then(|| "done".to_owned()),
            from: asked(3).then(|| day(1)),
            to: asked(4).then(|| day(5)),
            ..everything()
        }
    });
    questions.collect()
}

fn fits(entry: &HistoryEntry, query: &HistoryQuery) -> bool {
    let day = entry.created_at.day();
    query
        .client
        .as_ref()
        .is_none_or(|client| entry.client == *client)
        && query.model.is_none_or(|model| entry.model == model.name())
        && query
            .outcome
            .as_ref()
            .is_none_or(|outcome| entry.outcome == *outcome)
        && query.from.is_none_or(|from| day >= from)
        && query.to.is_none_or(|to| day <= to)
}

/// All pages of a question; `between` is done before each page but the first.
fn read(
    store: &LedgerStore<NativeSql>,
    mut query: HistoryQuery,
    mut between: impl FnMut(),
) -> Vec<HistoryEntry> {
    let mut all = vec![];
    loop {
        let found = store.page(&query).unwrap();
        let page = HistoryPage::new(found.clone(), query.limit).to_json();
        all.extend(found.into_iter().take(query.limit as usize));
        let Some(next) = page.get("next") else {
            return all;
        };
        query.before = Some(next.as_str().unwrap().parse::<Cursor>().unwrap());
        between();
    }
}

#[test]
fn pages_have_no_gap_and_tell_nothing_twice_whatever_is_asked_and_comes_in_meanwhile() {
    let store = filled(400);
    let limit = 1_000;
    let all = store
        .page(&HistoryQuery {
            limit,
            ..everything()
        })
        .unwrap();
    assert_eq!(all.len(), 400);
    let newest_first = |entries: &[HistoryEntry]| {
        let moments = entries
            .iter()
            .map(|entry| (entry.created_at, entry.id.to_string()));
        moments.rev().is_sorted()
    };
    assert!(newest_first(&all));
    let mut number = 400;
    for query in questions() {
        let expected: Vec<_> = store
            .page(&HistoryQuery {
                limit,
                ..everything()
            })
            .unwrap();
        let expected: Vec<_> = expected
            .into_iter()
            .filter(|entry| fits(entry, &query))
            .collect();
        let found = read(&store, query.clone(), || {
            write(&store, number);
            number += 1;
        });
        assert_eq!(found, expected, "{query:?}");
    }
    assert!(number > 500, "there were many pages");
}

#[test]
fn an_entry_says_all_that_was_recorded_and_that_it_was_erased() {
    let store = filled(1);
    let entry = store.page(&everything()).unwrap().pop().unwrap();
    assert_eq!(
        (entry.prompt.as_str(), entry.seeds.as_slice()),
        ("fox 0", [0].as_slice())
    );
    assert_eq!((entry.endpoint.as_str(), entry.images), ("/generate", 2));
    assert!(!entry.erased);
    store.erase(&entry.id).unwrap();
    let erased = store.page(&everything()).unwrap().pop().unwrap();
    assert!(erased.erased && erased.prompt.is_empty() && erased.options.is_empty());
    assert_eq!(erased.cost, entry.cost);
}

/// What SQLite will do for a question, step by step.
fn plan(store: &LedgerStore<NativeSql>, query: &HistoryQuery) -> Vec<String> {
    let (statement, values) = statement(query).unwrap();
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let rows = store.0.run(&explain, values).unwrap();
    rows.iter()
        .map(|row| text(row, 3).unwrap().to_owned())
        .collect()
}

#[test]
fn every_question_is_led_by_an_index_that_is_in_the_order_of_the_page() {
    let store = filled(30);
    let id = store.page(&everything()).unwrap().pop().unwrap().id;
    let created_at = NOON;
    for mut query in questions() {
        for before in [
            None,
            Some(Cursor {
                created_at,
                id: id.clone(),
            }),
        ] {
            query.before = before;
            let index = if query.client.is_some() {
                "generations_by_client (client=?"
            } else if query.outcome.is_some() {
                "generations_by_outcome (outcome=?"
            } else if query.model.is_some() {
                "generations_by_model (model=?"
            } else {
                "generations_by_time"
            };
            let plan = plan(&store, &query);
            assert!(plan[0].contains(index), "{query:?}: {plan:?}");
            let bounded = query.before.is_some() || query.from.is_some() || query.to.is_some();
            assert!(
                !bounded || plan[0].contains("created_at"),
                "{query:?}: {plan:?}"
            );
            // Without any bound the newest are read off the index until the page is full.
            let unasked = query == everything();
            assert!(
                plan[0].starts_with("SEARCH") || unasked,
                "{query:?}: {plan:?}"
            );
            // Those of one moment are put in order, never all of them.
            let sorts = plan.iter().skip(1);
            for sort in sorts {
                assert_eq!(
                    sort, "USE TEMP B-TREE FOR LAST TERM OF ORDER BY",
                    "{query:?}"
                );
            }
        }
    }
}

//! Restoring on real SQL: what is not known comes in, what is known stays, twice is the same as once.

use std::collections::BTreeMap;

use domain::generation::{Record, StoringReport};
use domain::ids::{ClientId, GenerationId};
use domain::money::MicroDollars;
use domain::picture_key::PictureFolder;
use domain::time::{Millis, UnixMillis};

use super::*;
use crate::objects::native_sql::NativeSql;
use crate::objects::sql::Row;

const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
const FOLDER: &str = "images/2026/11/21/abababababababababababababababab/";

fn id(number: u8) -> GenerationId {
    let id = format!("{}-{number:016x}", "ab".repeat(32));
    id.parse().unwrap()
}

/// What one picture tells of its generation.
fn told(number: u8, index: u32) -> Remembered {
    let key = format!("{FOLDER}{index}-seed-7.png");
    Remembered {
        record: Record {
            id: id(number),
            prompt: "a fox".into(),
            options: BTreeMap::from([("seed".into(), 7.into())]),
            seeds: vec![7, 8],
            pictures: Some(PictureFolder::from_stored(FOLDER.into())),
            storing: Some(StoringReport {
                keys: vec![key.parse().unwrap()],
                ..StoringReport::default()
            }),
            outcome: Record::DONE.into(),
            latency: Millis::new(900),
            created_at: NOON,
        },
        client: ClientId::new("shop".into()),
        model: "V_2".into(),
        endpoint: "/generate".into(),
        images: 2,
        cost: MicroDollars::new(160_000),
    }
}

fn store() -> LedgerStore<NativeSql> {
    let store = LedgerStore(NativeSql::new());
    store.load(NOON).unwrap();
    store
}

fn all(store: &LedgerStore<NativeSql>) -> Vec<Row> {
    store
        .0
        .run("SELECT * FROM generations ORDER BY id", vec![])
        .unwrap()
}

fn keys(store: &LedgerStore<NativeSql>) -> Vec<String> {
    let rows = store
        .0
        .run("SELECT keys FROM generations ORDER BY id", vec![])
        .unwrap();
    rows.iter()
        .map(|row| text(row, 0).unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_not_known_comes_in_once_and_the_same_pages_again_change_nothing() {
    let store = store();
    let page = || vec![told(1, 0), told(2, 0)];
    let first = store.restore(page()).unwrap();
    assert_eq!((first.restored, first.known), (2, 0));
    let rows = all(&store);
    let again = store.restore(page()).unwrap();
    assert_eq!((again.restored, again.known), (0, 2));
    assert_eq!(all(&store), rows);
    assert_eq!(
        store.recorded(&id(1)).unwrap().unwrap().pictures,
        told(1, 0).record.pictures
    );
}

#[test]
fn a_generation_whose_pictures_lie_on_two_pages_has_them_all() {
    let store = store();
    store.restore(vec![told(1, 2)]).unwrap();
    store.restore(vec![told(1, 10)]).unwrap();
    store.restore(vec![told(1, 0), told(1, 2)]).unwrap();
    let expected = [0, 2, 10].map(|index| format!("\"{FOLDER}{index}-seed-7.png\""));
    assert_eq!(keys(&store), [format!("[{}]", expected.join(","))]);
}

#[test]
fn what_was_erased_stays_erased_and_what_the_history_knows_by_itself_stays_as_it_is() {
    let store = store();
    store.restore(vec![told(1, 0)]).unwrap();
    store.erase(&id(1)).unwrap();
    store
        .0
        .run(
            "UPDATE generations SET restored = 0 WHERE id = ?",
            vec![id(1).to_string().into()],
        )
        .unwrap();
    let rows = all(&store);
    store.restore(vec![told(1, 0), told(1, 1)]).unwrap();
    assert_eq!(all(&store), rows);
    store
        .0
        .run("UPDATE generations SET restored = 1", vec![])
        .unwrap();
    store.restore(vec![told(1, 1)]).unwrap();
    assert_eq!(keys(&store), ["[]"]);
}

#[test]
fn nothing_is_booked_for_what_is_restored() {
    let store = store();
    store.restore(vec![told(1, 0)]).unwrap();
    let stored = store.load(NOON).unwrap();
    assert!(stored.totals.is_empty() && stored.audit.is_empty());
}

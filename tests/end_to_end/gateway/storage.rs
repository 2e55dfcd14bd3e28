//! What lies in the gateway's storage, read from beside it: the ledger's and the generations' rows
//! as the objects wrote them, and the local stand-ins for KV and R2.
//! Holds true: databases are opened for reading only, while the gateway runs or after; what changes
//! them changes them while it does not run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;

const LEDGER: &str = "do/ideogram-gateway-LedgerObject";
const GENERATIONS: &str = "do/ideogram-gateway-GenerationObject";
const BUCKET: &str = "r2/miniflare-R2BucketObject";
const RESULTS: &str = "kv/miniflare-KVNamespaceObject";

/// The sums of the ledger's totals, money in micro-dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Booked {
    /// Leases that were settled.
    pub requests: u64,
    /// Pictures billed.
    pub images: u64,
    /// Money known to be billed.
    pub billed: u64,
    /// Money that may be billed.
    pub unconfirmed: u64,
}

/// A lease as the ledger has stored it, money in micro-dollars.
#[derive(Debug, Clone)]
pub struct StoredLease {
    /// Its name, which starts with that of its generation.
    pub id: String,
    /// Days since 1970, UTC.
    pub day: u64,
    /// `reserved`, `unconfirmed`, `billed` or `void`.
    pub state: String,
    /// What was booked as billed.
    pub billed: u64,
    /// What was booked as unconfirmed.
    pub unconfirmed: u64,
}

/// A generation in the ledger's history.
#[derive(Debug, Clone)]
pub struct StoredRecord {
    /// Its name.
    pub id: String,
    /// `done`, or the code it failed with.
    pub outcome: String,
    /// The sanitised prompt.
    pub prompt: String,
    /// The options, as JSON.
    pub options: String,
    /// The seeds of its pictures.
    pub seeds: Vec<u64>,
}

/// A picture in R2.
#[derive(Debug, Clone)]
pub struct StoredPicture {
    /// Its name.
    pub key: String,
    /// Its length in bytes.
    pub size: i64,
    /// Its content type.
    pub content_type: String,
    /// What it was made from.
    pub metadata: BTreeMap<String, String>,
}

pub fn booked(dir: &Path) -> Booked {
    sum(dir, "day >= 0")
}

/// The same for one day, counted from 1970-01-01, UTC.
pub fn booked_on(dir: &Path, day: u64) -> Booked {
    sum(dir, &format!("day = {day}"))
}

fn sum(dir: &Path, which: &str) -> Booked {
    let sums =
        "SELECT TOTAL(requests), TOTAL(images), TOTAL(billed), TOTAL(unconfirmed) FROM totals";
    let rows = rows(dir, LEDGER, &format!("{sums} WHERE {which}"), |row| {
        let sum = |column| row.get(column).map(|sum: f64| sum as u64);
        Ok(Booked {
            requests: sum(0)?,
            images: sum(1)?,
            billed: sum(2)?,
            unconfirmed: sum(3)?,
        })
    });
    rows.first().copied().unwrap_or_default()
}

pub fn counters(dir: &Path) -> BTreeMap<(String, String), u64> {
    let select = "SELECT name, labels, value FROM counters";
    let rows = rows(dir, LEDGER, select, |row| {
        let value: i64 = row.get(2)?;
        Ok(((row.get(0)?, row.get(1)?), value as u64))
    });
    rows.into_iter().collect()
}

pub fn places_held(dir: &Path) -> u64 {
    let sum = "SELECT TOTAL(images) FROM leases WHERE until IS NOT NULL";
    let rows = rows(dir, LEDGER, sum, |row| {
        row.get(0).map(|sum: f64| sum as u64)
    });
    rows.first().copied().unwrap_or_default()
}

pub fn leases(dir: &Path) -> Vec<StoredLease> {
    let select = "SELECT id, day, state, billed,
                  CASE state WHEN 'unconfirmed' THEN cost ELSE 0 END FROM leases ORDER BY id";
    rows(dir, LEDGER, select, |row| {
        let number = |column| row.get(column).map(|number: i64| number as u64);
        Ok(StoredLease {
            id: row.get(0)?,
            day: number(1)?,
            state: row.get(2)?,
            billed: number(3)?,
            unconfirmed: number(4)?,
        })
    })
}

pub fn history(dir: &Path) -> Vec<StoredRecord> {
    let select = "SELECT id, outcome, prompt, options, seeds FROM generations ORDER BY id";
    rows(dir, LEDGER, select, |row| {
        Ok(StoredRecord {
            id: row.get(0)?,
            outcome: row.get(1)?,
            prompt: row.get(2)?,
            options: row.get(3)?,
            seeds: serde_json::from_str(&row.get::<_, String>(4)?).unwrap(),
        })
    })
}

/// All columns of the history, as text, by name.
pub fn history_rows(dir: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let found = rows(dir, LEDGER, "SELECT * FROM generations", |row| {
        let names = row.as_ref().column_names();
        let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
        let value = |(column, name): (usize, String)| Ok((name, as_text(row, column)?));
        names
            .into_iter()
            .enumerate()
            .map(value)
            .collect::<rusqlite::Result<BTreeMap<_, _>>>()
    });
    let by_id = found.into_iter().map(|row| (row["id"].clone(), row));
    by_id.collect()
}

fn as_text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    })
}

pub fn pictures(dir: &Path) -> Vec<StoredPicture> {
    let select = "SELECT key, size, http_metadata, custom_metadata FROM _mf_objects ORDER BY key";
    rows(dir, BUCKET, select, |row| {
        let http: Value = serde_json::from_str(&row.get::<_, String>(2)?).unwrap();
        let content_type = http["contentType"].as_str().unwrap_or_default();
        Ok(StoredPicture {
            key: row.get(0)?,
            size: row.get(1)?,
            content_type: content_type.to_owned(),
            metadata: serde_json::from_str(&row.get::<_, String>(3)?).unwrap(),
        })
    })
}

pub fn cached(dir: &Path) -> Vec<String> {
    let select = "SELECT key FROM _mf_entries WHERE key LIKE 'result:%'";
    rows(dir, RESULTS, select, |row| row.get(0))
}

pub fn left_by_preflights(dir: &Path) -> Vec<String> {
    let places = [
        (
            RESULTS,
            "SELECT key FROM _mf_entries WHERE key LIKE '%preflight%'",
        ),
        (
            BUCKET,
            "SELECT key FROM _mf_objects WHERE key LIKE '%preflight%'",
        ),
        (
            LEDGER,
            "SELECT name FROM facts WHERE name LIKE '%preflight%'",
        ),
    ];
    let left = places.map(|(folder, select)| rows(dir, folder, select, |row| row.get(0)));
    left.concat()
}

pub fn jobs(dir: &Path) -> Vec<Value> {
    let jobs = rows(dir, GENERATIONS, "SELECT job FROM job", |row| {
        row.get::<_, String>(0)
    });
    let jobs = jobs.iter();
    jobs.map(|job| serde_json::from_str(job).unwrap()).collect()
}

pub fn generations(dir: &Path) -> BTreeMap<String, (String, String)> {
    let known = jobs(dir).into_iter().map(|job| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let prompt = text(&job["request"]["prompt"]).unwrap();
        // A phase that carries something is an object of one field.
        let phase =
            text(&job["phase"]).or_else(|| job["phase"].as_object()?.keys().next().cloned());
        (prompt, (text(&job["id"]).unwrap(), phase.unwrap()))
    });
    known.collect()
}

pub fn bytes(dir: &Path) -> Vec<u8> {
    let mut bytes = vec![];
    let mut folders = vec![dir.join("state")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                bytes.extend(fs::read(path).unwrap());
            }
        }
    }
    bytes
}

/// Loses all that the ledger has stored.
pub fn lose_ledger(dir: &Path) {
    fs::remove_dir_all(dir.join("state/v3").join(LEDGER)).unwrap();
}

/// Takes the pictures out of R2 whose names begin like this.
pub fn lose_pictures(dir: &Path, prefix: &str) {
    change(dir, "DELETE FROM _mf_objects WHERE key LIKE ?", prefix);
}

/// Makes the pictures in R2 older whose names begin like this.
pub fn age_pictures(dir: &Path, prefix: &str, millis: i64) {
    let update = format!("UPDATE _mf_objects SET uploaded = uploaded - {millis} WHERE key LIKE ?");
    change(dir, &update, prefix);
}

/// Adds so many micro-dollars to one row of the ledger's totals.
pub fn change_totals(dir: &Path, by: i64) {
    let update = "UPDATE totals SET billed = billed + ?
                  WHERE billed = (SELECT MAX(billed) FROM totals)";
    for database in databases(&dir.join("state/v3").join(LEDGER)) {
        let connection = Connection::open(database).unwrap();
        assert_eq!(connection.execute(update, [by]).unwrap(), 1);
    }
}

fn change(dir: &Path, statement: &str, prefix: &str) {
    let mut changed = 0;
    for database in databases(&dir.join("state/v3").join(BUCKET)) {
        let connection = Connection::open(database).unwrap();
        changed += connection
            .execute(statement, [format!("{prefix}%")])
            .unwrap();
    }
    assert!(changed > 0, "there is none");
}

/// The rows that the databases in one folder give together. A database that has not got the table
/// yet gives none.
fn rows<T>(
    dir: &Path,
    folder: &str,
    select: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let mut found = vec![];
    for database in databases(&dir.join("state/v3").join(folder)) {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = connection.unwrap();
        let Ok(mut statement) = connection.prepare(select) else {
            continue;
        };
        let rows = statement.query_map([], |row| read(row)).unwrap();
        found.extend(rows.map(Result::unwrap));
    }
    found
}

fn databases(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_database = |path: &PathBuf| {
        let own = path.file_stem().is_some_and(|stem| stem != "metadata");
        own && path
            .extension()
            .is_some_and(|extension| extension == "sqlite")
    };
    paths.filter(is_database).collect()
}

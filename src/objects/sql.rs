//! SQL as the objects need it, over whatever SQLite there is: the platform's in production, a
//! native one in tests. Statements are synchronous; what belongs together is run `atomically`.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{SqlStorageValue, State, Storage};

/// One row, its columns in the order of the SELECT.
pub type Row = Vec<SqlStorageValue>;

/// The storage failed, or holds what this version cannot read. The object forgets what it has in
/// memory and starts again from storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError(pub String);

/// Something that runs SQL.
pub trait Sql: Clone + 'static {
    /// Runs one statement with its values in place of the question marks.
    ///
    /// # Errors
    /// The statement failed.
    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>, StorageError>;

    /// Runs statements as one: all of them or, if `work` fails, none.
    ///
    /// # Errors
    /// What `work` failed with.
    fn atomically(
        &self,
        work: impl FnOnce(&Self) -> Result<(), StorageError> + 'static,
    ) -> Result<(), StorageError>;
}

/// The SQL of a Durable Object's own storage.
#[derive(Clone)]
pub struct ObjectSql(Rc<Storage>);

impl ObjectSql {
    /// The storage of the object with this state.
    pub fn of(state: &State) -> Self {
        Self(Rc::new(state.storage()))
    }
}

impl Sql for ObjectSql {
    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>, StorageError> {
        let failed = |error: worker::Error| StorageError(error.to_string());
        let cursor = self.0.sql().exec(statement, values).map_err(failed)?;
        cursor.raw().collect::<worker::Result<_>>().map_err(failed)
    }

    fn atomically(
        &self,
        work: impl FnOnce(&Self) -> Result<(), StorageError> + 'static,
    ) -> Result<(), StorageError> {
        let sql = self.clone();
        // Only an exception rolls back (Cloudflare's documentation of `transactionSync`).
        let work = Closure::once(move || work(&sql).map_err(|error| JsValue::from_str(&error.0)));
        let storage = self.0.as_raw();
        let transaction = Reflect::get(storage, &JsValue::from_str("transactionSync"));
        transaction
            .and_then(|function| function.dyn_into::<Function>())
            .and_then(|function| function.call1(storage, work.as_ref()))
            .map(drop)
            .map_err(|error| {
                StorageError(error.as_string().unwrap_or_else(|| format!("{error:?}")))
            })
    }
}

/// Brings a database up to the last of `versions`: each is run once, in order, and none is ever
/// changed once released.
///
/// # Errors
/// A statement failed.
pub fn migrate(sql: &impl Sql, versions: &[&[&str]]) -> Result<(), StorageError> {
    sql.run(
        "CREATE TABLE IF NOT EXISTS schema_version (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL)",
        vec![],
    )?;
    let rows = sql.run("SELECT version FROM schema_version", vec![])?;
    let version = match rows.first() {
        Some(row) => integer(row, 0)?,
        None => 0,
    };
    for statements in versions.iter().skip(usize::try_from(version).unwrap_or(0)) {
        for statement in *statements {
            sql.run(statement, vec![])?;
        }
    }
    let latest = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    if version < latest {
        sql.run(
            "INSERT OR REPLACE INTO schema_version (only, version) VALUES (1, ?)",
            vec![latest.into()],
        )?;
    }
    Ok(())
}

/// Reads a whole number.
///
/// # Errors
/// There is none at this place.
pub fn integer(row: &Row, column: usize) -> Result<i64, StorageError> {
    match row.get(column) {
        Some(SqlStorageValue::Integer(number)) => Ok(*number),
        other => Err(unexpected("a whole number", column, other)),
    }
}

/// Reads a whole number that cannot be negative.
///
/// # Errors
/// There is none at this place.
pub fn unsigned(row: &Row, column: usize) -> Result<u64, StorageError> {
    let number = integer(row, column)?;
    u64::try_from(number).map_err(|_| StorageError(format!("column {column} is below zero")))
}

/// Reads a small number of things.
///
/// # Errors
/// There is none at this place.
pub fn count(row: &Row, column: usize) -> Result<u32, StorageError> {
    let number = integer(row, column)?;
    u32::try_from(number).map_err(|_| StorageError(format!("column {column} is no count")))
}

/// Reads a whole number that cannot be negative, and may be missing.
///
/// # Errors
/// There is something else at this place.
pub fn optional(row: &Row, column: usize) -> Result<Option<u64>, StorageError> {
    match row.get(column) {
        Some(SqlStorageValue::Null) => Ok(None),
        _ => unsigned(row, column).map(Some),
    }
}

/// Reads a text.
///
/// # Errors
/// There is none at this place.
pub fn text(row: &Row, column: usize) -> Result<&str, StorageError> {
    match row.get(column) {
        Some(SqlStorageValue::String(text)) => Ok(text),
        other => Err(unexpected("a text", column, other)),
    }
}

fn unexpected(wanted: &str, column: usize, found: Option<&SqlStorageValue>) -> StorageError {
    StorageError(format!(
        "column {column} should be {wanted}, found {found:?}"
    ))
}

/// A number for SQL. Above 2^53 it could not cross to the platform exactly (see `MicroDollars`).
///
/// # Errors
/// It is too large.
pub fn number(value: u64) -> Result<SqlStorageValue, StorageError> {
    let value = i64::try_from(value).map_err(|error| StorageError(error.to_string()))?;
    signed_number(value)
}

/// A number for SQL that may be missing, with the same bound.
///
/// # Errors
/// It is too large.
pub fn optional_number(value: Option<u64>) -> Result<SqlStorageValue, StorageError> {
    value.map_or(Ok(SqlStorageValue::Null), number)
}

/// A signed number for SQL, with the same bound.
///
/// # Errors
/// It is too large.
pub fn signed_number(value: i64) -> Result<SqlStorageValue, StorageError> {
    const EXACT: i64 = 1 << 53;
    if (-EXACT..=EXACT).contains(&value) {
        Ok(SqlStorageValue::Integer(value))
    } else {
        Err(StorageError(format!(
            "{value} is too large to be stored exactly"
        )))
    }
}

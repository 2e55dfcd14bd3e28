//! SQL on a native SQLite, for tests: the same statements as on the platform. Like the platform it
//! makes the writes of one command one transaction, which a crash undoes as a whole.

use std::cell::Cell;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use worker::SqlStorageValue;

use super::sql::{Row, Sql, StorageError};

/// A database that can be told to fail.
pub struct NativeSql {
    connection: Connection,
    /// How many more statements run before one fails; none: all do.
    until_failure: Cell<Option<u32>>,
    failed: Cell<bool>,
}

impl NativeSql {
    /// An empty one, in memory.
    pub fn new() -> Self {
        Self {
            connection: Connection::open_in_memory().unwrap(),
            until_failure: Cell::new(None),
            failed: Cell::new(false),
        }
    }

    /// Runs `work` as one command, as the platform does: all of its writes or none. The statement
    /// after `statements` fails.
    pub fn crash_after<T>(&self, statements: u32, work: impl FnOnce() -> T) -> T {
        self.connection.execute_batch("SAVEPOINT command").unwrap();
        self.until_failure.set(Some(statements));
        let outcome = work();
        self.until_failure.set(None);
        let end = if self.failed.take() {
            "ROLLBACK TO command; RELEASE command"
        } else {
            "RELEASE command"
        };
        self.connection.execute_batch(end).unwrap();
        outcome
    }

    /// Runs statements of a test's own.
    pub fn batch(&self, statements: &str) {
        self.connection.execute_batch(statements).unwrap();
    }
}

impl Sql for NativeSql {
    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>, StorageError> {
        match self.until_failure.get() {
            Some(0) => {
                self.failed.set(true);
                return Err(StorageError("crashed".into()));
            }
            Some(left) => self.until_failure.set(Some(left - 1)),
            None => {}
        }
        let failed = |error: rusqlite::Error| StorageError(error.to_string());
        let mut statement = self.connection.prepare_cached(statement).map_err(failed)?;
        let columns = statement.column_count();
        let values = values.into_iter().map(native);
        let rows = statement
            .query_map(params_from_iter(values), |row| {
                (0..columns)
                    .map(|column| row.get_ref(column).map(from_native))
                    .collect()
            })
            .map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }
}

fn native(value: SqlStorageValue) -> rusqlite::types::Value {
    use rusqlite::types::Value;
    match value {
        SqlStorageValue::Null => Value::Null,
        SqlStorageValue::Boolean(flag) => Value::Integer(i64::from(flag)),
        SqlStorageValue::Integer(number) => Value::Integer(number),
        SqlStorageValue::Float(number) => Value::Real(number),
        SqlStorageValue::String(text) => Value::Text(text),
        SqlStorageValue::Blob(bytes) => Value::Blob(bytes),
    }
}

fn from_native(value: ValueRef<'_>) -> SqlStorageValue {
    match value {
        ValueRef::Null => SqlStorageValue::Null,
        ValueRef::Integer(number) => SqlStorageValue::Integer(number),
        ValueRef::Real(number) => SqlStorageValue::Float(number),
        ValueRef::Text(text) => SqlStorageValue::String(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => SqlStorageValue::Blob(bytes.to_vec()),
    }
}

//! SQL on a native SQLite, for tests and benches: the same statements as on the platform.

use std::cell::Cell;
use std::rc::Rc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use worker::SqlStorageValue;

use super::sql::{Row, Sql, StorageError};

/// A database that can be told to fail. Clones are the same database.
#[derive(Clone)]
pub struct NativeSql(Rc<Database>);

struct Database {
    connection: Connection,
    /// How many more statements run before one fails; none: all do.
    until_failure: Cell<Option<u32>>,
}

impl NativeSql {
    /// An empty one, in memory.
    pub fn new() -> Self {
        Self(Rc::new(Database {
            connection: Connection::open_in_memory().unwrap(),
            until_failure: Cell::new(None),
        }))
    }

    /// Lets so many statements of `work` run and the next one fail.
    pub fn failing_after<T>(&self, statements: u32, work: impl FnOnce() -> T) -> T {
        self.0.until_failure.set(Some(statements));
        let outcome = work();
        self.0.until_failure.set(None);
        outcome
    }

    /// Runs statements of a test's own.
    pub fn batch(&self, statements: &str) {
        self.0.connection.execute_batch(statements).unwrap();
    }
}

fn failed(error: rusqlite::Error) -> StorageError {
    StorageError(error.to_string())
}

impl Sql for NativeSql {
    fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<Vec<Row>, StorageError> {
        match self.0.until_failure.get() {
            Some(0) => return Err(StorageError("failing as told".into())),
            Some(left) => self.0.until_failure.set(Some(left - 1)),
            None => {}
        }
        let mut statement = self
            .0
            .connection
            .prepare_cached(statement)
            .map_err(failed)?;
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

    fn atomically(
        &self,
        work: impl FnOnce(&Self) -> Result<(), StorageError> + 'static,
    ) -> Result<(), StorageError> {
        let connection = &self.0.connection;
        connection.execute_batch("SAVEPOINT work").map_err(failed)?;
        let outcome = work(self);
        let end = match outcome {
            Ok(()) => "RELEASE work",
            Err(_) => "ROLLBACK TO work; RELEASE work",
        };
        connection.execute_batch(end).map_err(failed)?;
        outcome
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

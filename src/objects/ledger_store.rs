//! The ledger's rows. Tables: `leases` (every lease and where it stands), `totals` (what is booked
//! by day, client and model, kept in the same write as the lease), `generations` (the history: what
//! each came to, written with its settlement), `facts` (single values: the breaker, the last call).

use std::collections::BTreeMap;

use domain::failure::FailureCode;
use domain::generation::Owed;
use domain::ids::{ClientId, GenerationId, LeaseId, TokenId};
use domain::ledger::{
    Allowance, Booked, BreakerState, DayTotals, Lease, LeaseState, LeaseTerms, Ledger, Settlement,
    Stored, TokenAllowance, TokenUse, TotalsChange, Write,
};
use domain::money::MicroDollars;
use domain::picture_key::PictureFolder;
use domain::time::{Day, UnixMillis};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::SqlStorageValue;

use super::sql::{
    Row, Sql, StorageError, count, migrate, number, optional, optional_number, signed_number, text,
    unsigned,
};

const VERSIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE leases (
        id TEXT PRIMARY KEY, client TEXT NOT NULL, model TEXT NOT NULL, images INTEGER NOT NULL,
        cost INTEGER NOT NULL, day INTEGER NOT NULL, acquired_at INTEGER NOT NULL,
        state TEXT NOT NULL, until INTEGER, billed INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX leases_by_day ON leases (day)",
        "CREATE INDEX leases_open ON leases (until) WHERE until IS NOT NULL",
        "CREATE TABLE totals (
        day INTEGER NOT NULL, client TEXT NOT NULL, model TEXT NOT NULL,
        requests INTEGER NOT NULL, images INTEGER NOT NULL,
        billed INTEGER NOT NULL, unconfirmed INTEGER NOT NULL,
        PRIMARY KEY (day, client, model)) WITHOUT ROWID",
        "CREATE TABLE generations (
        id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, client TEXT NOT NULL,
        model TEXT NOT NULL, images INTEGER NOT NULL, prompt TEXT NOT NULL,
        options TEXT NOT NULL, seeds TEXT NOT NULL, cost INTEGER NOT NULL,
        outcome TEXT NOT NULL, latency_ms INTEGER NOT NULL)",
        "CREATE INDEX generations_by_time ON generations (created_at)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ],
    &[
        "ALTER TABLE leases ADD COLUMN client_budget INTEGER",
        "ALTER TABLE leases ADD COLUMN token TEXT",
        "ALTER TABLE leases ADD COLUMN token_images INTEGER",
        "ALTER TABLE leases ADD COLUMN token_until INTEGER",
        "ALTER TABLE generations ADD COLUMN pictures TEXT",
        "ALTER TABLE generations ADD COLUMN erased INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX leases_by_token ON leases (token_until) WHERE token_until IS NOT NULL",
    ],
];

const LEASE_COLUMNS: &str =
    "id, client, model, images, cost, day, acquired_at, state, until, billed,
     client_budget, token, token_images, token_until";
const TOTALS_BY_CLIENT: &str = "SELECT day, client, SUM(billed), SUM(unconfirmed)
     FROM totals WHERE day >= ? GROUP BY day, client";
/// The same from the leases: the ledger compares the two before it spends anything.
const LEASES_BY_CLIENT: &str =
    "SELECT day, client, SUM(billed), SUM(CASE state WHEN 'unconfirmed' THEN cost ELSE 0 END)
     FROM leases WHERE day >= ? GROUP BY day, client";
const LEASES_BY_TOKEN: &str = "SELECT token, SUM(images), MAX(token_until) FROM leases
     WHERE token_until > ? AND state IN ('billed', 'unconfirmed') GROUP BY token";
const RESERVED: &str = "reserved";
const UNCONFIRMED: &str = "unconfirmed";
const BILLED: &str = "billed";
const VOID: &str = "void";
const BREAKER: &str = "breaker";
const LAST_CALL: &str = "last_call";

/// A generation that the history knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Where its pictures are, unless it was recorded before that was.
    #[serde(default)]
    pub pictures: Option<PictureFolder>,
}

/// The ledger's storage.
pub struct LedgerStore<S>(pub S);

impl<S: Sql> LedgerStore<S> {
    /// Reads what a ledger starts from, after bringing the tables up to date.
    ///
    /// # Errors
    /// The storage failed.
    pub fn load(&self, now: UnixMillis) -> Result<Stored, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let open = format!("SELECT {LEASE_COLUMNS} FROM leases WHERE until IS NOT NULL");
        let rows = self.0.run(&open, vec![])?;
        prune(&self.0, Ledger::first_day_kept(now.day()))?;
        Ok(Stored {
            leases: rows.iter().map(lease).collect::<Result<_, _>>()?,
            totals: self.booked(TOTALS_BY_CLIENT, now.day())?,
            audit: self.booked(LEASES_BY_CLIENT, now.day())?,
            tokens: self.tokens(now)?,
            breaker: self.fact(BREAKER)?.unwrap_or(BreakerState::Closed),
            last_call: self.fact(LAST_CALL)?,
        })
    }

    /// What is booked on each day from this one on.
    fn booked(&self, query: &str, from: Day) -> Result<Booked, StorageError> {
        let rows = self.0.run(query, vec![number(from.get())?])?;
        let totals = rows.iter().map(|row| {
            let client = ClientId::new(text(row, 1)?.to_owned());
            let totals = DayTotals {
                billed: MicroDollars::new(unsigned(row, 2)?),
                unconfirmed: MicroDollars::new(unsigned(row, 3)?),
            };
            Ok(((Day::new(unsigned(row, 0)?), client), totals))
        });
        totals.collect()
    }

    /// What the tokens that still count were used for.
    fn tokens(&self, now: UnixMillis) -> Result<BTreeMap<TokenId, TokenUse>, StorageError> {
        let rows = self.0.run(LEASES_BY_TOKEN, vec![number(now.get())?])?;
        let tokens = rows.iter().map(|row| {
            let used = TokenUse {
                images: count(row, 1)?,
                counted_until: UnixMillis::new(unsigned(row, 2)?),
            };
            Ok((TokenId::new(text(row, 0)?.to_owned()), used))
        });
        tokens.collect()
    }

    /// How many prompts of each client Ideogram's safety check has refused since a day began.
    ///
    /// # Errors
    /// The storage failed.
    pub fn rejected_prompts(&self, since: Day) -> Result<BTreeMap<ClientId, u64>, StorageError> {
        let rows = self.0.run(
            "SELECT client, COUNT(*) FROM generations
             WHERE created_at >= ? AND outcome = ? GROUP BY client",
            vec![
                number(since.begins_at().get())?,
                FailureCode::PromptRejected.as_str().into(),
            ],
        )?;
        let counts = rows.iter().map(|row| {
            let client = ClientId::new(text(row, 0)?.to_owned());
            Ok((client, unsigned(row, 1)?))
        });
        counts.collect()
    }

    /// What the history knows of where a generation's pictures are; none if it does not know it.
    ///
    /// # Errors
    /// The storage failed.
    pub fn recorded(&self, id: &GenerationId) -> Result<Option<Recorded>, StorageError> {
        migrate(&self.0, VERSIONS)?;
        let select = "SELECT pictures FROM generations WHERE id = ?";
        let rows = self.0.run(select, vec![id.to_string().into()])?;
        Ok(rows.first().map(|row| Recorded {
            pictures: match row.first() {
                Some(SqlStorageValue::String(text)) => {
                    Some(PictureFolder::from_stored(text.clone()))
                }
                _ => None,
            },
        }))
    }

    /// Erases what was asked for and what came of it; the cost stays.
    ///
    /// # Errors
    /// The storage failed.
    pub fn erase(&self, id: &GenerationId) -> Result<(), StorageError> {
        migrate(&self.0, VERSIONS)?;
        self.0.run(
            "UPDATE generations SET prompt = '', options = '{}', seeds = '[]', erased = 1
             WHERE id = ?",
            vec![id.to_string().into()],
        )?;
        Ok(())
    }

    /// Reads one lease.
    ///
    /// # Errors
    /// The storage failed.
    pub fn lease(&self, id: &LeaseId) -> Result<Option<Lease>, StorageError> {
        let rows = self.0.run(
            &format!("SELECT {LEASE_COLUMNS} FROM leases WHERE id = ?"),
            vec![id.as_str().into()],
        )?;
        rows.first().map(lease).transpose()
    }

    /// Writes what a command led to, and what goes into the history with it: all of it or nothing.
    ///
    /// # Errors
    /// The storage failed.
    pub fn write(&self, writes: Vec<Write>, settled: Option<Owed>) -> Result<(), StorageError> {
        self.0.atomically(move |sql| {
            for write in &writes {
                write_one(sql, write)?;
            }
            match &settled {
                Some(owed) => write_history(sql, owed),
                None => Ok(()),
            }
        })
    }

    fn fact<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StorageError> {
        let rows = self
            .0
            .run("SELECT value FROM facts WHERE name = ?", vec![name.into()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        serde_json::from_str(text(row, 0)?)
            .map(Some)
            .map_err(|error| StorageError(format!("{name}: {error}")))
    }
}

fn write_one(sql: &impl Sql, write: &Write) -> Result<(), StorageError> {
    match write {
        Write::Lease(lease) => write_lease(sql, lease),
        Write::Totals(change) => write_totals(sql, change),
        Write::Breaker(state) => write_fact(sql, BREAKER, state),
        Write::LastCall(call) => write_fact(sql, LAST_CALL, call),
        Write::PruneLeases { before } => prune(sql, *before),
    }
}

fn write_lease(sql: &impl Sql, lease: &Lease) -> Result<(), StorageError> {
    let state = match lease.state {
        LeaseState::Reserved { .. } => RESERVED,
        LeaseState::Unconfirmed { .. } => UNCONFIRMED,
        LeaseState::Billed { .. } => BILLED,
        LeaseState::Void => VOID,
    };
    let allowance = &lease.terms.allowance;
    let token = allowance.token.as_ref();
    sql.run(
        &format!(
            "INSERT OR REPLACE INTO leases ({LEASE_COLUMNS})
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ),
        vec![
            lease.terms.lease.as_str().into(),
            lease.terms.client.as_str().into(),
            lease.terms.model.as_str().into(),
            number(lease.terms.images.into())?,
            number(lease.terms.cost.get())?,
            number(lease.day.get())?,
            number(lease.acquired_at.get())?,
            state.into(),
            optional_number(lease.next_change().map(UnixMillis::get))?,
            number(lease.billed().get())?,
            optional_number(allowance.daily_budget.map(MicroDollars::get))?,
            token.map_or(SqlStorageValue::Null, |token| token.id.as_str().into()),
            optional_number(token.map(|token| token.images.into()))?,
            optional_number(token.map(|token| token.counted_until.get()))?,
        ],
    )?;
    Ok(())
}

fn write_totals(sql: &impl Sql, change: &TotalsChange) -> Result<(), StorageError> {
    sql.run(
            "INSERT INTO totals (day, client, model, requests, images, billed, unconfirmed)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (day, client, model) DO UPDATE SET
                requests = requests + excluded.requests, images = images + excluded.images,
                billed = billed + excluded.billed, unconfirmed = unconfirmed + excluded.unconfirmed",
            vec![
                number(change.day.get())?,
                change.client.as_str().into(),
                change.model.as_str().into(),
                signed_number(change.requests)?,
                signed_number(change.images)?,
                signed_number(change.billed)?,
                signed_number(change.unconfirmed)?,
            ],
        )?;
    Ok(())
}

fn prune(sql: &impl Sql, before: Day) -> Result<(), StorageError> {
    sql.run(
        "DELETE FROM leases WHERE day < ? AND until IS NULL",
        vec![number(before.get())?],
    )?;
    Ok(())
}

fn write_fact<T: Serialize>(sql: &impl Sql, name: &str, value: &T) -> Result<(), StorageError> {
    sql.run(
        "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)",
        vec![name.into(), json(value)?.into()],
    )?;
    Ok(())
}

/// Adds a generation to the history, or writes it again; what was erased stays erased.
fn write_history(sql: &impl Sql, owed: &Owed) -> Result<(), StorageError> {
    let (Some(record), terms) = (&owed.record, &owed.terms) else {
        return Ok(());
    };
    let pictures = record.pictures.as_ref();
    let cost = match owed.settlement {
        Settlement::Billed { cost, .. } => cost,
        Settlement::Void => MicroDollars::ZERO,
        Settlement::Unconfirmed => terms.cost,
    };
    sql.run(
        "INSERT OR REPLACE INTO generations (id, created_at, client, model, images, prompt,
         options, seeds, cost, outcome, latency_ms, pictures)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
         WHERE NOT EXISTS (SELECT 1 FROM generations WHERE id = ?1 AND erased = 1)",
        vec![
            record.id.to_string().into(),
            number(record.created_at.get())?,
            terms.client.as_str().into(),
            terms.model.as_str().into(),
            number(terms.images.into())?,
            record.prompt.as_str().into(),
            json(&record.options)?.into(),
            json(&record.seeds)?.into(),
            number(cost.get())?,
            record.outcome.as_str().into(),
            number(record.latency.get())?,
            pictures.map_or(SqlStorageValue::Null, |folder| folder.as_str().into()),
        ],
    )?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError(error.to_string()))
}

fn lease(row: &Row) -> Result<Lease, StorageError> {
    let until = optional(row, 8)?.map(UnixMillis::new);
    let state = match text(row, 7)? {
        RESERVED => LeaseState::Reserved {
            expires_at: until.unwrap_or_default(),
        },
        UNCONFIRMED => LeaseState::Unconfirmed { held_until: until },
        BILLED => LeaseState::Billed {
            cost: MicroDollars::new(unsigned(row, 9)?),
        },
        VOID => LeaseState::Void,
        other => return Err(StorageError(format!("unknown lease state {other}"))),
    };
    Ok(Lease {
        terms: LeaseTerms {
            lease: LeaseId::new(text(row, 0)?.to_owned()),
            client: ClientId::new(text(row, 1)?.to_owned()),
            model: text(row, 2)?.to_owned(),
            images: count(row, 3)?,
            cost: MicroDollars::new(unsigned(row, 4)?),
            allowance: allowance(row)?,
        },
        day: Day::new(unsigned(row, 5)?),
        acquired_at: UnixMillis::new(unsigned(row, 6)?),
        state,
    })
}

fn allowance(row: &Row) -> Result<Allowance, StorageError> {
    let token = match optional(row, 13)? {
        Some(until) => Some(TokenAllowance {
            id: TokenId::new(text(row, 11)?.to_owned()),
            images: count(row, 12)?,
            counted_until: UnixMillis::new(until),
        }),
        None => None,
    };
    Ok(Allowance {
        daily_budget: optional(row, 10)?.map(MicroDollars::new),
        token,
    })
}

#[cfg(test)]
#[path = "ledger_store_tests.rs"]
mod tests;

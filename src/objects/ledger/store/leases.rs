//! The rows of leases: each is stored whole, in place of whatever is stored under its id.

use std::collections::BTreeMap;

use domain::ids::{ClientId, LeaseId, TokenId};
use domain::ledger::{Allowance, Lease, LeaseState, LeaseTerms, TokenAllowance, TokenUse};
use domain::money::MicroDollars;
use domain::time::{Day, UnixMillis};
use worker::SqlStorageValue;

use super::LedgerStore;
use crate::objects::sql::{
    Row, Sql, StorageError, count, number, optional, optional_number, text, unsigned,
};

const LEASE_COLUMNS: &str =
    "id, client, model, images, cost, day, acquired_at, state, until, billed,
     client_budget, token, token_images, token_until, endpoint";
const LEASES_BY_TOKEN: &str = "SELECT token, SUM(images), MAX(token_until) FROM leases
     WHERE token_until > ? AND state IN ('billed', 'unconfirmed') GROUP BY token";
/// The state of a lease whose cost is reserved.
pub(super) const RESERVED: &str = "reserved";
const UNCONFIRMED: &str = "unconfirmed";
const BILLED: &str = "billed";
const VOID: &str = "void";

impl<S: Sql> LedgerStore<S> {
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

    /// The leases that are reserved or hold places.
    pub(super) fn open_leases(&self) -> Result<Vec<Lease>, StorageError> {
        let open = format!("SELECT {LEASE_COLUMNS} FROM leases WHERE until IS NOT NULL");
        let rows = self.0.run(&open, vec![])?;
        rows.iter().map(lease).collect()
    }

    /// What the tokens that still count were used for.
    pub(super) fn tokens(
        &self,
        now: UnixMillis,
    ) -> Result<BTreeMap<TokenId, TokenUse>, StorageError> {
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
}

/// Stores a lease.
pub(super) fn write_lease(sql: &impl Sql, lease: &Lease) -> Result<(), StorageError> {
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
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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
            lease.terms.endpoint.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Deletes the closed leases of days before this one.
pub(super) fn prune(sql: &impl Sql, before: Day) -> Result<(), StorageError> {
    sql.run(
        "DELETE FROM leases WHERE day < ? AND until IS NULL",
        vec![number(before.get())?],
    )?;
    Ok(())
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
            endpoint: text(row, 14)?.to_owned(),
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

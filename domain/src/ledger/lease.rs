//! A lease: one reservation of money and of places in flight, settled at most once. What it books
//! and which places it holds follow from its state alone.

use serde::{Deserialize, Serialize};

use super::allowance::Allowance;
use crate::ids::{ClientId, LeaseId};
use crate::money::MicroDollars;
use crate::time::{Day, UnixMillis};

/// What a lease is for; the same in every command about it, so that a ledger that has never heard
/// of a lease can still book it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseTerms {
    /// The lease.
    pub lease: LeaseId,
    /// Who pays.
    pub client: ClientId,
    /// The model, by Ideogram's name; reports go by it.
    pub model: String,
    /// The path of the endpoint it was asked for at, without what differs from request to request;
    /// reports go by it.
    #[serde(default)]
    pub endpoint: String,
    /// How many pictures, and so how many places in flight.
    pub images: u32,
    /// What they cost in all.
    pub cost: MicroDollars,
    /// What the client, and its token, may take at most.
    #[serde(default)]
    pub allowance: Allowance,
}

/// How a lease ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// Ideogram made pictures: how many, and what they cost.
    Billed {
        /// Pictures returned, unsafe ones included.
        images: u32,
        /// What they cost.
        cost: MicroDollars,
    },
    /// Ideogram billed nothing.
    Void,
    /// Ideogram may have billed the whole of it.
    Unconfirmed,
}

/// Where a lease stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseState {
    /// Its cost is reserved and its places are taken, until it is settled or this moment comes.
    Reserved {
        /// When it counts as lost.
        expires_at: UnixMillis,
    },
    /// Its cost is booked as unconfirmed; its places stay taken for a while, because giving up on
    /// a call does not end Ideogram's work on it.
    Unconfirmed {
        /// When its places come back; none once they have.
        held_until: Option<UnixMillis>,
    },
    /// Booked as billed. Final.
    Billed {
        /// What was booked.
        cost: MicroDollars,
    },
    /// Nothing was booked. Final.
    Void,
}

/// A lease as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is for.
    pub terms: LeaseTerms,
    /// The day whose budget it counts against: the day it was acquired.
    pub day: Day,
    /// When it was acquired.
    pub acquired_at: UnixMillis,
    /// Where it stands.
    pub state: LeaseState,
}

impl Lease {
    /// What is reserved by it.
    #[must_use]
    pub const fn reserved(&self) -> MicroDollars {
        match self.state {
            LeaseState::Reserved { .. } => self.terms.cost,
            _ => MicroDollars::ZERO,
        }
    }

    /// What is booked as billed by it.
    #[must_use]
    pub const fn billed(&self) -> MicroDollars {
        match self.state {
            LeaseState::Billed { cost } => cost,
            _ => MicroDollars::ZERO,
        }
    }

    /// What is booked as unconfirmed by it.
    #[must_use]
    pub const fn unconfirmed(&self) -> MicroDollars {
        match self.state {
            LeaseState::Unconfirmed { .. } => self.terms.cost,
            _ => MicroDollars::ZERO,
        }
    }

    /// How many pictures of its token it has used up for good: those that were billed, or may have
    /// been.
    #[must_use]
    pub const fn token_images(&self) -> u32 {
        match self.state {
            LeaseState::Billed { .. } | LeaseState::Unconfirmed { .. } => self.terms.images,
            LeaseState::Reserved { .. } | LeaseState::Void => 0,
        }
    }

    /// When it next changes by time alone; none once it holds no places.
    #[must_use]
    pub const fn next_change(&self) -> Option<UnixMillis> {
        match self.state {
            LeaseState::Reserved { expires_at } => Some(expires_at),
            LeaseState::Unconfirmed { held_until } => held_until,
            LeaseState::Billed { .. } | LeaseState::Void => None,
        }
    }
}

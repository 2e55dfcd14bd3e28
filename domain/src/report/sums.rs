//! The figures of one row of a report, as storage sums them up and as they are told.

use std::iter::Sum;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::money::MicroDollars;

/// What a group of requests has come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Leases that were settled.
    pub requests: u64,
    /// Pictures billed.
    pub images: u64,
    /// Billed.
    pub billed: MicroDollars,
    /// Possibly billed.
    pub unconfirmed: MicroDollars,
    /// Reserved by leases that are open now.
    pub reserved: MicroDollars,
    /// Requests that the ledger refused.
    pub refused: u64,
    /// Requests that were given a result from the cache.
    pub hits: u64,
    /// Pictures in those results.
    pub hit_images: u64,
    /// What those results had cost.
    pub hit_saved: MicroDollars,
    /// Requests that joined a generation under way.
    pub joins: u64,
    /// Pictures they were given.
    pub join_images: u64,
    /// What those cost whoever was first.
    pub join_saved: MicroDollars,
}

/// One figure, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// So many.
    Count(u64),
    /// So much, in dollars.
    Money(MicroDollars),
}

impl Sums {
    /// The names of the sums in storage, in the order `from_columns` takes them.
    pub const COLUMNS: [&'static str; 12] = [
        "requests",
        "images",
        "billed",
        "unconfirmed",
        "reserved",
        "refused",
        "hits",
        "hit_images",
        "hit_saved",
        "joins",
        "join_images",
        "join_saved",
    ];

    /// Of the sums in storage.
    #[must_use]
    pub const fn from_columns(columns: [u64; Self::COLUMNS.len()]) -> Self {
        let [requests, images, billed, unconfirmed, reserved, refused, ..] = columns;
        let [
            ..,
            hits,
            hit_images,
            hit_saved,
            joins,
            join_images,
            join_saved,
        ] = columns;
        Self {
            requests,
            images,
            billed: MicroDollars::new(billed),
            unconfirmed: MicroDollars::new(unconfirmed),
            reserved: MicroDollars::new(reserved),
            refused,
            hits,
            hit_images,
            hit_saved: MicroDollars::new(hit_saved),
            joins,
            join_images,
            join_saved: MicroDollars::new(join_saved),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            images: self.images.saturating_add(other.images),
            billed: self.billed.plus(other.billed),
            unconfirmed: self.unconfirmed.plus(other.unconfirmed),
            reserved: self.reserved.plus(other.reserved),
            refused: self.refused.saturating_add(other.refused),
            hits: self.hits.saturating_add(other.hits),
            hit_images: self.hit_images.saturating_add(other.hit_images),
            hit_saved: self.hit_saved.plus(other.hit_saved),
            joins: self.joins.saturating_add(other.joins),
            join_images: self.join_images.saturating_add(other.join_images),
            join_saved: self.join_saved.plus(other.join_saved),
        }
    }

    /// The figures by name, in the order in which they are told.
    pub(super) const fn figures(&self) -> [(&'static str, Figure); 13] {
        let saved = self.hit_saved.plus(self.join_saved);
        [
            ("requests", Figure::Count(self.requests)),
            ("images", Figure::Count(self.images)),
            ("spent_usd", Figure::Money(self.billed)),
            ("unconfirmed_usd", Figure::Money(self.unconfirmed)),
            ("reserved_usd", Figure::Money(self.reserved)),
            ("saved_usd", Figure::Money(saved)),
            ("hits", Figure::Count(self.hits)),
            ("hit_images", Figure::Count(self.hit_images)),
            ("saved_by_hits_usd", Figure::Money(self.hit_saved)),
            ("joins", Figure::Count(self.joins)),
            ("join_images", Figure::Count(self.join_images)),
            ("saved_by_joins_usd", Figure::Money(self.join_saved)),
            ("refused", Figure::Count(self.refused)),
        ]
    }

    /// As fields of an object.
    pub(super) fn to_json(self) -> Map<String, Value> {
        let figures = self.figures().into_iter();
        let fields = figures.map(|(name, figure)| {
            let value = match figure {
                Figure::Count(count) => count.into(),
                Figure::Money(amount) => amount.to_dollars_json(),
            };
            (name.to_owned(), value)
        });
        fields.collect()
    }
}

impl Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Self::plus)
    }
}

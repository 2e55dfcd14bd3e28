//! Drafts against finals: what was made on models whose pictures can be finished on a finer one, and
//! what was made by finishing them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::finalize::finest_for;
use crate::money::MicroDollars;
use crate::price::{Extra, PriceTable, Rate};
use crate::request::Model;
use crate::route::Place;

/// What was billed on one model by one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRow {
    /// The model, by its name.
    pub model: String,
    /// The path.
    pub endpoint: String,
    /// Pictures billed.
    pub images: u64,
    /// What they cost.
    pub billed: MicroDollars,
}

/// What drafts and finals have come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DraftsAndFinals {
    drafts: Made,
    finals: Made,
    /// What as many pictures as there were drafts would have cost on the finest model that their
    /// seeds carry over to.
    full_quality: MicroDollars,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Made {
    images: u64,
    billed: MicroDollars,
}

impl Made {
    fn add(&mut self, row: &KindRow) {
        self.images = self.images.saturating_add(row.images);
        self.billed = self.billed.plus(row.billed);
    }

    fn to_json(self) -> Value {
        json!({"images": self.images, "spent_usd": self.billed.to_dollars_json()})
    }
}

impl DraftsAndFinals {
    pub fn of(rows: &[KindRow], prices: &PriceTable) -> Self {
        let mut all = Self::default();
        for row in rows {
            let finest = row.model.parse().ok().and_then(finest_for);
            if row.endpoint == Place::Finalize.path() {
                all.finals.add(row);
            } else if let Some(finest) = finest {
                all.drafts.add(row);
                let full_quality = full_quality(finest, row.images, prices);
                all.full_quality = all.full_quality.plus(full_quality);
            }
        }
        all
    }

    pub fn drafts_json(&self) -> Value {
        self.drafts.to_json()
    }

    pub fn finals_json(&self) -> Value {
        let mut finals = self.finals.to_json();
        if let Some(fields) = finals.as_object_mut() {
            let full_quality = self.full_quality.to_dollars_json();
            fields.insert("full_quality_usd".to_owned(), full_quality);
        }
        finals
    }
}

/// At the model's plain price: what made single pictures dearer is not in the sums.
fn full_quality(model: Model, images: u64, prices: &PriceTable) -> MicroDollars {
    let extra = Extra::None;
    let price = prices.of(Rate { model, extra });
    price.times(u32::try_from(images).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(model: &str, endpoint: &str, images: u64, billed: u64) -> KindRow {
        KindRow {
            model: model.to_owned(),
            endpoint: endpoint.to_owned(),
            images,
            billed: MicroDollars::new(billed),
        }
    }

    #[test]
    fn a_draft_is_what_can_be_finished_and_a_final_is_what_was() {
        let finalize = Place::Finalize.path();
        let rows = [
            row("V_2_TURBO", "/generate", 4, 200_000),
            row("V_3_DEFAULT", "/v1/images/generations", 1, 60_000),
            row("V_3_DEFAULT", finalize, 1, 60_000),
            row("V_2", finalize, 1, 80_000),
            // The finest of its family, one that is in none, and one this version does not know.
            row("V_2", "/generate", 3, 240_000),
            row("UPSCALE", "/upscale", 1, 200_000),
            row("V_9", "/generate", 1, 200_000),
        ];
        let all = DraftsAndFinals::of(&rows, &PriceTable::standard());
        assert_eq!(all.drafts_json(), json!({"images": 5, "spent_usd": 0.26}));
        let full_quality = 0.41; // 4 × 0.08 on V_2 + 0.09 on V_3_QUALITY
        let finals = json!({"images": 2, "spent_usd": 0.14, "full_quality_usd": full_quality});
        assert_eq!(all.finals_json(), finals);
    }
}

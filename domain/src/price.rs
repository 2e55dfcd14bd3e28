//! What a picture costs. One table, after Ideogram's API pricing page of 2026-11, which bills by
//! the picture; operators with other rates override rows. A price is never unknown: what has no
//! published rate costs as much as the dearest, so the ledger never books less than the bill.

use serde_json::Value;

use crate::money::MicroDollars;
use crate::request::{Model, parse_json};

/// What is paid for: a model, and what makes its pictures dearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The model.
    pub model: Model,
    /// What is asked of it besides.
    pub extra: Extra,
}

/// What makes a picture dearer than the model alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// Nothing.
    None,
    /// The same character as in a reference picture.
    Character,
    /// A transparent background.
    Transparent,
    /// A transparent background, and more pixels.
    TransparentEnlarged,
}

impl Extra {
    const fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Character => "_CHARACTER",
            Self::Transparent => "_TRANSPARENT",
            Self::TransparentEnlarged => "_TRANSPARENT_ENLARGED",
        }
    }
}

impl Rate {
    /// Its name in `PRICES`: the model's, and what makes it dearer.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}{}", self.model.name(), self.extra.suffix())
    }
}

/// The dearest rate Ideogram publishes for a generated picture: version 3, quality rendering, with
/// a character reference, $0.20. What has no rate of its own costs this until Ideogram says
/// otherwise: `V_3` and `AUTO`, which may be anything, and what makes pictures larger or describes
/// them.
const DEAREST_PUBLISHED: u64 = 200_000;

/// Ideogram's own rates, in micro-dollars; nothing where it publishes none. `FLASH` is published for
/// 3.0 alone, at the rate of `TURBO`. `BALANCED` is not published; between two speeds that are, it is
/// taken to cost no more than the dearer one.
#[rustfmt::skip]
const PUBLISHED: &[(Model, Extra, Option<u64>)] = &[
    (Model::V1, Extra::None, Some(60_000)),
    (Model::V1Turbo, Extra::None, Some(20_000)),
    (Model::V2, Extra::None, Some(80_000)),
    (Model::V2Turbo, Extra::None, Some(50_000)),
    (Model::V2A, Extra::None, Some(40_000)),
    (Model::V2ATurbo, Extra::None, Some(25_000)),
    (Model::V3, Extra::None, None),
    (Model::Auto, Extra::None, None),
    (Model::V3Flash, Extra::None, Some(30_000)),
    (Model::V3Turbo, Extra::None, Some(30_000)),
    (Model::V3Balanced, Extra::None, Some(90_000)),
    (Model::V3Default, Extra::None, Some(60_000)),
    (Model::V3Quality, Extra::None, Some(90_000)),
    (Model::V3Flash, Extra::Character, Some(100_000)),
    (Model::V3Turbo, Extra::Character, Some(100_000)),
    (Model::V3Balanced, Extra::Character, Some(200_000)),
    (Model::V3Default, Extra::Character, Some(150_000)),
    (Model::V3Quality, Extra::Character, Some(200_000)),
    (Model::V3Turbo, Extra::Transparent, Some(40_000)),
    (Model::V3Balanced, Extra::Transparent, Some(100_000)),
    (Model::V3Default, Extra::Transparent, Some(70_000)),
    (Model::V3Quality, Extra::Transparent, Some(100_000)),
    // Dearer, but by how much is not published.
    (Model::V3Turbo, Extra::TransparentEnlarged, None),
    (Model::V3Balanced, Extra::TransparentEnlarged, None),
    (Model::V3Default, Extra::TransparentEnlarged, None),
    (Model::V3Quality, Extra::TransparentEnlarged, None),
    (Model::V4Turbo, Extra::None, Some(30_000)),
    (Model::V4Balanced, Extra::None, Some(100_000)),
    (Model::V4Default, Extra::None, Some(60_000)),
    (Model::V4Quality, Extra::None, Some(100_000)),
    // Paid for by the request, not by the picture.
    (Model::Upscale, Extra::None, None),
    (Model::Describe, Extra::None, None),
];

/// All rates there are, with Ideogram's own price where it publishes one.
fn published() -> impl Iterator<Item = (Rate, Option<MicroDollars>)> {
    let rows = PUBLISHED.iter();
    rows.map(|(model, extra, price)| {
        let (model, extra) = (*model, *extra);
        (Rate { model, extra }, price.map(MicroDollars::new))
    })
}

/// The price of each rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    overrides: Vec<(Rate, MicroDollars)>,
}

impl PriceTable {
    /// Ideogram's own rates.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            overrides: Vec::new(),
        }
    }

    /// Ideogram's rates but for those in a JSON object such as `{"V_2": 0.08}`: dollars a
    /// picture, as a number or as text, exact to the micro-dollar.
    ///
    /// # Errors
    /// When the text is no such object, names an unknown rate or gives something else than a
    /// price above zero; says which. Pictures that cost nothing would slip past every budget.
    pub fn with_overrides(text: &str) -> Result<Self, String> {
        let value = parse_json(text.as_bytes()).map_err(|error| error.message)?;
        let Value::Object(rates) = value else {
            return Err("must be a JSON object such as {\"V_2\": 0.08}".to_owned());
        };
        let rate = |(name, price): (&String, &Value)| {
            let rate = published().find_map(|(rate, _)| (rate.name() == *name).then_some(rate));
            let rate = rate.ok_or_else(|| not_a_rate(name))?;
            Ok((rate, dollars(price).ok_or_else(|| not_a_price(name))?))
        };
        let overrides = rates.iter().map(rate).collect::<Result<_, String>>()?;
        Ok(Self { overrides })
    }

    /// The price of one unit at a rate.
    #[must_use]
    pub fn of(&self, rate: Rate) -> MicroDollars {
        let known = published().find(|(known, _)| *known == rate);
        let stated = known.and_then(|(rate, published)| self.overridden(rate).or(published));
        stated.unwrap_or_else(|| self.dearest())
    }

    fn overridden(&self, rate: Rate) -> Option<MicroDollars> {
        let mut overrides = self.overrides.iter();
        overrides.find_map(|(overridden, price)| (*overridden == rate).then_some(*price))
    }

    /// An override may be dearer than anything Ideogram publishes.
    fn dearest(&self) -> MicroDollars {
        let overrides = self.overrides.iter().map(|(_, price)| *price);
        overrides.fold(MicroDollars::new(DEAREST_PUBLISHED), Ord::max)
    }
}

fn dollars(price: &Value) -> Option<MicroDollars> {
    MicroDollars::from_dollars_json(price).filter(|price| *price > MicroDollars::ZERO)
}

fn not_a_price(rate: &str) -> String {
    let form = "a price above zero, in dollars with at most six decimals, such as 0.08";
    format!("the price of {rate} must be {form}")
}

fn not_a_rate(name: &str) -> String {
    let names: Vec<_> = published().map(|(rate, _)| rate.name()).collect();
    format!(
        "{name:?} is not a model, which is one of {}",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(table: &PriceTable, model: Model) -> String {
        let extra = Extra::None;
        table.of(Rate { model, extra }).to_string()
    }

    #[test]
    fn the_standard_rates_are_ideograms_and_what_has_none_costs_the_dearest() {
        let table = PriceTable::standard();
        let rates: Vec<_> = Model::ALL
            .iter()
            .map(|model| price(&table, *model))
            .collect();
        let expected = [
            "0.06", "0.02", "0.08", "0.05", "0.04", "0.025", "0.2", "0.2", "0.03", "0.03", "0.09",
            "0.06", "0.09", "0.03", "0.1", "0.06", "0.1", "0.2", "0.2",
        ];
        assert_eq!(rates, expected);
    }

    #[test]
    fn an_override_changes_its_row_exactly_and_no_other() {
        let text = r#"{"V_2": 0.000001, "V_1": "0.10", "V_2A": 3, "V_3": 0.07}"#;
        let table = PriceTable::with_overrides(text).unwrap();
        assert_eq!(price(&table, Model::V2), "0.000001");
        assert_eq!(price(&table, Model::V1), "0.1");
        assert_eq!(price(&table, Model::V2A), "3");
        assert_eq!(price(&table, Model::V3), "0.07");
        assert_eq!(price(&table, Model::V2Turbo), "0.05");
        assert_eq!(
            price(&table, Model::Auto),
            "3",
            "the dearest of the whole table"
        );
        assert_eq!(PriceTable::with_overrides("{}"), Ok(PriceTable::standard()));
    }

    #[test]
    fn overrides_that_are_no_table_of_prices_are_refused() {
        for text in [
            "",
            "[]",
            "0.08",
            "{\"V_9\": 1}",
            "{\"v_2\": 1}",
            "{\"V_2\": -0.08}",
            "{\"V_2\": null}",
            "{\"V_2\": 0}",
            "{\"V_2\": \"0.00\"}",
            "{\"V_2\": 0.0000001}",
            "{\"V_2\": \"1e-2\"}",
            "{\"V_2\": 1e300}",
            "{\"V_2\": [1]}",
            "{\"V_2\": 1, \"V_2\": 2}",
        ] {
            assert!(PriceTable::with_overrides(text).is_err(), "{text}");
        }
        assert_eq!(
            PriceTable::with_overrides("{\"V_9\": 1}").unwrap_err(),
            not_a_rate("V_9")
        );
    }

    #[test]
    fn what_is_asked_besides_has_rates_of_its_own() {
        let table = PriceTable::with_overrides(r#"{"V_3_TURBO_CHARACTER": 0.11}"#).unwrap();
        let price = |model, extra| table.of(Rate { model, extra }).to_string();
        assert_eq!(price(Model::V3Turbo, Extra::Character), "0.11");
        assert_eq!(price(Model::V3Turbo, Extra::None), "0.03");
        assert_eq!(price(Model::V3Flash, Extra::Character), "0.1");
        assert_eq!(price(Model::V3Default, Extra::Character), "0.15");
        assert_eq!(price(Model::V3Quality, Extra::Transparent), "0.1");
        assert_eq!(price(Model::V3Turbo, Extra::TransparentEnlarged), "0.2");
        assert_eq!(
            price(Model::V1, Extra::Character),
            "0.2",
            "there is no such rate"
        );
    }

    proptest! {
        #[test]
        fn an_override_is_exact_to_the_micro_dollar(micro in 1..9_000_000_000_u64) {
            let amount = MicroDollars::new(micro);
            let text = format!("{{\"V_2\": {amount}}}");
            let table = PriceTable::with_overrides(&text).unwrap();
            let rate = Rate { model: Model::V2, extra: Extra::None };
            prop_assert_eq!(table.of(rate), amount);
        }
    }
}

//! What a picture costs. One table, after Ideogram's API pricing page of 2026-11, which bills by
//! the picture; operators with other rates override rows. A price is never unknown: what has no
//! published rate costs as much as the dearest, so the ledger never books less than the bill.

use serde_json::Value;

use crate::money::MicroDollars;
use crate::request::{Model, parse_json};

/// The dearest rate Ideogram publishes for a generated picture: version 3, quality rendering, with
/// a character reference, $0.20. `V_3` and `AUTO` have no rate of their own, and `AUTO` may choose
/// anything, so they cost this until Ideogram says otherwise.
const DEAREST_PUBLISHED: MicroDollars = MicroDollars::new(200_000);

/// The rate of each model, a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTable {
    overrides: Vec<(Model, MicroDollars)>,
}

/// Ideogram's own rates; none for a model it publishes none for.
const fn published(model: Model) -> Option<MicroDollars> {
    let micro_dollars = match model {
        Model::V1 => 60_000,
        Model::V1Turbo => 20_000,
        Model::V2 => 80_000,
        Model::V2Turbo => 50_000,
        Model::V2A => 40_000,
        Model::V2ATurbo => 25_000,
        Model::V3 | Model::Auto => return None,
    };
    Some(MicroDollars::new(micro_dollars))
}

impl PriceTable {
    /// Ideogram's own rates.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            overrides: Vec::new(),
        }
    }

    /// Ideogram's rates but for the models in a JSON object such as `{"V_2": 0.08}`: dollars a
    /// picture, as a number or as text, exact to the micro-dollar.
    ///
    /// # Errors
    /// When the text is no such object, names an unknown model or gives something else than a
    /// price above zero; says which. Pictures that cost nothing would slip past every budget.
    pub fn with_overrides(text: &str) -> Result<Self, String> {
        let value = parse_json(text.as_bytes()).map_err(|error| error.message)?;
        let Value::Object(rates) = value else {
            return Err("must be a JSON object such as {\"V_2\": 0.08}".to_owned());
        };
        let rate = |(name, price): (&String, &Value)| {
            let model: Model = name
                .parse()
                .map_err(|known| format!("{name:?} is not a model, which is {known}"))?;
            Ok((model, dollars(price).ok_or_else(|| not_a_price(model))?))
        };
        let overrides = rates.iter().map(rate).collect::<Result<_, String>>()?;
        Ok(Self { overrides })
    }

    /// The price of one picture.
    #[must_use]
    pub fn per_image(&self, model: Model) -> MicroDollars {
        self.stated(model).unwrap_or_else(|| self.dearest())
    }

    fn stated(&self, model: Model) -> Option<MicroDollars> {
        let mut overrides = self.overrides.iter();
        let overridden = overrides.find(|(overridden, _)| *overridden == model);
        overridden.map_or_else(|| published(model), |(_, price)| Some(*price))
    }

    /// An override may be dearer than anything Ideogram publishes.
    fn dearest(&self) -> MicroDollars {
        let stated = Model::ALL
            .into_iter()
            .filter_map(|model| self.stated(model));
        stated.fold(DEAREST_PUBLISHED, Ord::max)
    }
}

fn dollars(price: &Value) -> Option<MicroDollars> {
    MicroDollars::from_dollars_json(price).filter(|price| *price > MicroDollars::ZERO)
}

fn not_a_price(model: Model) -> String {
    let form = "a price above zero, in dollars with at most six decimals, such as 0.08";
    format!("the price of {model} must be {form}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(table: &PriceTable, model: Model) -> String {
        table.per_image(model).to_string()
    }

    #[test]
    fn the_standard_rates_are_ideograms_and_what_has_none_costs_the_dearest() {
        let table = PriceTable::standard();
        let rates = Model::ALL.map(|model| price(&table, model));
        let expected = [
            "0.06", "0.02", "0.08", "0.05", "0.04", "0.025", "0.2", "0.2",
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
            "\"V_9\" is not a model, which is one of V_1, V_1_TURBO, V_2, V_2_TURBO, V_2A, \
             V_2A_TURBO, V_3, AUTO"
        );
    }

    proptest! {
        #[test]
        fn an_override_is_exact_to_the_micro_dollar(micro in 1..9_000_000_000_u64) {
            let amount = MicroDollars::new(micro);
            let text = format!("{{\"V_2\": {amount}}}");
            let table = PriceTable::with_overrides(&text).unwrap();
            prop_assert_eq!(table.per_image(Model::V2), amount);
        }
    }
}

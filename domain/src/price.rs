//! What a picture costs. One table, after Ideogram's API pricing page of 2026-11, which bills by
//! the picture; operators with other rates override rows. A price is never unknown: what has no
//! published rate costs as much as the dearest, so the ledger never books less than the bill. Where
//! Ideogram has quoted more than the table has, that counts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::money::MicroDollars;
use crate::quote::Quoted;
use crate::request::{Model, parse_json};

/// What is paid for: a model, and what makes its pictures dearer. In JSON it is its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name())
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.name()
    }
}

/// By its name; in error it says which there are.
impl FromStr for Rate {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let rate = published().find_map(|(rate, _)| (rate.name() == name).then_some(rate));
        rate.ok_or_else(|| not_a_rate(name))
    }
}

impl TryFrom<String> for Rate {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

/// The dearest rate Ideogram publishes for a generated picture: version 3, quality rendering, with
/// a character reference, $0.20. What has no rate of its own costs this until Ideogram says
/// otherwise: `V_3` and `AUTO`, which may be anything, finer pictures of 2.0 and 2a, and what makes
/// pictures larger at the legacy endpoint or describes them.
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
    (Model::V2Quality, Extra::None, None),
    (Model::V2A, Extra::None, Some(40_000)),
    (Model::V2ATurbo, Extra::None, Some(25_000)),
    (Model::V2AQuality, Extra::None, None),
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
    (Model::V4Turbo, Extra::Transparent, None),
    (Model::V4Default, Extra::Transparent, Some(60_000)),
    (Model::V4Quality, Extra::Transparent, None),
    (Model::V4Turbo, Extra::TransparentEnlarged, None),
    (Model::V4Default, Extra::TransparentEnlarged, None),
    (Model::V4Quality, Extra::TransparentEnlarged, None),
    (Model::V45VeryLow, Extra::None, None),
    // Whether a picture of at most 1024x1024 pixels costs less is not published.
    (Model::V45Low, Extra::None, Some(30_000)),
    (Model::V45Medium, Extra::None, Some(60_000)),
    (Model::V45High, Extra::None, Some(100_000)),
    // Paid for by the request, not by the picture.
    (Model::Upscale, Extra::None, None),
    // Quoted on 2026-10-10 for a picture of 1024x1024 made twice as wide and high; taken to grow with
    // the pixels that come of it. A larger picture may cost more.
    (Model::UpscaleX2, Extra::None, Some(252_000)),
    (Model::UpscaleX4, Extra::None, Some(4 * 252_000)),
    (Model::UpscaleX8, Extra::None, Some(16 * 252_000)),
    (Model::RemoveBackground, Extra::None, Some(10_000)),
    (Model::Describe, Extra::None, None),
];

/// What is not published, but costs no more than something of its kind that is.
const AT_MOST: &[(Model, Extra, u64)] = &[
    (Model::V4Turbo, Extra::Transparent, 60_000),
    (Model::V45VeryLow, Extra::None, 30_000),
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
    /// What Ideogram has quoted.
    quotes: Vec<(Rate, MicroDollars)>,
}

impl PriceTable {
    /// Ideogram's own rates.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            overrides: Vec::new(),
            quotes: Vec::new(),
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
            let rate = name.parse()?;
            Ok((rate, dollars(price).ok_or_else(|| not_a_price(name))?))
        };
        let overrides = rates.iter().map(rate).collect::<Result<_, String>>()?;
        Ok(Self {
            overrides,
            quotes: Vec::new(),
        })
    }

    /// The same table where Ideogram has quoted no more than it has.
    #[must_use]
    pub fn with_quotes(&self, quotes: &[Quoted]) -> Self {
        let quotes = quotes.iter().map(|quoted| (quoted.rate, quoted.price));
        Self {
            overrides: self.overrides.clone(),
            quotes: quotes.collect(),
        }
    }

    /// The price of one unit at a rate: the higher of what the table has and what was quoted.
    #[must_use]
    pub fn of(&self, rate: Rate) -> MicroDollars {
        let quoted = price_in(&self.quotes, rate).unwrap_or_default();
        self.listed(rate).max(quoted)
    }

    /// What was quoted for a rate.
    #[must_use]
    pub fn quoted(&self, rate: Rate) -> Option<MicroDollars> {
        price_in(&self.quotes, rate)
    }

    /// What the table has for a rate, whatever was quoted for it.
    #[must_use]
    pub fn listed(&self, rate: Rate) -> MicroDollars {
        let known = self.stated(rate).or_else(|| at_most(rate));
        known.unwrap_or_else(|| self.dearest())
    }

    /// The price of a rate where the operator or Ideogram states one.
    #[must_use]
    pub fn stated(&self, rate: Rate) -> Option<MicroDollars> {
        let known = published().find(|(known, _)| *known == rate);
        known.and_then(|(rate, published)| price_in(&self.overrides, rate).or(published))
    }

    /// An override, or a quote, may be dearer than anything Ideogram publishes.
    fn dearest(&self) -> MicroDollars {
        let others = self.overrides.iter().chain(&self.quotes);
        let others = others.map(|(_, price)| *price);
        others.fold(MicroDollars::new(DEAREST_PUBLISHED), Ord::max)
    }
}

fn at_most(rate: Rate) -> Option<MicroDollars> {
    let mut rows = AT_MOST.iter();
    rows.find_map(|(model, extra, price)| {
        let is_it = (*model, *extra) == (rate.model, rate.extra);
        is_it.then(|| MicroDollars::new(*price))
    })
}

fn price_in(rows: &[(Rate, MicroDollars)], rate: Rate) -> Option<MicroDollars> {
    let mut rows = rows.iter();
    rows.find_map(|(of, price)| (*of == rate).then_some(*price))
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
    use crate::time::UnixMillis;

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
            "0.06", "0.02", "0.08", "0.05", "0.2", "0.04", "0.025", "0.2", "0.2", "0.2", "0.03",
            "0.03", "0.09", "0.06", "0.09", "0.03", "0.1", "0.06", "0.1", "0.03", "0.03", "0.06",
            "0.1", "0.2", "0.252", "1.008", "4.032", "0.01", "0.2",
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

    #[test]
    fn what_is_not_published_costs_no_more_than_its_kind_and_is_no_drift() {
        let table = PriceTable::with_overrides(r#"{"V_4_5_VERY_LOW": 0.02}"#).unwrap();
        let rate = |model, extra| Rate { model, extra };
        assert_eq!(price(&table, Model::V45VeryLow), "0.02");
        let table = PriceTable::standard();
        assert_eq!(price(&table, Model::V45VeryLow), "0.03");
        assert_eq!(table.stated(rate(Model::V45VeryLow, Extra::None)), None);
        let price = |extra| table.of(rate(Model::V4Turbo, extra)).to_string();
        assert_eq!(price(Extra::Transparent), "0.06");
        assert_eq!(price(Extra::TransparentEnlarged), "0.2");
    }

    #[test]
    fn a_quote_raises_a_price_and_lowers_none() {
        let quoted = |model, price| Quoted {
            rate: Rate {
                model,
                extra: Extra::None,
            },
            price: MicroDollars::new(price),
            at: UnixMillis::default(),
        };
        let quotes = [
            quoted(Model::V2, 90_000),
            quoted(Model::V2A, 10_000),
            quoted(Model::V3Quality, 210_000),
        ];
        let own = PriceTable::with_overrides(r#"{"V_2": 0.085, "V_2A": 0.03}"#).unwrap();
        let table = own.with_quotes(&quotes);
        assert_eq!(price(&table, Model::V2), "0.09");
        assert_eq!(price(&table, Model::V2A), "0.03");
        assert_eq!(price(&table, Model::V2Turbo), "0.05");
        assert_eq!(price(&table, Model::V3), "0.21", "the dearest of all");
        let v2 = Rate {
            model: Model::V2,
            extra: Extra::None,
        };
        assert_eq!(table.listed(v2).to_string(), "0.085");
        assert_eq!(table.with_quotes(&[]), own);
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

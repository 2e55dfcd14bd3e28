//! Price quotes: what Ideogram itself says a picture costs today, free of charge. They are asked for
//! at the v2 API (`POST /v2/image/generate/{model}?dry_run=true`, Ideogram's price quotes page,
//! 2026-11), which checks the key and the request as the real call does, but looks at neither the
//! balance nor what is in progress. So a quote is also the cheapest proof that Ideogram is there.
//!
//! The table says which of our rates has a counterpart there. Not quoted, because there is none:
//! `V_1` and `V_1_TURBO`, `V_3` and `AUTO`, the speeds `FLASH` and `BALANCED`, and describing. Rates
//! with a character reference neither, nor what is made of a picture: even a quote wants the picture.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer;
use crate::money::MicroDollars;
use crate::price::{Extra, PriceTable, Rate};
use crate::request::{Model, Product, parse_json};
use crate::retry::{CallOutcome, Health, Verdict, judge};
use crate::time::{Millis, UnixMillis};

/// What is quoted and what the health probe has drawn: short, harmless, always the same.
pub const PROMPT: &str = "a plain grey circle on a white background";
/// What a quote says that it is.
pub(crate) const OBJECT: &str = "price_quote";
/// What a request's path is followed by where only its price is asked for.
pub const DRY_RUN: &str = "?dry_run=true";
/// How long a quote counts for a rate that later watches got no answer about.
const KEPT: Millis = Millis::from_seconds(7 * 24 * 60 * 60);
/// No picture of Ideogram's costs anything like it: what says more is a mistake, which would stop
/// everything if it were believed.
const MOST: MicroDollars = MicroDollars::new(100_000_000);

/// A question for a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    rate: Rate,
    model: &'static str,
    /// What is asked for besides: options by their names.
    options: &'static [(&'static str, &'static str)],
}

const fn quote(
    model: Model,
    extra: Extra,
    name: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> Quote {
    Quote {
        rate: Rate { model, extra },
        model: name,
        options,
    }
}

const TRANSPARENT: &str = "ideogram-3-transparent";
const TRANSPARENT_4: &str = "ideogram-4-transparent";
const TURBO: (&str, &str) = ("rendering_speed", "turbo");
const DEFAULT: (&str, &str) = ("rendering_speed", "default");
const QUALITY: (&str, &str) = ("rendering_speed", "quality");
const X1: (&str, &str) = ("upscale_factor", "x1");
const X2: (&str, &str) = ("upscale_factor", "x2");
const X4: (&str, &str) = ("upscale_factor", "x4");
const K1: (&str, &str) = ("output_resolution", "1k");
/// The largest, and so the dearest.
const K8: (&str, &str) = ("output_resolution", "8k");
const LOW: (&str, &str) = ("quality", "low");
const MEDIUM: (&str, &str) = ("quality", "medium");
const HIGH: (&str, &str) = ("quality", "high");

/// What the health probe asks; any would do.
pub const PROBE: Quote = quote(Model::V2ATurbo, Extra::None, "ideogram-2a", &[TURBO]);

/// A rate with two rows costs what the dearer one does. The factors of enlarged pictures are one
/// rate of ours.
#[rustfmt::skip]
const QUOTES: &[Quote] = &[
    PROBE,
    quote(Model::V2A, Extra::None, "ideogram-2a", &[DEFAULT]),
    quote(Model::V2AQuality, Extra::None, "ideogram-2a", &[QUALITY]),
    quote(Model::V2Turbo, Extra::None, "ideogram-2", &[TURBO]),
    quote(Model::V2, Extra::None, "ideogram-2", &[DEFAULT]),
    quote(Model::V2Quality, Extra::None, "ideogram-2", &[QUALITY]),
    quote(Model::V3Turbo, Extra::None, "ideogram-3", &[TURBO]),
    quote(Model::V3Default, Extra::None, "ideogram-3", &[DEFAULT]),
    quote(Model::V3Quality, Extra::None, "ideogram-3", &[QUALITY]),
    quote(Model::V3Turbo, Extra::Transparent, TRANSPARENT, &[TURBO, X1]),
    quote(Model::V3Default, Extra::Transparent, TRANSPARENT, &[DEFAULT, X1]),
    quote(Model::V3Quality, Extra::Transparent, TRANSPARENT, &[QUALITY, X1]),
    quote(Model::V3Turbo, Extra::TransparentEnlarged, TRANSPARENT, &[TURBO, X2]),
    quote(Model::V3Turbo, Extra::TransparentEnlarged, TRANSPARENT, &[TURBO, X4]),
    quote(Model::V3Default, Extra::TransparentEnlarged, TRANSPARENT, &[DEFAULT, X2]),
    quote(Model::V3Default, Extra::TransparentEnlarged, TRANSPARENT, &[DEFAULT, X4]),
    quote(Model::V3Quality, Extra::TransparentEnlarged, TRANSPARENT, &[QUALITY, X2]),
    quote(Model::V3Quality, Extra::TransparentEnlarged, TRANSPARENT, &[QUALITY, X4]),
    quote(Model::V4Turbo, Extra::None, "ideogram-4", &[TURBO]),
    quote(Model::V4Default, Extra::None, "ideogram-4", &[DEFAULT]),
    quote(Model::V4Quality, Extra::None, "ideogram-4", &[QUALITY]),
    quote(Model::V4Turbo, Extra::Transparent, TRANSPARENT_4, &[TURBO, K1]),
    quote(Model::V4Default, Extra::Transparent, TRANSPARENT_4, &[DEFAULT, K1]),
    quote(Model::V4Quality, Extra::Transparent, TRANSPARENT_4, &[QUALITY, K1]),
    quote(Model::V4Turbo, Extra::TransparentEnlarged, TRANSPARENT_4, &[TURBO, K8]),
    quote(Model::V4Default, Extra::TransparentEnlarged, TRANSPARENT_4, &[DEFAULT, K8]),
    quote(Model::V4Quality, Extra::TransparentEnlarged, TRANSPARENT_4, &[QUALITY, K8]),
    quote(Model::V45Low, Extra::None, "ideogram-4-5", &[LOW]),
    quote(Model::V45Medium, Extra::None, "ideogram-4-5", &[MEDIUM]),
    quote(Model::V45High, Extra::None, "ideogram-4-5", &[HIGH]),
];

impl Quote {
    /// All questions there are.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        QUOTES.iter()
    }

    /// The questions about one rate; none if it cannot be quoted.
    pub fn about(rate: Rate) -> impl Iterator<Item = &'static Self> {
        QUOTES.iter().filter(move |quote| quote.rate == rate)
    }

    /// The rate it is about.
    #[must_use]
    pub const fn rate(&self) -> Rate {
        self.rate
    }

    /// Where it goes, after the base URL.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/v2/image/generate/{}{DRY_RUN}", self.model)
    }

    /// What goes there: one picture, so that the quote is the price of one.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("prompt".to_owned(), PROMPT.into());
        fields.insert("num_images".to_owned(), 1.into());
        let options = self.options.iter();
        fields.extend(options.map(|(name, word)| ((*name).to_owned(), (*word).into())));
        Value::Object(fields)
    }
}

/// What came of a question for a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteOutcome {
    /// What was said.
    pub answer: QuoteAnswer,
    /// How long it took.
    pub latency: Millis,
    /// Ideogram's own time, by its answer's `Date`.
    pub date: Option<UnixMillis>,
}

/// What was said to a question for a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteAnswer {
    /// The most that one picture costs.
    Price(MicroDollars),
    /// An answer, but no price.
    Refused {
        /// What it says about Ideogram.
        health: Health,
        /// Why, in words.
        why: String,
    },
    /// No answer.
    Failed {
        /// Why, in words.
        why: String,
    },
}

impl QuoteAnswer {
    /// What a call for a quote came to. `now` is when it ended.
    #[must_use]
    pub fn of(outcome: CallOutcome, now: UnixMillis) -> Self {
        match outcome {
            CallOutcome::Answered {
                status: 200, body, ..
            } => match read_price(&body) {
                Ok(price) => Self::Price(price),
                // Ideogram is there; whether it makes pictures this does not say.
                Err(why) => Self::Refused {
                    health: Health::Working,
                    why: format!("Ideogram's quote cannot be read: {why}"),
                },
            },
            CallOutcome::Answered { status, .. } => refused(status, outcome, now),
            CallOutcome::TimedOut => Self::failed("Ideogram did not answer in time"),
            CallOutcome::ConnectionLost => Self::failed("the connection to Ideogram was lost"),
            CallOutcome::ReferenceGone | CallOutcome::ReferencesUnknown => {
                Self::failed("nothing was sent to Ideogram")
            }
        }
    }

    fn failed(why: &str) -> Self {
        Self::Failed {
            why: why.to_owned(),
        }
    }

    /// What it says about Ideogram.
    #[must_use]
    pub const fn health(&self) -> Health {
        match self {
            Self::Price(_) => Health::Working,
            Self::Refused { health, .. } => *health,
            Self::Failed { .. } => Health::Failing,
        }
    }

    /// Why there is no price, in words; none if there is one.
    #[must_use]
    pub fn why_not(&self) -> Option<&str> {
        match self {
            Self::Price(_) => None,
            Self::Refused { why, .. } | Self::Failed { why } => Some(why),
        }
    }

    /// The price, if there is one.
    #[must_use]
    pub const fn price(&self) -> Option<MicroDollars> {
        match self {
            Self::Price(price) => Some(*price),
            Self::Refused { .. } | Self::Failed { .. } => None,
        }
    }
}

fn refused(status: u16, outcome: CallOutcome, now: UnixMillis) -> QuoteAnswer {
    let said = match &outcome {
        CallOutcome::Answered { body, .. } => answer::error_message(body),
        _ => None,
    };
    // A quote costs nothing; of what the status means only the word about Ideogram counts.
    let health = match judge(outcome, Product::Pictures, now) {
        Verdict::Failed(call) => call.health,
        Verdict::Made(_) | Verdict::Accepted(_) | Verdict::NotSent(_) => Health::Working,
    };
    let what = match health {
        Health::KeyRefused => "Ideogram refused the gateway's key",
        Health::NoCredits => "the account at Ideogram has no credit left",
        Health::RateLimited => "Ideogram has too much to do for this account",
        Health::Failing => "Ideogram failed",
        Health::Working => "Ideogram refused to quote",
    };
    // What is said of keys and accounts is not for everybody who may look at the health.
    let said = match (said, health) {
        (None, _) | (_, Health::KeyRefused | Health::NoCredits) => String::new(),
        (Some(said), _) => format!(": {said}"),
    };
    QuoteAnswer::Refused {
        health,
        why: format!("{what} (status {status}){said}"),
    }
}

/// Reads a `PriceQuote` (Ideogram's OpenAPI document, 2026-10): what the picture costs, or the upper
/// bound where that is an estimate.
///
/// # Errors
/// It is none; says what is wrong with it.
pub fn read_price(body: &[u8]) -> Result<MicroDollars, String> {
    let quote = parse_json(body).map_err(|error| error.message)?;
    let amount = |name: &str| {
        let amount = quote.get(name).and_then(Value::as_u64);
        let amount = amount.map(MicroDollars::new);
        amount
            .filter(|amount| *amount <= MOST)
            .ok_or_else(|| format!("{name} is no amount of micro-dollars"))
    };
    let text = |name: &str| quote.get(name).and_then(Value::as_str);
    if text("object") != Some(OBJECT) {
        return Err("it is no price_quote".to_owned());
    }
    if quote.get("quantity").and_then(Value::as_u64) != Some(1) {
        return Err("it is not about one picture".to_owned());
    }
    let price = amount("usd_micros")?;
    match text("qualifier") {
        Some("exact") => Ok(price),
        Some("estimate") => Ok(price.max(amount("upper_bound_usd_micros")?)),
        _ => Err("its qualifier is neither exact nor estimate".to_owned()),
    }
}

/// What a rate was quoted at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Which.
    pub rate: Rate,
    /// The most that one picture costs.
    pub price: MicroDollars,
    /// When it was said.
    pub at: UnixMillis,
}

/// A rate whose quote is not what the table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// Which.
    pub rate: Rate,
    /// Its price by the table, the operator's own prices included.
    pub table: MicroDollars,
    /// Its price by Ideogram.
    pub quoted: MicroDollars,
}

impl Drift {
    /// As the operator is shown it, in dollars.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({
            "rate": self.rate,
            "table_usd": self.table.to_dollars_json(),
            "quoted_usd": self.quoted.to_dollars_json(),
        })
    }
}

/// One look at Ideogram's prices, and what of the looks before it still counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceWatch {
    /// When.
    pub at: UnixMillis,
    /// What each rate was quoted at, at most once.
    pub quotes: Vec<Quoted>,
    /// Which of these are not what the table has.
    pub drifts: Vec<Drift>,
}

impl PriceWatch {
    /// Takes together what each question about a rate was `answered` at `at`, and for rates of which
    /// one went unanswered what was said `before`, for a week.
    #[must_use]
    pub fn new(
        at: UnixMillis,
        answered: &[(Rate, Option<MicroDollars>)],
        before: Option<&Self>,
        table: &PriceTable,
    ) -> Self {
        let dearest = |rate: Rate| {
            let about = answered.iter().filter(|(of, _)| *of == rate);
            let prices: Option<Vec<_>> = about.map(|(_, price)| *price).collect();
            prices?.into_iter().max()
        };
        let mut quotes: Vec<Quoted> = vec![];
        for (rate, _) in answered.iter().copied() {
            let is_new = quotes.iter().all(|quoted| quoted.rate != rate);
            if let Some(price) = dearest(rate).filter(|_| is_new) {
                quotes.push(Quoted { rate, price, at });
            }
        }
        for earlier in before.map_or(&[][..], |before| &before.quotes) {
            let is_new = quotes.iter().all(|quoted| quoted.rate != earlier.rate);
            if is_new && at.since(earlier.at) < KEPT {
                quotes.push(*earlier);
            }
        }
        let drifts = quotes.iter().filter_map(|quoted| drift(*quoted, table));
        Self {
            at,
            drifts: drifts.collect(),
            quotes,
        }
    }
}

/// Where Ideogram publishes no price the table has the dearest, which a quote may well be below.
fn drift(quoted: Quoted, table: &PriceTable) -> Option<Drift> {
    let listed = table.listed(quoted.rate);
    let differs = match table.stated(quoted.rate) {
        Some(stated) => quoted.price != stated,
        None => quoted.price > listed,
    };
    differs.then_some(Drift {
        rate: quoted.rate,
        table: listed,
        quoted: quoted.price,
    })
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;

//! What an accepted request buys, and at what price.
//! Holds true: the price rests on the request alone, and is known before the work starts.

use crate::given::Given;
use crate::model::Model;
use crate::speed::{Speed, SpeedPrices, V3, V3_TRANSPARENT, V3_WITH_CHARACTER, V4};

/// No price is published for the legacy upscale; this is what a reseller shows.
const UPSCALE: u64 = 60_000;
/// No price is published for a description; that of the cheapest other endpoint, which removes
/// backgrounds, is taken.
const DESCRIPTION: u64 = 10_000;
/// Factors above X1 cost more, but not how much more is published: that of an upscale is taken.
pub(crate) const LARGER_FACTOR: u64 = UPSCALE;

/// How an endpoint's price is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tariff {
    /// By `model`.
    Model,
    /// One price, however many images come of it.
    Upscale,
    /// One price.
    Description,
    /// By `rendering_speed`, and dearer with a reference to a character.
    V3,
    /// By `rendering_speed` and `upscale_factor`.
    V3Transparent,
    /// By `rendering_speed`.
    V4,
    /// By `rendering_speed`, of these.
    BySpeed(SpeedPrices),
    /// By `quality`.
    ByQuality,
    /// One price an image, in micro-dollars: a quote seen in 2026-10.
    Each(u64),
}

/// What is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Purchase {
    /// The model by Ideogram's name.
    pub(crate) model: String,
    pub(crate) speed: Option<Speed>,
    /// Whether it takes half the time.
    pub(crate) is_fast: bool,
    /// Whether answers name a style if the request does not.
    pub(crate) has_style_types: bool,
    micro_dollars: u64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Image,
    Request,
}

impl Purchase {
    /// The charge in micro-dollars, if so many images come of it.
    pub(crate) fn micro_dollars(&self, images: u32) -> u64 {
        let units = match self.unit {
            Unit::Image => images,
            Unit::Request => images.min(1),
        };
        self.micro_dollars * u64::from(units)
    }

    /// The same of this model, if there is one.
    pub(crate) fn of_model(self, model: Option<&str>) -> Self {
        Self {
            model: model.map_or(self.model, str::to_owned),
            ..self
        }
    }

    /// The same at the price that `price` makes of the published one.
    pub(crate) fn repriced(self, price: impl FnOnce(u64) -> u64) -> Self {
        Self {
            micro_dollars: price(self.micro_dollars),
            ..self
        }
    }
}

impl Tariff {
    pub(crate) fn purchase(self, given: &Given) -> Purchase {
        match self {
            Self::Model => by_model(given),
            Self::Upscale => by_request("UPSCALE", UPSCALE),
            Self::Description => {
                let version = given.text("describe_model_version");
                by_request(version.unwrap_or("V_3"), DESCRIPTION)
            }
            Self::V3 if given.has("character_reference_images") => {
                by_speed("V_3", V3_WITH_CHARACTER, given)
            }
            Self::V3 => by_speed("V_3", V3, given),
            Self::V3Transparent => {
                let mut purchase = by_speed("V_3", V3_TRANSPARENT, given);
                if given.upscale_factor(1) > 1 {
                    purchase.micro_dollars += LARGER_FACTOR;
                }
                purchase
            }
            Self::V4 => by_speed("V_4", V4, given),
            // The name of the model is in the path.
            Self::BySpeed(prices) => by_speed("", prices, given),
            Self::ByQuality => by_image(by_quality(given)),
            Self::Each(micro_dollars) => by_image(micro_dollars),
        }
    }
}

fn by_model(given: &Given) -> Purchase {
    let model = given.text("model").and_then(Model::from_name);
    let model = model.unwrap_or(Model::V2);
    Purchase {
        model: model.name().to_owned(),
        speed: None,
        is_fast: model.is_turbo(),
        has_style_types: model.has_style_types(),
        micro_dollars: model.micro_dollars_per_image(),
        unit: Unit::Image,
    }
}

fn by_speed(model: &str, prices: SpeedPrices, given: &Given) -> Purchase {
    let name = given.text("rendering_speed").map(str::to_ascii_uppercase);
    let speed = name.as_deref().and_then(Speed::from_name);
    let speed = speed.unwrap_or(Speed::Default);
    Purchase {
        model: model.to_owned(),
        speed: Some(speed),
        is_fast: speed.is_fast(),
        // Style codes stand in the place of a type.
        has_style_types: !given.has("style_codes"),
        micro_dollars: prices.at(speed),
        unit: Unit::Image,
    }
}

/// Ideogram's pricing page, 2026-11; low qualities cost the same there.
fn by_quality(given: &Given) -> u64 {
    let pictures = [
        "image",
        "image_asset_identifier",
        "images",
        "image_asset_identifiers",
    ];
    let usual = if pictures.iter().any(|name| given.has(name)) {
        "medium"
    } else {
        "high"
    };
    match given.text("quality").unwrap_or(usual) {
        "very_low" | "low" => 30_000,
        "medium" => 60_000,
        _ => 100_000,
    }
}

fn by_image(micro_dollars: u64) -> Purchase {
    Purchase {
        unit: Unit::Image,
        ..by_request("", micro_dollars)
    }
}

fn by_request(model: &str, micro_dollars: u64) -> Purchase {
    Purchase {
        model: model.to_owned(),
        speed: None,
        is_fast: false,
        has_style_types: false,
        micro_dollars,
        unit: Unit::Request,
    }
}

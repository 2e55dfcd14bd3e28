//! A valid request, reduced to what work, bill and answer depend on.
//! Holds true: an order can be run as it is; nothing in it is optional but what the answer may
//! leave out.

use crate::check::check;
use crate::endpoint::Endpoint;
use crate::given::Given;
use crate::refusal::Refusal;
use crate::size::Size;
use crate::tariff::{Purchase, Tariff};
use crate::validate::check_content;

/// How much larger a legacy upscale makes a picture; no field of it says.
const LEGACY_UPSCALE_FACTOR: u32 = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Path of the endpoint.
    pub(crate) endpoint: &'static str,
    pub(crate) purchase: Purchase,
    pub(crate) product: Product,
    /// Empty where an endpoint has none.
    pub(crate) prompt: String,
    /// Images or descriptions.
    pub(crate) images: u32,
    pub(crate) seed: Option<u32>,
    pub(crate) size: Size,
    /// The size in the end, where a picture is made larger after it was generated.
    pub(crate) upscaled: Option<Size>,
    pub(crate) style_type: Option<String>,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Images,
    Descriptions,
}

impl Order {
    pub(crate) fn new(endpoint: &'static Endpoint, given: &Given) -> Result<Self, Refusal> {
        check(endpoint, given)?;
        let prompt = prompt(given);
        check_content(&prompt)?;
        let purchase = endpoint.tariff.purchase(given);
        let size = size(endpoint, given);
        Ok(Self {
            endpoint: endpoint.path,
            product: match endpoint.tariff {
                Tariff::Description => Product::Descriptions,
                _ => Product::Images,
            },
            prompt,
            images: given.number("num_images").unwrap_or(1),
            seed: given.number("seed"),
            size,
            upscaled: match endpoint.tariff {
                Tariff::Upscale => Some(size.times(LEGACY_UPSCALE_FACTOR)),
                Tariff::V3Transparent => Some(size.times(given.upscale_factor())),
                _ => None,
            },
            style_type: style_type(endpoint, given, &purchase),
            purchase,
        })
    }
}

fn prompt(given: &Given) -> String {
    let text = given.text("prompt").or_else(|| given.text("text_prompt"));
    match (text, given.values.get("json_prompt")) {
        (Some(text), _) => text.to_owned(),
        (None, Some(structured)) => structured.to_string(),
        (None, None) => String::new(),
    }
}

/// As asked for; where nothing can be asked for, as near to the picture sent as the list allows.
fn size(endpoint: &Endpoint, given: &Given) -> Size {
    let sizes = endpoint.sizes;
    let resolution = given.text("resolution");
    let ratio = given.text("aspect_ratio");
    let asked = resolution
        .and_then(|name| sizes.resolution(name))
        .or_else(|| ratio.and_then(|name| sizes.aspect_ratio(name)));
    if asked.is_some() || endpoint.has("resolution") {
        return asked.unwrap_or(Size::SQUARE);
    }
    let sent = given.files.get("image").or(given.files.get("image_file"));
    let sent = sent.and_then(|files| files.first()?.picture);
    asked
        .or_else(|| sent.map(|size| sizes.nearest(size)))
        .unwrap_or(Size::SQUARE)
}

fn style_type(endpoint: &Endpoint, given: &Given, purchase: &Purchase) -> Option<String> {
    let asked = given.text("style_type").map(str::to_owned);
    let usual = endpoint.has("style_type") && purchase.has_style_types;
    asked.or_else(|| usual.then(|| "GENERAL".to_owned()))
}

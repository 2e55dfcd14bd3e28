//! A valid request, reduced to what work, bill and answer depend on.
//! Holds true: an order can be run as it is; nothing in it is optional but what the answer may
//! leave out.

use crate::check::check;
use crate::endpoint::{Endpoint, Product};
use crate::envelope::Envelope;
use crate::given::Given;
use crate::refusal::Refusal;
use crate::size::Size;
use crate::tariff::{Purchase, Tariff};
use crate::v2_rules::USUAL_ENLARGEMENT;
use crate::validate::check_content;

/// How much larger a legacy upscale makes a picture; no field of it says.
const LEGACY_UPSCALE_FACTOR: u32 = 2;

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
    /// The generation that it is, at v2.
    pub(crate) envelope: Option<Envelope>,
}

impl Order {
    pub(crate) fn new(endpoint: &'static Endpoint, given: &Given) -> Result<Self, Refusal> {
        check(endpoint, given)?;
        let prompt = prompt(given);
        check_content(&prompt)?;
        let purchase = endpoint.tariff.purchase(given);
        let purchase = purchase.of_model(endpoint.model_in_path());
        let envelope = endpoint.v2.as_ref().map(|row| Envelope::new(row, given));
        let size = size(endpoint, given);
        Ok(Self {
            endpoint: endpoint.path,
            product: endpoint.product,
            prompt,
            images: given.number("num_images").unwrap_or(1),
            seed: envelope
                .as_ref()
                .map(|envelope| envelope.seed)
                .or_else(|| given.number("seed")),
            size,
            upscaled: enlargement(endpoint, given).map(|factor| size.times(factor)),
            style_type: style_type(endpoint, given, &purchase),
            purchase,
            envelope,
        })
    }
}

/// How many times larger a picture is made after it was generated, where it can be.
fn enlargement(endpoint: &Endpoint, given: &Given) -> Option<u32> {
    match endpoint.tariff {
        Tariff::Upscale => Some(LEGACY_UPSCALE_FACTOR),
        Tariff::V3Transparent => Some(given.upscale_factor(1)),
        _ if endpoint.has("upscale_factor") => Some(given.upscale_factor(USUAL_ENLARGEMENT)),
        _ if endpoint.has("output_resolution") => match given.text("output_resolution") {
            Some("2k") => Some(2),
            Some("4k") => Some(4),
            Some("8k") => Some(8),
            _ => Some(1),
        },
        _ => None,
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
    if endpoint.v2.is_some() {
        return asked.unwrap_or_else(|| v2_size(endpoint, given));
    }
    if asked.is_some() || endpoint.has("resolution") {
        return asked.unwrap_or(Size::SQUARE);
    }
    let sent = given.files.get("image").or(given.files.get("image_file"));
    let sent = sent.and_then(|files| files.first()?.picture);
    asked
        .or_else(|| sent.map(|size| sizes.nearest(size)))
        .unwrap_or(Size::SQUARE)
}

/// As asked for in another way; else that of the picture sent.
fn v2_size(endpoint: &Endpoint, given: &Given) -> Size {
    let asked = given.text("size").and_then(Size::from_label);
    let sent = given.picture("image").or_else(|| {
        let is_source = given.text("size") == Some("source");
        given.picture("images").filter(|_| is_source)
    });
    let usual = if endpoint.has("size") {
        Size::SQUARE_2K
    } else {
        Size::SQUARE
    };
    asked.or(sent).unwrap_or(usual)
}

fn style_type(endpoint: &Endpoint, given: &Given, purchase: &Purchase) -> Option<String> {
    let asked = given.text("style_type").map(str::to_owned);
    let usual = endpoint.v2.is_none() && endpoint.has("style_type") && purchase.has_style_types;
    asked.or_else(|| usual.then(|| "GENERAL".to_owned()))
}

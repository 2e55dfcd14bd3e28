//! What comes of an order: pictures, or descriptions of one.
//! Holds true: a picture is known by the few facts from which it can be drawn, and a link to it
//! can be given out more than once.

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::endpoint::Product;
use crate::envelope::url_safe;
use crate::fault::GenerationFault;
use crate::images::Image;
use crate::order::Order;
use crate::size::Size;
use crate::state::State;
use crate::validate::LARGEST_SEED;

/// Length of a description's id in characters.
const DESCRIPTION_ID_LENGTH: usize = 22;

/// Ideogram's OpenAPI document, `ImageObject` and `ImageGenerationObjectV3`.
#[derive(Clone, Serialize)]
pub(crate) struct ImageObject {
    pub(crate) url: Option<String>,
    pub(crate) prompt: String,
    pub(crate) resolution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upscaled_resolution: Option<String>,
    pub(crate) is_image_safe: bool,
    pub(crate) seed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    style_type: Option<String>,
    /// What the link leads to, if it leads here.
    #[serde(skip)]
    image: Option<Image>,
}

impl ImageObject {
    /// The same with a link of its own.
    pub(crate) fn linked_anew(&self, state: &State) -> Self {
        let url = self.image.clone().map(|image| link(state, image));
        Self {
            url: url.or_else(|| self.url.clone()),
            ..self.clone()
        }
    }
}

fn link(state: &State, image: Image) -> String {
    let lifetime = state.settings.image_lifetime_seconds;
    format!(
        "{}{}",
        state.base_url,
        state.images.remember(image, lifetime)
    )
}

/// How many images or descriptions come of it.
pub(crate) fn made(order: &Order, fault: Option<&GenerationFault>) -> u32 {
    match fault {
        Some(GenerationFault::Fewer { images }) => order.images.min(*images),
        _ => order.images,
    }
}

/// The whole answer of an endpoint that describes.
pub(crate) fn descriptions(order: &Order, made: u32) -> Value {
    let text = format!("A picture of about {}.", order.size.label());
    // Ideogram's OpenAPI document, `DescribeResponse` and `Description`.
    let texts: Vec<_> = (0..made).map(|_| json!({ "text": text })).collect();
    if order.product == Product::Descriptions {
        return json!({ "descriptions": texts });
    }
    let mut answer = json!({
        "created": rfc3339(),
        "description_id": url_safe(DESCRIPTION_ID_LENGTH)
    });
    if let Some(fields) = answer.as_object_mut() {
        let (name, value) = match order.product {
            Product::JsonPrompt => ("json_prompt", json_prompt(&text)),
            _ => ("descriptions", texts.into()),
        };
        fields.insert(name.to_owned(), value);
    }
    answer
}

fn json_prompt(text: &str) -> Value {
    json!({
        "high_level_description": text,
        "compositional_deconstruction": {
            "background": "grey",
            "elements": [{"type": "obj", "desc": "a shape"}]
        }
    })
}

pub(crate) fn image_objects(
    state: &State,
    order: &Order,
    fault: Option<&GenerationFault>,
) -> Vec<ImageObject> {
    (0..made(order, fault))
        .map(|index| {
            let seed = order.seed.map_or_else(
                || fastrand::u32(0..=LARGEST_SEED),
                |first| (first + index) & LARGEST_SEED,
            );
            image_object(state, order, fault, index, seed)
        })
        .collect()
}

fn image_object(
    state: &State,
    order: &Order,
    fault: Option<&GenerationFault>,
    index: u32,
    seed: u32,
) -> ImageObject {
    let withheld = matches!(
        fault,
        Some(GenerationFault::Unsafe { indices }) if indices.contains(&index)
    );
    let image = Image {
        prompt: order.prompt.clone(),
        seed,
        size: order.upscaled.unwrap_or(order.size),
    };
    let (url, image) = match fault {
        _ if withheld => (None, None),
        Some(GenerationFault::ImageUrl { index: at, url }) if *at == index => {
            (Some(url.clone()), None)
        }
        _ => (Some(link(state, image.clone())), Some(image)),
    };
    ImageObject {
        url,
        image,
        prompt: order.prompt.clone(),
        resolution: order.size.label(),
        upscaled_resolution: order.upscaled.map(Size::label),
        is_image_safe: !withheld,
        seed,
        style_type: order.style_type.clone(),
    }
}

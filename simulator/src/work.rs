//! The work on an accepted request: waiting as a model would, then charging.
//! Holds true: once started it is finished and charged, whoever still waits for it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::bill::{BillLine, Reservation};
use crate::clock::{rfc3339, unix_us};
use crate::fault::GenerationFault;
use crate::images::Image;
use crate::order::{Order, Product};
use crate::size::Size;
use crate::state::State;
use crate::validate::LARGEST_SEED;

/// What an answer holds.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Outcome {
    Images(Generation),
    Descriptions(Descriptions),
}

impl Outcome {
    fn len(&self) -> u32 {
        let length = match self {
            Self::Images(generation) => generation.data.len(),
            Self::Descriptions(described) => described.descriptions.len(),
        };
        length as u32
    }
}

/// Ideogram's OpenAPI document, `DescribeResponse`.
#[derive(Serialize)]
pub(crate) struct Descriptions {
    descriptions: Vec<Description>,
}

/// Ideogram's OpenAPI document, `Description`.
#[derive(Serialize)]
struct Description {
    text: String,
}

/// Ideogram's OpenAPI document, `GenerateImageResponse`.
#[derive(Serialize)]
pub(crate) struct Generation {
    created: String,
    data: Vec<ImageObject>,
}

/// Ideogram's OpenAPI document, `ImageObject` and `ImageGenerationObjectV3`.
#[derive(Serialize)]
struct ImageObject {
    url: Option<String>,
    prompt: String,
    resolution: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    upscaled_resolution: Option<String>,
    is_image_safe: bool,
    seed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    style_type: Option<String>,
}

/// Starts the work in a task of its own.
pub(crate) fn start_work(
    state: &Arc<State>,
    order: Order,
    reservation: Reservation,
    fault: Option<GenerationFault>,
) -> oneshot::Receiver<Outcome> {
    let (sender, receiver) = oneshot::channel();
    let worker = Arc::clone(state);
    state.work.spawn(async move {
        let created = rfc3339();
        let delay = match fault {
            Some(GenerationFault::Delay { before_work_ms, .. }) => before_work_ms,
            _ => 0,
        };
        sleep(Duration::from_millis(
            delay + worker.work_ms(order.purchase.is_fast),
        ))
        .await;
        let outcome = match order.product {
            Product::Images => Outcome::Images(Generation {
                created,
                data: image_objects(&worker, &order, fault.as_ref()),
            }),
            Product::Descriptions => Outcome::Descriptions(Descriptions {
                descriptions: descriptions(&order, fault.as_ref()),
            }),
        };
        reservation.charge(BillLine {
            at_us: unix_us(),
            endpoint: order.endpoint.to_owned(),
            images: outcome.len(),
            micro_dollars: order.purchase.micro_dollars(outcome.len()),
            rendering_speed: order.purchase.speed.map(|speed| speed.name().to_owned()),
            model: order.purchase.model,
            prompt: order.prompt,
            key: worker.settings.api_key.clone(),
        });
        // The caller may have left; the charge stands.
        let _delivered = sender.send(outcome);
    });
    receiver
}

/// How many images or descriptions come of it.
fn made(order: &Order, fault: Option<&GenerationFault>) -> u32 {
    match fault {
        Some(GenerationFault::Fewer { images }) => order.images.min(*images),
        _ => order.images,
    }
}

fn descriptions(order: &Order, fault: Option<&GenerationFault>) -> Vec<Description> {
    let description = |_| Description {
        text: format!("A picture of about {}.", order.size.label()),
    };
    (0..made(order, fault)).map(description).collect()
}

fn image_objects(
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
    let url = match fault {
        _ if withheld => None,
        Some(GenerationFault::ImageUrl { index: at, url }) if *at == index => Some(url.clone()),
        _ => {
            let image = Image {
                prompt: order.prompt.clone(),
                seed,
                size: order.upscaled.unwrap_or(order.size),
            };
            let address = state
                .images
                .remember(image, state.settings.image_lifetime_seconds);
            Some(format!("{}{address}", state.base_url))
        }
    };
    ImageObject {
        url,
        prompt: order.prompt.clone(),
        resolution: order.size.label(),
        upscaled_resolution: order.upscaled.map(Size::label),
        is_image_safe: !withheld,
        seed,
        style_type: order.style_type.clone(),
    }
}

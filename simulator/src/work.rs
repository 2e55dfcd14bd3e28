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
use crate::state::State;
use crate::validate::{LARGEST_SEED, Order};

/// Ideogram's OpenAPI document, `GenerateImageResponse`.
#[derive(Serialize)]
pub(crate) struct Generation {
    created: String,
    data: Vec<ImageObject>,
}

/// Ideogram's OpenAPI document, `ImageObject`.
#[derive(Serialize)]
struct ImageObject {
    url: Option<String>,
    prompt: String,
    resolution: String,
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
) -> oneshot::Receiver<Generation> {
    let (sender, receiver) = oneshot::channel();
    let worker = Arc::clone(state);
    state.work.spawn(async move {
        let created = rfc3339();
        let delay = match fault {
            Some(GenerationFault::Delay { before_work_ms, .. }) => before_work_ms,
            _ => 0,
        };
        sleep(Duration::from_millis(delay + worker.work_ms(order.model))).await;
        let data = image_objects(&worker, &order, fault.as_ref());
        reservation.charge(BillLine {
            at_us: unix_us(),
            images: data.len() as u32,
            micro_dollars: order.model.micro_dollars_per_image() * data.len() as u64,
            model: order.model.name().to_owned(),
            prompt: order.prompt,
            key: worker.settings.api_key.clone(),
        });
        // The caller may have left; the charge stands.
        let _delivered = sender.send(Generation { created, data });
    });
    receiver
}

fn image_objects(
    state: &State,
    order: &Order,
    fault: Option<&GenerationFault>,
) -> Vec<ImageObject> {
    let images = match fault {
        Some(GenerationFault::Fewer { images }) => order.images.min(*images),
        _ => order.images,
    };
    (0..images)
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
                size: order.size,
            };
            let address = state
                .images
                .remember(image, state.settings.image_lifetime_seconds);
            Some(format!("{}{address}", state.base_url))
        }
    };
    let usual_style = || order.model.has_style_types().then(|| "GENERAL".to_owned());
    ImageObject {
        url,
        prompt: order.prompt.clone(),
        resolution: order.size.label(),
        is_image_safe: !withheld,
        seed,
        style_type: order.style_type.clone().or_else(usual_style),
    }
}

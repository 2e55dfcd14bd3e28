//! The work on an accepted request: waiting as a model would, then charging.
//! Holds true: once started it is finished and charged, or failed and free, whoever still waits
//! for it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::bill::{BillLine, Reservation};
use crate::clock::{rfc3339, unix_us};
use crate::endpoint::Product;
use crate::fault::GenerationFault;
use crate::generations::End;
use crate::made::{ImageObject, descriptions, image_objects, made};
use crate::order::Order;
use crate::state::State;
use crate::v2_answer::finished;
use crate::webhook::notify;

/// What an answer holds.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Outcome {
    Images(Generation),
    Other(Value),
    Failed { error: String },
}

/// Ideogram's OpenAPI document, `GenerateImageResponse`.
#[derive(Serialize)]
pub(crate) struct Generation {
    created: String,
    data: Vec<ImageObject>,
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
    if let Some(envelope) = &order.envelope {
        state.generations.begin(order.endpoint, envelope);
    }
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
        let outcome = match &fault {
            Some(GenerationFault::Fails { reason }) => {
                drop(reservation);
                fail(&worker, &order, reason)
            }
            fault => finish(&worker, &order, reservation, created, fault.as_ref()),
        };
        // The caller may have left; the charge stands.
        let _delivered = sender.send(outcome);
        if let Some(envelope) = &order.envelope {
            notify(&worker, envelope).await;
        }
    });
    receiver
}

fn fail(state: &State, order: &Order, reason: &str) -> Outcome {
    if let Some(envelope) = &order.envelope {
        let reason = reason.to_owned();
        state
            .generations
            .end(&envelope.generation_id, End::Failed { reason });
    }
    Outcome::Failed {
        error: reason.to_owned(),
    }
}

fn finish(
    state: &State,
    order: &Order,
    reservation: Reservation,
    created: String,
    fault: Option<&GenerationFault>,
) -> Outcome {
    let made = made(order, fault);
    let images = match order.product {
        Product::Images => image_objects(state, order, fault),
        _ => Vec::new(),
    };
    let micro_dollars = order.purchase.micro_dollars(made);
    let envelope = order.envelope.as_ref();
    reservation.charge(BillLine {
        at_us: unix_us(),
        endpoint: order.endpoint.to_owned(),
        images: made,
        micro_dollars,
        rendering_speed: order.purchase.speed.map(|speed| speed.name().to_owned()),
        model: order.purchase.model.clone(),
        prompt: order.prompt.clone(),
        key: state.settings.api_key.clone(),
        generation_id: envelope.map(|envelope| envelope.generation_id.clone()),
        private: envelope.and_then(|envelope| envelope.private),
    });
    match (order.product, envelope) {
        (Product::Images, Some(envelope)) => {
            let answer = finished(envelope, order.upscaled.unwrap_or(order.size), &images);
            let end = End::Completed {
                images,
                micro_dollars,
            };
            state.generations.end(&envelope.generation_id, end);
            Outcome::Other(answer)
        }
        (Product::Images, None) => Outcome::Images(Generation {
            created,
            data: images,
        }),
        _ => Outcome::Other(descriptions(order, made)),
    }
}

//! Waiting, with an end to it.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use domain::time::Millis;
use futures_util::future::{Either, select};
use worker::Delay;

/// The longest wait a JavaScript timer takes, in milliseconds (2^31 - 1).
const LONGEST: u64 = 2_147_483_647;

/// Waits.
pub async fn sleep(length: Millis) {
    Delay::from(Duration::from_millis(length.get().min(LONGEST))).await;
}

/// The outcome of `work`, or nothing if it takes longer than `length`. The work is dropped then.
pub async fn within<T>(length: Millis, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(sleep(length))).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    }
}

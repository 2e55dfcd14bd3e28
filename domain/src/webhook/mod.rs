//! Webhooks: Ideogram tells that a generation has ended, signed with a key that it publishes.
//! Holds true: a delivery is believed only in that there is something to ask for, so the gateway asks
//! Ideogram itself; and one is acted on only once its signature has been found good.
//!
//! `delivery` is what arrives, `signature` Ed25519, `key_set` the keys as Ideogram publishes them,
//! `known_keys` what is known of them and when they are asked for anew, `refused` why a delivery is
//! not taken.

mod delivery;
mod key_set;
mod known_keys;
mod refused;
mod signature;

#[cfg(test)]
mod tests;

pub use self::delivery::{Delivery, DeliveryHead};
pub use self::key_set::{KeySet, NoKeySet};
pub use self::known_keys::{FetchedKeys, Judgement, KnownKeys};
pub use self::refused::DeliveryRefused;

use crate::ids::GenerationId;
use crate::route::Place;

/// The parameter of a webhook's address that names the gateway's own generation.
pub const GENERATION: &str = "generation";

/// How long the public address of the gateway may be, in bytes. Ideogram takes 2048 for a webhook's
/// (its OpenAPI document, 2026-10), which leaves room for the path and the id.
pub const LONGEST_PUBLIC_URL: usize = 1900;

/// Where Ideogram is asked to tell of a generation; `public_url` is where it reaches this gateway,
/// without a slash at its end.
#[must_use]
pub fn webhook_url(public_url: &str, id: &GenerationId) -> String {
    format!("{public_url}{}?{GENERATION}={id}", Place::Webhook.path())
}
